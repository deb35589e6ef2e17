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
