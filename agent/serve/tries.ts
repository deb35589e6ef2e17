const WINDOW_MS = 15 * 60_000;
const TRIES_PER_CALLER = 5;
/** Over all callers: 8 digits hold for years even against a whole network of guessing devices. */
const TRIES_IN_ALL = 40;

/**
 * Counts tries of the claim code before each one is made. Our own few lines and not a rate-limit plugin, because it
 * needs two limits at once, a right code must give its try back, and the page says when the next try is possible.
 */
export class Tries {
  #made: { readonly caller: string; readonly at: number }[] = [];

  /** Null = counted, go ahead; else the time (ms) of the next possible try. */
  take(caller: string, now: number): number | null {
    this.#made = this.#made.filter(({ at }) => at > now - WINDOW_MS && at <= now);
    const mine = this.#made.filter((made) => made.caller === caller);
    const blocking =
      mine.length >= TRIES_PER_CALLER
        ? mine[0]
        : this.#made.length >= TRIES_IN_ALL
          ? this.#made[0]
          : undefined;
    if (blocking) return blocking.at + WINDOW_MS;
    this.#made.push({ caller, at: now });
    return null;
  }

  /** The code was right: this caller's tries no longer count. */
  forgive(caller: string): void {
    this.#made = this.#made.filter((made) => made.caller !== caller);
  }
}
