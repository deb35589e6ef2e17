/** The TCP side of a fake: it listens where the fixture says, and counts what the device saw. */
import { once } from "node:events";
import type { AddressInfo, Server, Socket } from "node:net";

/** Where a fake lives. */
export interface Place {
  readonly address: string;
  readonly address6?: string;
  /** Needed for announcements only. */
  readonly interface?: string;
  /** `ephemeral`: each port of the fixture becomes a free one; `Wire.ports` tells which. Default `fixture`. */
  readonly ports?: "fixture" | "ephemeral";
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
    server.on("connection", (socket: Socket) => this.#count(socket));
    const { address, address6, ports } = this.place;
    // With both families one dual-stack socket serves all addresses of the namespace, link-local ones too.
    server.listen({
      host: address6 === undefined ? address : "::",
      port: ports === "ephemeral" ? 0 : fixturePort,
    });
    this.#servers.push(server);
    await once(server, "listening");
    this.ports.set(fixturePort, (server.address() as AddressInfo).port);
  }

  async close(): Promise<void> {
    const closed = this.#servers.map((server) => new Promise((done) => server.close(done)));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }

  #count(socket: Socket): void {
    this.#total += 1;
    this.#sockets.add(socket);
    this.#peak = Math.max(this.#peak, this.#sockets.size);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      this.#bytesOfClosed += socket.bytesWritten;
      this.#sockets.delete(socket);
    });
  }
}

/** The address that the caller reached, fit for a URI: no IPv4-mapped form, no zone, brackets for IPv6. */
export function hostFor(socket: Socket): string {
  const address = (socket.localAddress ?? "").replace(/^::ffff:/i, "").replace(/%.*$/, "");
  return address.includes(":") ? `[${address}]` : address;
}
