import {
  cleanText,
  type FieldName,
  type Fields,
  type Observation,
  type ServiceHint,
  type StableId,
} from "../model/index.ts";

/** What one packet or table row says about its sender. Who that is and when is added by whoever received it. */
export type Sighting = Pick<Observation, "ids" | "fields" | "services" | "leaving">;

const MAX_VALUES_PER_FIELD = 32;
const MAX_IDS = 8;
const MAX_SERVICES = 32;

/** Cleans and collects values; null and empty ones are left out. */
export function fieldsOf(values: Iterable<readonly [FieldName, string | null]>, maxLength = 120): Fields {
  const fields: { [Name in FieldName]?: string[] } = {};
  for (const [name, raw] of values) {
    const value = raw === null ? "" : cleanText(raw, maxLength);
    if (value === "") continue;
    fields[name] ??= [];
    const list = fields[name];
    if (list.length < MAX_VALUES_PER_FIELD && !list.includes(value)) list.push(value);
  }
  return fields;
}

/** Everything that both say; a farewell is not a lasting fact and is not carried over. */
export function mergeSightings(known: Sighting, fresh: Sighting): Sighting {
  return {
    ids: union(known.ids, fresh.ids, MAX_IDS),
    fields: fieldsOf([...fieldEntries(known.fields), ...fieldEntries(fresh.fields)], 256),
    services: union(known.services, fresh.services, MAX_SERVICES),
  };
}

function* fieldEntries(fields: Fields): Generator<readonly [FieldName, string]> {
  for (const [name, values] of Object.entries(fields)) {
    for (const value of values) yield [name as FieldName, value];
  }
}

/** Plain objects without those that read the same, first ones first. */
function union<T extends StableId | ServiceHint>(left: readonly T[], right: readonly T[], max: number): T[] {
  const byText = new Map([...left, ...right].map((item) => [JSON.stringify(item), item]));
  return [...byText.values()].slice(0, max);
}

/** Twelve upper-case hex digits of a usable unicast MAC, whatever its separators; null otherwise. */
export function macDigits(text: string): string | null {
  const digits = text.replace(/[:.\s-]/g, "").toUpperCase();
  if (!/^[0-9A-F]{12}$/.test(digits) || /^0{12}$/.test(digits)) return null;
  // The lowest bit of the first octet marks group addresses (IEEE 802, 8.2).
  return (Number.parseInt(digits.slice(0, 2), 16) & 1) === 1 ? null : digits;
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
