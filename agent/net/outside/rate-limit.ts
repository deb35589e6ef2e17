const MAX_KEYS = 10_000;

/** A token bucket for each key. */
export class RateLimit {
  readonly #buckets = new Map<string, { tokens: number; at: number }>();
  readonly #burst: number;
  readonly #everyMs: number;
  readonly #now: () => number;

  /** `burst` at once, then one in `everyMs`. `now` in milliseconds, monotonic. */
  constructor(burst: number, everyMs: number, now: () => number) {
    this.#burst = burst;
    this.#everyMs = everyMs;
    this.#now = now;
  }

  /** 0 = admitted; else the seconds until it will be. */
  take(key: string): number {
    const now = this.#now();
    const before = this.#buckets.get(key) ?? { tokens: this.#burst, at: now };
    const tokens = Math.min(this.#burst, before.tokens + (now - before.at) / this.#everyMs);
    // Re-inserting keeps the map in order of last use: the first key is the one to forget.
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: tokens < 1 ? tokens : tokens - 1, at: now });
    if (this.#buckets.size > MAX_KEYS) this.#buckets.delete(this.#buckets.keys().next().value ?? "");
    return tokens < 1 ? Math.ceil(((1 - tokens) * this.#everyMs) / 1000) : 0;
  }
}
