interface Bucket {
  tokens: number;
  at: number;
}

const MAX_SENDERS = 1024;
const BYTES_PER_TOKEN = 512;
/** Honest packets are rarely longer than this, and reading a long one takes milliseconds. */
const LONG_PACKET_BYTES = 4096;
const LONG_PACKET_COST = 128;
const SENDER = { capacity: 256, perSecond: 64 };
const EVERYBODY = { capacity: 8192, perSecond: 512 };

/**
 * How much of a flood is read: two token buckets, one for each sender and one for all, so that neither one loud
 * device nor many made-up addresses keep the process busy. A packet costs one token and one more per 512 bytes, a
 * long one half of what its sender has.
 */
export class PacketBudget {
  readonly #senders = new Map<string, Bucket>();
  readonly #everybody: Bucket;
  readonly #now: () => number;
  #refused = 0;

  /** `now` in milliseconds, monotonic. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#everybody = { tokens: EVERYBODY.capacity, at: now() };
  }

  /** False when the packet has to be dropped unread. */
  admits(sender: string, bytes: number): boolean {
    const now = this.#now();
    const bucket = this.#senders.get(sender) ?? { tokens: SENDER.capacity, at: now };
    // Re-inserting keeps the map in order of last use: the first key is the one to forget.
    this.#senders.delete(sender);
    this.#senders.set(sender, bucket);
    if (this.#senders.size > MAX_SENDERS) {
      for (const oldest of this.#senders.keys()) {
        this.#senders.delete(oldest);
        break;
      }
    }
    refill(bucket, SENDER, now);
    refill(this.#everybody, EVERYBODY, now);
    const cost = bytes > LONG_PACKET_BYTES ? LONG_PACKET_COST : 1 + bytes / BYTES_PER_TOKEN;
    const admitted = bucket.tokens >= cost && this.#everybody.tokens >= cost;
    if (!admitted) {
      this.#refused += 1;
      return false;
    }
    bucket.tokens -= cost;
    this.#everybody.tokens -= cost;
    return true;
  }

  /** Packets dropped so far. */
  get refused(): number {
    return this.#refused;
  }
}

function refill(bucket: Bucket, limit: { capacity: number; perSecond: number }, now: number): void {
  bucket.tokens = Math.min(limit.capacity, bucket.tokens + ((now - bucket.at) / 1000) * limit.perSecond);
  bucket.at = now;
}
