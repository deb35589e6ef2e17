import { type Answer, failure, success } from "../model/index.ts";
import { type Challenge, parseChallenges } from "./authentication.ts";
import { authority } from "./http.ts";
import type { DeviceLine } from "./line.ts";
import { sdpMedia } from "./sdp.ts";
import { type Connection, openConnection, type Take } from "./tcp.ts";

export interface RtspDoor {
  readonly port: number;
  /** RTSP over TLS, `rtsps`. */
  readonly tls?: boolean;
}

/** Only methods that change nothing on the device: no SETUP, no PLAY. */
export interface RtspRequest {
  readonly method: "OPTIONS" | "DESCRIBE";
  /** Path with query, beginning with "/". */
  readonly path: string;
  /** Value of the `Authorization` field, made by `authorize` over `rtspUri`. */
  readonly authorization?: string;
}

export interface RtspAnswer {
  readonly status: number;
  /** By lower-case name; one character a byte; repeated fields joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly challenges: readonly Challenge[];
  /** Media lines of the session description, e.g. `video H264`. */
  readonly media: readonly string[];
}

export type AskRtsp = (request: RtspRequest) => Promise<Answer<RtspAnswer>>;

const MAX_HEADER_BYTES = 16_384;
const MAX_BODY_BYTES = 65_536;
/** One question at a time is asked: more answers to others than this are a flood, and each costs a look. */
const MAX_STRAY_ANSWERS = 8;

/** Absolute URI of a request (RFC 2326, 3.2), with the line's host and nobody else's. */
export function rtspUri(line: DeviceLine, door: RtspDoor, path: string): string {
  const [scheme, defaultPort] = door.tls ? ["rtsps", 322] : ["rtsp", 554];
  return `${scheme}://${authority(line.host, door.port, defaultPort)}${path}`;
}

/**
 * RTSP 1.0 (RFC 2326) questions, one after the other on one connection; a new one where the server closed it. Each
 * answer comes within `answerMs`, all of them within `deadlineMs`. Errors as of `openConnection`, and `malformed` for
 * what is not RTSP (detail `HTTP` for what is an answer of that protocol), `too-large`.
 */
export async function rtspSession<T>(
  line: DeviceLine,
  door: RtspDoor,
  limits: { readonly deadlineMs: number; readonly answerMs: number },
  work: (ask: AskRtsp) => Promise<T>,
): Promise<T> {
  const endsAt = performance.now() + limits.deadlineMs;
  let connection: Connection | null = null;
  let sequence = 0;

  const ask: AskRtsp = async (request) => {
    if (!/^\/[\x21-\x7e]*$/.test(request.path)) return failure("malformed", "path");
    const answerMs = Math.min(limits.answerMs, endsAt - performance.now());
    if (answerMs <= 0) return failure("timeout");
    const reused = connection?.usable ?? false;
    if (!connection || !reused) {
      await connection?.close();
      const opened = await openConnection(line, { ...door, deadlineMs: endsAt - performance.now() });
      if (!opened.ok) return opened;
      connection = opened.value;
    }
    sequence += 1;
    connection.send(requestText(rtspUri(line, door, request.path), request, sequence));
    const answer = await connection.read(takeAnswer(sequence), answerMs);
    // Whatever a broken answer left in the connection must not be read as the next answer.
    if (!answer.ok || closes(answer.value)) await connection.close();
    const wasClosed = !answer.ok && (answer.reason === "closed" || answer.reason === "reset");
    // A login is never sent twice on our own account: the device may have counted the first.
    return reused && wasClosed && request.authorization === undefined ? ask(request) : answer;
  };

  try {
    return await work(ask);
  } finally {
    // The assignment inside `ask` is invisible to the compiler here.
    await (connection as Connection | null)?.close();
  }
}

function closes(answer: RtspAnswer): boolean {
  return /\bclose\b/i.test(answer.headers.connection ?? "");
}

