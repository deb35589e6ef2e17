import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type Context, sceneFor } from "../context.ts";
import { callerOf } from "../hosts.ts";
import {
  field,
  formOf,
  nextPath,
  plainDigits,
  queryOf,
  type Routes,
  sendPage,
  withNotice,
} from "../routing.ts";

/** Coming in with a code, and going out. */
export function accessRoutes(app: FastifyInstance, routes: Routes, context: Context): void {
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
  context.tries.forgive(caller);
  const { role, until } = recognised;
  // Whoever sets up goes on with that, unless they were on their way somewhere.
  const settingUp = role === "setup" && scene.state.access.handedOverAt === null && next === "/";
  return reply
    .header("set-cookie", context.sessions.begin(role, until, now))
    .redirect(withNotice(settingUp ? "/setup" : next, "signed-in"), 303);
}
