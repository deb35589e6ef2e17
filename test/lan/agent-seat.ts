import { connect, createServer, type Server } from "node:net";
import { Service } from "./service.ts";
import { AGENT } from "./topology.ts";
import type { Inside, InsideOptions, World } from "./world.ts";

/** The gateway on which Komainu runs: its namespace, its packet counter, and the way from the host to its page. */
export class AgentSeat {
  readonly address = AGENT.address;
  readonly #world: World;
  readonly #bin: string;
  readonly #doors: Server[] = [];

  constructor(world: World, bin: string) {
    this.#world = world;
    this.#bin = bin;
  }

  /** Starts a program there, as an ordinary user would: it has no capability unless `capabilities` is true. */
  run(argv: readonly string[], options: InsideOptions = {}): Inside {
    return this.#world.spawn(AGENT.name, argv, { capabilities: false, ...options });
  }

  /** As the gateway's kernel does by itself some minutes after a device fell silent. */
  async forgetNeighbour(mac: string): Promise<void> {
    const script = `ip neigh show dev eth0 | grep -i ${mac} | while read -r address rest; do ip neigh del $address dev eth0; done`;
    await this.#world.run(AGENT.name, ["bash", "-c", script]);
  }

  /** Packets so far to any address off the LAN, as nftables counted them. */
  async offLanPackets(): Promise<number> {
    const list = await this.#world.run(AGENT.name, ["nft", "list", "counter", "inet", "leak", "off_lan"]);
    const packets = /packets (\d+)/.exec(list)?.[1];
    if (packets === undefined) throw new Error(`the packet counter is gone: ${list}`);
    return Number(packets);
  }

  /** To which addresses they went. */
  async offLanAddresses(): Promise<readonly string[]> {
    const sets = ["off_lan_v4", "off_lan_v6"].map((set) =>
      this.#world.run(AGENT.name, ["nft", "list", "set", "inet", "leak", set]),
    );
    const lists = (await Promise.all(sets)).map((list) => /elements = \{([^}]*)\}/.exec(list)?.[1] ?? "");
    return lists.flatMap((list) => list.split(",").map((each) => each.trim())).filter((each) => each !== "");
  }

  /** Opens 127.0.0.1:<the returned port> on the host as a way to `port` on the agent's LAN address. */
  async forward(port: number): Promise<number> {
    const socket = `/run/lan/forward-${port}.sock`;
    const argv = [process.execPath, `${this.#bin}/relay.mjs`, socket, AGENT.address, String(port)];
    await Service.start(this.#world, AGENT.name, argv, { line: /^ready$/ });
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
