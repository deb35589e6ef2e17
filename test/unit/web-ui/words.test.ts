import { describe, expect, test } from "vitest";
import { en } from "../../../web-ui/locales/en/index.ts";
import { ja } from "../../../web-ui/locales/ja/index.ts";
import { consentText } from "../../../web-ui/words.ts";

/** Values that are recognised again in the text; numbers, so that plurals are chosen. */
const SAMPLES = [71, 72, 73, 74];
const HEADLINE = { n: 71, total: 72, affected: 73, who: "<who>", place: "<place>", at: "<at>", by: "<by>" };

/** Every text with the path to it; functions are called with sample values. */
function texts(words: object, path: string): [string, string][] {
  return Object.entries(words).flatMap(([key, value]: [string, unknown]): [string, string][] => {
    const here = `${path}.${key}`;
    if (typeof value === "string") return [[here, value]];
    if (typeof value === "function") {
      const samples = here.startsWith(".headlines") ? [HEADLINE] : SAMPLES.slice(0, value.length);
      return [[here, String((value as (...values: unknown[]) => string)(...samples))]];
    }
    return texts(value as object, here);
  });
}

const JA = texts(ja, "");
const EN = texts(en, "");

describe("both languages", () => {
  test("have the same texts, none empty", () => {
    expect(EN.map(([path]) => path)).toEqual(JA.map(([path]) => path));
    expect(JA.length).toBeGreaterThan(200);
    for (const [path, text] of [...JA, ...EN]) expect(text.trim(), path).not.toBe("");
  });

  test("use every value they are given", () => {
    for (const words of [ja, en]) {
      for (const [path, text] of texts(words, "")) {
        if (path.startsWith(".headlines") || path.startsWith(".time")) continue;
        const key = path.split(".").slice(1);
        const source = key.reduce<unknown>((node, part) => (node as Record<string, unknown>)[part], words);
        const count = typeof source === "function" ? source.length : 0;
        for (const sample of SAMPLES.slice(0, count)) expect(text, path).toContain(String(sample));
      }
    }
  });

  test("use the same values in a headline", () => {
    const used = (text: string) =>
      Object.values(HEADLINE)
        .map(String)
        .filter((value) => text.includes(value));
    for (const [index, [path, text]] of JA.entries()) {
      if (path.startsWith(".headlines")) expect(used(EN[index]?.[1] ?? ""), path).toEqual(used(text));
    }
  });

  test("are the languages they say", () => {
    const kana = /[\u3040-\u30ff\u4e00-\u9fff]/;
    const names = [".language.other", ".common.quoted"];
    for (const [path, text] of EN)
      if (!names.includes(path)) expect(kana.test(text), `${path} ${text}`).toBe(false);
    const neutral = [
      ...names,
      ".picture.at",
      ".common.cameras",
      ".time.on",
      ".camera.mac",
      ".status.unsettled",
    ];
    for (const [path, text] of JA) {
      if (!neutral.includes(path)) expect(kana.test(text), `${path} ${text}`).toBe(true);
    }
  });
});

describe("plain words", () => {
  const calm = /安全です|大丈夫|問題ありません|心配ありません|正常|\b(safe|secure|no worries|all clear)\b/i;
  const frightening = /丸見え|乗っ取り|ハッカー|ハッキング|\bhack/i;
  const jargon =
    /ポート開放|ポートフォワ|デフォルト|認証なし|アノニマス|ファーム(?!ウェア)|スキャン|リトライ|デバイス|ゲートウェイ|平文|KEV|CVE|ゼロデイ/;

  test("neither calm falsely nor frighten", () => {
    for (const [path, text] of [...JA, ...EN]) {
      const allowed = path === ".about.plainHttp" ? text.replace('"not secure"', "") : text;
      expect(calm.test(allowed), `${path} ${text}`).toBe(false);
      expect(frightening.test(text), `${path} ${text}`).toBe(false);
    }
  });

  test("are no jargon", () => {
    for (const [path, text] of JA) expect(jargon.test(text), `${path} ${text}`).toBe(false);
  });

  test("come in short sentences", () => {
    for (const [path, text] of JA) {
      for (const sentence of text.split("。"))
        expect(sentence.length, `${path} ${sentence}`).toBeLessThanOrEqual(60);
    }
    for (const [path, text] of EN) {
      for (const sentence of text.split(/[.?!] /)) {
        expect(sentence.split(" ").length, `${path} ${sentence}`).toBeLessThanOrEqual(26);
      }
    }
  });

  test("keep acronyms in brackets or away", () => {
    const known = /^\.(about\.rows|camera\.mac|problems\.host|language)/;
    for (const [path, text] of JA) {
      if (known.test(path)) continue;
      const outside = text.replace(/（[^）]*）/g, "").replace(/<\w+>/g, "");
      expect(/[A-Za-z]{2,}/.test(outside), `${path} ${text}`).toBe(false);
    }
  });
});

test("the consent text is the one on the page: place, acts, boxes and law", () => {
  const text = consentText("ja", "つくし保育園");
  for (const part of ["つくし保育園", ...ja.consent.acts, ...ja.consent.boxes, ja.consent.law]) {
    expect(text).toContain(part);
  }
  expect(consentText("ja", null)).not.toContain("null");
  expect(consentText("en", null)).not.toBe(consentText("ja", null));
});
