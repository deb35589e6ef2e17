import type { ServerResponse } from "node:http";
import type { ProgressEvent } from "../model/index.ts";
import type { SiteState } from "./contract.ts";

const MAX_CLIENTS = 32;
const HEARTBEAT_MS = 15_000;
/** Whoever reads this slowly is let go; the browser comes back by itself. */
const MAX_UNREAD_BYTES = 64 * 1024;

interface Client {
  readonly stream: ServerResponse;
  readonly signedIn: boolean;
  lastCounts: string;
}

/**
 * Server-sent events (HTML Living Standard, 9.2). Who is not signed in learns stages and counts only, since every other
 * event names a device.
 */
export class EventHub {
  readonly #clients = new Set<Client>();
  readonly #heartbeat: NodeJS.Timeout;
  readonly #unsubscribe: () => void;
  readonly #scanning: () => SiteState["scanning"];

  constructor(
    subscribe: (listener: (event: ProgressEvent) => void) => () => void,
    scanning: () => SiteState["scanning"],
  ) {
    this.#scanning = scanning;
    this.#unsubscribe = subscribe((event) => this.#tell(event));
    this.#heartbeat = setInterval(() => {
      for (const client of this.#clients) this.#write(client, ": still here\n\n");
    }, HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  get isFull(): boolean {
    return this.#clients.size >= MAX_CLIENTS;
  }

  /** `stream` has its header sent; it belongs to the hub from here on. */
  add(stream: ServerResponse, signedIn: boolean): void {
    const client: Client = { stream, signedIn, lastCounts: "" };
    this.#clients.add(client);
    stream.on("close", () => this.#clients.delete(client));
    stream.on("error", () => this.#clients.delete(client));
    this.#write(client, "retry: 3000\n\n");
  }

  close(): void {
    clearInterval(this.#heartbeat);
    this.#unsubscribe();
    for (const { stream } of this.#clients) stream.end();
    this.#clients.clear();
  }

  #tell(event: ProgressEvent): void {
    const whole = frame(event);
    const scanning = this.#scanning();
    const counts = frame({ type: "counts", done: scanning?.done ?? 0, total: scanning?.total ?? 0 });
    for (const client of this.#clients) {
      if (client.signedIn || event.type === "stage") this.#write(client, whole);
      else if (client.lastCounts !== counts) this.#write(client, counts);
      client.lastCounts = counts;
    }
  }

  #write({ stream }: Client, text: string): void {
    if (stream.writableLength > MAX_UNREAD_BYTES) stream.destroy();
    else stream.write(text);
  }
}

/** JSON has no raw line break, so one data line always holds it. */
function frame(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}
