import pLimit from "p-limit";
import { type Device, type Evidence, factOf, type InsideDoor } from "../../model/index.ts";
import { DeviceLine } from "../../net/line.ts";
import { fingerprintOf } from "../../net/outside/reach.ts";
import type { SiteContext } from "./site-probe.ts";

/** More would look like a port scan to the site's own router, and costs time. */
const MAX_PORTS = 48;
/**
 * Where people let their routers forward from when the port is not the camera's own: other web ports, RTSP, makers' own
 * services, and the neighbours of those for the second and third camera.
 */
const USUAL_FORWARDS: readonly number[] = [
  80, 443, 554, 8080, 8000, 37777, 34567, 8554, 81, 82, 83, 84, 85, 88, 8081, 8082, 8083, 8084, 8888, 8443,
  9000, 10554, 555, 1554, 5000, 5001, 8001, 8090, 10080, 50000, 60001, 23,
];

const DEVICES_AT_ONCE = 8;
const MAX_DOORS_OF_ONE = 8;
const MAX_DEVICES = 64;
/** Doors that were not told apart by then stay unmatched: no way in is lost by it. */
const INSIDE_MS = 25_000;

/** External ports of the enabled TCP mappings that this router lists. */
export function listedPorts(evidence: SiteContext["evidence"], routerId: string): readonly number[] {
  const mappings = factOf(evidence[routerId] ?? {}, "igd")?.mappings ?? [];
  const ports = mappings
    .filter(({ enabled, protocol }) => enabled && protocol === "TCP")
    .map(({ externalPort }) => externalPort)
    .filter((port) => port > 0 && port < 65_536);
  return [...new Set(ports)].slice(0, MAX_PORTS);
}

/**
 * The ports to ask at an outside address: those that the router lists, and, unless other subscribers may share the
 * address, those on which the cameras answer inside and those that are usually forwarded.
 */
export function portsToAsk(
  context: SiteContext,
  routerId: string | null,
  maybeShared: boolean,
): readonly number[] {
  const { askable, evidence } = context;
  const listed = routerId === null ? [] : listedPorts(evidence, routerId);
  if (maybeShared) return listed;
  const inside = askable.flatMap((device) => openPorts(evidence[device.id]));
  return [...new Set([...listed, ...inside, ...USUAL_FORWARDS])].slice(0, MAX_PORTS);
}

function openPorts(evidence: Evidence = {}): readonly number[] {
  const states = factOf(evidence, "ports")?.states ?? {};
  return Object.keys(states)
    .map(Number)
    .filter((port) => states[port] === "open");
}

/** What the open doors of the cameras themselves answer, asked like the outside address. */
export async function insideDoors({
  askable,
  evidence,
  signal,
}: Pick<SiteContext, "askable" | "evidence" | "signal">): Promise<readonly InsideDoor[]> {
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(INSIDE_MS)]);
  const askOne = async (device: Device): Promise<readonly InsideDoor[]> => {
    const line = new DeviceLine(ipv4First(device), inTime);
    const ports = openPorts(evidence[device.id]).slice(0, MAX_DOORS_OF_ONE);
    const doors = await Promise.all(
      ports.map(async (port) => ({ port, fingerprint: await fingerprintOf(line, port) })),
    );
    return doors.flatMap(({ port, fingerprint }) =>
      fingerprint === null ? [] : [{ deviceId: device.id, port, fingerprint }],
    );
  };
  return (await pLimit(DEVICES_AT_ONCE).map(askable.slice(0, MAX_DEVICES), askOne)).flat();
}

function ipv4First({ addresses }: Device): string {
  const all = addresses.map(({ address }) => address);
  return all.find((address) => !address.includes(":")) ?? all[0] ?? "";
}
