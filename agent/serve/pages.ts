import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import {
  type Frame,
  NOTICES,
  type NoticeCode,
  type Page,
  type ProblemPage,
  renderPage,
} from "../../web-ui/index.ts";
import { textHash } from "./consent-text.ts";
import { type Context, languageOf, sceneFor, switchLanguage } from "./context.ts";
import { cameraPage, consentPage, findingPage } from "./view/details.ts";
import { frameOf, type Scene } from "./view/scene.ts";
import { statusPage } from "./view/status.ts";

type Make = (scene: Scene, request: FastifyRequest) => Page | null;

/** Every page that can be looked at. A page that gives names needs the claim code first. */
export function pageRoutes(app: FastifyInstance, context: Context): void {
  const page = (path: string, make: Make) =>
    app.get(path, (request, reply) => switchLanguage(request, reply) ?? show(context, request, reply, make));
  const ownersPage = (path: string, make: Make) =>
    app.get(path, (request, reply) =>
      request.viewer === "open"
        ? reply.redirect(`/claim?next=${encodeURIComponent(pathOf(request))}`, 303)
        : (switchLanguage(request, reply) ?? show(context, request, reply, make)),
    );

  page("/", statusPage);
  page("/about", () => ({ kind: "about" }));
  page("/claim", (_scene, request) => ({
    kind: "claim",
    problem: null,
    retryAt: null,
    next: nextPath((request.query as Readonly<Record<string, unknown>>).next),
  }));
  ownersPage("/consent", (scene) => consentPage(scene, textHash(scene), { person: "", role: "" }));
  ownersPage("/findings/:id", (scene, request) => {
    const finding = scene.state.findings.find(({ id }) => id === idOf(request));
    const shown = scene.detail === "all" || finding?.check === "agent-exposed";
    return finding && shown ? findingPage(scene, finding) : null;
  });
  ownersPage("/cameras/:id", (scene, request) => {
    const entry = scene.directory.ofKey(idOf(request));
    return entry && scene.detail === "all" ? cameraPage(scene, entry) : null;
  });
}

function show(context: Context, request: FastifyRequest, reply: FastifyReply, make: Make): FastifyReply {
  const scene = sceneFor(context, request);
  const page = make(scene, request);
  return page === null
    ? problem(context, request, reply, "notFound")
    : sendPage(reply, scene, page, noticeOf(request));
}

export function sendPage(
  reply: FastifyReply,
  scene: Scene,
  page: Page,
  notice: NoticeCode | null = null,
): FastifyReply {
  return reply.type("text/html; charset=utf-8").send(renderPage(frameOf(scene, notice), page));
}

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
    version: "",
    signedIn: false,
    scanning: null,
    notice: null,
  };
  if (what === "notFound") reply.code(404);
  return reply.type("text/html; charset=utf-8").send(renderPage(frame, { kind: "problem", problem: what }));
}

export function idOf(request: FastifyRequest): string {
  return (request.params as { readonly id: string }).id;
}

/** Only a path of ours, so that a link to `/claim` cannot lead anywhere else. */
export function nextPath(next: unknown): string {
  return typeof next === "string" && /^\/(findings|cameras|consent)(\/[\w~-]+)?$/.test(next) ? next : "/";
}

function pathOf({ url }: FastifyRequest): string {
  return url.replace(/\?.*$/, "");
}

function noticeOf(request: FastifyRequest): NoticeCode | null {
  const wanted = (request.query as Readonly<Record<string, unknown>>).notice;
  return NOTICES.find((notice) => notice === wanted) ?? null;
}
