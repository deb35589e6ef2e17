/**
 * What a camera remembers of the logins tried on it. Locking is modelled on cameras that block an account for half
 * an hour after a few wrong passwords, counted over all doors together (knowledge/generic.json, lockout_safety); this
 * one is stricter than any of them: a right login does not reset the count.
 */
export interface Attempt {
  /** `http:80`, `rtsp:554`, `onvif:80`, `telnet:23`. */
  readonly door: string;
  readonly user: string;
  readonly right: boolean;
  /** ISO 8601, UTC. */
  readonly at: string;
}

const LOCK_MS = 30 * 60_000;
const MAX_REMEMBERED = 1000;

export class Ledger {
  readonly attempts: Attempt[] = [];
  readonly #lockAfter: number;
  #wrong = 0;
  #lockedUntil = 0;

  constructor(lockAfter: number | undefined) {
    this.#lockAfter = lockAfter ?? Number.POSITIVE_INFINITY;
  }

  get wrong(): number {
    return this.#wrong;
  }

  get locked(): boolean {
    return Date.now() < this.#lockedUntil;
  }

  note(door: string, user: string, right: boolean): void {
    const now = Date.now();
    if (this.attempts.length < MAX_REMEMBERED) {
      this.attempts.push({ door, user, right, at: new Date(now).toISOString() });
    }
    if (right) return;
    this.#wrong += 1;
    if (this.#wrong >= this.#lockAfter) this.#lockedUntil = now + LOCK_MS;
  }
}