function requestText(uri: string, request: RtspRequest, sequence: number): string {
  return [
    `${request.method} ${uri} RTSP/1.0`,
    `CSeq: ${sequence}`,
    "User-Agent: Komainu",
    ...(request.method === "DESCRIBE" ? ["Accept: application/sdp"] : []),
    ...(request.authorization === undefined ? [] : [`Authorization: ${request.authorization}`]),
    "\r\n",
  ].join("\r\n");
}

/** Takes the answer to request `sequence`; answers to others are passed over (RFC 2326, 12.17). */
function takeAnswer(sequence: number): Take<RtspAnswer> {
  return (buffered, ended) => {
    let at = 0;
    for (let stray = 0; stray <= MAX_STRAY_ANSWERS; stray += 1) {
      const message = takeMessage(buffered.subarray(at), ended);
      if (!message?.answer.ok) return message;
      const theirs = message.answer.value.headers.cseq;
      if (theirs === undefined || Number.parseInt(theirs, 10) === sequence) {
        return { answer: message.answer, used: at + message.used };
      }
      at += message.used;
    }
    return { answer: failure("too-large", "answers to others"), used: at };
  };
}

const takeMessage: Take<RtspAnswer> = (buffered, ended) => {
  const head = buffered.subarray(0, MAX_HEADER_BYTES).toString("latin1");
  if (!/^[\r\n]*(R|$)/i.test(head)) {
    return { answer: failure("malformed", head.startsWith("HTTP/") ? "HTTP" : "not RTSP"), used: 0 };
  }
  const start = Math.max(head.search(/[^\r\n]/), 0);
  const blank = /\r?\n\r?\n/.exec(head.slice(start));
  if (!blank) return head.length < MAX_HEADER_BYTES ? null : { answer: failure("too-large"), used: 0 };
  const headerEnd = start + blank.index;
  const headerLength = headerEnd + blank[0].length;
  const [statusLine = "", ...lines] = head.slice(start, headerEnd).split(/\r?\n/);
  const status = /^RTSP\/\d+\.\d+[ \t]+(\d{3})\b/i.exec(statusLine)?.[1];
  if (status === undefined) return { answer: failure("malformed", "not RTSP"), used: 0 };

  const fields = readFields(lines);
  const first = (name: string) => fields.get(name)?.[0];
  const isSdp = /sdp/i.test(first("content-type") ?? "");
  const declared = first("content-length");
  if (declared !== undefined && !/^\d+$/.test(declared)) {
    return { answer: failure("malformed", "Content-Length"), used: 0 };
  }
  const length = declared === undefined ? undefined : Number(declared);
  if ((length ?? 0) > MAX_BODY_BYTES) return { answer: failure("too-large"), used: 0 };
  // A description without a length ends with the connection.
  if (length === undefined && isSdp && !ended) return null;
  const bodyEnd = headerLength + (length ?? (isSdp ? buffered.length : 0));
  if (buffered.length < bodyEnd && !ended) return null;

  const body = buffered.subarray(headerLength, bodyEnd).toString("utf8");
  const answer = success({
    status: Number(status),
    headers: Object.fromEntries([...fields].map(([name, values]) => [name, values.join(", ")])),
    challenges: parseChallenges(fields.get("www-authenticate") ?? []),
    media: isSdp || body.startsWith("v=0") ? sdpMedia(body) : [],
  });
  return { answer, used: Math.min(bodyEnd, buffered.length) };
};

/** Header fields by lower-case name; a line that begins with a blank continues the one before it. */
function readFields(lines: readonly string[]): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  let latest: string[] | undefined;
  for (const line of lines) {
    // What follows is trimmed by hand: an expression that looks for the end of blanks is slow on a line full of them.
    const field = /^([!-9;-~]{1,64})[ \t]*:(.*)$/s.exec(line);
    if (field) {
      const name = (field[1] ?? "").toLowerCase();
      latest = fields.get(name) ?? [];
      latest.push((field[2] ?? "").trim());
      fields.set(name, latest);
    } else if (/^[ \t]/.test(line) && latest) {
      latest.push(`${latest.pop()} ${line.trim()}`);
    }
  }
  return fields;
}
