import type { ConnectionKind } from "./reach.ts";

/** An IPv4 literal as a number; null for anything else. */
export function ipv4Number(address: string): number | null {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return null;
  return parts.reduce((number, part) => number * 256 + part, 0);
}

type Range = readonly [first: string, bits: number];

const PRIVATE: readonly Range[] = [
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
];
const CARRIER_GRADE_NAT: Range = ["100.64.0.0", 10];
/** RFC 6333, 5.7: the link between a DS-Lite home router and its carrier. */
const DS_LITE: Range = ["192.0.0.0", 29];
/** Of no use as an outside address (RFC 6890): this network, loopback, link-local, multicast, reserved. */
const NOWHERE: readonly Range[] = [
  ["0.0.0.0", 8],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["192.0.0.0", 24],
  ["224.0.0.0", 3],
];

/** What the address of a router's outside tells of the line behind it. */
export function connectionKind(externalAddress: string | null): ConnectionKind {
  const number = externalAddress === null ? null : ipv4Number(externalAddress);
  if (number === null) return "none";
  if (isIn(number, DS_LITE)) return "ds-lite";
  if (isIn(number, CARRIER_GRADE_NAT)) return "cgnat";
  if (PRIVATE.some((range) => isIn(number, range))) return "private";
  return NOWHERE.some((range) => isIn(number, range)) ? "none" : "public";
}

function isIn(number: number, [first, bits]: Range): boolean {
  const size = 2 ** (32 - bits);
  return Math.floor(number / size) === Math.floor((ipv4Number(first) ?? 0) / size);
}

/** True for an IPv6 literal in 2000::/3, which is all that is routed on the internet (RFC 4291, 2.4). */
export function isGlobalIpv6(address: string): boolean {
  return /^[23][0-9a-f]{3}:/i.test(address);
}
