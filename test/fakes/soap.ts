/** What the ONVIF and WS-Discovery fakes share of SOAP 1.2; requests come from our own tests and are read by pattern. */
const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};
const CHARACTERS: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** Text of the first element with this local name, null when there is none. */
export function elementText(xml: string, name: string): string | null {
  const found = new RegExp(`<(?:[\\w.-]+:)?${name}(?:\\s[^>]*)?>([^<]*)<`).exec(xml)?.[1];
  return found?.trim().replace(/&(\w+);/g, (entity, known: string) => CHARACTERS[known] ?? entity) ?? null;
}

/** Local name of the first element in the body, null when the document is no SOAP envelope. */
export function operationOf(xml: string): string | null {
  return /<(?:[\w.-]+:)?Body(?:\s[^>]*)?>\s*<(?:[\w.-]+:)?([\w.-]+)/.exec(xml)?.[1] ?? null;
}
