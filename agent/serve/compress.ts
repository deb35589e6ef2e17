import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { FastifyInstance } from "fastify";

const compress = promisify(gzip);

/** Pages and assets travel compressed: a list of two dozen cameras is 60 KB of HTML and 6 KB on the wire. */
export function compressTexts(app: FastifyInstance): void {
  app.addHook("onSend", async (request, reply, payload: unknown) => {
    const type = String(reply.getHeader("content-type") ?? "");
    if (!/^text\/(html|css|javascript)|^image\/svg/.test(type)) return payload;
    reply.header("vary", "accept-encoding, accept-language, cookie");
    const accepted = /(^|[\s,])gzip\s*(,|;\s*q=(?!0(\.0*)?\s*(,|$))|$)/.test(
      request.headers["accept-encoding"] ?? "",
    );
    if (!accepted || (typeof payload !== "string" && !Buffer.isBuffer(payload))) return payload;
    const body = await compress(payload);
    reply.headers({ "content-encoding": "gzip", "content-length": body.length });
    return body;
  });
}
