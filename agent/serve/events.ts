import type { ServerResponse } from "node:http";
import type { OnProgress, ProgressEvent } from "../model/index.ts";

const MAX_CLIENTS = 32;
/** An event and no comment, since a browser tells its page of events only. */
const HEARTBEAT = "event: heartbeat\ndata: 1\n\n";
const HEARTBEAT_MS = 15_000;
const COUNTS_EVERY_MS = 500;
/** Whoever reads this slowly is let go; the browser comes back by itself. */
const MAX_UNREAD_BYTES = 64 * 1024;

/** What anybody may know of a scan. */
export interface ScanCounts {
  readonly done: number;
  readonly total: number;
  /** True while details are hidden from everybody. */
  readonly sealed: boolean;
}

interface Client {
  readonly stream: ServerResponse;
  detailed: boolean;
}

/**
 * Server-sent events (HTML Living Standard, 9.2). Who is not signed in learns stages and counts only, since every other
 * event names a device.
 */
export class EventHub {
  readonly #clients = new Set<Client>();
  readonly #heartbeat: NodeJS.Timeout;
  readonly #unsubscribe: () => void;
  readonly #count: () => ScanCounts;
  #counting: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(subscribe: (listener: OnProgress) => () => void, count: () => ScanCounts) {
    this.#count = count;
    this.#unsubscribe = subscribe((event) => this.#tell(event));
    this.#heartbeat = setInterval(() => this.#toAll(HEARTBEAT), HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  get isFull(): boolean {
    return this.#closed || this.#clients.size >= MAX_CLIENTS;
  }

  /** `stream` has its header sent; it belongs to the hub from here on. */
  add(stream: ServerResponse, detailed: boolean): void {
    const client: Client = { stream, detailed };
    this.#clients.add(client);
    stream.on("close", () => this.#clients.delete(client));
    stream.on("error", () => this.#clients.delete(client));
    write(client, "retry: 3000\n\n");
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#heartbeat);
    clearTimeout(this.#counting ?? undefined);
    this.#unsubscribe();
    for (const { stream } of this.#clients) stream.end();
    this.#clients.clear();
  }

  #tell(event: ProgressEvent): void {
    if (this.#clients.size === 0) return;
    const open = event.type === "stage";
    for (const client of this.#clients) if (open || client.detailed) write(client, frame(event));
    if (!open) this.#counting ??= setTimeout(() => this.#tellCounts(), COUNTS_EVERY_MS);
  }

  /** Counting is not free, so it is done for all clients together and not for each event. */
  #tellCounts(): void {
    this.#counting = null;
    const { sealed, ...counts } = this.#count();
    for (const client of this.#clients) {
      client.detailed &&= !sealed;
      if (!client.detailed) write(client, frame({ type: "counts", ...counts }));
    }
  }

  #toAll(text: string): void {
    for (const client of this.#clients) write(client, text);
  }
}

function write({ stream }: Client, text: string): void {
  if (stream.writableLength > MAX_UNREAD_BYTES) stream.destroy();
  else stream.write(text);
}

/** JSON has no raw line break, so one data line always holds it. */
function frame(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}
