import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from "fastify";
import { ASSETS } from "../../web-ui/index.ts";
import { apiRoutes } from "./api.ts";
import { compressTexts } from "./compress.ts";
import { type Context, causeOf } from "./context.ts";
import { eventRoutes } from "./event-routes.ts";
import { guardControl, guardLan, secure } from "./guard.ts";
import { accessRoutes } from "./routes/access.ts";
import { cameraRoutes } from "./routes/cameras.ts";
import { consentRoutes } from "./routes/consent.ts";
import { findingRoutes } from "./routes/findings.ts";
import { outsideRoutes } from "./routes/outside.ts";
import { siteRoutes } from "./routes/pages.ts";
import { reportRoutes } from "./routes/report.ts";
import { setupRoutes } from "./routes/setup.ts";
import { statementsRoutes } from "./routes/statements.ts";
import { visitRoutes } from "./routes/visit.ts";
import { wayRoutes } from "./routes/ways.ts";
import { problem, Routes } from "./routing.ts";

const BODY_BYTES = 64 * 1024;
const REQUEST_MS = 15_000;
/** Idle; longer than a recheck may keep its form waiting and than the heartbeat of the events. */
const IDLE_MS = 60_000;

/** One server; which of the two it is decides who its callers are. */
export function buildApp(context: Context, door: "lan" | "control"): FastifyInstance {
  const app = fastify({
    trustProxy: false,
    bodyLimit: BODY_BYTES,
    requestTimeout: REQUEST_MS,
    // The command line waits in silence until a scan has ended, with its own deadline.
    connectionTimeout: door === "lan" ? IDLE_MS : 0,
    keepAliveTimeout: 10_000,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 300 },
    // What is sent is held against its schema in api.ts: without these two Fastify loads compilers that nobody asks.
    schemaController: { compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler } },
    frameworkErrors: (_error, _request, reply: FastifyReply) => {
      void secure(reply).code(400).type("text/plain").send("Bad request.\n");
    },
  });
  app.decorateRequest("viewer", "open");
  app.removeContentTypeParser("text/plain");
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string" },
    (_request, body, done) => done(null, new URLSearchParams(String(body))),
  );
  if (door === "lan") guardLan(app, context);
  else guardControl(app);
  app.setErrorHandler((error: FastifyError, request, reply) => answerError(context, error, request, reply));
  app.setNotFoundHandler((request, reply) =>
    isApi(request)
      ? reply.code(404).send({ error: "not-found" })
      : problem(context, request, reply, "notFound"),
  );
  compressTexts(app);
  assetRoutes(app);
  const routes = new Routes(app, context);
  siteRoutes(routes);
  accessRoutes(app, routes, context);
  consentRoutes(routes, context);
  cameraRoutes(routes, context);
  findingRoutes(routes, context);
  wayRoutes(routes, context);
  outsideRoutes(routes, context);
  setupRoutes(routes, context);
  reportRoutes(routes, context);
  visitRoutes(routes, context);
  statementsRoutes(routes, context);
  apiRoutes(app, context);
  eventRoutes(app, context);
  return app;
}

function noCompiler(): never {
  throw new Error("a route has a schema, and there is no compiler for it");
}

function assetRoutes(app: FastifyInstance): void {
  for (const [path, { type, body, etag }] of Object.entries(ASSETS)) {
    app.get(path, (request, reply) => {
      reply.headers({ etag, "cache-control": "no-cache" });
      return request.headers["if-none-match"] === etag ? reply.code(304).send() : reply.type(type).send(body);
    });
  }
}

function isApi({ url }: FastifyRequest): boolean {
  return url.startsWith("/api/");
}

/** What the caller did wrong is told in a word; what we did wrong goes to the log, never to the page. */
function answerError(
  context: Context,
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const status = error.statusCode !== undefined && error.statusCode < 500 ? error.statusCode : 500;
  if (status === 500) context.log(`${request.method} ${JSON.stringify(request.url)}: ${causeOf(error)}`);
  reply.code(status);
  if (status === 500 && request.url === "/healthz") return reply.code(503).send({ status: "failing" });
  if (isApi(request)) return reply.send({ error: status === 500 ? "internal" : "bad-request" });
  return problem(context, request, reply, status === 500 ? "broken" : "bad");
}
