import type { FastifyInstance } from "fastify";
import { type Context, sceneFor } from "./context.ts";

export function eventRoutes(app: FastifyInstance, context: Context): void {
  app.get("/events", { exposeHeadRoute: false }, (request, reply) => {
    if (context.events.isFull) return reply.code(503).header("retry-after", "30").send({ error: "busy" });
    const detailed = sceneFor(context, request).detail === "all";
    reply.hijack();
    reply.raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      "content-type": "text/event-stream; charset=utf-8",
    });
    context.events.add(reply.raw, detailed);
    return reply;
  });
  // Streams never end by themselves: without this, closing would wait for the browsers.
  app.addHook("preClose", async () => context.events.close());
}
