import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { ROLES, type Role } from "../model/index.ts";

const SESSION_DAYS = 90;
const SESSION_MS = SESSION_DAYS * 86_400_000;
const COOKIE = "komainu";

interface Ticket {
  readonly role: Role;
  readonly whole: string;
}

/**
 * Signed session tickets `<expiry>.<role>.<round>.<random>.<signature>`: nothing is kept, so a power cut signs nobody
 * out. Those signed out are remembered until the daemon ends; a new round of a role's code ends that role's tickets, a
 * new secret all.
 */
export class Sessions {
  readonly #secret: string;
  readonly #round: (role: Role) => number;
  readonly #ended = new Set<string>();

  constructor(secret: string, round: (role: Role) => number) {
    this.#secret = secret;
    this.#round = round;
  }

  /** Value of a Set-Cookie header that signs in; `until` (ISO 8601) ends it earlier than usual. */
  begin(role: Role, until: string | null, now: Date): string {
    const usual = now.getTime() + SESSION_MS;
    const expiry = until === null ? usual : Math.min(usual, Date.parse(until));
    const random = randomBytes(16).toString("base64url");
    const body = `${expiry.toString(36)}.${role}.${this.#round(role)}.${random}`;
    const seconds = Math.max(0, Math.round((expiry - now.getTime()) / 1000));
    return setCookie(COOKIE, `${body}.${this.#sign(body)}`, seconds, "Strict");
  }

  /** Value of a Set-Cookie header that signs out. */
  end(cookieHeader: string | undefined, now: Date): string {
    const ticket = this.#ticketOf(cookieHeader, now);
    if (ticket) this.#ended.add(ticket.whole);
    return setCookie(COOKIE, "", 0, "Strict");
  }

  /** Null for whoever has no valid ticket. */
  roleOf(cookieHeader: string | undefined, now: Date): Role | null {
    return this.#ticketOf(cookieHeader, now)?.role ?? null;
  }

  #ticketOf(cookieHeader: string | undefined, now: Date): Ticket | null {
    const whole = readCookie(cookieHeader, COOKIE);
    const parts = /^(([0-9a-z]{1,12})\.([a-z]{1,12})\.(\d{1,9})\.[\w-]{22})\.([\w-]{43})$/.exec(whole ?? "");
    const [, body, expiry, name, round, signature] = parts ?? [];
    const role = ROLES.find((one) => one === name);
    if (whole === null || !body || !expiry || !signature || !role || this.#ended.has(whole)) return null;
    if (Number.parseInt(expiry, 36) <= now.getTime() || Number(round) !== this.#round(role)) return null;
    return timingSafeEqual(Buffer.from(signature), Buffer.from(this.#sign(body))) ? { role, whole } : null;
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
