import { connect, createServer, type Server } from "node:net";
import { Service } from "./service.ts";
import type { Site } from "./topology.ts";
import type { Inside, InsideOptions, World } from "./world.ts";

/** What the agent's namespace has sent so far, as nftables counted it: packets, but for the connections. */
export interface Sent {
  /** To any address off the LAN but the two below; answers to who got in from there are not counted. */
  readonly offLan: number;
  /** To the home router's own outside address. */
  readonly ownWan: number;
  /** To the vantage point that the owner named, and answers to it. */
  readonly vantage: number;
  /** TCP connections asked for (SYN), and UDP datagrams: to the home router's LAN address, and to anybody. */
  readonly router: Asked;
  readonly all: Asked;
}
interface Asked {
  readonly connections: number;
  readonly datagrams: number;
}

/** The machine on which Komainu runs: its namespace, its packet counters, and the way from the host to its page. */
export class AgentSeat {
  readonly name: string;
  readonly address: string;
  readonly #world: World;
  readonly #bin: string;
  readonly #capabilities: readonly string[];
  readonly #doors: Server[] = [];

  constructor(world: World, bin: string, seat: Site["seat"], capabilities: readonly string[]) {
    this.#world = world;
    this.#bin = bin;
    this.#capabilities = capabilities;
    this.name = seat.name;
    this.address = seat.address;
  }

  /** Starts a program there, as an ordinary user would: it has the seat's few capabilities unless `capabilities` says. */
  run(argv: readonly string[], options: InsideOptions = {}): Inside {
    return this.#world.spawn(this.name, argv, { capabilities: this.#capabilities, ...options });
  }

  /** As the gateway's kernel does by itself some minutes after a device fell silent. */
  async forgetNeighbour(mac: string): Promise<void> {
    const script = `ip neigh show dev eth0 | grep -i ${mac} | while read -r address rest; do ip neigh del $address dev eth0; done`;
    await this.#world.run(this.name, ["bash", "-c", script]);
  }

  async sent(): Promise<Sent> {
    const list = await this.#world.run(this.name, ["nft", "list", "counters", "table", "inet", "leak"]);
    const count = (name: string): number => {
      const packets = new RegExp(`counter ${name} \\{\\s*packets (\\d+)`).exec(list)?.[1];
      if (packets === undefined) throw new Error(`the packet counter ${name} is gone: ${list}`);
      return Number(packets);
    };
    return {
      offLan: count("off_lan"),
      ownWan: count("own_wan"),
      vantage: count("vantage"),
      router: { connections: count("router_connections"), datagrams: count("router_datagrams") },
      all: { connections: count("connections"), datagrams: count("datagrams") },
    };
  }

  async offLanPackets(): Promise<number> {
    return (await this.sent()).offLan;
  }

  /** To which addresses they went. */
  async offLanAddresses(): Promise<readonly string[]> {
    const sets = ["off_lan_v4", "off_lan_v6"].map((set) =>
      this.#world.run(this.name, ["nft", "list", "set", "inet", "leak", set]),
    );
    const lists = (await Promise.all(sets)).map((list) => /elements = \{([^}]*)\}/.exec(list)?.[1] ?? "");
    return lists.flatMap((list) => list.split(",").map((each) => each.trim())).filter((each) => each !== "");
  }

  /** Opens 127.0.0.1:<the returned port> on the host as a way to `port` on the agent's LAN address. */
  async forward(port: number): Promise<number> {
    const socket = `/run/lan/forward-${port}.sock`;
    const argv = [process.execPath, `${this.#bin}/relay.mjs`, socket, this.address, String(port)];
    await Service.start(this.#world, this.name, argv, { line: /^ready$/ });
    const door = createServer({ allowHalfOpen: true }, (from) => {
      const to = connect({ path: this.#world.path(socket), allowHalfOpen: true });
      from.pipe(to).pipe(from);
      from.on("error", () => to.destroy()).on("close", () => to.destroy());
      to.on("error", () => from.destroy()).on("close", () => from.destroy());
    });
    this.#doors.push(door);
    return await new Promise((resolve, reject) => {
      door.once("error", reject).listen(0, "127.0.0.1", () => {
        const address = door.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
  }

  close(): void {
    for (const door of this.#doors) door.close();
  }
}
