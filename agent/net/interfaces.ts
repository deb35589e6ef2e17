import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import ipaddr from "ipaddr.js";
import { type Answer, failure, macDigits, type NetworkView, success } from "../model/index.ts";

export interface LocalAddress {
  readonly family: 4 | 6;
  /** Literal without zone. */
  readonly address: string;
  /** The on-link subnet in CIDR, network address first. */
  readonly subnet: string;
}

/** One interface of this machine that is up and has an address. */
export interface LocalInterface {
  readonly name: string;
  readonly addresses: readonly LocalAddress[];
  /** Why nobody is looked for behind it, or null. */
  readonly skipped: SkipReason | null;
}
export type SkipReason = "loopback" | "point-to-point" | "container-bridge" | "public-address";

/** Bridges that container and virtual machine software makes: what lives behind them is this machine itself. */
const CONTAINER_BRIDGE =
  /^(docker\d+|docker_gwbridge|br-[0-9a-f]{12}|virbr\d+|lxcbr\d+|lxdbr\d+|podman\d+|cni\d+|cni-.*|cbr\d+|flannel.*|cali.*)$/;

type SystemInterfaces = ReturnType<typeof networkInterfaces>;

/** Reads them from the system. The error is `unsupported`: a sandbox may forbid the netlink socket that this takes. */
export function readLocalInterfaces(): Answer<readonly LocalInterface[]> {
  try {
    return success(localInterfaces(networkInterfaces()));
  } catch {
    return failure("unsupported", "the system does not tell its interfaces");
  }
}

/** The same for those who go on without: no interfaces where the system does not tell. */
export function interfacesHere(): readonly LocalInterface[] {
  const read = readLocalInterfaces();
  return read.ok ? read.value : [];
}

/** `system` is what `os.networkInterfaces()` gives. Loopback is left out: nobody else can be there. */
export function localInterfaces(system: SystemInterfaces): readonly LocalInterface[] {
  const byName = new Map<string, { addresses: LocalAddress[]; loopback: boolean; mac: string | null }>();
  for (const [label, entries] of Object.entries(system)) {
    // An alias such as `eth0:1` is a label, not an interface.
    const name = label.replace(/:.*$/, "");
    for (const entry of entries ?? []) {
      const known = byName.get(name) ?? {
        addresses: [],
        loopback: entry.internal,
        mac: macDigits(entry.mac),
      };
      byName.set(name, known);
      const subnet = entry.cidr === null ? null : subnetOf(entry.cidr);
      if (subnet === null) continue;
      known.addresses.push({ family: entry.family === "IPv4" ? 4 : 6, address: entry.address, subnet });
    }
  }
  return [...byName]
    .filter(([, { loopback }]) => !loopback)
    .map(([name, { addresses, mac }]) => ({ name, addresses, skipped: skipReason(name, addresses, mac) }));
}

function subnetOf(cidr: string): string | null {
  const literal = cidr.replace(/%[^/]*/, "");
  if (!ipaddr.isValidCIDR(literal)) return null;
  const [, prefix] = ipaddr.parseCIDR(literal);
  const kind = literal.includes(":") ? ipaddr.IPv6 : ipaddr.IPv4;
  return `${kind.networkAddressFromCIDR(literal)}/${prefix}`;
}

function skipReason(name: string, addresses: readonly LocalAddress[], mac: string | null): SkipReason | null {
  if (CONTAINER_BRIDGE.test(name)) return "container-bridge";
  // Tunnels and PPP have no link-layer address; all-zero counts as none.
  if (mac === null) return "point-to-point";
  const ipv4 = addresses.filter(({ family }) => family === 4);
  return ipv4.length > 0 && ipv4.every(({ address }) => isPublicIpv4(address)) ? "public-address" : null;
}

/** Behind a public or carrier-grade NAT (RFC 6598) address is the provider's network, not the owner's LAN. */
function isPublicIpv4(address: string): boolean {
  return ["unicast", "carrierGradeNat"].includes(ipaddr.IPv4.parse(address).range());
}

/**
 * The interfaces to look at: those named, else all that are not skipped. A name asks for an interface in spite of
 * its skip reason.
 */
export function chosenInterfaces(
  all: readonly LocalInterface[],
  names: readonly string[] | undefined,
): readonly LocalInterface[] {
  if (names === undefined || names.length === 0) return all.filter(({ skipped }) => skipped === null);
  return all.filter(({ name }) => names.includes(name));
}

