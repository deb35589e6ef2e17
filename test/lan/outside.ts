import type { Reach } from "./inside/reach.ts";
import { OUTSIDE, ROUTER } from "./topology.ts";
import type { World } from "./world.ts";

/** A host on the Internet's side of the router. What it cannot reach, nobody out there can. */
export class Outside {
  readonly #world: World;
  readonly #bin: string;

  constructor(world: World, bin: string) {
    this.#world = world;
    this.#bin = bin;
  }

  /** Connects to the router's WAN address; with `get` it also asks that path over HTTP. */
  async connect(port: number, get: string | null = null): Promise<Reach> {
    const [reach] = await this.#reach([port], get);
    if (reach === undefined) throw new Error("the outside host gave no answer");
    return reach;
  }

  /** Those of `ports` that accept a connection. */
  async reachable(ports: readonly number[]): Promise<readonly number[]> {
    const reached = await this.#reach(ports, null);
    return reached.filter(({ connected }) => connected).map(({ port }) => port);
  }

  async #reach(ports: readonly number[], get: string | null): Promise<readonly Reach[]> {
    const request = JSON.stringify({ address: ROUTER.wan, ports, timeoutMs: 3000, get });
    const argv = [process.execPath, `${this.#bin}/reach.mjs`, request];
    return JSON.parse(await this.#world.run(OUTSIDE.name, argv)) as readonly Reach[];
  }
}
