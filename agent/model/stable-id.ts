/** Twelve upper-case hex digits of a usable unicast MAC, whatever its separators; null otherwise. */
export function macDigits(text: string): string | null {
  const digits = text.replace(/[:.\s-]/g, "").toUpperCase();
  if (!/^[0-9A-F]{12}$/.test(digits) || /^0{12}$/.test(digits)) return null;
  // The lowest bit of the first octet marks group addresses (IEEE 802, 8.2).
  return (Number.parseInt(digits.slice(0, 2), 16) & 1) === 1 ? null : digits;
}

/**
 * The MAC that an IPv6 address was formed from (modified EUI-64, RFC 4291, appendix A), twelve digits; null for an
 * address that tells none.
 */
export function macOfAddress(address: string): string | null {
  const match = /:([0-9a-f]{1,4}):([0-9a-f]{0,2})ff:fe([0-9a-f]{2}):([0-9a-f]{1,4})(?:%.*)?$/i.exec(address);
  if (match === null) return null;
  const [, first = "", third = "", fourth = "", last = ""] = match;
  const digits = [first.padStart(4, "0"), third.padStart(2, "0"), fourth, last.padStart(4, "0")].join("");
  const octet = Number.parseInt(digits.slice(0, 2), 16) ^ 0x02;
  return macDigits(octet.toString(16).padStart(2, "0") + digits.slice(2));
}

/**
 * A UUID-like name of a device (WS-Discovery EndpointReference, UPnP UDN) as `urn:uuid:…` in lower case. Null when it
 * is none, or the nil UUID that unconfigured devices share. UPnP 1.0 allowed any token after `uuid:`, so do we.
 */
export function endpointName(text: string): string | null {
  const match = /^(?:urn:)?uuid:([0-9a-z._-]{8,64})$/i.exec(text.trim());
  const token = match?.[1]?.toLowerCase();
  return token === undefined || /^[0.-]+$/.test(token) ? null : `urn:uuid:${token}`;
}
