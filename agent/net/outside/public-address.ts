import ipaddr from "ipaddr.js";

/** 6to4 and Teredo hold an IPv4 address inside, which may be anybody's. */
const TUNNELS = ["6to4", "teredo", "rfc6052", "rfc6145"];

/**
 * True for an address at which a host of the internet may be asked: IPv4 outside all special ranges (RFC 6890), IPv6 in
 * 2000::/3 (RFC 4291, 2.4). Documentation prefixes of IPv6 count: nobody out there has them.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address) || address.includes("%")) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.kind() === "ipv4") {
    return ipaddr.IPv4.isValidFourPartDecimal(address) && parsed.range() === "unicast";
  }
  return parsed.match(ipaddr.parse("2000::"), 3) && !TUNNELS.includes(parsed.range());
}

/** The address of a connection's other side as one literal: IPv4 seen through an IPv6 socket is unwrapped. */
export function plainAddress(address: string): string {
  return ipaddr.isValid(address) ? ipaddr.process(address).toString() : address;
}

/** Who shares a limit: an IPv4 address, or the /64 of an IPv6 one, in which a host changes its address as it likes. */
export function limitGroup(address: string): string {
  if (!ipaddr.IPv6.isValid(address)) return address;
  return ipaddr.IPv6.networkAddressFromCIDR(`${address}/64`).toString();
}
