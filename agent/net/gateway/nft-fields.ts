import ipaddr from "ipaddr.js";
import { isAddressText } from "./addresses.ts";
import { type Match, type PortRange, portRange } from "./packet-rules.ts";

/** JSON as libnftables-json(5) describes it, of which nothing is certain. */
export type Json = unknown;

export function fieldOf(value: Json, name: string): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.hasOwn(value, name)
    ? (value as Record<string, Json>)[name]
    : undefined;
}

export function listOf(value: Json): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** The contents of a named set or map; null when they are not known. */
export type Lookup = (name: string) => readonly Json[] | null;

/** The left side of a condition, and what its key tells besides. */
interface Field {
  readonly field: Match["field"];
  /** Conditions that hold whenever the field is there: `tcp dport` is of TCP alone. */
  readonly implies: readonly Match[];
  /** Addresses stand there as numbers, of so many bytes. */
  readonly bytes?: 4 | 16;
}

const TRANSPORT = ["tcp", "udp", "sctp", "dccp", "udplite"];
/** What limits a way in without closing it for good. */
const SOMETIMES = ["time", "day", "hour", "random", "length", "pkttype", "cpu"];

function fieldFor(left: Json): Field {
  const payload = fieldOf(left, "payload");
  if (fieldOf(payload, "base") !== undefined) return rawField(payload);
  if (payload !== undefined) return payloadField(fieldOf(payload, "protocol"), fieldOf(payload, "field"));
  const meta = fieldOf(fieldOf(left, "meta"), "key");
  if (meta === "iif" || meta === "iifname") return bare("iif");
  if (meta === "oif" || meta === "oifname") return bare("oif");
  if (meta === "l4proto") return bare("protocol");
  if (meta === "nfproto" || meta === "protocol") return bare("family");
  if (SOMETIMES.includes(String(meta))) return bare("sometimes");
  const ct = fieldOf(fieldOf(left, "ct"), "key");
  if (ct === "state") return bare("state");
  // `fib daddr type local`: so is every packet that is meant for this machine's outside address.
  if (fieldOf(left, "fib") !== undefined) return bare("sometimes");
  return bare("unknown");
}

/** Bits of the network header by offset and length (RFC 791, 3.1; RFC 8200, 3): miniupnpd's rules name no fields. */
const RAW: Readonly<Record<string, readonly [field: "protocol" | "saddr" | "daddr", family: 4 | 6]>> = {
  "nh 72 8": ["protocol", 4],
  "nh 96 32": ["saddr", 4],
  "nh 128 32": ["daddr", 4],
  "nh 48 8": ["protocol", 6],
  "nh 64 128": ["saddr", 6],
  "nh 192 128": ["daddr", 6],
};

function rawField(payload: Json): Field {
  const place = ["base", "offset", "len"].map((name) => fieldOf(payload, name)).join(" ");
  const known = Object.hasOwn(RAW, place) ? RAW[place] : undefined;
  if (known === undefined) return bare("unknown");
  const [field, family] = known;
  const implies: Match[] = [{ field: "family", not: false, families: [family] }];
  return field === "protocol" ? { field, implies } : { field, implies, bytes: family === 4 ? 4 : 16 };
}

/** An address that is written as one number, in decimal or as `0x…`. */
function addressOf(value: Json, bytes: 4 | 16): string | null {
  if (typeof value !== "number" && !/^0x[0-9a-f]{1,32}$/i.test(String(value))) return null;
  const digits = typeof value === "number" ? value.toString(16) : String(value).slice(2);
  const padded = digits.padStart(bytes * 2, "0");
  if (!/^[0-9a-f]+$/i.test(padded) || padded.length > bytes * 2) return null;
  return ipaddr.fromByteArray([...Buffer.from(padded, "hex")]).toString();
}

const bare = (field: Match["field"]): Field => ({ field, implies: [] });

