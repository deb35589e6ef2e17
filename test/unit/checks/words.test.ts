import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CHECKS, catalogue, reasonText } from "../../../agent/checks/index.ts";
import { fillText, LANGUAGES, type LocalizedText, type TextValues } from "../../../agent/model/index.ts";
import { anyDevice, anyEvidence, anySite, anyVendor } from "./arbitraries.ts";

/** Words that frighten, blame, or promise what no check can know. */
const BANNED = {
  ja: /安全です|大丈夫|問題ありません|心配ありません|丸見え|乗っ取|ハッカー|機器|デバイス|端末|スキャン|ゲートウェイ|デフォルト/,
  en: /\b(safe|safely|secure|secured|hack\w*|spy\w*|don't worry|all is well|no problem)\b/i,
};
/** Technical words stand in brackets, after plain ones; two that everybody knows need none. */
const EVERYDAY = /Wi-Fi/g;

const texts: (readonly [string, LocalizedText])[] = [
  ...Object.entries(catalogue).flatMap(([id, { title, why, whoCanSee, steps }]) => [
    [`${id} title`, title] as const,
    [`${id} why`, why] as const,
    [`${id} whoCanSee`, whoCanSee] as const,
    ...steps.map(({ text }, index) => [`${id} step ${index + 1}`, text] as const),
  ]),
  ...Object.entries(reasonText).map(([code, text]) => [`because ${code}`, text] as const),
];
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
const unique = (names: readonly (string | undefined)[]) => [...new Set(names)];

describe("every text", () => {
  it("is complete in both languages, with the same gaps to fill", () => {
    for (const [name, text] of texts) {
      for (const language of LANGUAGES) expect(text[language].trim(), name).not.toBe("");
      expect(unique(placeholders(text.ja)), name).toEqual(unique(placeholders(text.en)));
      expect(text.ja, name).toMatch(/[ぁ-んァ-ヶ一-龠]/);
      expect(text.en, name).not.toMatch(/[^\x20-\x7e]/);
    }
  });

  it("is short", () => {
    for (const [name, text] of texts) {
      for (const part of text.ja.split("。")) expect(part.length, name).toBeLessThanOrEqual(60);
      for (const part of text.en.split(/[.?!] /)) expect(part.length, name).toBeLessThanOrEqual(140);
    }
  });

  it("ends as a sentence, unless it is a title", () => {
    for (const [name, text] of texts) {
      const isTitle = name.endsWith("title");
      expect(text.ja.endsWith("。"), name).toBe(!isTitle);
      expect(text.en.endsWith("."), name).toBe(!isTitle);
    }
  });

  it("neither frightens nor comforts", () => {
    for (const [name, text] of texts)
      for (const language of LANGUAGES) expect(text[language], name).not.toMatch(BANNED[language]);
  });

  it("keeps technical words in brackets", () => {
    for (const [name, text] of texts) {
      const plain = text.ja.replace(/（[^）]*）|\{\w+\}/g, "").replace(EVERYDAY, "");
      expect(plain, name).not.toMatch(/[A-Za-z]/);
    }
  });
});

describe.each(CHECKS.map((check) => [check.id, check] as const))("%s", (_, check) => {
  const { title, why, whoCanSee, steps, standards } = check.text;

  it("has one to three steps, each with who acts, and at most three standards", () => {
    expect(steps.length).toBeGreaterThanOrEqual(1);
    expect(steps.length).toBeLessThanOrEqual(3);
    for (const { actors } of steps) expect(actors.length).toBeGreaterThan(0);
    expect(standards.length).toBeLessThanOrEqual(3);
  });

  it("says steps as acts, the rest in polite sentences", () => {
    for (const { text } of steps) expect(text.ja).toMatch(/[うくすつむるぐぶぬ](（[^）]*）)?。$/);
    for (const text of [why, whoCanSee])
      for (const sentence of text.ja.split("。").filter((part) => part !== ""))
        expect(sentence).toMatch(/(です|ます|ません|ました|ください|でした)(（[^）]*）)?$/);
  });

  it("leaves no gap unfilled when it fails", () => {
    const filled = (values: TextValues) =>
      [title, why, whoCanSee, ...steps.map(({ text }) => text)]
        .flatMap(({ ja, en }) => [ja, en])
        .map((text) => fillText(text, { cam: "x", ...values }))
        .join("");
    fc.assert(
      fc.property(anyDevice, anyEvidence, anyVendor, anySite, (device, evidence, vendor, site) => {
        for (const { outcome, values } of check.run({ device, evidence, vendor, site }))
          if (outcome === "fail") expect(placeholders(filled(values))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
