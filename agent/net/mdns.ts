import { type Answer as DnsRecord, decode } from "dns-packet";
import type { MulticastGroup } from "./multicast.ts";

/** Multicast DNS (RFC 6762, 3 and 5.2); 9000 bytes is the most that section 17 allows. */
export const MDNS: MulticastGroup = {
  ipv4: "224.0.0.251",
  ipv6: "ff02::fb",
  port: 5353,
  hops: 255,
  maxBytes: 9000,
};

/** The name whose PTR records list all service types on the link (RFC 6763, 9). */
export const SERVICE_TYPES = "_services._dns-sd._udp.local";

const TYPE_CODES = { A: 1, PTR: 12, TXT: 16, AAAA: 28, SRV: 33 } as const;
const CLASS_IN = 1;
/** "Unicast response wanted", the top bit of the question's class (RFC 6762, 5.4). */
const UNICAST_RESPONSE = 0x8000;
const HEADER_BYTES = 12;
const MAX_RECORDS = 128;
const MAX_TEXTS = 32;

export interface MdnsQuestion {
  readonly type: keyof typeof TYPE_CODES;
  /** Labels in order; an instance name is one label, even with dots in it. */
  readonly labels: readonly string[];
}

interface RecordBase {
  readonly name: string;
  /** TTL 0: the sender takes the record back (RFC 6762, 10.1). */
  readonly goodbye: boolean;
}
export type MdnsRecord = RecordBase &
  (
    | { readonly type: "PTR"; readonly target: string }
    | { readonly type: "SRV"; readonly target: string; readonly port: number }
    | { readonly type: "TXT"; readonly texts: readonly string[] }
    | { readonly type: "A" | "AAAA"; readonly address: string }
  );

/**
 * Writes one query. By hand, since the codec can neither set the unicast-response bit nor write a label with dots.
 * A question whose labels do not fit RFC 1035 (63 bytes each, 255 in all) is left out.
 */
export function encodeQuery(questions: readonly MdnsQuestion[], unicastResponse: boolean): Buffer {
  const encoded = questions.flatMap(({ type, labels }) => {
    const parts = labels.map((label) => Buffer.from(label));
    if (parts.some(({ length }) => length === 0 || length > 63)) return [];
    const name = Buffer.concat([...parts.flatMap((part) => [Buffer.of(part.length), part]), Buffer.of(0)]);
    if (name.length > 255) return [];
    const tail = Buffer.alloc(4);
    tail.writeUInt16BE(TYPE_CODES[type], 0);
    tail.writeUInt16BE(CLASS_IN | (unicastResponse ? UNICAST_RESPONSE : 0), 2);
    return [Buffer.concat([name, tail])];
  });
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(encoded.length, 4);
  return Buffer.concat([header, ...encoded]);
}

/** Reads the records of one response. Null for a query, for broken packets and for those that claim too many records. */
export function decodeResponse(packet: Buffer): readonly MdnsRecord[] | null {
  if (packet.length < HEADER_BYTES || packet.length > MDNS.maxBytes) return null;
  const isResponse = (packet.readUInt8(2) & 0x80) !== 0;
  const counts = [4, 6, 8, 10].map((offset) => packet.readUInt16BE(offset));
  if (!isResponse || counts.reduce((sum, count) => sum + count, 0) > MAX_RECORDS) return null;
  try {
    const { answers = [], additionals = [] } = decode(packet);
    return [...answers, ...additionals].flatMap(recordOf);
  } catch {
    return null;
  }
}

function recordOf(record: DnsRecord): MdnsRecord[] {
  if (record.type === "OPT") return [];
  const base = { name: record.name, goodbye: "ttl" in record && record.ttl === 0 };
  switch (record.type) {
    case "PTR":
      return [{ ...base, type: "PTR", target: record.data }];
    case "SRV":
      return [{ ...base, type: "SRV", target: record.data.target, port: record.data.port }];
    case "A":
    case "AAAA":
      return [{ ...base, type: record.type, address: record.data }];
    case "TXT": {
      const texts = Array.isArray(record.data) ? record.data : [record.data];
      return [{ ...base, type: "TXT", texts: texts.slice(0, MAX_TEXTS).map(String) }];
    }
    default:
      return [];
  }
}

export interface ServiceName {
  /** The instance label as people read it, or null for a bare type. */
  readonly instance: string | null;
  /** E.g. `_http._tcp.local`. */
  readonly type: string;
}

/** Splits `<instance>._service._tcp.local` (RFC 6763, 4.1); null when the name is no service of this link. */
export function serviceName(name: string): ServiceName | null {
  const match = /^(?:(.{1,255})\.)?(_[a-z0-9-]{1,62}\._(?:tcp|udp)\.local)$/is.exec(name);
  const [, instance = null, type] = match ?? [];
  return type === undefined ? null : { instance, type };
}

/** Labels of a service name, the instance as one. */
export function serviceLabels({ instance, type }: ServiceName): readonly string[] {
  return instance === null ? type.split(".") : [instance, ...type.split(".")];
}