function payloadField(protocol: Json, field: Json): Field {
  if (protocol === "ip" || protocol === "ip6") {
    const implies: Match[] = [{ field: "family", not: false, families: [protocol === "ip" ? 4 : 6] }];
    if (field === "saddr" || field === "daddr") return { field, implies };
    if (field === "protocol" || field === "nexthdr") return { field: "protocol", implies };
    return { field: "unknown", implies };
  }
  if (protocol === "th") return field === "dport" ? bare("dport") : bare("unknown");
  if (protocol === "icmp" || protocol === "icmpv6")
    return {
      field: "sometimes",
      implies: [{ field: "protocol", not: false, protocols: [protocol === "icmp" ? "icmp" : "ipv6-icmp"] }],
    };
  if (!TRANSPORT.includes(String(protocol))) return bare("unknown");
  const implies: Match[] = [{ field: "protocol", not: false, protocols: [String(protocol)] }];
  // Flags choose among the packets of a connection; a source port could be anything.
  return { field: field === "dport" ? "dport" : field === "flags" ? "sometimes" : "unknown", implies };
}

/** One condition as matches that must all hold. */
export function readMatch(expression: Json, lookup: Lookup): readonly Match[] {
  const [op, left, right] = ["op", "left", "right"].map((name) => fieldOf(expression, name));
  if (op !== "==" && op !== "!=" && op !== "in") return [{ field: "unknown" }];
  return matchesOf(left, valuesOf(right, lookup), op === "!=");
}

/** `values` null = not known. */
export function matchesOf(left: Json, values: readonly Json[] | null, not: boolean): readonly Match[] {
  const parts = listOf(fieldOf(left, "concat"));
  if (parts.length > 0) {
    const only = values?.length === 1 && !not ? listOf(fieldOf(values[0], "concat")) : [];
    // Several concatenations are not the product of their parts.
    if (only.length !== parts.length) return [{ field: "unknown" }];
    return parts.flatMap((part, index) =>
      matchesOf(
        part,
        valuesOf(only[index], () => null),
        false,
      ),
    );
  }
  const { field, implies, bytes } = fieldFor(left);
  const shown = bytes === undefined ? values : (values?.map((value) => addressOf(value, bytes)) ?? null);
  return [...implies, shown === null ? { field: "unknown" } : matchFor(field, shown, not)];
}

function matchFor(field: Match["field"], values: readonly Json[], not: boolean): Match {
  const texts = values.map(textOf);
  const known = texts.filter((text) => text !== null);
  if (known.length !== texts.length && field !== "sometimes") return { field: "unknown" };
  if (field === "iif" || field === "oif") return { field, not, names: known };
  if (field === "protocol") return { field, not, protocols: known.map(protocolName) };
  if (field === "state") return { field, not, states: known };
  if (field === "saddr" || field === "daddr")
    return known.every(isAddressText) ? { field, not, addresses: known } : { field: "unknown" };
  if (field === "dport") {
    const ranges = known.map(portRange).filter((range): range is PortRange => range !== null);
    return ranges.length === known.length ? { field, not, ranges } : { field: "unknown" };
  }
  if (field === "family") return { field, not, families: known.flatMap(familyNamed) };
  return { field } as Match;
}

function familyNamed(name: string): readonly (4 | 6)[] {
  if (name === "ipv4" || name === "ip") return [4];
  return name === "ipv6" || name === "ip6" ? [6] : [];
}

function protocolName(name: string): string {
  return ({ "6": "tcp", "17": "udp", "58": "ipv6-icmp", icmpv6: "ipv6-icmp" } as const)[name] ?? name;
}

/** What stands on the right side, one by one; null for a set that is not known. */
export function valuesOf(right: Json, lookup: Lookup): readonly Json[] | null {
  if (typeof right === "string" && right.startsWith("@")) return lookup(right.slice(1));
  const set = fieldOf(right, "set");
  if (Array.isArray(set)) return set.map(elementOf);
  return Array.isArray(right) ? right : [right];
}

/** An element without its comment, time-out and counter. */
export function elementOf(element: Json): Json {
  const inner = fieldOf(element, "elem");
  return inner === undefined ? element : fieldOf(inner, "val");
}

/** A value as text: a prefix as CIDR, a range as `first-last`. */
export function textOf(value: Json): string | null {
  if (typeof value === "number" || typeof value === "string") return String(value).slice(0, 100);
  const range = listOf(fieldOf(value, "range"));
  if (range.length === 2) return range.map(textOf).join("-");
  const prefix = fieldOf(value, "prefix");
  const [address, length] = [fieldOf(prefix, "addr"), fieldOf(prefix, "len")];
  return typeof address === "string" && typeof length === "number"
    ? `${address}/${length}`.slice(0, 100)
    : null;
}
