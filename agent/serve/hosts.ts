import { BlockList, isIP } from "node:net";

/** Host header to a canonical name without port, or null when it is not one (RFC 9110, 7.2). */
export function hostName(header: string | undefined): string | null {
  if (header === undefined || header.length > 255) return null;
  if (!/^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/i.test(header)) return null;
  const url = `http://${header}`;
  return URL.canParse(url) ? new URL(url).hostname.replace(/\.$/, "") : null;
}

/** An address as it stands in a Host header: no IPv4-mapped prefix, no zone, IPv6 in brackets. */
function asHost(address: string): string {
  const plain = plainAddress(address);
  return isIP(plain) === 6 ? `[${plain}]` : plain;
}

export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
}

/**
 * The names under which we answer. This list, and nothing else, defeats DNS rebinding: a rebound request carries the
 * attacker's name in Host, and its Origin agrees with it.
 */
export class OwnHosts {
  readonly #names: ReadonlySet<string>;

  constructor(names: readonly string[]) {
    const all = [...names, "localhost", "127.0.0.1", "::1"].map((name) => hostName(asHost(name)));
    this.#names = new Set(all.filter((name) => name !== null));
  }

  /** `localAddress` is where the connection came in: an IP literal cannot be rebound. */
  includes(header: string | undefined, localAddress: string | undefined): boolean {
    const name = hostName(header);
    if (name === null) return false;
    return this.#names.has(name) || (localAddress !== undefined && name === hostName(asHost(localAddress)));
  }
}

const PRIVATE_SUBNETS = [
  "127.0.0.0/8",
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "169.254.0.0/16",
  "100.64.0.0/10",
  "::1/128",
  "fc00::/7",
  "fe80::/10",
];

/** Who is near enough to be answered at all: private and link-local addresses, named subnets, our own IPv6 /64. */
export class Neighbourhood {
  readonly #near = new BlockList();

  constructor(subnets: readonly string[]) {
    for (const subnet of [...PRIVATE_SUBNETS, ...subnets]) addSubnet(this.#near, subnet);
  }

  includes(remoteAddress: string, localAddress: string | undefined): boolean {
    const address = plainAddress(remoteAddress);
    const family = isIP(address);
    if (family === 0) return false;
    if (this.#near.check(address, family === 6 ? "ipv6" : "ipv4")) return true;
    const own = localAddress === undefined ? "" : plainAddress(localAddress);
    if (family !== 6 || isIP(own) !== 6) return false;
    const ours = new BlockList();
    ours.addSubnet(own, 64, "ipv6");
    return ours.check(address, "ipv6");
  }
}

function addSubnet(list: BlockList, subnet: string): void {
  const [address = "", bits] = subnet.split("/");
  list.addSubnet(address, Number(bits), isIP(address) === 6 ? "ipv6" : "ipv4");
}
