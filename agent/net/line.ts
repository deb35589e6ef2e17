import pLimit from "p-limit";
import type { Traffic } from "../model/index.ts";

/** A nursery's camera has room for few callers at once; DESIGN's limit is two. */
const MAX_CONNECTIONS = 2;

/**
 * The one way to talk to a device. It names the only host that may be reached, keeps at most two connections open
 * at once, carries the device's deadline and counts the traffic. Every wire client takes a line, never a host name
 * that came from the network, so that no answer can send us to a third host.
 */
export class DeviceLine {
  /** IPv4 or IPv6 literal; link-local IPv6 with its zone. */
  readonly host: string;
  /** Aborts when the device's deadline has passed or the scan was cancelled. */
  readonly signal: AbortSignal;
  readonly #limit = pLimit(MAX_CONNECTIONS);
  #open = 0;
  #traffic = { connections: 0, bytesIn: 0, bytesOut: 0, peakConnections: 0 };

  constructor(host: string, signal: AbortSignal) {
    this.host = host;
    this.signal = signal;
  }

  /** Runs `work` as soon as a connection is free; `work` opens at most one connection and has closed it when it settles. */
  connect<T>(work: () => Promise<T>): Promise<T> {
    return this.#limit(async () => {
      this.#open += 1;
      this.#traffic.connections += 1;
      this.#traffic.peakConnections = Math.max(this.#traffic.peakConnections, this.#open);
      try {
        return await work();
      } finally {
        this.#open -= 1;
      }
    });
  }

  count(bytesIn: number, bytesOut: number): void {
    this.#traffic.bytesIn += bytesIn;
    this.#traffic.bytesOut += bytesOut;
  }

  get traffic(): Traffic {
    return { ...this.#traffic };
  }
}
