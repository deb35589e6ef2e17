import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { renderWrongHost } from "../../web-ui/index.ts";
import type { Context } from "./context.ts";
import { hostName, Neighbourhood, OwnHosts } from "./hosts.ts";

/**
 * Referrer-Policy is `same-origin` and not `no-referrer`: under the latter browsers send `Origin: null` with our own
 * forms (Fetch Standard, "serializing a request origin"), and on plain HTTP there is no Sec-Fetch-Site to go by. Nothing
 * goes to other sites with either.
 */
const HEADERS = {
  "content-security-policy":
    "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'",
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "x-robots-tag": "noindex, nofollow",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cache-control": "no-store",
};

export function secure(reply: FastifyReply): FastifyReply {
  return reply.headers(HEADERS);
}

/** Who is calling on the LAN: near, by one of our names, and for a change from our own page. */
export function guardLan(app: FastifyInstance, context: Context): void {
  const { lan, allowedHosts, nearby } = context.options;
  const hosts = new OwnHosts([...lan.flatMap((at) => ("host" in at ? [at.host] : [])), ...allowedHosts]);
  const neighbours = new Neighbourhood(nearby ?? []);
  app.addHook("onRequest", async (request, reply) => {
    secure(reply);
    const { remoteAddress, localAddress } = request.socket;
    if (remoteAddress !== undefined && !neighbours.includes(remoteAddress, localAddress))
      return reply.code(403).type("text/plain").send("Only for this network.\n");
    if (!hosts.includes(request.headers.host, localAddress))
      return reply.code(421).type("text/html; charset=utf-8").send(renderWrongHost());
    if (!isSafe(request) && !isFromOurPage(request))
      return reply
        .code(403)
        .type("text/plain")
        .send("Changes are accepted from this page only: send its Origin.\n");
    request.viewer = context.sessions.roleOf(request.headers.cookie, context.now()) ?? "open";
    return undefined;
  });
}

/** The control socket's callers are known by the file that they opened (mode 0600), never by a header. */
export function guardControl(app: FastifyInstance): void {
  app.addHook("onRequest", async (request, reply) => {
    secure(reply);
    request.viewer = "control";
  });
}

function isSafe({ method }: FastifyRequest): boolean {
  return method === "GET" || method === "HEAD";
}

function isFromOurPage({ headers }: FastifyRequest): boolean {
  const { origin, host } = headers;
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") return false;
  if (origin === undefined) return site !== undefined;
  if (!URL.canParse(origin)) return false;
  return hostName(host) !== null && new URL(origin).host === withoutDefaultPort(origin, host);
}

/** The Host header as a URL of the origin's scheme would have it. */
function withoutDefaultPort(origin: string, host: string | undefined): string {
  return new URL(`${new URL(origin).protocol}//${host ?? ""}`).host;
}
