import { AgentSeat } from "./agent-seat.ts";
import { lanAvailable } from "./available.ts";
import { bundledPrograms } from "./bundle.ts";
import type { CastMember } from "./cast-member.ts";
import { Host } from "./host.ts";
import { Outside } from "./outside.ts";
import { findParts, type Part, type PartName } from "./parts.ts";
import { type RealServer, VENDORS } from "./real-servers.ts";
import { mapPorts, startIgd } from "./router.ts";
import { AGENT, topologyScript } from "./topology.ts";
import { type Truth, truthOf } from "./truth.ts";
import { World } from "./world.ts";

const BIN = "/run/lan/bin";
const AGENT_MAC = "02:77:00:00:00:02";

export interface LanOptions {
  readonly cast: readonly CastMember[];
  /** Parts to be played by stand-ins although the real ones are installed. */
  readonly standIns?: readonly PartName[];
  /** Runs the stand-in router with this fault; see test/fakes/igd.ts. */
  readonly igdMisbehaves?: string;
  /** False = a router without UPnP. Default true. */
  readonly igd?: boolean;
  /** Vendor files (name to text) that everybody on the LAN, Komainu too, finds instead of the project's. */
  readonly vendors?: Readonly<Record<string, string>>;
}

export interface Lan {
  readonly world: World;
  readonly agent: AgentSeat;
  readonly outside: Outside;
  readonly truth: Truth;
  readonly parts: readonly Part[];
  readonly hosts: readonly Host[];
  host(name: string): Host;
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
  const agentStation = { name: AGENT.name, address: AGENT.address, mac: AGENT_MAC };
  const world = await World.create(topologyScript([agentStation, ...cast]));
  try {
    for (const { name, code } of await bundledPrograms()) world.write(`${BIN}/${name}`, code);
    if (options.vendors) await replaceVendors(world, options.vendors);
    const parts = findParts(options.standIns);
    const isReal = new Set(parts.filter(({ real }) => real).map(({ part }) => part));
    const hosts = cast.map((member) => new Host(world, member, isReal as ReadonlySet<RealServer>, BIN));
    await Promise.all([startRouter(world, options, isReal.has("miniupnpd")), startAll(hosts)]);
    return assemble(world, hosts, parts, truthOf(cast));
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

async function startRouter(
  world: World,
  { igd, igdMisbehaves, cast }: LanOptions,
  real: boolean,
): Promise<void> {
  if (igd === false) return;
  await startIgd(world, real, BIN, igdMisbehaves === undefined ? {} : { misbehaves: igdMisbehaves });
  const wanted = cast.flatMap(({ address, mappings = [] }) =>
    mappings.map((mapping) => ({ ...mapping, internalClient: address })),
  );
  if (wanted.length > 0) await mapPorts(world, BIN, wanted);
}

async function startAll(hosts: readonly Host[]): Promise<void> {
  await Promise.all(hosts.map((host) => host.start()));
}

function assemble(world: World, hosts: readonly Host[], parts: readonly Part[], truth: Truth): Lan {
  const agent = new AgentSeat(world, BIN);
  return {
    world,
    agent,
    outside: new Outside(world, BIN),
    truth,
    parts,
    hosts,
    host: (name) => {
      const found = hosts.find((host) => host.name === name);
      if (found === undefined) throw new Error(`nobody on the LAN is called ${name}`);
      return found;
    },
    offLanPackets: () => agent.offLanPackets(),
    forward: (port) => agent.forward(port),
    stop: async () => {
      agent.close();
      await world.close();
    },
  };
}