/** True when `address` lies in an on-link subnet of the interface. A link-local IPv6 address must carry its zone. */
export function isOnLink(address: string, local: LocalInterface): boolean {
  const [literal = "", zone] = address.split("%");
  if (zone !== undefined && zone !== local.name) return false;
  if (!ipaddr.isValid(literal)) return false;
  const parsed = ipaddr.parse(literal);
  if (parsed.range() === "linkLocal" && parsed.kind() === "ipv6" && zone === undefined) return false;
  if (["unspecified", "loopback", "multicast", "broadcast", "ipv4Mapped"].includes(parsed.range()))
    return false;
  return local.addresses.some(({ subnet }) => {
    const [network, bits] = ipaddr.parseCIDR(subnet);
    if (network.kind() !== parsed.kind() || !parsed.match(network, bits)) return false;
    return parsed.kind() === "ipv6" || bits >= 31 || !isSubnetEdge(literal, subnet);
  });
}

/** The network and the broadcast address of a subnet belong to no host. */
function isSubnetEdge(literal: string, subnet: string): boolean {
  return (
    literal === ipaddr.IPv4.networkAddressFromCIDR(subnet).toString() ||
    literal === ipaddr.IPv4.broadcastAddressFromCIDR(subnet).toString()
  );
}

/** True when two literals mean the same address; zones are not compared, broken literals equal nothing. */
export function sameAddress(left: string, right: string): boolean {
  const [a, b] = [left, right].map((text) => {
    const literal = text.replace(/%.*$/, "");
    return ipaddr.isValid(literal) ? ipaddr.process(literal).toString() : null;
  });
  return a !== null && a === b;
}

/** The interface as the report shows it. Only nudged subnets are told by the sweep; here the skipped interfaces. */
export function networkView(local: LocalInterface, chosen: boolean): NetworkView {
  const subnets = [...new Set(local.addresses.map(({ subnet }) => subnet))];
  const because = local.skipped ?? "not-chosen";
  return {
    interface: local.name,
    addresses: local.addresses.map(({ address }) => zoned(address, local.name)),
    subnets: chosen ? subnets : [],
    skipped: chosen ? [] : subnets.map((subnet) => ({ subnet, because })),
  };
}

/** A link-local IPv6 address with its zone, any other as it is. */
export function zoned(address: string, name: string): string {
  return /^fe[89ab]/i.test(address) && !address.includes("%") ? `${address}%${name}` : address;
}

const RTF_UP_GATEWAY = 0x3;

/** Gateways of the default routes, from the kernel's tables; link-local IPv6 with its zone. Empty where unreadable. */
export function gatewayAddresses(): readonly string[] {
  return [
    ...new Set([
      ...ipv4Gateways(readText("/proc/net/route")),
      ...ipv6Gateways(readText("/proc/net/ipv6_route")),
    ]),
  ];
}

function readText(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

/** `table` is /proc/net/route: interface, destination, gateway, flags; addresses as little-endian hex words. */
export function ipv4Gateways(table: string): readonly string[] {
  return table.split("\n").flatMap((line) => {
    const [, destination, gateway = "", flags = ""] = line.trim().split(/\s+/);
    if (destination !== "00000000" || !/^[0-9A-F]{8}$/i.test(gateway) || !isGatewayRoute(flags)) return [];
    return [Buffer.from(gateway, "hex").reverse().join(".")];
  });
}

/** `table` is /proc/net/ipv6_route: destination, length, source, length, next hop, metric, …, flags, interface. */
export function ipv6Gateways(table: string): readonly string[] {
  return table.split("\n").flatMap((line) => {
    const [destination = "", length, , , nextHop = "", , , , flags = "", name = ""] = line
      .trim()
      .split(/\s+/);
    if (!/^0{32}$/.test(destination) || length !== "00" || !/^[0-9a-f]{32}$/.test(nextHop)) return [];
    if (!isGatewayRoute(flags)) return [];
    return [zoned(ipaddr.fromByteArray([...Buffer.from(nextHop, "hex")]).toString(), name)];
  });
}

function isGatewayRoute(flags: string): boolean {
  return (Number.parseInt(flags, 16) & RTF_UP_GATEWAY) === RTF_UP_GATEWAY;
}
