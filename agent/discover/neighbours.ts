import { isOnLink } from "../net/interfaces.ts";
import { ownAddress } from "../net/multicast.ts";
import { nudge, sweepIpv4, type TableRoom } from "../net/neighbour-sweep.ts";
import { eui64LinkLocal, ipv6Neighbours, type Neighbour } from "../net/neighbours.ts";
import type { Sighting } from "../net/sighting.ts";
import type { Look } from "./look.ts";

/** A router that answers ARP for everybody (RFC 1027) must not turn into as many devices as the subnet has addresses. */
const MAX_ADDRESSES_PER_MAC = 16;
const MAX_IPV6_CANDIDATES = 1024;
const IPV6_ANSWER_MS = 200;

/** Sweeps the IPv4 subnets, and asks whoever was found for its link-local IPv6 address. */
export async function lookAtNeighbours(
  look: Look,
  subnets: readonly string[],
  gateways: readonly string[],
  room: TableRoom,
): Promise<void> {
  const addressesByMac = new Map<string, Set<string>>();
  const tell = (neighbour: Neighbour) => {
    if (neighbour.interface !== look.local.name || !isOnLink(neighbour.address, look.local)) return;
    const addresses = addressesByMac.get(neighbour.mac) ?? new Set();
    addressesByMac.set(neighbour.mac, addresses.add(neighbour.address));
    if (addresses.size > MAX_ADDRESSES_PER_MAC) {
      return look.note(
        `${neighbour.mac} answers for more than ${MAX_ADDRESSES_PER_MAC} addresses: proxy ARP`,
      );
    }
    look.tell(neighbour.address, neighbourSighting(neighbour));
  };
  const sweep = async () => {
    const swept = await sweepIpv4(
      look.local,
      subnets,
      { windowMs: look.windowMs, signal: look.signal, room },
      tell,
    );
    if (!swept.ok) look.trouble(swept.detail ?? swept.reason);
  };
  const askIpv6 = async () => {
    if (ownAddress(look.local, 6) === null) return;
    // Late in the window, when the other sources have heard whom to ask.
    await look.wait(look.windowMs - IPV6_ANSWER_MS);
    const candidates = [
      ...gateways.filter((address) => address.endsWith(`%${look.local.name}`)),
      ...look.collector.ipv6Senders(look.local.name),
      ...[...addressesByMac.keys()].map((mac) => eui64LinkLocal(mac, look.local.name)),
    ];
    await nudge([...new Set(candidates)].slice(0, MAX_IPV6_CANDIDATES), 6);
    await look.wait(IPV6_ANSWER_MS);
    const table = await ipv6Neighbours();
    if (!table.ok) return look.note(table.detail ?? table.reason);
    for (const neighbour of table.value) tell(neighbour);
  };
  await Promise.all([sweep(), askIpv6()]);
}

export function neighbourSighting({ mac }: Neighbour): Sighting {
  return { ids: [{ kind: "mac", value: mac }], fields: { mac: [mac] }, services: [] };
}
