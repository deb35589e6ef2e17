import ipaddr from "ipaddr.js";

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** An address literal without zone and IPv4-mapped prefix, or null. */
export function addressOf(literal: string | undefined): Address | null {
  const plain = (literal ?? "").replace(/^\[(.*)\]$/, "$1").replace(/%.*$/, "");
  if (!ipaddr.IPv4.isValidFourPartDecimal(plain) && !ipaddr.IPv6.isValid(plain)) return null;
  return ipaddr.process(plain);
}

/** Host header without its port (RFC 9110, 7.2), in one spelling; null when it is no host. */
export function hostName(header: string | undefined): string | null {
  if (header === undefined || header.length > 255) return null;
  const [, host] = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i.exec(header) ?? [];
  return host === undefined ? null : oneSpelling(host);
}

function oneSpelling(host: string): string {
  return addressOf(host)?.toString() ?? host.toLowerCase().replace(/\.$/, "");
}

/**
 * The names under which we answer. This list, and nothing else, defeats DNS rebinding: a rebound request carries the
 * attacker's name in Host, and its Origin agrees with it.
 */
export class OwnHosts {
  readonly #names: ReadonlySet<string>;

  constructor(names: readonly string[]) {
    this.#names = new Set([...names, "localhost", "127.0.0.1", "::1"].map(oneSpelling));
  }

  /** `localAddress` is where the connection came in: an IP literal cannot be rebound. */
  includes(header: string | undefined, localAddress: string | undefined): boolean {
    const name = hostName(header);
    return name !== null && (this.#names.has(name) || name === addressOf(localAddress)?.toString());
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
const OWN_PREFIX_BITS = 64;

/** Who is near enough to be answered at all: private and link-local addresses, named subnets, our own IPv6 /64. */
export class Neighbourhood {
  readonly #subnets: readonly (readonly [Address, number])[];

  constructor(subnets: readonly string[]) {
    this.#subnets = [...PRIVATE_SUBNETS, ...subnets].map((subnet) => ipaddr.parseCIDR(subnet));
  }

  includes(remoteAddress: string, localAddress: string | undefined): boolean {
    const remote = addressOf(remoteAddress);
    if (remote === null) return false;
    if (this.#subnets.some(([subnet, bits]) => within(remote, subnet, bits))) return true;
    const local = addressOf(localAddress);
    return local?.kind() === "ipv6" && within(remote, local, OWN_PREFIX_BITS);
  }
}

function within(address: Address, subnet: Address, bits: number): boolean {
  return address.kind() === subnet.kind() && address.match(subnet, bits);
}

/** Who is calling, for counting: one IPv6 host has a whole /64 to call from. Empty on a Unix socket. */
export function callerOf(remoteAddress: string | undefined): string {
  const address = addressOf(remoteAddress);
  if (address === null) return "";
  return address.kind() === "ipv6"
    ? address.toNormalizedString().split(":", 4).join(":")
    : address.toString();
}
