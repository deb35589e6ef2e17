/**
 * How long a code holds. However many devices of the network guess together, 20 tries an hour are 480 a day: of the
 * million PINs of six digits half are tried after 1,042 days (nearly three years), all of them after 2,084. One device
 * alone is held to the same 20 an hour by its 5 in a quarter of an hour. A code of eight digits holds 90 times longer.
 * The price: who is signed in stays so, but a guessing device can keep others from signing in for an hour.
 */
const CALLER = { tries: 5, windowMs: 15 * 60_000 } as const;
const ALL = { tries: 20, windowMs: 60 * 60_000 } as const;

interface Try {
  readonly caller: string;
  readonly at: number;
}

/**
 * Counts tries of a code before each one is made. Our own few lines and not a rate-limit plugin, because it needs two
 * limits at once, a right code must give its try back, and the page says when the next try is possible.
 */
export class Tries {
  #made: readonly Try[] = [];

  /** Null = counted, go ahead; else the time (ms) of the next possible try. */
  take(caller: string, now: number): number | null {
    this.#made = this.#made.filter(({ at }) => at > now - ALL.windowMs && at <= now);
    const mine = this.#made.filter((made) => made.caller === caller && made.at > now - CALLER.windowMs);
    const waits = [freeAt(mine, CALLER), freeAt(this.#made, ALL)].filter((at) => at !== null);
    if (waits.length > 0) return Math.max(...waits);
    this.#made = [...this.#made, { caller, at: now }];
    return null;
  }

  /**
   * The code was right: this one try does not count. The wrong ones before it do, or whoever has one code could guess
   * another one between two right ones, without end.
   */
  giveBack(caller: string): void {
    const latest = this.#made.findLastIndex((made) => made.caller === caller);
    this.#made = this.#made.filter((_made, index) => index !== latest);
  }
}

/** When the next try is free, or null when one is free now. `made` is in order of time. */
function freeAt(
  made: readonly Try[],
  { tries, windowMs }: { readonly tries: number; readonly windowMs: number },
): number | null {
  const blocking = made.at(-tries);
  return blocking === undefined ? null : blocking.at + windowMs;
}
