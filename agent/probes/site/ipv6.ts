import { setTimeout as delay } from "node:timers/promises";
import ipaddr from "ipaddr.js";
import {
  type Answer,
  type Device,
  type Ipv6Fact,
  type Ipv6Holder,
  isGlobalIpv6,
  success,
} from "../../model/index.ts";
import { interfacesHere } from "../../net/interfaces.ts";
import { nudge } from "../../net/neighbour-sweep.ts";
import { eui64Address, ipv6Neighbours } from "../../net/neighbours.ts";
import type { SiteProbe } from "./site-probe.ts";

const DEADLINE_MS = 5000;
/** The kernel asks a neighbour again after a second (neigh/default/retrans_time_ms). */
const ANSWER_MS = 1200;
const MAX_CANDIDATES = 512;

/**
 * Who holds an address that is valid on the internet. What devices announce and what their MAC addresses would form in
 * our own prefixes is asked for on the link; only the kernel's neighbour table then tells whose it is.
 */
export const ipv6Probe: SiteProbe<"ipv6"> = {
  question: "ipv6",
  deadlineMs: DEADLINE_MS,
  async ask({ devices, networks, signal }) {
    // On a router, the side of the internet is an interface too: nobody is asked there.
    const looked = new Set(
      networks.flatMap(({ interface: name, subnets }) => (subnets.length > 0 ? [name] : [])),
    );
    const prefixes = globalPrefixes(looked);
    const candidates = prefixes.length === 0 ? [] : candidatesOf(devices, prefixes);
    await nudge(candidates.slice(0, MAX_CANDIDATES), 6);
    if (candidates.length > 0) await delay(ANSWER_MS, undefined, { signal }).catch(() => undefined);
    return holders(devices, prefixes);
  },
};

/** On-link prefixes of the looked-at interfaces, CIDR. */
function globalPrefixes(looked: ReadonlySet<string>): readonly string[] {
  const own = interfacesHere().filter(({ name }) => looked.has(name));
  const subnets = own.flatMap(({ addresses }) => addresses.map(({ subnet }) => subnet));
  return [...new Set(subnets.filter((subnet) => isGlobalIpv6(subnet)))];
}

/** Exported for its tests: at most a few addresses a device, all of them on the link. */
export function candidatesOf(devices: readonly Device[], prefixes: readonly string[]): readonly string[] {
  const candidates = devices.flatMap(({ self, mac, fields }) => {
    if (self) return [];
    const digits = mac?.replaceAll(":", "") ?? null;
    const guessed = digits === null ? [] : prefixes.map((prefix) => eui64Address(digits, prefix));
    return [...guessed, ...(fields["ipv6.announced"] ?? [])];
  });
  return [...new Set(candidates)].filter(
    (address) => address !== null && isOnLink(address, prefixes),
  ) as string[];
}

function isOnLink(address: string, prefixes: readonly string[]): boolean {
  if (!ipaddr.IPv6.isValid(address)) return false;
  const parsed = ipaddr.IPv6.parse(address);
  return prefixes.some((prefix) => parsed.match(ipaddr.IPv6.parseCIDR(prefix)));
}

async function holders(devices: readonly Device[], prefixes: readonly string[]): Promise<Answer<Ipv6Fact>> {
  const table = await ipv6Neighbours();
  if (!table.ok) return table;
  const byMac = new Map(devices.flatMap((device) => macsOf(device).map((mac) => [mac, device] as const)));
  const found = table.value.flatMap(({ address, mac }): Ipv6Holder[] => {
    const device = byMac.get(mac);
    if (!isGlobalIpv6(address) || device === undefined || device.self) return [];
    const guessed = prefixes.some((prefix) => eui64Address(mac, prefix) === address);
    return [{ deviceId: device.id, address, how: guessed ? "eui-64" : "neighbour" }];
  });
  return success({ prefixes, holders: found });
}

function macsOf({ mac, stableIds }: Device): readonly string[] {
  const ids = stableIds.flatMap(({ kind, value }) => (kind === "mac" ? [value] : []));
  return [...new Set([...(mac === null ? [] : [mac.replaceAll(":", "")]), ...ids])];
}
