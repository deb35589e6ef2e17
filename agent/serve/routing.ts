import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import {
  type Frame,
  NOTICES,
  type NoticeCode,
  type Page,
  type ProblemPage,
  renderPage,
} from "../../web-ui/index.ts";
import { cleanText } from "../model/index.ts";
import { type Context, languageOf, sceneFor, switchLanguage } from "./context.ts";
import { may, type Right } from "./roles.ts";
import { frameOf, type Scene } from "./view/scene.ts";

type Make = (scene: Scene, request: FastifyRequest) => Page | null;
/** Gives the path to go to, a page to show once, or null when there is no such thing. */
type Handle = (scene: Scene, form: URLSearchParams, request: FastifyRequest) => Promise<string | Page | null>;
/** Sends its own answer: one that needs a cookie, or a status that says the form was not taken. */
type Answer = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** How pages and buttons are put on the server: who may not is led to the code, or told so. */
export class Routes {
  readonly #app: FastifyInstance;
  readonly #context: Context;

  constructor(app: FastifyInstance, context: Context) {
    this.#app = app;
    this.#context = context;
  }

  /** A page; `right` null = for everybody. */
  page(path: string, right: Right | null, make: Make): void {
    this.#app.get(path, (request, reply) => {
      const refused = right && this.#refuse(right, request, reply, pathOf(request));
      if (refused) return refused;
      const switched = switchLanguage(request, reply);
      if (switched) return switched;
      const scene = sceneFor(this.#context, request);
      const page = make(scene, request);
      return page === null
        ? problem(this.#context, request, reply, "notFound")
        : sendPage(reply, scene, page, noticeOf(request));
    });
  }

  /** A button. It ends in a redirect (303), so that a reload repeats nothing, or in a page that is shown once. */
  form(path: string, right: Right, handle: Handle): void {
    this.post(path, right, async (request, reply) => {
      const scene = sceneFor(this.#context, request);
      const next = await handle(scene, formOf(request), request);
      if (next === null) return problem(this.#context, request, reply, "notFound");
      return typeof next === "string" ? reply.redirect(next, 303) : sendPage(reply, scene, next);
    });
  }

  post(path: string, right: Right, answer: Answer): void {
    this.#app.post(
      path,
      async (request, reply) => this.#refuse(right, request, reply, null) ?? answer(request, reply),
    );
  }

  /** `after` = where to go once the code was right; null = a button has no page of its own. */
  #refuse(
    right: Right,
    request: FastifyRequest,
    reply: FastifyReply,
    after: string | null,
  ): FastifyReply | null {
    if (may(request.viewer, right)) return null;
    if (request.viewer !== "open") return problem(this.#context, request, reply, "notYours");
    return reply.redirect(after ? `/claim?next=${encodeURIComponent(nextPath(after))}` : "/claim", 303);
  }
}

export function sendPage(
  reply: FastifyReply,
  scene: Scene,
  page: Page,
  notice: NoticeCode | null = null,
): FastifyReply {
  const { request } = reply;
  const frame: Frame = {
    ...frameOf(scene, notice),
    address: pageAddress(request),
    once: request.method === "POST",
  };
  return reply.type("text/html; charset=utf-8").send(renderPage(frame, page));
}

/** As the visitor opened it: the guard has let only our own names through. Null on the command line's socket. */
function pageAddress({ viewer, headers }: FastifyRequest): string | null {
  return viewer === "control" || headers.host === undefined ? null : `http://${headers.host}/`;
}

const STATUS_OF: Readonly<Partial<Record<ProblemPage["problem"], number>>> = { notFound: 404, notYours: 403 };

/** A page that says what is wrong; it asks for no data, so that it works when the data is the trouble. */
export function problem(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  what: ProblemPage["problem"],
): FastifyReply {
  const frame: Frame = {
    language: languageOf(request),
    now: context.now().toISOString(),
    place: null,
    contact: null,
    address: pageAddress(request),
    version: "",
    role: "open",
    technical: false,
    mayDecide: false,
    detailed: false,
    settingUp: false,
    once: false,
    visit: null,
    scanning: null,
    notice: null,
  };
  const status = STATUS_OF[what];
  if (status !== undefined) reply.code(status);
  return reply.type("text/html; charset=utf-8").send(renderPage(frame, { kind: "problem", problem: what }));
}

export function idOf(request: FastifyRequest): string {
  return (request.params as { readonly id: string }).id;
}

export function queryOf(request: FastifyRequest): Readonly<Record<string, unknown>> {
  return request.query as Readonly<Record<string, unknown>>;
}

/** Only a path of ours, so that a link to `/claim` cannot lead anywhere else. */
export function nextPath(next: unknown): string {
  const ours =
    /^\/(findings|cameras|consent|setup|report|visit|access|timeline|statements|outside)(\/[\w~-]+){0,2}$/;
  return typeof next === "string" && ours.test(next) ? next : "/";
}

export function formOf({ body }: FastifyRequest): URLSearchParams {
  return body instanceof URLSearchParams ? body : new URLSearchParams();
}

/** What a person typed, in one line. */
export function field(form: URLSearchParams, name: string, length: number): string {
  return cleanText(form.get(name) ?? "", length);
}

/** Full-width digits, blanks and every kind of dash are how people copy a number from paper. */
export function plainDigits(code: string): string {
  return code.normalize("NFKC").replace(/[\s\p{Pd}ー−]/gu, "");
}

export function withNotice(path: string, notice: NoticeCode): string {
  return `${path}?notice=${notice}`;
}

function pathOf({ url }: FastifyRequest): string {
  return url.replace(/\?.*$/, "");
}

function noticeOf(request: FastifyRequest): NoticeCode | null {
  const wanted = queryOf(request).notice;
  return NOTICES.find((notice) => notice === wanted) ?? null;
}
