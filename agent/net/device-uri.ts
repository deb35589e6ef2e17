import ipaddr from "ipaddr.js";

/** A URI that a device gave out, as far as we may follow it. */
export type DeviceUri =
  | { readonly kind: "own"; readonly scheme: string; readonly port: number; readonly path: string }
  /** Leads to somebody else: noted, never asked. */
  | { readonly kind: "foreign"; readonly host: string };

const MAX_URI = 1024;
const URI = /^([a-z]{1,8}):\/\/(?:[^@/?#]*@)?(\[[^\]/?#]*\]|[^:/?#]*)(?::(\d{0,5}))?([/?][^#]*)?(?:#.*)?$/i;
const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443, rtsp: 554 };
/** Some makers put the account's password into the URI: such a path must neither be kept nor asked. */
const SECRET = /(?:^|[?&;/_])(?:pass|password|passwd|passphrase|passcode|pwd|psw|psd|loginpas)=/i;

/**
 * Splits a URI (RFC 3986) of a device; null when it is none, or one that carries a password. The host counts as the
 * device's own when it is one of its addresses, unspecified (0.0.0.0, ::) or missing, as many devices write.
 */
export function deviceUri(uri: string, ownAddresses: readonly string[]): DeviceUri | null {
  const match = uri.length > MAX_URI ? null : URI.exec(uri.trim());
  if (match === null) return null;
  const scheme = (match[1] ?? "").toLowerCase();
  const host = (match[2] ?? "").replace(/^\[|\]$/g, "");
  const port = match[3] ? Number(match[3]) : DEFAULT_PORTS[scheme];
  const path = requestTarget(match[4] ?? "/");
  if (port === undefined || port < 1 || port > 65_535) return null;
  if (!isOwnHost(host, ownAddresses)) return { kind: "foreign", host: printableHost(host) };
  return SECRET.test(withoutEscapes(path)) ? null : { kind: "own", scheme, port, path };
}

function isOwnHost(host: string, ownAddresses: readonly string[]): boolean {
  if (host === "") return true;
  const address = canonical(host);
  if (address === null) return false;
  return address === "0.0.0.0" || address === "::" || ownAddresses.some((own) => canonical(own) === address);
}

/** One spelling for each address; the zone is a matter of the asking machine. */
function canonical(address: string): string | null {
  const literal = address.replace(/%.*$/, "");
  if (ipaddr.IPv4.isValidFourPartDecimal(literal)) return ipaddr.IPv4.parse(literal).toString();
  return ipaddr.IPv6.isValid(literal) ? ipaddr.IPv6.parse(literal).toString() : null;
}

/** Only what may stand in a request line: the rest is percent-encoded. */
function requestTarget(path: string): string {
  const absolute = path.startsWith("/") ? path : `/${path}`;
  return absolute.replace(/[^\x21-\x7e]/gu, (character) =>
    Array.from(Buffer.from(character), (byte) => `%${byte.toString(16).padStart(2, "0").toUpperCase()}`).join(
      "",
    ),
  );
}

/** Letters that are percent-encoded without need (RFC 3986, 6.2.2.2) read as themselves. */
function withoutEscapes(path: string): string {
  return path.replace(/%[2-7][0-9a-f]/gi, (octet) =>
    String.fromCharCode(Number.parseInt(octet.slice(1), 16)),
  );
}

function printableHost(host: string): string {
  return host.replace(/[^\w.:%-]/g, "?").slice(0, 64);
}
