import { FIELD_NAMES, type FieldName, type Fields, type Identity } from "../model/index.ts";
import { identify } from "./identify.ts";
import type { Vendors } from "./vendors.ts";

/** Short and usual names for fields, besides the fields' own. */
const ALIASES: Readonly<Record<string, FieldName>> = {
  server: "http.server",
  "http.header.server": "http.server",
  title: "http.title",
  "html.title": "http.title",
  realm: "http.realm",
  "www-authenticate": "http.realm",
  body: "http.body",
  oui: "mac",
  "mac.oui": "mac",
  "mac.prefix": "mac",
  "tls.cn": "tls.subject",
  "tls.certificate": "tls.subject",
  "x509.subject": "tls.subject",
  mdns: "mdns.service",
  "mdns.type": "mdns.service",
  "dns-sd.service": "mdns.service",
  "mdns.name": "mdns.instance",
  "onvif.scopes": "onvif.scope",
  "onvif.type": "onvif.types",
  "dhcp.hostname": "hostname",
  "upnp.model": "upnp.modelName",
  "ftp.greeting": "ftp.banner",
  "telnet.greeting": "telnet.banner",
};

export type LineAnswer = Identity | { readonly error: string };

const byLowerCase = new Map<string, FieldName>([
  ...Object.entries(ALIASES),
  ...FIELD_NAMES.map((name) => [name.toLowerCase(), name] as const),
]);

/**
 * Answers one JSON line of `komainu identify`: `{"field": "http.server", "value": "…"}`, or several fields in one
 * object, `{"http.server": "…", "http.title": ["…", "…"]}`. Errors are sentences for the person at the terminal.
 */
export function identifyLine(input: unknown, vendors: Vendors): LineAnswer {
  if (!isRecord(input)) return { error: 'expected an object, e.g. {"field": "http.server", "value": "…"}' };
  const entries = "field" in input ? [[input.field, input.value ?? input.values]] : Object.entries(input);
  if (entries.length === 0) return { error: `no field: use one or more of ${FIELD_NAMES.join(", ")}` };
  const fields: { [Name in FieldName]?: readonly string[] } = {};
  for (const [name, value] of entries) {
    const field = typeof name === "string" ? byLowerCase.get(name.trim().toLowerCase()) : undefined;
    if (field === undefined) {
      return { error: `unknown field ${quoted(name)}: use one of ${FIELD_NAMES.join(", ")}` };
    }
    const texts = textsOf(value);
    if (texts === null) return { error: `the value of ${field} must be a text or a list of texts` };
    const values = /\.realm$/.test(field) ? texts.map(realmOf) : texts;
    fields[field] = [...(fields[field] ?? []), ...values];
  }
  return identify(fields satisfies Fields, vendors);
}

function isRecord(input: unknown): input is Readonly<Record<string, unknown>> {
  return typeof input === "object" && input !== null && !Array.isArray(input);
}

function textsOf(value: unknown): readonly string[] | null {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.every((item) => typeof item === "string") ? list : null;
}

/** The realm out of a whole `WWW-Authenticate` header (RFC 9110, 11.6.1), or the text itself. */
function realmOf(text: string): string {
  return /^(?:Basic|Digest)\s.{0,500}?\brealm="([^"]*)"/iu.exec(text)?.[1] ?? text;
}

function quoted(name: unknown): string {
  return JSON.stringify(String(name).slice(0, 60));
}
