/**
 * The RTSP 1.0 server of a camera as far as it can be asked without playing (RFC 2326: OPTIONS 10.1, DESCRIBE 10.2,
 * status codes 11; SDP RFC 4566). It wants the login before it says whether a path exists, as most cameras do.
 */
import { createServer, type Server, type Socket } from "node:net";
import type { FixtureRtsp } from "../../agent/model/index.ts";
import type { Gate } from "./gate.ts";
import { hostFor } from "./wire.ts";

export interface RtspOptions {
  readonly rtsp: FixtureRtsp;
  readonly gate: Gate;
  /** A trap: 200 to DESCRIBE, and no SDP. */
  readonly withoutSdp?: boolean;
}

interface RtspRequest {
  readonly method: string;
  readonly uri: string;
  readonly headers: ReadonlyMap<string, string>;
}

const PUBLIC = "Public: OPTIONS, DESCRIBE, SETUP, TEARDOWN, PLAY, PAUSE, GET_PARAMETER";
const MAX_HEAD = 16_384;
const CLOCK_RATES: Readonly<Record<string, string>> = {
  PCMU: "8000",
  PCMA: "8000",
  G726: "8000",
  AAC: "16000",
  "MPEG4-GENERIC": "16000",
};
const STATIC_PAYLOADS: Readonly<Record<string, number>> = { PCMU: 0, PCMA: 8, JPEG: 26 };

export function rtspServer(options: RtspOptions): Server {
  return createServer((socket) => {
    let pending = "";
    socket.on("data", (bytes) => {
      pending += bytes.toString("latin1");
      for (let end = pending.indexOf("\r\n\r\n"); end >= 0; end = pending.indexOf("\r\n\r\n")) {
        const request = parse(pending.slice(0, end));
        const length = Number(request?.headers.get("content-length") ?? 0) || 0;
        if (pending.length < end + 4 + length) return;
        pending = pending.slice(end + 4 + length);
        if (request === null) {
          socket.end("RTSP/1.0 400 Bad Request\r\n\r\n");
          return;
        }
        answer(socket, request, options);
      }
      if (pending.length > MAX_HEAD) socket.destroy();
    });
  });
}

function parse(head: string): RtspRequest | null {
  const [first = "", ...lines] = head.replace(/^[\r\n]+/, "").split("\r\n");
  const [, method, uri] = /^([A-Z_]+) (\S+) RTSP\/1\.0$/.exec(first) ?? [];
  if (method === undefined || uri === undefined) return null;
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = /^([^:\s]+):\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) headers.set(name.toLowerCase(), value);
  }
  return { method, uri, headers };
}

interface RtspReply {
  readonly status: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

function answer(socket: Socket, request: RtspRequest, options: RtspOptions): void {
  const { status, headers = [], body = "" } = reply(request, hostFor(socket), options);
  const { server } = options.rtsp;
  const lines = [`RTSP/1.0 ${status}`, `CSeq: ${request.headers.get("cseq") ?? "0"}`];
  if (server !== null) lines.push(`Server: ${server}`);
  lines.push(...headers);
  if (body !== "") lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
  socket.write(`${lines.join("\r\n")}\r\n\r\n${body}`);
}

function reply(request: RtspRequest, host: string, { rtsp, gate, withoutSdp }: RtspOptions): RtspReply {
  const { method, uri } = request;
  if (method === "OPTIONS") return { status: "200 OK", headers: [PUBLIC] };
  if (gate.closed) {
    const verdict = gate.judge(method, uri, request.headers.get("authorization"));
    if (verdict === "locked") return { status: "403 Forbidden" };
    if (verdict === "malformed") return { status: "400 Bad Request" };
    if (verdict !== "right") {
      const challenges = gate.challenges(verdict === "stale");
      return { status: "401 Unauthorized", headers: challenges.map((value) => `WWW-Authenticate: ${value}`) };
    }
  }
  if (method === "SETUP") return { status: "461 Unsupported Transport" };
  if (method !== "DESCRIBE") return { status: "455 Method Not Valid in This State" };
  const stream = findPath(rtsp, uri);
  if (stream === undefined) return { status: "404 Not Found" };
  if (withoutSdp) return { status: "200 OK" };
  const headers = ["Content-Type: application/sdp", `Content-Base: ${uri.replace(/\/?$/, "/")}`];
  return { status: "200 OK", headers, body: sessionDescription(host, stream.media) };
}

function findPath(rtsp: FixtureRtsp, uri: string): FixtureRtsp["paths"][number] | undefined {
  const full = uri.replace(/^rtsps?:\/\/[^/]*/i, "") || "/";
  const candidates = [full, full.replace(/(.)\/$/, "$1"), full.split("?")[0]];
  return rtsp.paths.find(({ path }) => candidates.includes(path));
}

/** `media` lines read `<type> <encoding>`, e.g. `video H264`. */
function sessionDescription(host: string, media: readonly string[]): string {
  const family = host.startsWith("[") ? "IP6" : "IP4";
  const lines = [
    "v=0",
    `o=- 1 1 IN ${family} ${host.replace(/[[\]]/g, "")}`,
    "s=Media Presentation",
    `c=IN ${family} ${family === "IP4" ? "0.0.0.0" : "::"}`,
    "t=0 0",
    "a=control:*",
  ];
  for (const [index, line] of media.entries()) {
    const [type = "video", encoding = "H264"] = line.split(" ");
    const payload = STATIC_PAYLOADS[encoding] ?? 96 + index;
    lines.push(
      `m=${type} 0 RTP/AVP ${payload}`,
      `a=control:trackID=${index + 1}`,
      `a=rtpmap:${payload} ${encoding}/${CLOCK_RATES[encoding] ?? "90000"}`,
    );
  }
  return `${lines.join("\r\n")}\r\n`;
}
