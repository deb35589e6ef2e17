import { AgentSeat } from "./agent-seat.ts";
import { lanAvailable } from "./available.ts";
import { bundledPrograms } from "./bundle.ts";
import type { CastMember } from "./cast-member.ts";
import { Host } from "./host.ts";
import { Outside } from "./outside.ts";
import { forwardRules, type ManualForward } from "./packet-filters.ts";
import { findParts, type Part, type PartName } from "./parts.ts";
import { type RealServer, VENDORS } from "./real-servers.ts";
import { type IgdChoice, mapPorts, startIgd } from "./router.ts";
import { startSecondIgd } from "./second-router.ts";
import { AGENT, ROUTER, type Site, siteOf, type TopologyOptions } from "./topology.ts";
import { topologyScript } from "./topology-script.ts";
import { type Truth, truthOf } from "./truth.ts";
import { World } from "./world.ts";

/** Where the programs of ./inside and the fakes are in the world. */
export const BIN = "/run/lan/bin";

export interface LanOptions extends TopologyOptions {
  readonly cast: readonly CastMember[];
  /** Parts to be played by stand-ins although the real ones are installed. */
  readonly standIns?: readonly PartName[];
  /** Runs the stand-in router with this fault; see test/fakes/igd.ts. */
  readonly igdMisbehaves?: string;
  /** False = a router without UPnP. Default: an IGD:2 that lets anybody on the LAN change everything. */
  readonly igd?: false | IgdChoice;
  /** Made in the router's own page before anything starts. */
  readonly forwards?: readonly ManualForward[];
  /** What Komainu may do to the namespace it runs in, as `net_admin`. Default nothing. */
  readonly capabilities?: readonly string[];
  /** Vendor files (name to text) that everybody on the LAN, Komainu too, finds instead of the project's. */
  readonly vendors?: Readonly<Record<string, string>>;
}

export interface Lan {
  readonly world: World;
  readonly site: Site;
  readonly agent: AgentSeat;
  readonly outside: Outside;
  readonly truth: Truth;
  readonly parts: readonly Part[];
  readonly hosts: readonly Host[];
  host(name: string): Host;
  /** Replaces the forwards that the owner made in the router's own page. */
  setForwards(forwards: readonly ManualForward[]): Promise<void>;
  /** Shortcuts to `agent`. */
  offLanPackets(): Promise<number>;
  forward(port: number): Promise<number>;
  /** Resolves when every process and namespace is gone. */
  stop(): Promise<void>;
}

/** Builds the LAN and resolves when every server on it is ready. */
export async function startLan(options: LanOptions): Promise<Lan> {
  const available = lanAvailable();
  if (!available.ok) throw new Error(available.mend);
  const { cast } = options;
  const site = siteOf(options);
  const stations = site.seat.name === AGENT.name ? [AGENT, ...cast] : cast;
  const world = await World.create(topologyScript(stations, site));
  try {
    for (const { name, code } of await bundledPrograms()) world.write(`${BIN}/${name}`, code);
    if (options.vendors) await replaceVendors(world, options.vendors);
    const parts = findParts(options.standIns);
    const isReal = new Set(parts.filter(({ real }) => real).map(({ part }) => part));
    const hosts = cast.map((member) => new Host(world, member, isReal as ReadonlySet<RealServer>, BIN));
    const agent = new AgentSeat(world, BIN, site.seat, options.capabilities ?? []);
    await Promise.all([startRouters(world, options, site, isReal.has("miniupnpd")), startAll(hosts)]);
    return assemble({ world, site, agent, hosts, parts, truth: truthOf(cast) });
  } catch (cause) {
    await world.close();
    throw cause;
  }
}

/** The mount is the world's own: outside it nothing changes. */
async function replaceVendors(world: World, files: Readonly<Record<string, string>>): Promise<void> {
  const folder = "/run/lan/vendors";
  for (const [name, text] of Object.entries(files)) world.write(`${folder}/${name}`, text);
  await world.run(null, ["mount", "--bind", folder, VENDORS]);
}

async function startRouters(
  world: World,
  { igd = {}, igdMisbehaves, cast, forwards = [] }: LanOptions,
  { wan, secondRouter }: Site,
  real: boolean,
): Promise<void> {
  if (forwards.length > 0) await writeForwards(world, forwards, wan);
  if (secondRouter) await startSecondIgd(world, BIN);
  if (igd === false) return;
  const choice = igdMisbehaves === undefined ? igd : { ...igd, misbehaves: igdMisbehaves };
  await startIgd(world, real, BIN, { ...(wan !== ROUTER.wan && { external: wan }), ...choice });
  const wanted = cast.flatMap(({ address, mappings = [] }) =>
    mappings.map((mapping) => ({ ...mapping, internalClient: address })),
  );
  if (wanted.length > 0) await mapPorts(world, BIN, wanted);
}

async function writeForwards(world: World, forwards: readonly ManualForward[], wan: string): Promise<void> {
  await world.run(ROUTER.name, ["nft", "-f", "-"], forwardRules(forwards, wan));
}

async function startAll(hosts: readonly Host[]): Promise<void> {
  await Promise.all(hosts.map((host) => host.start()));
}

function assemble(made: Pick<Lan, "world" | "site" | "agent" | "hosts" | "parts" | "truth">): Lan {
  const { world, site, agent, hosts } = made;
  return {
    ...made,
    outside: new Outside(world, BIN),
    host: (name) => {
      const found = hosts.find((host) => host.name === name);
      if (found === undefined) throw new Error(`nobody on the LAN is called ${name}`);
      return found;
    },
    setForwards: (forwards) => writeForwards(world, forwards, site.wan),
    offLanPackets: () => agent.offLanPackets(),
    forward: (port) => agent.forward(port),
    stop: async () => {
      agent.close();
      await world.close();
    },
  };
}
