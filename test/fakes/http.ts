/**
 * The web server of a camera: the routes of the fixture, the login in front of those that want one, and whatever else
 * lives on the same port (ONVIF, the UPnP description). RFC 9110 for methods and status, RFC 7235 for the 401.
 */
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { FixtureHttp, FixtureRoute } from "../../agent/model/index.ts";
import { ONE_PIXEL_JPEG, sendMjpeg } from "./bodies.ts";
import { selfSigned } from "./certificate.ts";
import type { Gate } from "./gate.ts";

/** Something else on the port; true when it has taken the request. */
export type Tenant = (request: IncomingMessage, response: ServerResponse) => boolean;

export function webServer(tls: FixtureHttp["tls"], listener: RequestListener): Server {
  // A camera keeps an idle connection for seconds, not for minutes.
  const server =
    tls === undefined ? createServer(listener) : createTlsServer(selfSigned(tls.subject), listener);
  server.keepAliveTimeout = 5_000;
  return server;
}

export function webListener(
  http: FixtureHttp | null,
  gate: Gate | null,
  tenants: readonly Tenant[],
): RequestListener {
  const serverName = http?.routes.map((route) => header(route, "server")).find((name) => name !== undefined);
  return (request, response) => {
    if (tenants.some((tenant) => tenant(request, response))) return;
    request.resume();
    const name = serverName === undefined ? {} : { Server: serverName };
    const route = http === null ? undefined : findRoute(http, request.url ?? "/");
    if (route === undefined) return sendPage(response, 404, "Not Found", name);
    if (route.login && gate?.closed) {
      const verdict = gate.judge(request.method ?? "GET", request.url ?? "/", request.headers.authorization);
      if (verdict === "locked") return sendPage(response, 403, "Forbidden", name);
      if (verdict === "malformed") return sendPage(response, 400, "Bad Request", name);
      if (verdict !== "right") return refuse(response, gate, verdict === "stale", name);
    }
    sendRoute(request, response, route);
  };
}

function findRoute(http: FixtureHttp, target: string): FixtureRoute | undefined {
  const path = target.split("?")[0];
  return http.routes.find((route) => route.path === path) ?? http.routes.find((route) => route.path === "*");
}

function sendRoute(request: IncomingMessage, response: ServerResponse, route: FixtureRoute): void {
  const body = route.body ?? "";
  const headers: Record<string, string> = { ...route.headers };
  const mediaType = header(route, "content-type");
  if (typeof body === "object" && body.builtin === "mjpeg") {
    const boundary = /boundary=(?:--)?"?([^";]+)/i.exec(mediaType ?? "")?.[1] ?? "frame";
    if (mediaType === undefined) headers["Content-Type"] = `multipart/x-mixed-replace; boundary=${boundary}`;
    response.writeHead(route.status, headers);
    if (request.method === "HEAD") response.end();
    else sendMjpeg(response, boundary);
    return;
  }
  const bytes = typeof body === "object" ? ONE_PIXEL_JPEG : Buffer.from(body, "utf8");
  if (mediaType === undefined && bytes.length > 0) {
    headers["Content-Type"] = typeof body === "object" ? "image/jpeg" : "text/html";
  }
  if (header(route, "content-length") === undefined) headers["Content-Length"] = String(bytes.length);
  response.writeHead(route.status, headers);
  response.end(bytes);
}

function refuse(response: ServerResponse, gate: Gate, stale: boolean, headers: Record<string, string>): void {
  const challenges = gate.challenges(stale);
  if (challenges.length > 0) response.setHeader("WWW-Authenticate", challenges);
  sendPage(response, 401, "Unauthorized", headers);
}

function sendPage(
  response: ServerResponse,
  status: number,
  reason: string,
  headers: Record<string, string>,
): void {
  const page = `<html><head><title>${status} ${reason}</title></head><body>${status} ${reason}</body></html>`;
  response.writeHead(status, { ...headers, "Content-Type": "text/html", "Content-Length": page.length });
  response.end(page);
}

function header(route: FixtureRoute, name: string): string | undefined {
  return Object.entries(route.headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
}
