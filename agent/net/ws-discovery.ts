import {
  decodeScope,
  endpointName,
  type FieldName,
  isGlobalIpv6,
  macDigits,
  type ServiceHint,
  type StableId,
  scopeValue,
} from "../model/index.ts";
import { deviceUri } from "./device-uri.ts";
import { element } from "./markup.ts";
import type { MulticastGroup } from "./multicast.ts";
import { fieldsOf, type Sighting } from "./sighting.ts";
import { elements, parseXml, textAt, textsAt, type XmlElement } from "./xml.ts";

/** WS-Discovery (April 2005), 2.4. One hop: it is a protocol of the link. */
export const WS_DISCOVERY: MulticastGroup = {
  ipv4: "239.255.255.250",
  ipv6: "ff02::c",
  port: 3702,
  hops: 1,
  maxBytes: 16_384,
};

const NAMESPACES = {
  "xmlns:s": "http://www.w3.org/2003/05/soap-envelope",
  "xmlns:a": "http://schemas.xmlsoap.org/ws/2004/08/addressing",
  "xmlns:d": "http://schemas.xmlsoap.org/ws/2005/04/discovery",
};
/** The two types that an ONVIF device answers to (ONVIF Core, 7.3.3): cameras of old know the first only. */
const PROBED_TYPES = [
  { type: "dn:NetworkVideoTransmitter", prefix: "dn", namespace: "http://www.onvif.org/ver10/network/wsdl" },
  { type: "tds:Device", prefix: "tds", namespace: "http://www.onvif.org/ver10/device/wsdl" },
] as const;

/** One Probe message for each ONVIF type. `messageIds`: one fresh UUID each. */
export function encodeProbes(messageIds: readonly [string, string]): readonly Buffer[] {
  return PROBED_TYPES.map(({ type, prefix, namespace }, index) => {
    const header = element(
      "s:Header",
      {},
      element("a:MessageID", {}, messageUri(messageIds[index] ?? "")),
      element("a:To", {}, "urn:schemas-xmlsoap-org:ws:2005:04:discovery"),
      element("a:Action", {}, "http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe"),
    );
    const types = element("d:Types", { [`xmlns:${prefix}`]: namespace }, type);
    const body = element("s:Body", {}, element("d:Probe", {}, types));
    const { markup } = element("s:Envelope", NAMESPACES, header, body);
    return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${markup}`);
  });
}

function messageUri(id: string): string {
  return `urn:uuid:${id}`;
}

/** One device that a message tells of. */
export interface Announcement {
  readonly endpoint: string;
  readonly types: readonly string[];
  readonly scopes: readonly string[];
  readonly addresses: readonly string[];
}

export interface DiscoveryMessage {
  readonly kind: "ProbeMatches" | "Hello" | "Bye";
  /** The MessageID that it answers, lower case without `urn:uuid:`; null in Hello and Bye. */
  readonly relatesTo: string | null;
  readonly announcements: readonly Announcement[];
}

const MAX_MATCHES = 16;
const MAX_LIST = 64;

/** Reads a ProbeMatches, Hello or Bye. Null for everything else, broken XML among it. */
export function parseDiscovery(packet: Buffer): DiscoveryMessage | null {
  const document = parseXml(packet);
  if (!document.ok) return null;
  const [envelope] = elements(document.value, "Envelope");
  const [body] = envelope ? elements(envelope, "Body") : [];
  if (!envelope || !body) return null;
  const relatesTo = textAt(envelope, ["Header", "RelatesTo"]);
  for (const kind of ["ProbeMatches", "Hello", "Bye"] as const) {
    const found = kind === "ProbeMatches" ? elements(body, kind, "ProbeMatch") : elements(body, kind);
    if (found.length === 0) continue;
    return {
      kind,
      relatesTo:
        relatesTo
          ?.trim()
          .toLowerCase()
          .replace(/^(urn:)?uuid:/, "") ?? null,
      announcements: found.slice(0, MAX_MATCHES).map(announcement),
    };
  }
  return null;
}

function announcement(match: XmlElement): Announcement {
  const list = (name: string) =>
    textsAt(match, [name], 8192)
      .flatMap((text) => text.split(/\s+/).filter(Boolean))
      .slice(0, MAX_LIST);
  return {
    endpoint: textAt(match, ["EndpointReference", "Address"]) ?? "",
    types: list("Types"),
    scopes: list("Scopes").map(decodeScope),
    addresses: list("XAddrs"),
  };
}

/**
 * What a message says about its sender. Transport addresses of other hosts are not followed. Among several matches,
 * one that names only other hosts belongs to one of those, so its names are not the sender's.
 */
export function describeDiscovery(message: DiscoveryMessage, sender: string): Sighting {
  const several = message.announcements.length > 1;
  const own = message.announcements.filter(
    ({ addresses }) => !several || addresses.length === 0 || hints(addresses, sender, false).length > 0,
  );
  const ids = own.flatMap(({ endpoint, scopes }) => stableIds(endpoint, scopes));
  const services = own.flatMap((device) => hints(device.addresses, sender, isOnvif(device)));
  const sighting = { ids, fields: fieldsOf(own.flatMap(fieldValues), 256), services };
  return message.kind === "Bye" ? { ...sighting, leaving: true } : sighting;
}

/** `Device` alone tells nothing: printers and computers announce a type of that name from another namespace. */
function isOnvif({ types, scopes, addresses }: Announcement): boolean {
  return (
    scopes.some((scope) => /^onvif:/i.test(scope)) ||
    types.some((type) => /:NetworkVideo/i.test(type)) ||
    addresses.some((address) => /\/onvif\//i.test(address))
  );
}

function hints(addresses: readonly string[], sender: string, onvif: boolean): readonly ServiceHint[] {
  return addresses.flatMap((address): readonly ServiceHint[] => {
    const uri = deviceUri(address, [sender]);
    if (uri?.kind !== "own") return [];
    const { scheme, port, path } = uri;
    if (scheme === "http") return [{ protocol: onvif ? "onvif" : "http", port, path }];
    return scheme === "https" ? [{ protocol: "https", port, path }] : [];
  });
}

/** A global IPv6 address among the transport addresses: a claim, like that of mDNS. */
function globalHost(address: string): string | null {
  const uri = deviceUri(address, []);
  return uri?.kind === "foreign" && isGlobalIpv6(uri.host) ? uri.host : null;
}

function stableIds(endpoint: string, scopes: readonly string[]): readonly StableId[] {
  const name = endpointName(endpoint);
  const mac = scopes
    .map((scope) => macDigits(scopeValue(scope, "MAC") ?? ""))
    .find((digits) => digits !== null);
  return [
    ...(name === null ? [] : [{ kind: "endpoint", value: name } as const]),
    ...(mac ? [{ kind: "mac", value: mac } as const] : []),
  ];
}

function fieldValues({
  types,
  scopes,
  addresses,
}: Announcement): readonly (readonly [FieldName, string | null])[] {
  return [
    ...addresses.map((address) => ["ipv6.announced", globalHost(address)] as const),
    ...types.map((type) => ["onvif.types", type.replace(/^.*:/, "")] as const),
    ...scopes.map((scope) => ["onvif.scope", scope] as const),
    ...scopes.map((scope) => ["onvif.name", scopeValue(scope, "name")] as const),
    ...scopes.map((scope) => ["onvif.hardware", scopeValue(scope, "hardware")] as const),
  ];
}
