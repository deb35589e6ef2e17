import { XMLParser } from "fast-xml-parser";
import { type Answer, failure, success } from "../model/index.ts";

/** An element: child elements by local name, each always a list; own text under "#text". */
export type XmlElement = { readonly [name: string]: readonly XmlNode[] };
export type XmlNode = XmlElement | string;

const MAX_XML_BYTES = 65_536;
/**
 * What makes the parser work, and how much of it an honest answer of 64 KiB may have: the parser's time grows with the
 * square of differently named siblings, and 64 KiB hold ten thousand of them.
 */
const MARKS: readonly { readonly mark: RegExp; readonly most: number }[] = [
  { mark: /<(?!\/)/g, most: 3_072 },
  { mark: /=/g, most: 4_096 },
  { mark: /[&/]/g, most: 8_192 },
];

const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  // Without DOCTYPE there are only the five of XML and numbers, each shorter than what it stands for: as many as fit
  // into the size cap may come, since an IGD's list is one escaped document inside another.
  processEntities: { enabled: true, maxTotalExpansions: MAX_XML_BYTES },
  // This is what switches character references (&#60;) on.
  htmlEntities: true,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: true,
  // Attributes and text stay plain strings, every element becomes a list: one shape, however many siblings there are.
  isArray: (_name, _path, _leaf, isAttribute) => !isAttribute,
});

/**
 * Parses one answer from the network. Namespace prefixes are dropped: devices disagree on them more often than not.
 * Errors: `too-large` past 64 KiB or with more markup than any of our protocols has, `malformed` for a DOCTYPE (none
 * has one) or broken XML.
 */
export function parseXml(document: Buffer | string): Answer<XmlElement> {
  if (document.length > MAX_XML_BYTES) return failure("too-large");
  const text = typeof document === "string" ? document : document.toString("utf8");
  if (isTangled(text)) return failure("too-large", "too much markup");
  if (/<!DOCTYPE/i.test(text)) return failure("malformed", "DOCTYPE refused");
  try {
    const root: unknown = parser.parse(text);
    return isElement(root) ? success(root) : failure("malformed", "no root element");
  } catch {
    // The parser's message quotes the document: hostile text stays out of our evidence.
    return failure("malformed", "broken XML");
  }
}

function isTangled(text: string): boolean {
  return MARKS.some(({ mark, most }) => (text.match(mark)?.length ?? 0) > most);
}

function isElement(node: unknown): node is XmlElement {
  return typeof node === "object" && node !== null && !Array.isArray(node);
}

/** All elements at the end of a path of local names. */
export function elements(node: XmlElement, ...path: readonly string[]): readonly XmlElement[] {
  let level: readonly XmlElement[] = [node];
  for (const name of path) {
    level = level.flatMap((element) => {
      const children = element[name];
      return Array.isArray(children) ? children.filter(isElement) : [];
    });
  }
  return level;
}

/** Text of the first element at the end of a path; null where there is none. Never longer than `maxLength`. */
export function textAt(node: XmlElement, path: readonly string[], maxLength = 512): string | null {
  const parents = elements(node, ...path.slice(0, -1));
  const name = path.at(-1);
  if (name === undefined) return null;
  for (const parent of parents) {
    const first = Array.isArray(parent[name]) ? parent[name][0] : undefined;
    if (typeof first === "string") return first.slice(0, maxLength);
    if (isElement(first)) {
      const own = (first as Record<string, unknown>)["#text"];
      return typeof own === "string" ? own.slice(0, maxLength) : "";
    }
  }
  return null;
}

/** Texts of all elements at the end of a path. */
export function textsAt(node: XmlElement, path: readonly string[], maxLength = 512): readonly string[] {
  const name = path.at(-1);
  if (name === undefined) return [];
  return elements(node, ...path.slice(0, -1)).flatMap((parent) => {
    const children = Array.isArray(parent[name]) ? parent[name] : [];
    return children.map((child) => {
      const own = isElement(child) ? (child as Record<string, unknown>)["#text"] : child;
      return typeof own === "string" ? own.slice(0, maxLength) : "";
    });
  });
}
