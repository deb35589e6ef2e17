/** One text in both languages. Half a text is a type error: Japanese and English are both complete, always. */
export interface LocalizedText {
  readonly ja: string;
  readonly en: string;
}

export type Language = keyof LocalizedText;

export const LANGUAGES: readonly Language[] = ["ja", "en"];

/** Values for `{name}` placeholders. */
export type TextValues = Readonly<Record<string, string | number>>;

/** Replaces each `{name}`; a name without a value stays visible, so that a gap is seen and not read as text. */
export function fillText(text: string, values: TextValues): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  );
}

// C0, C1 and DEL; soft hyphen; zero-width and direction controls; line separators; BOM; unpaired surrogates.
const UNPRINTABLE =
  /[\p{Cc}\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\p{Surrogate}/gu;

/**
 * A string from the network, fit for a log, a terminal or a page: no control or direction characters, blanks
 * collapsed and trimmed, at most `maxLength` UTF-16 units and never half a character. It is still untrusted text.
 */
export function cleanText(text: string, maxLength = 120): string {
  // Cut before the regular expressions run, so that their work is bounded; twice as long, since blanks collapse.
  const cleaned = text
    .slice(0, maxLength * 2)
    .replace(/\s+/g, " ")
    .replace(UNPRINTABLE, "")
    // What stood between two blanks may have been nothing to print.
    .replace(/ {2,}/g, " ")
    .trim();
  return cleaned
    .slice(0, maxLength)
    .replace(/[\ud800-\udbff]$/, "")
    .trimEnd();
}
