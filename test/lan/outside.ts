import type { Reach } from "./inside/reach.ts";
import { OUTSIDE, ROUTER } from "./topology.ts";
import type { Inside, InsideOptions, World } from "./world.ts";

/** A host on the Internet's side of the router. What it cannot reach, nobody out there can. */
export class Outside {
  readonly #world: World;
  readonly #bin: string;

  constructor(world: World, bin: string) {
    this.#world = world;
    this.#bin = bin;
  }

  /** Connects to `address`, by default the site's own; with `get` it also asks that path over HTTP. */
  async connect(port: number, get: string | null = null, address: string = ROUTER.wan): Promise<Reach> {
    const [reach] = await this.#reach([port], get, address);
    if (reach === undefined) throw new Error("the outside host gave no answer");
    return reach;
  }

  /** Those of `ports` that accept a connection at `address`, by default the site's own. */
  async reachable(ports: readonly number[], address: string = ROUTER.wan): Promise<readonly number[]> {
    const reached = await this.#reach(ports, null, address);
    return reached.filter(({ connected }) => connected).map(({ port }) => port);
  }

  /** Starts a program there, as an ordinary user would. */
  run(argv: readonly string[], options: InsideOptions = {}): Inside {
    return this.#world.spawn(OUTSIDE.name, argv, { capabilities: false, ...options });
  }

  async #reach(ports: readonly number[], get: string | null, address: string): Promise<readonly Reach[]> {
    const request = JSON.stringify({ address, ports, timeoutMs: 3000, get });
    const argv = [process.execPath, `${this.#bin}/reach.mjs`, request];
    return JSON.parse(await this.#world.run(OUTSIDE.name, argv)) as readonly Reach[];
  }
}
