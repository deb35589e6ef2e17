import { endpointName, type ServiceHint } from "../model/index.ts";
import { type DeviceUri, deviceUri } from "./device-uri.ts";
import type { MulticastGroup } from "./multicast.ts";
import { fieldsOf, type Sighting } from "./sighting.ts";

/** UPnP Device Architecture 2.0, 1.2 and A.2 (link-local scope). One hop instead of two: nothing leaves the LAN. */
export const SSDP: MulticastGroup = {
  ipv4: "239.255.255.250",
  ipv6: "ff02::c",
  port: 1900,
  hops: 1,
  maxBytes: 4096,
};

const IGD_TYPE = /^urn:schemas-upnp-org:device:InternetGatewayDevice:\d+$/i;
/** Some stacks answer `ssdp:all` not at all or lose the half of it, so what we need most is asked by name as well. */
const SEARCH_TARGETS = [
  "ssdp:all",
  "upnp:rootdevice",
  "urn:schemas-upnp-org:device:InternetGatewayDevice:1",
  "urn:schemas-upnp-org:device:InternetGatewayDevice:2",
];
/** Seconds within which an answer has to come. */
export const SSDP_MX = 1;

/** The M-SEARCH requests of one look (1.3.2). */
export function encodeSearches(family: 4 | 6): readonly Buffer[] {
  const host = family === 4 ? SSDP.ipv4 : `[${SSDP.ipv6.toUpperCase()}]`;
  return SEARCH_TARGETS.map((target) => encodeSearch(host, target));
}

/** The same for one device; `ssdp:all`, because stacks that know only version 1 keep silent when asked for 2. */
export function encodeUnicastSearch(address: string): Buffer {
  const literal = address.replace(/%.*$/, "");
  return encodeSearch(literal.includes(":") ? `[${literal}]` : literal, "ssdp:all");
}

function encodeSearch(host: string, target: string): Buffer {
  return Buffer.from(
    [
      "M-SEARCH * HTTP/1.1",
      `HOST: ${host}:${SSDP.port}`,
      'MAN: "ssdp:discover"',
      `MX: ${SSDP_MX}`,
      `ST: ${target}`,
      "",
      "",
    ].join("\r\n"),
  );
}

export interface SsdpMessage {
  readonly kind: "response" | "alive" | "byebye";
  /** Search or notification target: what kind of thing this is. */
  readonly target: string;
  readonly usn: string;
  readonly server: string | null;
  readonly location: string | null;
}

const MAX_HEADERS = 64;

/** Reads a search response or a NOTIFY. Null for a search of others, for ssdp:update and for what is no SSDP. */
export function parseSsdp(packet: Buffer): SsdpMessage | null {
  if (packet.length > SSDP.maxBytes) return null;
  const [start = "", ...lines] = packet.toString("utf8").split(/\r?\n/, MAX_HEADERS + 1);
  const headers = headerFields(lines);
  const usn = headers.get("usn") ?? "";
  const common = { usn, server: headers.get("server") ?? null, location: headers.get("location") ?? null };
  if (/^HTTP\/1\.\d 200\b/i.test(start))
    return { ...common, kind: "response", target: headers.get("st") ?? "" };
  if (!/^NOTIFY \* HTTP\/1\.\d\s*$/i.test(start)) return null;
  const target = headers.get("nt") ?? "";
  const kind = headers.get("nts")?.toLowerCase();
  if (kind === "ssdp:alive") return { ...common, kind: "alive", target };
  return kind === "ssdp:byebye" ? { ...common, kind: "byebye", target } : null;
}

/** By lower-case name; the first of several counts. */
function headerFields(lines: readonly string[]): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of lines) {
    if (line === "") break;
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    if (name !== "" && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  return fields;
}

export type OwnUri = Extract<DeviceUri, { kind: "own" }>;

/** Where the sender's description is, or null when LOCATION is missing, broken, or leads to any other host. */
export function ownLocation(message: SsdpMessage, sender: string): OwnUri | null {
  const uri = message.location === null ? null : deviceUri(message.location, [sender]);
  return uri?.kind === "own" && /^https?$/.test(uri.scheme) ? uri : null;
}

/** What a message says about its sender. Only the root device's UUID names the device: it has more for its parts. */
export function describeSsdp(message: SsdpMessage, sender: string): Sighting {
  const [uuid = "", type] = message.usn.split("::");
  const name = type?.toLowerCase() === "upnp:rootdevice" ? endpointName(uuid) : null;
  const location = ownLocation(message, sender);
  const igd: ServiceHint[] =
    location?.scheme === "http" && IGD_TYPE.test(message.target)
      ? [{ protocol: "igd", port: location.port, path: location.path }]
      : [];
  const sighting = {
    ids: name === null ? [] : [{ kind: "endpoint", value: name } as const],
    fields: fieldsOf(
      [
        ["ssdp.server", message.server],
        ["ssdp.st", message.target],
      ],
      256,
    ),
    services: igd,
  };
  return message.kind === "byebye" ? { ...sighting, services: [], leaving: true } : sighting;
}
