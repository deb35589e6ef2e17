import { decodeScope, FIELD_NAMES, type FieldName, type Fields, scopeValue } from "../model/index.ts";
import { hexDigits } from "./stable-ids.ts";

const MAX_VALUE = 256;
const MAX_BODY = 4096;
const MAX_VALUES = 16;

/** Scopes that name what has a field of its own: the first two by ONVIF Core 7.3.2.2, the third by common use. */
const SCOPE_FIELDS: readonly (readonly [FieldName, string])[] = [
  ["onvif.name", "name"],
  ["onvif.hardware", "hardware"],
  ["onvif.manufacturer", "manufacturer"],
];

/** The values that a pattern may see: few, short, each once and written in one way, scopes taken apart. */
export function matchable(fields: Fields): Fields {
  const shown: { [Name in FieldName]?: readonly string[] } = {};
  for (const field of FIELD_NAMES) {
    const values = fields[field];
    if (values !== undefined) shown[field] = values.slice(0, MAX_VALUES).map((value) => oneWay(field, value));
  }
  const scopes = (fields["onvif.scope"] ?? [])
    .slice(0, MAX_VALUES)
    .flatMap(separateScopes)
    .slice(0, MAX_VALUES);
  if (scopes.length > 0) shown["onvif.scope"] = scopes;
  for (const [field, category] of SCOPE_FIELDS) {
    const told = scopes.flatMap((scope) => scopeValue(scope, category) ?? []);
    if (told.length > 0) shown[field] = [...new Set([...(shown[field] ?? []), ...told])].slice(0, MAX_VALUES);
  }
  return shown;
}

/** One or more scopes in one text, as in the `Scopes` element; a decoded scope may hold blanks of its own. */
function separateScopes(text: string): readonly string[] {
  return text
    .slice(0, MAX_BODY)
    .trim()
    .split(/\s(?=onvif:\/\/)/iu)
    .map((scope) => decodeScope(scope.trim().slice(0, MAX_VALUE)));
}

function oneWay(field: FieldName, value: string): string {
  const text = value.slice(0, field === "http.body" ? MAX_BODY : MAX_VALUE).trim();
  if (field === "mac") return hexDigits(text);
  return field === "mdns.service" ? text.replace(/\.(?:local\.?)?$/iu, "") : text;
}
