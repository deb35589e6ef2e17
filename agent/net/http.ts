import { type ClientRequest, type IncomingMessage, request as requestPlain } from "node:http";
import { request as requestTls } from "node:https";
import { isIP, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { type Answer, type CertificateFact, failure, success } from "../model/index.ts";
import { type Challenge, parseChallenges } from "./authentication.ts";
import type { DeviceLine } from "./line.ts";
import { abortFailure, networkFailure } from "./network-failure.ts";
import { ANY_TLS, certificateFact } from "./tls.ts";

export interface HttpRequest {
  readonly port: number;
  readonly tls?: boolean;
  readonly method?: "GET" | "HEAD" | "POST";
  /** Request target: path with query, beginning with "/". */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole exchange, milliseconds. */
  readonly deadlineMs: number;
  /** Cap of the body; 64 KiB unless told. */
  readonly maxBytes?: number;
  /** Asked after the header and after each piece of the body; true ends the exchange there. */
  readonly stopWhen?: (
    answer: { readonly status: number; readonly headers: Readonly<Record<string, string>> },
    body: Buffer,
  ) => boolean;
}

export interface HttpAnswer {
  readonly status: number;
  /** By lower-case name; one character a byte; repeated fields joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  /** Of all `WWW-Authenticate` fields. */
  readonly challenges: readonly Challenge[];
  readonly body: Buffer;
  /** True when the body is not all that the server had: cap, deadline, `stopWhen` or a broken connection. */
  readonly truncated: boolean;
  readonly certificate: CertificateFact | null;
}

const MAX_BODY_BYTES = 65_536;
const MAX_HEADER_BYTES = 16_384;
const MAX_INTERIM_ANSWERS = 4;

/**
 * One HTTP/1.1 exchange (RFC 9112) on a connection of its own, with the line's host and nobody else: no redirect is
 * followed, no name resolved. Once the status has arrived there is an answer, however the body ends; before that the
 * errors are `timeout refused unreachable reset closed too-large malformed tls cancelled error`.
 */
export function httpRequest(line: DeviceLine, request: HttpRequest): Promise<Answer<HttpAnswer>> {
  if (isIP(line.host) === 0) return Promise.resolve(failure("error", "not an address"));
  return line.connect(() => exchange(line, request));
}

function exchange(line: DeviceLine, request: HttpRequest): Promise<Answer<HttpAnswer>> {
  if (line.signal.aborted) return Promise.resolve(abortFailure(line.signal));
  return new Promise((resolve) => {
    let sent: ClientRequest;
    try {
      sent = open(line.host, request);
    } catch {
      // Node refuses control characters and blanks in target and fields.
      resolve(failure("malformed", "request"));
      return;
    }
    let socket: Socket | undefined;
    let soFar: (() => Answer<HttpAnswer>) | undefined;
    let settled = false;

    const settle = (answer: Answer<HttpAnswer>) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      line.signal.removeEventListener("abort", onAbort);
      sent.destroy();
      const finish = () => {
        line.count(socket?.bytesRead ?? 0, socket?.bytesWritten ?? 0);
        resolve(answer);
      };
      if (!socket || socket.closed) finish();
      else socket.once("close", finish);
    };
    const onAbort = () => settle(abortFailure(line.signal));
    const timer = setTimeout(() => settle(soFar?.() ?? failure("timeout")), request.deadlineMs);
    line.signal.addEventListener("abort", onAbort, { once: true });

    let interim = 0;
    sent.once("socket", (opened) => {
      socket = opened;
    });
    sent.on("information", () => {
      interim += 1;
      if (interim > MAX_INTERIM_ANSWERS) settle(failure("malformed", "interim answers"));
    });
    sent.on("error", (error) => settle(soFar?.() ?? networkFailure(error)));
    sent.once("close", () => settle(soFar?.() ?? failure("closed")));
    sent.once("response", (response) => {
      soFar = receive(response, request, settle);
    });
    sent.end(request.body);
  });
}

function open(host: string, request: HttpRequest): ClientRequest {
  const { port, path, tls = false, method = "GET" } = request;
  const options = {
    host,
    port,
    path,
    method,
    agent: false as const,
    maxHeaderSize: MAX_HEADER_BYTES,
    // Old cameras send what the strict parser refuses: control bytes in values, chunks with a length, other versions.
    insecureHTTPParser: true,
    headers: {
      Host: hostField(host, port, tls),
      "User-Agent": "Komainu",
      Accept: "*/*",
      ...(request.body === undefined ? {} : { "Content-Length": Buffer.byteLength(request.body) }),
      ...request.headers,
      Connection: "close",
    },
  };
  return tls ? requestTls({ ...options, ...ANY_TLS }) : requestPlain(options);
}

/** Address literal as authority: IPv6 in brackets, its zone left out (RFC 6874, 4). */
export function authority(host: string, port: number, defaultPort: number): string {
  const literal = isIP(host) === 6 ? `[${host.replace(/%.*$/, "")}]` : host;
  return port === defaultPort ? literal : `${literal}:${port}`;
}

function hostField(host: string, port: number, tls: boolean): string {
  return authority(host, port, tls ? 443 : 80);
}

/** Collects the body; returns a function that gives the answer as far as it has come. */
function receive(
  response: IncomingMessage,
  request: HttpRequest,
  settle: (answer: Answer<HttpAnswer>) => void,
): () => Answer<HttpAnswer> {
  const maxBytes = request.maxBytes ?? MAX_BODY_BYTES;
  const distinct = response.headersDistinct;
  const headers = Object.fromEntries(
    Object.entries(distinct).map(([name, values]) => [name, (values ?? []).join(", ")]),
  );
  const status = response.statusCode ?? 0;
  const challenges = parseChallenges(distinct["www-authenticate"] ?? []);
  const certificate = response.socket instanceof TLSSocket ? certificateFact(response.socket) : null;
  const buffer = Buffer.allocUnsafe(maxBytes);
  let length = 0;

  const answer = (truncated: boolean) =>
    success({
      status,
      headers,
      challenges,
      body: Buffer.from(buffer.subarray(0, length)),
      truncated,
      certificate,
    });
  const stopped = () => request.stopWhen?.({ status, headers }, buffer.subarray(0, length)) ?? false;

  response.on("data", (piece: Buffer) => {
    const room = maxBytes - length;
    length += piece.copy(buffer, length, 0, room);
    if (piece.length > room || stopped()) settle(answer(true));
  });
  response.once("end", () => settle(answer(!response.complete)));
  response.on("error", () => settle(answer(true)));
  response.once("close", () => settle(answer(true)));
  if (stopped()) settle(answer(true));
  return () => answer(true);
}
