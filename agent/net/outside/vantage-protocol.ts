import { isIP } from "node:net";
import { type Answer, type DoorFingerprint, failure, type ReachedPort, success } from "../../model/index.ts";

/**
 * What the site and the vantage point say to each other: `POST /v1/look` with `{version, ports}`, answered by
 * `{version, seenAs, asked}`, over TLS 1.2 with a key that both know (RFC 4279, ECDHE-PSK of RFC 5489 and RFC 7905). Each
 * side proves the key in the handshake, a recording is of no use to whoever learns the key later, and there is no
 * certificate to make or to renew. Node offers no external PSK for TLS 1.3.
 */
export const VANTAGE_TLS = {
  ciphers: "ECDHE-PSK-CHACHA20-POLY1305",
  minVersion: "TLSv1.2",
  maxVersion: "TLSv1.2",
} as const;
export const VANTAGE_PATH = "/v1/look";
export const VANTAGE_VERSION = 1;
export const MAX_VANTAGE_PORTS = 64;
export const MAX_REQUEST_BYTES = 4_096;
/** 64 ports with their fingerprints are 9 KiB. */
export const MAX_ANSWER_BYTES = 32_768;

/** One identity and its key; as text `id:base64url` of 32 bytes. */
export interface VantageKey {
  readonly id: string;
  readonly key: Buffer;
}

export interface VantageAnswer {
  /** The address that the request came from. */
  readonly seenAs: string;
  readonly asked: readonly ReachedPort[];
}

/** Null when the text is no key. */
export function parseVantageKey(text: string): VantageKey | null {
  const { id, key = "" } = /^(?<id>[\w-]{1,32}):(?<key>[\w-]{43})$/.exec(text)?.groups ?? {};
  const bytes = Buffer.from(key, "base64url");
  return id === undefined || bytes.length !== 32 ? null : { id, key: bytes };
}

/** The ports that a request names. Errors: `malformed`, with what is wrong; a request is taken whole or not at all. */
export function parseVantageRequest(text: string): Answer<readonly number[]> {
  const request = jsonObject(text, ["version", "ports"]);
  if (request === null) return failure("malformed", "want {version, ports}");
  if (request.version !== VANTAGE_VERSION)
    return failure("malformed", `version ${VANTAGE_VERSION} is spoken`);
  const { ports } = request;
  if (!Array.isArray(ports) || ports.length > MAX_VANTAGE_PORTS || !ports.every(isPort)) {
    return failure("malformed", `ports: at most ${MAX_VANTAGE_PORTS} numbers from 1 to 65535`);
  }
  return new Set(ports).size === ports.length ? success(ports) : failure("malformed", "ports: one twice");
}

/** What the vantage point answered to a request for `ports`. Errors: `malformed`, for instance for a port not asked. */
export function parseVantageAnswer(text: string, ports: readonly number[]): Answer<VantageAnswer> {
  const answer = jsonObject(text, ["version", "seenAs", "asked"]);
  if (answer === null || answer.version !== VANTAGE_VERSION) return failure("malformed", "answer");
  const { seenAs, asked } = answer;
  if (typeof seenAs !== "string" || isIP(seenAs) === 0 || seenAs.includes("%"))
    return failure("malformed", "seenAs");
  if (!Array.isArray(asked) || asked.length > ports.length) return failure("malformed", "asked");
  const reached = asked.map(reachedPort);
  if (!reached.every((port) => port !== null)) return failure("malformed", "asked");
  const named = reached.map(({ port }) => port);
  const honest = new Set(named).size === named.length && named.every((port) => ports.includes(port));
  return honest ? success({ seenAs, asked: reached }) : failure("malformed", "a port that was not asked");
}

function reachedPort(value: unknown): ReachedPort | null {
  const entry = exactObject(value, ["port", "result", "fingerprint"]);
  if (entry === null || !isPort(entry.port)) return null;
  const result = (["open", "closed", "silent"] as const).find((known) => known === entry.result);
  const fingerprint = entry.fingerprint === null ? null : doorFingerprint(entry.fingerprint);
  if (result === undefined || fingerprint === undefined) return null;
  return { port: entry.port, result, fingerprint: result === "open" ? fingerprint : null };
}

function doorFingerprint(value: unknown): DoorFingerprint | undefined {
  const entry = exactObject(value, ["kind", "hash"]);
  const kind = (["http", "https", "rtsp", "other"] as const).find((known) => known === entry?.kind);
  const hash = entry?.hash;
  if (kind === undefined || typeof hash !== "string" || !/^[0-9a-f]{64}$/.test(hash)) return undefined;
  return { kind, hash };
}

function isPort(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 65_535;
}

function jsonObject(text: string, names: readonly string[]): Readonly<Record<string, unknown>> | null {
  try {
    return exactObject(JSON.parse(text), names);
  } catch {
    return null;
  }
}

/** With these members and no others. */
function exactObject(value: unknown, names: readonly string[]): Readonly<Record<string, unknown>> | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const own = Object.keys(value);
  const exact = own.length === names.length && names.every((name) => own.includes(name));
  return exact ? (value as Readonly<Record<string, unknown>>) : null;
}
