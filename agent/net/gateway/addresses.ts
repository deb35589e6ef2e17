import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** More addresses than this are kept as the range that they are. */
const MAX_SPREAD = 256;

type Bounds = readonly [first: ipaddr.IPv4 | ipaddr.IPv6, last: ipaddr.IPv4 | ipaddr.IPv6];

/** First and last address of what `isAddressText` takes. */
function boundsOf(text: string): Bounds | null {
  if (!isAddressText(text)) return null;
  if (text.includes("/")) {
    const kind = text.includes(":") ? ipaddr.IPv6 : ipaddr.IPv4;
    return [kind.networkAddressFromCIDR(text), lastOf(text)];
  }
  const [first = "", last = first] = text.split("-");
  return [ipaddr.parse(first), ipaddr.parse(last)];
}

function lastOf(cidr: string): ipaddr.IPv4 | ipaddr.IPv6 {
  const [network, length] = ipaddr.parseCIDR(cidr);
  const bytes = network.toByteArray().map((byte, index) => {
    const hostBits = Math.min(8, Math.max(0, (index + 1) * 8 - length));
    return byte | ((1 << hostBits) - 1);
  });
  return ipaddr.fromByteArray(bytes);
}

/** True for a literal, a CIDR prefix or `first-last`. */
export function isAddressText(text: string): boolean {
  if (text.length > 100 || text.includes("%")) return false;
  const [first = "", last, more] = text.split("-");
  if (last !== undefined) return more === undefined && isIP(first) !== 0 && isIP(first) === isIP(last);
  const [address = "", length, rest] = text.split("/");
  const family = isIP(address);
  if (length === undefined) return family !== 0;
  return (
    family !== 0 &&
    rest === undefined &&
    /^\d{1,3}$/.test(length) &&
    Number(length) <= (family === 4 ? 32 : 128)
  );
}

/** 4 or 6 for what `isAddressText` takes. */
export function familyOf(text: string): 4 | 6 {
  return text.includes(":") ? 6 : 4;
}

/** The single addresses of a short range; a long one stays as it is. */
export function spread(text: string): readonly string[] {
  if (isIP(text) !== 0) return [ipaddr.parse(text).toString()];
  const bounds = boundsOf(text);
  if (bounds === null) return [];
  const [first, last] = bounds.map((address) => toNumber(address)) as [bigint, bigint];
  if (first === last) return [bounds[0].toString()];
  if (last < first || last - first >= BigInt(MAX_SPREAD)) return [text];
  const size = bounds[0].toByteArray().length;
  return Array.from({ length: Number(last - first) + 1 }, (_, index) =>
    fromNumber(first + BigInt(index), size),
  );
}

function toNumber(address: ipaddr.IPv4 | ipaddr.IPv6): bigint {
  return BigInt(`0x${Buffer.from(address.toByteArray()).toString("hex")}`);
}

function fromNumber(value: bigint, size: number): string {
  const bytes = Buffer.from(value.toString(16).padStart(size * 2, "0"), "hex");
  return ipaddr.fromByteArray([...bytes]).toString();
}

/** True when an address of `text` may be `address`. */
export function includesAddress(text: string, address: string): boolean {
  const [outer, inner] = [boundsOf(text), boundsOf(address)];
  if (outer === null || inner === null || outer[0].kind() !== inner[0].kind()) return false;
  const value = toNumber(inner[0]);
  return toNumber(outer[0]) <= value && value <= toNumber(outer[1]);
}

const NOT_ON_THE_INTERNET = ["private", "uniqueLocal", "loopback", "linkLocal", "unspecified"];

/** True when no packet from the internet carries any of these addresses (RFC 1918, 4193, 4291). */
export function isLocalOnly(text: string): boolean {
  const bounds = boundsOf(text);
  if (bounds === null) return false;
  const [first, last] = bounds.map((address) => address.range());
  // 0.0.0.0/0 and ::/0 begin with the unspecified address and are everybody.
  return first === last && NOT_ON_THE_INTERNET.includes(first ?? "");
}
