import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

const SESSION_DAYS = 90;
const SESSION_MS = SESSION_DAYS * 86_400_000;
const COOKIE = "komainu";

/**
 * Signed session tickets `<expiry>.<random>.<signature>`: nothing is kept, so a power cut signs nobody out. Those
 * signed out are remembered until the daemon ends; a new secret ends them all.
 */
export class Sessions {
  readonly #secret: string;
  readonly #ended = new Set<string>();

  constructor(secret: string) {
    this.#secret = secret;
  }

  /** Value of a Set-Cookie header that signs in. */
  begin(now: Date): string {
    const body = `${(now.getTime() + SESSION_MS).toString(36)}.${randomBytes(16).toString("base64url")}`;
    return setCookie(COOKIE, `${body}.${this.#sign(body)}`, SESSION_MS / 1000, "Strict");
  }

  /** Value of a Set-Cookie header that signs out. */
  end(cookieHeader: string | undefined, now: Date): string {
    const ticket = readCookie(cookieHeader, COOKIE);
    if (this.isValid(cookieHeader, now) && ticket !== null) this.#ended.add(ticket);
    return setCookie(COOKIE, "", 0, "Strict");
  }

  isValid(cookieHeader: string | undefined, now: Date): boolean {
    const ticket = readCookie(cookieHeader, COOKIE);
    const [, body, expiry, signature] =
      /^(([0-9a-z]{1,12})\.[\w-]{22})\.([\w-]{43})$/.exec(ticket ?? "") ?? [];
    if (ticket === null || !body || !expiry || !signature || this.#ended.has(ticket)) return false;
    if (Number.parseInt(expiry, 36) <= now.getTime()) return false;
    return timingSafeEqual(Buffer.from(signature), Buffer.from(this.#sign(body)));
  }

  #sign(body: string): string {
    return createHmac("sha256", this.#secret).update(`session ${body}`).digest("base64url");
  }
}

/** The first cookie of that name (RFC 6265, 4.2.1), or null. */
export function readCookie(header: string | undefined, name: string): string | null {
  for (const pair of (header ?? "").slice(0, 4096).split(";")) {
    const [key, value] = pair.trim().split("=", 2);
    if (key === name && value !== undefined) return value;
  }
  return null;
}

/** `value` must need no quoting. Not `Secure`: the page is plain HTTP on the LAN. */
export function setCookie(name: string, value: string, maxAge: number, sameSite: "Strict" | "Lax"): string {
  return `${name}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=${sameSite}`;
}
