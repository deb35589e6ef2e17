/** Small real servers on the loopback interface; what they do to a client is written in each test. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { onTestFinished, vi } from "vitest";
import { DeviceLine } from "../../../agent/net/line.ts";
import { waitFor } from "../../../agent/probes/asking.ts";
import { selfSigned } from "../../fakes/certificate.ts";

export interface TestServer {
  readonly port: number;
  /** Connections so far. */
  readonly connections: () => number;
  /** Settles when no connection is open any more. */
  readonly idle: () => Promise<void>;
}

export interface TestServerOptions {
  readonly host?: string;
  /** Subject of the certificate; plain TCP without. */
  readonly tls?: string;
}

/** Runs until the end of the test. `serve` gets each connection with its number, from 0. */
export async function tcpServer(
  serve: (socket: Socket, index: number) => void,
  { host = "127.0.0.1", tls }: TestServerOptions = {},
): Promise<TestServer> {
  const open = new Set<Socket>();
  let total = 0;
  const accept = (socket: Socket) => {
    open.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => open.delete(socket));
    serve(socket, total++);
    // Unread, the other side's end would never be seen.
    socket.resume();
  };
  const server: Server = tls === undefined ? createServer(accept) : createTlsServer(selfSigned(tls), accept);
  server.on("tlsClientError", () => {});
  server.listen(0, host);
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => total,
    idle: async () => {
      const closing = [...open].map((socket) => new Promise((done) => socket.once("close", done)));
      await Promise.all(closing);
    },
  };
}

export interface Page {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
}

/** An HTTP server as simple as a camera's: one request a connection. Null = never answers. */
export function httpServer(
  page: (path: string, head: string) => Page | null,
  options?: TestServerOptions,
): Promise<TestServer> {
  return tcpServer((socket) => {
    socket.once("data", (bytes) => {
      const head = bytes.toString("latin1");
      const answer = page(/^\S+ (\S+)/.exec(head)?.[1] ?? "", head);
      if (answer !== null) socket.end(httpAnswer(answer));
    });
  }, options);
}

export function httpAnswer({ status = 200, headers = {}, body = "" }: Page): Buffer {
  const fields = Object.entries(headers).flatMap(([name, values]) =>
    [values].flat().map((value) => `${name}: ${value}\r\n`),
  );
  const head = `HTTP/1.1 ${status} Some Reason\r\n${fields.join("")}\r\n`;
  return Buffer.concat([Buffer.from(head, "latin1"), Buffer.from(body)]);
}

export interface RtspReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly sdp?: string;
}

/** An RTSP server that keeps its connections. `reply` sees method, path with query, and the whole request. */
export function rtspServer(
  reply: (method: string, path: string, request: string) => RtspReply | null,
  options?: TestServerOptions,
): Promise<TestServer> {
  return tcpServer((socket) => {
    let pending = "";
    socket.on("data", (bytes) => {
      pending += bytes.toString("latin1");
      for (let end = pending.indexOf("\r\n\r\n"); end >= 0; end = pending.indexOf("\r\n\r\n")) {
        const request = pending.slice(0, end);
        pending = pending.slice(end + 4);
        const [, method = "", path = ""] = /^(\S+) rtsps?:\/\/[^/]+(\S*)/.exec(request) ?? [];
        const answer = reply(method, path, request);
        if (answer !== null) socket.write(rtspAnswer(/CSeq: (\d+)/.exec(request)?.[1] ?? "", answer));
      }
    });
  }, options);
}

export function rtspAnswer(cseq: string, { status, headers = {}, sdp }: RtspReply): string {
  const fields = {
    CSeq: cseq,
    ...headers,
    ...(sdp === undefined ? {} : { "Content-Type": "application/sdp", "Content-Length": String(sdp.length) }),
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return `RTSP/1.0 ${status} Some Reason\r\n${lines.join("")}\r\n${sdp ?? ""}`;
}

export const VIDEO_SDP = "v=0\r\ns=x\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n";
export const JPEG = Buffer.from("ffd8ffe000104a46494600010100000100010000ffd9", "hex");
export const PNG = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");

/** Sends `chunk` again and again until the other side closes. */
export function repeatForEver(socket: Socket, chunk: string | Buffer, everyMs: number): void {
  const timer = setInterval(() => socket.write(chunk), everyMs);
  socket.once("close", () => clearInterval(timer));
}

export function lineTo(host = "127.0.0.1", signal: AbortSignal = new AbortController().signal): DeviceLine {
  return new DeviceLine(host, signal);
}

/** A line to a device that has kept us waiting for so long that it is only asked in haste. */
export async function hastyLineTo(host = "127.0.0.1"): Promise<DeviceLine> {
  const line = lineTo(host);
  vi.useFakeTimers();
  const waiting = waitFor(line, 6_000, new Promise<void>((resolve) => setTimeout(resolve, 6_000)));
  await vi.advanceTimersByTimeAsync(6_000);
  vi.useRealTimers();
  await waiting;
  return line;
}
