import { createHash, randomBytes } from "node:crypto";

/** One challenge of a `WWW-Authenticate` field (RFC 9110, 11.6.1), in HTTP and RTSP alike. */
export interface Challenge {
  readonly scheme: "basic" | "digest" | "other";
  /** Empty when the challenge named none. */
  readonly realm: string;
  /** By lower-case name, unquoted (RFC 9110, 5.6.4); one character a byte as sent. */
  readonly parameters: Readonly<Record<string, string>>;
}

export interface LoginRequest {
  readonly user: string;
  readonly password: string;
  readonly method: string;
  /** Request target as in the request line: a path in HTTP, the whole URI in RTSP. */
  readonly uri: string;
  /** Client nonce; random unless a test needs a known one. */
  readonly cnonce?: string;
}

export type LoginScheme = "basic" | "digest-md5" | "digest-sha-256";

const MAX_CHARACTERS = 8_192;
const MAX_CHALLENGES = 16;
const MAX_PARAMETERS = 32;

// RFC 9110, 5.6.2 and 11.2. A quote that never closes runs to the end; an unquoted value may hold blanks, as some
// cameras send `realm=IP Camera`.
const SEPARATORS = /[ \t,]*/y;
const PARAMETER = /([!#$%&'*+\-.^_`|~\w]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"?|([^,"]*))/sy;
const SCHEME = /([!#$%&'*+\-.^_`|~\w]+)(?:[ \t]+[\w\-.~+/]+=*(?=[ \t]*(?:,|$)))?/y;

/** Reads all challenges of all `WWW-Authenticate` fields; broken parts are passed over. */
export function parseChallenges(values: readonly string[]): Challenge[] {
  const found: { scheme: string; parameters: Map<string, string> }[] = [];
  let budget = MAX_CHARACTERS;
  for (const value of values) {
    const text = value.slice(0, budget);
    budget -= text.length;
    // A parameter belongs to the challenge before it, but never to one of another field.
    let current: Map<string, string> | undefined;
    for (let at = skip(text, 0); at < text.length; at = skip(text, at)) {
      const parameter = current && matchAt(PARAMETER, text, at);
      if (current && parameter) {
        const name = (parameter[1] ?? "").toLowerCase();
        if (!current.has(name) && current.size < MAX_PARAMETERS) {
          current.set(name, parameter[2]?.replace(/\\(.)/gs, "$1") ?? (parameter[3] ?? "").trim());
        }
        at += parameter[0].length;
        continue;
      }
      const scheme = matchAt(SCHEME, text, at);
      if (scheme && found.length < MAX_CHALLENGES) {
        current = new Map();
        found.push({ scheme: (scheme[1] ?? "").toLowerCase(), parameters: current });
      }
      at += scheme ? scheme[0].length : 1;
    }
  }
  return found.map(({ scheme, parameters }) => ({
    scheme: scheme === "basic" || scheme === "digest" ? scheme : "other",
    realm: parameters.get("realm") ?? "",
    parameters: Object.fromEntries(parameters),
  }));
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function skip(text: string, at: number): number {
  return at + (matchAt(SEPARATORS, text, at)?.[0].length ?? 0);
}

/**
 * The `Authorization` value for the strongest challenge that we can answer: Digest SHA-256, Digest MD5, Basic.
 * Null when there is none, or when what the server sent cannot stand in a header. The nonce count is always 1, so each
 * challenge is good for one header.
 */
export function authorize(
  challenges: readonly Challenge[],
  login: LoginRequest,
): { header: string; scheme: LoginScheme } | null {
  for (const scheme of ["digest-sha-256", "digest-md5", "basic"] as const) {
    const challenge = challenges.find((candidate) => schemeOf(candidate) === scheme);
    if (!challenge) continue;
    const header = scheme === "basic" ? basic(login) : digest(challenge, login);
    if (header !== null) return { header, scheme };
  }
  return null;
}

/** The login scheme that a challenge asks for; null when we do not speak it. */
export function schemeOf(challenge: Challenge): LoginScheme | null {
  if (challenge.scheme === "basic") return "basic";
  if (challenge.scheme !== "digest") return null;
  const algorithm = (challenge.parameters.algorithm ?? "MD5").toUpperCase().replace(/-SESS$/, "");
  const scheme = algorithm === "SHA-256" ? "digest-sha-256" : algorithm === "MD5" ? "digest-md5" : null;
  return challenge.parameters.nonce === undefined ? null : scheme;
}

/** RFC 7617, 2. */
function basic(login: LoginRequest): string | null {
  if (login.user.includes(":")) return null;
  return `Basic ${Buffer.from(`${login.user}:${login.password}`).toString("base64")}`;
}

/** RFC 7616, 3.4; without `qop` as in RFC 2069, which old cameras still send. */
function digest(challenge: Challenge, login: LoginRequest): string | null {
  const { realm = "", nonce = "", opaque, algorithm, qop } = challenge.parameters;
  const qops = (qop ?? "").split(",").map((name) => name.trim().toLowerCase());
  const withQop = qops.includes("auth");
  if (!withQop && qops.includes("auth-int")) return null;

  const session = /-sess$/i.test(algorithm ?? "");
  const hash = /^sha-256/i.test(algorithm ?? "") ? "sha256" : "md5";
  const h = (...parts: readonly Buffer[]) => createHash(hash).update(join(parts)).digest("hex");
  const cnonce = login.cnonce ?? randomBytes(16).toString("hex");
  const nc = "00000001";

  let a1 = h(utf8(login.user), bytes(realm), utf8(login.password));
  if (session) a1 = h(bytes(a1), bytes(nonce), bytes(cnonce));
  const a2 = h(bytes(login.method), bytes(login.uri));
  const response = withQop
    ? h(...[a1, nonce, nc, cnonce, "auth", a2].map(bytes))
    : h(...[a1, nonce, a2].map(bytes));

  const header = [
    `Digest username=${quoted(login.user)}, realm=${quoted(realm)}, nonce=${quoted(nonce)}`,
    `uri=${quoted(login.uri)}, response="${response}"`,
    algorithm === undefined ? [] : `algorithm=${algorithm}`,
    withQop ? `qop=auth, nc=${nc}` : [],
    withQop || session ? `cnonce="${cnonce}"` : [],
    opaque === undefined ? [] : `opaque=${quoted(opaque)}`,
  ]
    .flat()
    .join(", ");
  // What the server sent must not end our field and begin another.
  return /^[\x20-\x7e\x80-\xff]*$/.test(header) ? header : null;
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

function utf8(text: string): Buffer {
  return Buffer.from(text, "utf8");
}

/** Header text holds one character a byte: this gives back the very bytes that were sent. */
function bytes(text: string): Buffer {
  return Buffer.from(text, "latin1");
}

function join(parts: readonly Buffer[]): Buffer {
  return Buffer.concat(parts.flatMap((part, index) => (index === 0 ? [part] : [bytes(":"), part])));
}
