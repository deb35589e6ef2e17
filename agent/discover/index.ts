import { setMaxListeners } from "node:events";
import {
  type NetworkView,
  OBSERVATION_SOURCES,
  type Observation,
  type ObservationSource,
  type SourceStatus,
} from "../model/index.ts";
import {
  chosenInterfaces,
  gatewayAddresses,
  type LocalInterface,
  networkView,
  readLocalInterfaces,
} from "../net/interfaces.ts";
import { neighbourTableRoom, planSweep, type Sweep } from "../net/neighbour-sweep.ts";
import { Collector } from "./collector.ts";
import { Look } from "./look.ts";
import { lookByMdns } from "./mdns.ts";
import { lookAtNeighbours } from "./neighbours.ts";
import { lookBySsdp, SSDP_WINDOW_MS } from "./ssdp.ts";
import { lookByWsDiscovery } from "./ws-discovery.ts";

export { type Listening, type ListenOptions, listen } from "./listen.ts";

export interface DiscoverOptions {
  /** Names of the interfaces to look at; all that lead to a LAN unless told. */
  readonly interfaces?: readonly string[];
  /** Larger IPv4 subnets are not swept; 1022 (a /22) unless told. */
  readonly maxHostsPerSubnet?: number;
  /** How long answers are heard, milliseconds; 1500 unless told. */
  readonly windowMs?: number;
  /** DNS-SD types to browse by name besides the common ones, e.g. `_camera._tcp.local`. */
  readonly serviceTypes?: readonly string[];
  readonly signal: AbortSignal;
  /** Each time a source learns something new of a sender: all it knows of it by then. */
  readonly onObservation?: (observation: Observation) => void;
  readonly onSource?: (status: SourceStatus) => void;
}

export interface Discovery {
  readonly networks: readonly NetworkView[];
  readonly sources: readonly SourceStatus[];
  readonly observations: readonly Observation[];
}

const DEFAULT_MAX_HOSTS = 1022;
const DEFAULT_WINDOW_MS = 1500;

/**
 * Looks once at every chosen interface with all sources at the same time. Never rejects: a source that cannot look
 * is a status with `ok: false` and the reason.
 */
export async function discover(options: DiscoverOptions): Promise<Discovery> {
  // A signal of our own: many wait for it, and the caller's must not warn of that.
  const signal = AbortSignal.any([options.signal]);
  setMaxListeners(0, signal);
  const { interfaces, maxHostsPerSubnet = DEFAULT_MAX_HOSTS, serviceTypes = [] } = options;
  const read = readLocalInterfaces();
  const all = read.ok ? read.value : [];
  const chosen = chosenInterfaces(all, interfaces);
  const collector = new Collector(options.onObservation);
  const room = await neighbourTableRoom();
  const gateways = gatewayAddresses();
  const plans = new Map(chosen.map((local) => [local, planSweep(local, maxHostsPerSubnet)]));

  const run = async (source: ObservationSource, local: LocalInterface): Promise<SourceStatus> => {
    const window = options.windowMs ?? DEFAULT_WINDOW_MS;
    const windowMs = source === "ssdp" ? Math.max(window, SSDP_WINDOW_MS) : window;
    const look = new Look({ source, local, windowMs, signal, collector });
    const subnets = plans.get(local)?.subnets ?? [];
    const looking: Readonly<Record<ObservationSource, () => Promise<void>>> = {
      neighbour: () => lookAtNeighbours(look, subnets, gateways, room),
      mdns: () => lookByMdns(look, serviceTypes),
      "ws-discovery": () => lookByWsDiscovery(look),
      ssdp: () => lookBySsdp(look),
    };
    // One source's bug must not end the others.
    await looking[source]().catch((error: unknown) => look.trouble(`internal error: ${String(error)}`));
    const status = look.status();
    options.onSource?.(status);
    return status;
  };

  const absent = (interfaces ?? []).filter((name) => !chosen.some((local) => local.name === name));
  const lost = read.ok
    ? absent.flatMap((name) => lostSources(name, "no such interface with an address"))
    : lostSources("*", read.detail ?? read.reason);
  for (const status of lost) options.onSource?.(status);
  const sources = await Promise.all(
    chosen.flatMap((local) => OBSERVATION_SOURCES.map((source) => run(source, local))),
  );
  return {
    networks: all.map((local) => viewOf(local, plans.get(local))),
    sources: [...sources, ...lost],
    observations: collector.observations,
  };
}

function viewOf(local: LocalInterface, plan: Sweep | undefined): NetworkView {
  const view = networkView(local, plan !== undefined);
  return { ...view, skipped: [...view.skipped, ...(plan?.skipped ?? [])] };
}

/** An interface that nobody could look at is told for each source: nothing found there would be a lie. */
function lostSources(name: string, detail: string): readonly SourceStatus[] {
  return OBSERVATION_SOURCES.map((source) => ({
    source,
    interface: name,
    ok: false,
    observations: 0,
    detail,
  }));
}
