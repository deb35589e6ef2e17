/** The TCP side of a fake: it listens where the fixture says, and counts what the device saw. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

/** A line of /proc/net/tcp: local port, remote address and port, state. */
const SOCKET_LINE = /^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) ([0-9A-F]+:[0-9A-F]{4}) ([0-9A-F]{2})/;
const ESTABLISHED = "01";

/** Where a fake lives. */
export interface Place {
  readonly address: string;
  readonly address6?: string;
  /** Needed for announcements only. */
  readonly interface?: string;
  /** `ephemeral`: each port of the fixture becomes a free one; `Wire.ports` tells which. Default `fixture`. */
  readonly ports?: "fixture" | "ephemeral";
  /** A slow device: it leaves each connection alone for so long before it reads from it. Default 0. */
  readonly answersAfterMs?: number;
}

export class Wire {
  readonly place: Place;
  /** Port of the fixture -> port really listened on. */
  readonly ports = new Map<number, number>();
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  #total = 0;
  #peak = 0;
  #bytesOfClosed = 0;

  constructor(place: Place) {
    this.place = place;
  }

  get connections(): { readonly total: number; readonly peak: number } {
    return { total: this.#total, peak: this.#peak };
  }

  get bytesOut(): number {
    let bytes = this.#bytesOfClosed;
    for (const socket of this.#sockets) bytes += socket.bytesWritten;
    return bytes;
  }

  /** The port on which `fixturePort` is served here. */
  port(fixturePort: number): number {
    return this.ports.get(fixturePort) ?? fixturePort;
  }

  async listen(fixturePort: number, server: Server): Promise<void> {
    const { address, address6, ports, answersAfterMs } = this.place;
    const door = answersAfterMs === undefined ? server : slowDoor(server, answersAfterMs);
    door.on("connection", (socket: Socket) => this.#count(socket));
    // With both families one dual-stack socket serves all addresses of the namespace, link-local ones too.
    door.listen({
      host: address6 === undefined ? address : "::",
      port: ports === "ephemeral" ? 0 : fixturePort,
    });
    this.#servers.push(door);
    await once(door, "listening");
    this.ports.set(fixturePort, (door.address() as AddressInfo).port);
  }

  async close(): Promise<void> {
    const closed = this.#servers.map((server) => new Promise((done) => server.close(done)));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }

  #count(socket: Socket): void {
    this.#total += 1;
    this.#sockets.add(socket);
    this.#watchPeak();
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      this.#bytesOfClosed += socket.bytesWritten;
      this.#sockets.delete(socket);
    });
  }

  /**
   * Counts what the caller holds open as the kernel sees it: a caller that closes one connection and opens the next has
   * one, even before we have heard of the end of the first. A second look leaves out what was ending at the first.
   */
  #watchPeak(): void {
    const first = this.#established();
    if (first.length <= this.#peak) return;
    setImmediate(() => {
      const second = this.#established();
      const held = first.filter((remote) => second.includes(remote));
      this.#peak = Math.max(this.#peak, held.length, 1);
    });
  }

  /** Remote ends of the connections that neither side has closed. */
  #established(): string[] {
    const ports = new Set(this.ports.values());
    const lines = ["tcp", "tcp6"].flatMap((file) => readFileSync(`/proc/net/${file}`, "latin1").split("\n"));
    return lines.flatMap((line) => {
      const [, port = "", remote = "", state] = SOCKET_LINE.exec(line) ?? [];
      return state === ESTABLISHED && ports.has(Number.parseInt(port, 16)) ? [remote] : [];
    });
  }
}

/** Takes every connection at once and hands it to `server` later. */
function slowDoor(server: Server, afterMs: number): Server {
  // As node:http opens its own connections, and node:net its own.
  const allowHalfOpen = server.listenerCount("request") > 0;
  return createServer({ pauseOnConnect: true, allowHalfOpen }, (socket) => {
    setTimeout(() => {
      if (socket.destroyed) return;
      server.emit("connection", socket);
      socket.resume();
    }, afterMs);
  });
}

/** The address that the caller reached, fit for a URI: no IPv4-mapped form, no zone, brackets for IPv6. */
export function hostFor(socket: Socket): string {
  const address = (socket.localAddress ?? "").replace(/^::ffff:/i, "").replace(/%.*$/, "");
  return address.includes(":") ? `[${address}]` : address;
}
