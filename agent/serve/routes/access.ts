import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type Context, sceneFor } from "../context.ts";
import { callerOf } from "../hosts.ts";
import { pinProblem } from "../pin.ts";
import {
  field,
  formOf,
  nextPath,
  plainDigits,
  problem,
  queryOf,
  type Routes,
  sendPage,
  withNotice,
} from "../routing.ts";
import { accessPage } from "../view/access.ts";

/** For how long a contractor's code may be valid. */
const DAYS: readonly number[] = [1, 3, 7, 30];

/** Coming in with a code and going out; who has a code, and the hand-over. */
export function accessRoutes(app: FastifyInstance, routes: Routes, context: Context): void {
  const { commands } = context.options;
  routes.page("/claim", null, (_scene, request) => ({
    kind: "claim",
    problem: null,
    retryAt: null,
    next: nextPath(queryOf(request).next),
  }));
  app.post("/claim", (request, reply) => claim(context, request, reply));
  app.post("/sign-out", (request, reply) =>
    reply
      .header("set-cookie", context.sessions.end(request.headers.cookie, context.now()))
      .redirect(withNotice("/", "signed-out"), 303),
  );

  routes.page("/access", "decide", (scene) => accessPage(scene));
  // Where the code was shown, for whoever chooses the other language or loads it anew: without the code.
  routes.page("/access/contractor", "decide", (scene) => accessPage(scene));
  routes.form("/access/contractor", "decide", async (scene, form) => {
    const company = field(form, "company", 60);
    const days = DAYS.find((one) => String(one) === form.get("days"));
    if (scene.detail !== "all") return null;
    if (!company || days === undefined) return withNotice("/access", "incomplete");
    const { code, until } = await commands.inviteContractor(company, endOfDay(scene.now, days));
    return accessPage(scene, { code, company, until });
  });
  routes.form("/access/contractor/end", "decide", async () => {
    await commands.dismissContractor();
    return withNotice("/access", "dismissed");
  });
  routes.post("/access/pin", "decide", (request, reply) => setPin(context, request, reply));
  routes.post("/access/hand-over", "decide", (request, reply) => handOver(context, request, reply));
}

async function claim(context: Context, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const form = formOf(request);
  const next = nextPath(form.get("next"));
  const code = plainDigits(field(form, "code", 24));
  const scene = sceneFor(context, request);
  const wrong = () =>
    sendPage(reply.code(403), scene, { kind: "claim", problem: "wrong", retryAt: null, next });
  // What cannot be a code is told so without costing a try.
  if (!/^(\d{6}|\d{8})$/.test(code)) return wrong();
  const caller = callerOf(request.socket.remoteAddress);
  const now = context.now();
  const blockedUntil = context.tries.take(caller, now.getTime());
  if (blockedUntil !== null) {
    reply.header("retry-after", Math.ceil((blockedUntil - now.getTime()) / 1000));
    const retryAt = new Date(blockedUntil).toISOString();
    return sendPage(reply.code(429), scene, { kind: "claim", problem: "too-many", retryAt, next });
  }
  const recognised = await context.options.access.recognise(code, now.toISOString());
  if (!recognised) return wrong();
  context.tries.giveBack(caller);
  const { role, until } = recognised;
  // Whoever sets up goes on with that, unless they were on their way somewhere.
  const settingUp = role === "setup" && scene.state.access.handedOverAt === null && next === "/";
  return reply
    .header("set-cookie", context.sessions.begin(role, until, now))
    .redirect(withNotice(settingUp ? "/setup" : next, "signed-in"), 303);
}

async function setPin(context: Context, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const scene = sceneFor(context, request);
  if (scene.detail !== "all") return problem(context, request, reply, "notFound");
  const form = formOf(request);
  const [pin, again] = [plainDigits(field(form, "pin", 24)), plainDigits(field(form, "again", 24))];
  const inSetup = form.get("from") === "setup";
  const wrong = pinProblem(pin, again);
  if (wrong !== null) return reply.redirect(withNotice(inSetup ? "/setup/pin" : "/access", wrong), 303);
  await context.options.commands.setPin(pin);
  // All who came in with the PIN before are out now; whoever changed it stays.
  if (scene.viewer === "site")
    reply.header("set-cookie", context.sessions.begin("site", null, context.now()));
  return reply.redirect(withNotice(inSetup ? "/setup/end" : "/access", "pin-set"), 303);
}

async function handOver(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const scene = sceneFor(context, request);
  if (scene.detail !== "all") return problem(context, request, reply, "notFound");
  if (!scene.state.access.pinSet) return reply.redirect(withNotice("/access", "pin-first"), 303);
  if (formOf(request).get("sure") !== "yes") return reply.redirect(withNotice("/access", "incomplete"), 303);
  const done = await context.options.commands.handOver(context.now().toISOString());
  if (!done) return reply.redirect(withNotice("/access", "pin-first"), 303);
  if (scene.viewer !== "setup") return reply.redirect(withNotice("/access", "handed-over"), 303);
  // The installer is out. The next to hold this screen tries the PIN on it at once.
  return reply
    .header("set-cookie", context.sessions.end(request.headers.cookie, context.now()))
    .redirect(withNotice("/claim", "handed-over"), 303);
}

/** The last moment of the local day that is so many days on: people reckon in days. */
function endOfDay(now: Date, days: number): string {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, 23, 59, 59).toISOString();
}
