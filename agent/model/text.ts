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
