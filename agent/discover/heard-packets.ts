import { createHash } from "node:crypto";
import type { ObservationSource } from "../model/index.ts";
import type { Packet } from "../net/multicast.ts";

const MAX_REMEMBERED = 2048;

/** Remembers packets by sender and content: a router may announce the same dozens of them every half minute. */
export class HeardPackets {
  readonly #keys = new Set<string>();

  /** True when this source has heard the very same bytes from this sender before. */
  isRepeat(source: ObservationSource, { sender, data }: Packet): boolean {
    const key = `${source} ${sender} ${digestOf(data)}`;
    if (this.#keys.has(key)) return true;
    // Whoever never says the same thing twice must not fill the memory.
    if (this.#keys.size >= MAX_REMEMBERED) this.#keys.clear();
    this.#keys.add(key);
    return false;
  }
}

/** Stands for a text or packet of any length in so many bytes. */
export function digestOf(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("base64");
}
