import { type FieldName, isGlobalIpv6, macDigits, type ServiceHint, type StableId } from "../model/index.ts";
import { deviceUri } from "./device-uri.ts";
import { sameAddress } from "./interfaces.ts";
import { type MdnsRecord, SERVICE_TYPES, serviceName } from "./mdns.ts";
import { fieldsOf, type Sighting } from "./sighting.ts";

/** Service types that tell where to ask. ONVIF fixes its entry path (Core 5.1.1). */
const HINTS: Readonly<Record<string, { protocol: ServiceHint["protocol"]; path: string }>> = {
  "_http._tcp.local": { protocol: "http", path: "/" },
  "_https._tcp.local": { protocol: "https", path: "/" },
  "_rtsp._tcp.local": { protocol: "rtsp", path: "/" },
  "_onvif._tcp.local": { protocol: "onvif", path: "/onvif/device_service" },
  "_psia._tcp.local": { protocol: "http", path: "/" },
};
const MAC_KEY = /^mac(?:[ _-]?addr(?:ess)?)?=(.*)$/i;

/**
 * What records say about their sender (DNS-SD, RFC 6763). An address record is compared with the sender and never
 * followed: where a service's host has other addresses only, the sender speaks for somebody else (a reflector), and
 * that service is left out. Null when nothing is left. All records taken back make a farewell.
 */
export function describeRecords(records: readonly MdnsRecord[], sender: string): Sighting | null {
  const foreign = foreignHosts(records, sender);
  const servers = new Map<string, Extract<MdnsRecord, { type: "SRV" }>>();
  for (const record of records) if (record.type === "SRV") servers.set(key(record.name), record);
  const isForeign = (name: string) => foreign.has(key(servers.get(key(name))?.target ?? ""));
  const own = records.filter((record) => {
    if (record.type === "PTR") return !isForeign(record.target);
    if (record.type === "A" || record.type === "AAAA") return sameAddress(record.address, sender);
    return !isForeign(record.name);
  });
  const fields = fieldsOf([...own.flatMap(fieldValues), ...records.flatMap(announcedAddress)]);
  if (Object.keys(fields).length === 0) return null;
  const texts = new Map(
    own.flatMap((record) => (record.type === "TXT" ? [[key(record.name), record.texts]] : [])),
  );
  const services = own.flatMap((record) =>
    record.type === "SRV" && !record.goodbye ? hint(record, texts.get(key(record.name)) ?? []) : [],
  );
  const sighting = { ids: macIds([...texts.values()].flat()), fields, services };
  return own.every(({ goodbye }) => goodbye) ? { ...sighting, leaving: true } : sighting;
}

/** A global address that the sender gives to any host: whoever uses it asks the neighbour table whose it is. */
function announcedAddress(record: MdnsRecord): readonly (readonly [FieldName, string])[] {
  if (record.type !== "AAAA" || record.goodbye || !isGlobalIpv6(record.address)) return [];
  return [["ipv6.announced", record.address]];
}

/** DNS names compare without case. */
function key(name: string): string {
  return name.toLowerCase();
}

/** Hosts that have addresses of the sender's kind, and none is the sender's. */
function foreignHosts(records: readonly MdnsRecord[], sender: string): ReadonlySet<string> {
  const own = new Set<string>();
  const others = new Set<string>();
  for (const record of records) {
    if (record.type !== "A" && record.type !== "AAAA") continue;
    if (sameAddress(record.address, sender)) own.add(key(record.name));
    else if (addressKind(record.address) === addressKind(sender)) others.add(key(record.name));
  }
  return new Set([...others].filter((name) => !own.has(name)));
}

/** A host may announce its global IPv6 address from its link-local one: those two cannot be compared. */
function addressKind(address: string): "ipv4" | "link-local" | "ipv6" {
  if (!address.includes(":")) return "ipv4";
  return /^fe[89ab]/i.test(address) ? "link-local" : "ipv6";
}

function fieldValues(record: MdnsRecord): readonly (readonly [FieldName, string | null])[] {
  const service = serviceName(record.name);
  const values: (readonly [FieldName, string | null])[] = [];
  const add = (name: ReturnType<typeof serviceName>) => {
    if (name) values.push(["mdns.service", name.type], ["mdns.instance", name.instance]);
  };
  switch (record.type) {
    case "PTR":
      if (key(record.name) === SERVICE_TYPES || service) add(serviceName(record.target));
      break;
    case "SRV":
      add(service);
      values.push(...hostValues(record.target));
      break;
    case "TXT":
      add(service);
      values.push(...record.texts.map((text) => ["mdns.txt", text] as const));
      break;
    default:
      values.push(...hostValues(record.name));
  }
  return values;
}

function hostValues(host: string): readonly (readonly [FieldName, string])[] {
  return [
    ["mdns.host", host],
    ["hostname", host.replace(/\.local$/i, "")],
  ];
}

function hint(server: { name: string; port: number }, texts: readonly string[]): readonly ServiceHint[] {
  const known = HINTS[key(serviceName(server.name)?.type ?? "")];
  if (!known || server.port === 0) return [];
  const announced = texts.find((text) => /^path=./i.test(text))?.slice("path=".length);
  const path = announced === undefined ? known.path : announced.replace(/^\/?/, "/");
  const uri = deviceUri(`http://0.0.0.0:${server.port}${path}`, []);
  return uri?.kind === "own" ? [{ protocol: known.protocol, port: server.port, path: uri.path }] : [];
}

function macIds(texts: readonly string[]): readonly StableId[] {
  const macs = texts.map((text) => macDigits(MAC_KEY.exec(text)?.[1] ?? "")).filter((mac) => mac !== null);
  return [...new Set(macs)].slice(0, 1).map((value) => ({ kind: "mac", value }));
}
