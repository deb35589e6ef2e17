import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { NoticeCode } from "../../web-ui/index.ts";
import { type ConsentLevel, cleanText, type Manager } from "../model/index.ts";
import { isCurrentText, textHash } from "./consent-text.ts";
import { type Context, runOn, sceneFor, within } from "./context.ts";
import type { RecheckResult } from "./contract.ts";
import { callerOf } from "./hosts.ts";
import { idOf, nextPath, problem, sendPage } from "./pages.ts";
import { ACCEPT_DAYS, consentPage } from "./view/details.ts";
import type { Scene } from "./view/scene.ts";

const MANAGERS: readonly Manager[] = ["site", "contractor", "service", "unknown"];
/** A recheck that takes longer goes on without its form; the page fills in by itself. */
const RECHECK_WAIT_MS = 30_000;

type Handle = (scene: Scene, form: URLSearchParams, request: FastifyRequest) => Promise<string | null>;

/** What the buttons do. Each ends in a redirect (303), so that a reload repeats nothing. */
export function formRoutes(app: FastifyInstance, context: Context): void {
  const { commands } = context.options;
  /** `handle` gives the path to go to, or null when there is no such thing. */
  const ownersForm = (path: string, handle: Handle) =>
    app.post(path, async (request, reply) => {
      if (request.viewer === "open") return reply.redirect("/claim", 303);
      const scene = sceneFor(context, request);
      const next = await handle(scene, formOf(request), request);
      return next === null ? problem(context, request, reply, "notFound") : reply.redirect(next, 303);
    });

  app.post("/claim", (request, reply) => claim(context, request, reply));
  app.post("/sign-out", (request, reply) =>
    reply
      .header("set-cookie", context.sessions.end(request.headers.cookie, context.now()))
      .redirect(withNotice("/", "signed-out"), 303),
  );
  app.post("/consent", (request, reply) =>
    request.viewer === "open" ? reply.redirect("/claim", 303) : giveConsent(context, request, reply),
  );
  ownersForm("/scan", async () => {
    runOn(context, "scan", commands.scan());
    return withNotice("/", "checking");
  });
  ownersForm("/findings/:id/recheck", async ({ state }, _form, request) => {
    const finding = state.findings.find(({ id }) => id === idOf(request));
    if (!finding) return null;
    const work = commands.recheck(finding.id);
    runOn(context, "recheck", work);
    const result = await within(work, RECHECK_WAIT_MS);
    return withNotice(`/findings/${finding.id}`, noticeOf(result));
  });
  ownersForm("/findings/:id/accept", async ({ state, now }, form, request) => {
    const finding = state.findings.find(({ id }) => id === idOf(request));
    if (!finding) return null;
    const [by, reason] = [field(form, "by", 60), field(form, "reason", 200)];
    const until = endOfDay(field(form, "until", 10), now);
    if (!by || !reason || !until) return withNotice(`/findings/${finding.id}`, "incomplete");
    await commands.acknowledge(finding.id, { by, reason, until });
    return withNotice(`/findings/${finding.id}`, "saved");
  });
  ownersForm("/consent/:id/withdraw", async ({ state }, _form, request) => {
    const record = state.consents.find(({ id }) => id === idOf(request));
    if (!record) return null;
    await commands.withdrawConsent(record.id);
    return withNotice("/consent", "withdrawn");
  });
  ownersForm("/cameras/:id/name", async ({ directory }, form, request) => {
    const entry = directory.ofKey(idOf(request));
    if (!entry) return null;
    const name = field(form, "name", 40);
    if (!name) return withNotice(`/cameras/${entry.key}`, "incomplete");
    await commands.nameDevice(entry.id, name);
    return withNotice(`/cameras/${entry.key}`, "saved");
  });
  ownersForm("/cameras/:id/retire", async ({ directory }, _form, request) => {
    const entry = directory.ofKey(idOf(request));
    if (!entry) return null;
    await commands.retireDevice(entry.id);
    return withNotice("/", "saved");
  });
}

async function claim(context: Context, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const form = formOf(request);
  const next = nextPath(form.get("next"));
  const code = plainDigits(field(form, "code", 24));
  const scene = sceneFor(context, request);
  const wrong = () =>
    sendPage(reply.code(403), scene, { kind: "claim", problem: "wrong", retryAt: null, next });
  // What cannot be a code is told so without costing a try.
  if (!/^\d{8}$/.test(code)) return wrong();
  const caller = callerOf(request.socket.remoteAddress);
  const blockedUntil = context.tries.take(caller, context.now().getTime());
  if (blockedUntil !== null) {
    reply.header("retry-after", Math.ceil((blockedUntil - context.now().getTime()) / 1000));
    const retryAt = new Date(blockedUntil).toISOString();
    return sendPage(reply.code(429), scene, { kind: "claim", problem: "too-many", retryAt, next });
  }
  if (!(await context.options.claim.verify(code))) return wrong();
  context.tries.forgive(caller);
  return reply
    .header("set-cookie", context.sessions.begin(context.now()))
    .redirect(withNotice(next, "signed-in"), 303);
}

async function giveConsent(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const scene = sceneFor(context, request);
  const form = formOf(request);
  const typed = { person: field(form, "person", 60), role: field(form, "role", 60) };
  const text = form.get("text") ?? "";
  const boxes = [0, 1, 2].every((index) => form.get(`box${index}`) === "yes");
  const months = Number(form.get("months"));
  const whole = boxes && typed.person !== "" && typed.role !== "" && isCurrentText(text, scene);
  if (!whole || !Number.isInteger(months) || months < 1 || months > 12)
    return sendPage(reply.code(400), scene, consentPage(scene, textHash(scene), typed), "boxes");
  const levels: readonly ConsentLevel[] = form.get("levels") === "try" ? ["L1", "L2"] : ["L1"];
  const managers = Object.fromEntries(scene.directory.cameras.map(({ id }) => [id, managerOf(form, id)]));
  await context.options.commands.giveConsent({
    ...typed,
    levels,
    managers,
    months,
    how: "page",
    textHash: text,
  });
  return reply.redirect(withNotice("/", "allowed"), 303);
}

function managerOf(form: URLSearchParams, id: string): Manager {
  const wanted = form.get(`manager:${id}`);
  return MANAGERS.find((manager) => manager === wanted) ?? "unknown";
}

function formOf({ body }: FastifyRequest): URLSearchParams {
  return body instanceof URLSearchParams ? body : new URLSearchParams();
}

function field(form: URLSearchParams, name: string, length: number): string {
  return cleanText(form.get(name) ?? "", length);
}

/** Full-width digits, blanks and every kind of dash are how people copy a number from paper. */
function plainDigits(code: string): string {
  return code.normalize("NFKC").replace(/[\s\p{Pd}ー−]/gu, "");
}

/** The last moment of a local day from tomorrow to 180 days on, or null. */
function endOfDay(day: string, now: Date): string | null {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? [];
  if (year === undefined) return null;
  const end = new Date(Number(year), Number(month) - 1, Number(date), 23, 59, 59);
  const days = (end.getTime() - now.getTime()) / 86_400_000;
  return days > 0 && days <= ACCEPT_DAYS + 1 ? end.toISOString() : null;
}

function noticeOf(result: RecheckResult | null): NoticeCode {
  if (result === null) return "checking";
  if (result.outcome === "pass") return "fixed";
  return result.outcome === "fail" ? "still" : "unsettled";
}

function withNotice(path: string, notice: NoticeCode): string {
  return `${path}?notice=${notice}`;
}
