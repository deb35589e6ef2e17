/** XML that is known to be well escaped: the only way to nest one element in another. */
export interface Markup {
  readonly markup: string;
}

/**
 * Writes one element. Strings among the children become escaped text, characters that XML 1.0 (2.2) forbids are
 * dropped; element and attribute names must be constants of ours.
 */
export function element(
  name: string,
  attributes: Readonly<Record<string, string>>,
  ...children: readonly (Markup | string)[]
): Markup {
  const open = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  const inner = children.map((child) => (typeof child === "string" ? escaped(child) : child.markup));
  return { markup: `<${name}${open.join("")}>${inner.join("")}</${name}>` };
}

const REFERENCES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "")
    .replace(/[&<>"']/g, (character) => REFERENCES[character] ?? "");
}
