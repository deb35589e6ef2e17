/**
 * The server's side of HTTP authentication, used alike by HTTP, RTSP and ONVIF over HTTP Digest: Basic (RFC 7617) and
 * Digest with MD5 and SHA-256 (RFC 7616; without qop as in RFC 2069, which is what RTSP cameras built on live555
 * send). A nonce lives five minutes and each nonce count is good once.
 */
import { createHash, randomBytes } from "node:crypto";
import type { Ledger } from "./ledger.ts";

export type Scheme = "basic" | "digest-md5" | "digest-sha-256";

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** What a door wants: `any` = some login, whatever it is; null = none. */
export type DoorLogin = Credentials | "any" | null;

/** `stale`: right, but for an old nonce; the client may ask again. `malformed`: not an answer to our challenge. */
export type Verdict = "right" | "wrong" | "absent" | "stale" | "malformed" | "locked";

export interface GateOptions {
  readonly door: string;
  readonly schemes: readonly Scheme[];
  readonly realm: string;
  /** HTTP servers offer `qop="auth"`, RTSP servers do not. */
  readonly qop: boolean;
  /** Asked anew each time: a test may mend the camera. */
  readonly login: () => DoorLogin;
  readonly ledger: Ledger;
}

const NONCE_LIFE_MS = 5 * 60_000;
const MAX_NONCES = 1000;
const HASHES = { "digest-md5": "md5", "digest-sha-256": "sha256" } as const;
const ALGORITHMS = { "digest-md5": "MD5", "digest-sha-256": "SHA-256" } as const;

export class Gate {
  readonly #options: GateOptions;
  readonly #nonces = new Map<string, { readonly until: number; highestCount: number }>();

  constructor(options: GateOptions) {
    this.#options = options;
  }

  get closed(): boolean {
    return this.#options.login() !== null;
  }

  /** One WWW-Authenticate value a scheme, the strongest first (RFC 7616, 3.7). */
  challenges(stale = false): string[] {
    const { schemes, realm, qop } = this.#options;
    const strongestFirst = (["digest-sha-256", "digest-md5", "basic"] as const).filter((scheme) =>
      schemes.includes(scheme),
    );
    return strongestFirst.map((scheme) => {
      if (scheme === "basic") return `Basic realm=${quoted(realm)}`;
      const parts = [`realm=${quoted(realm)}`, `nonce="${this.#newNonce()}"`];
      if (qop) parts.push(`qop="auth"`, `algorithm=${ALGORITHMS[scheme]}`);
      if (stale) parts.push("stale=true");
      return `Digest ${parts.join(", ")}`;
    });
  }

  judge(method: string, uri: string, authorization: string | undefined): Verdict {
    const { door, ledger } = this.#options;
    if (authorization === undefined) return "absent";
    if (ledger.locked) return "locked";
    const { user, verdict } = this.#verify(method, uri, authorization);
    if (verdict === "right" || verdict === "wrong") ledger.note(door, user, verdict === "right");
    return verdict === "wrong" && ledger.locked ? "locked" : verdict;
  }

  #verify(method: string, uri: string, authorization: string): { user: string; verdict: Verdict } {
    const { schemes, login } = this.#options;
    const expected = login();
    const user = userOf(authorization);
    if (expected === null || expected === "any") return { user, verdict: "right" };
    if (/^basic /i.test(authorization)) {
      const sent = Buffer.from(authorization.slice(6), "base64").toString("utf8");
      const right = schemes.includes("basic") && sent === `${expected.user}:${expected.password}`;
      return { user, verdict: right ? "right" : "wrong" };
    }
    const fields = parseFields(authorization);
    const scheme = /^sha-256$/i.test(fields.algorithm ?? "") ? "digest-sha-256" : "digest-md5";
    if (!/^digest /i.test(authorization) || !schemes.includes(scheme)) return { user, verdict: "wrong" };
    if (fields.uri !== uri) return { user, verdict: "malformed" };
    const response = digestResponse(
      HASHES[scheme],
      { ...expected, realm: this.#options.realm },
      method,
      fields,
    );
    if (fields.response?.toLowerCase() !== response || user !== expected.user)
      return { user, verdict: "wrong" };
    return { user, verdict: this.#spend(fields) ? "right" : "stale" };
  }

  /** True when the nonce is ours, alive, and its count has not been used (RFC 7616, 3.4 and 5.5). */
  #spend(fields: DigestFields): boolean {
    const nonce = this.#nonces.get(fields.nonce ?? "");
    if (nonce === undefined || nonce.until < Date.now()) return false;
    const count = fields.qop === undefined ? nonce.highestCount + 1 : Number.parseInt(fields.nc ?? "", 16);
    if (!(count > nonce.highestCount)) return false;
    nonce.highestCount = count;
    return true;
  }

  #newNonce(): string {
    const nonce = randomBytes(16).toString("hex");
    this.#nonces.set(nonce, { until: Date.now() + NONCE_LIFE_MS, highestCount: 0 });
    const oldest = this.#nonces.keys().next().value;
    if (this.#nonces.size > MAX_NONCES && oldest !== undefined) this.#nonces.delete(oldest);
    return nonce;
  }
}

type DigestFields = Readonly<Partial<Record<string, string>>>;

function parseFields(authorization: string): DigestFields {
  const fields: Record<string, string> = {};
  for (const [, name = "", text, token] of authorization.matchAll(
    /(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g,
  )) {
    fields[name.toLowerCase()] = text?.replace(/\\(.)/g, "$1") ?? token ?? "";
  }
  return fields;
}

function userOf(authorization: string): string {
  if (/^basic /i.test(authorization)) {
    return Buffer.from(authorization.slice(6), "base64").toString("utf8").split(":")[0] ?? "";
  }
  return parseFields(authorization).username ?? "";
}

/** RFC 7616, 3.4.1; without qop RFC 2069, 2.1.2. */
export function digestResponse(
  hash: "md5" | "sha256",
  login: Credentials & { readonly realm: string },
  method: string,
  fields: DigestFields,
): string {
  const h = (text: string) => createHash(hash).update(text).digest("hex");
  const secret = h(`${login.user}:${login.realm}:${login.password}`);
  const request = h(`${method}:${fields.uri}`);
  const middle =
    fields.qop === undefined ? fields.nonce : [fields.nonce, fields.nc, fields.cnonce, fields.qop].join(":");
  return h(`${secret}:${middle}:${request}`);
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
