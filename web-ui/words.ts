import type { Language } from "../agent/model/index.ts";
import { en } from "./locales/en/index.ts";
import { ja } from "./locales/ja/index.ts";
import type { Words } from "./locales/words/index.ts";

const ALL: Readonly<Record<Language, Words>> = { ja, en };

export function wordsOf(language: Language): Words {
  return ALL[language];
}

/** The exact text that a person agrees to; its SHA-256 goes into the consent record. */
export function consentText(language: Language, place: string | null): string {
  const { common, consent } = wordsOf(language);
  return [
    consent.title,
    consent.intro(place ?? common.thisPlace),
    ...consent.acts,
    consent.confirm,
    ...consent.boxes,
    consent.managersHelp,
    consent.law,
  ].join("\n");
}
