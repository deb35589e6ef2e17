import { describe, expect, test } from "vitest";
import { ASSETS } from "../../../web-ui/assets.ts";

const css = ASSETS["/style.css"]?.body.toString("utf8") ?? "";

/** Custom properties of a block, `#rrggbb` only. */
function tokens(block: string): Map<string, string> {
  return new Map(
    [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map(([, name, value]) => [name ?? "", value ?? ""]),
  );
}

const light = tokens(css.slice(0, css.indexOf("@media")));
const dark = new Map([...light, ...tokens(css.slice(css.indexOf("@media"), css.indexOf("* {")))]);

/** WCAG 2.2, relative luminance and contrast ratio. */
function contrast(one: string, other: string): number {
  const luminance = (colour: string) => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
      const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
      return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

describe.each([
  ["light", light],
  ["dark", dark],
])("%s", (_name, colours) => {
  const of = (name: string) => colours.get(name) ?? "missing";
  test.each(["danger", "attention", "unknown", "waiting", "none"])(
    "%s is readable on its own and on the page",
    (state) => {
      expect(contrast(of(state), of(`${state}-back`))).toBeGreaterThanOrEqual(4.5);
      expect(contrast(of(state), of("paper"))).toBeGreaterThanOrEqual(4.5);
    },
  );

  // WCAG 2.2, 1.4.11: what is drawn needs three to one.
  test("the wall and the bars of the strips are seen on paper", () => {
    for (const drawn of ["wall", "danger", "attention", "soft", "none"])
      expect(contrast(of(drawn), of("paper"))).toBeGreaterThanOrEqual(3);
  });

  test("text and links are readable on paper and ground, white on the emergency band", () => {
    for (const ground of ["paper", "ground"]) {
      for (const ink of ["ink", "soft", "link"])
        expect(contrast(of(ink), of(ground))).toBeGreaterThanOrEqual(4.5);
    }
    for (const back of ["danger", "attention", "unknown", "waiting", "none"]) {
      expect(contrast(of("ink"), of(`${back}-back`))).toBeGreaterThanOrEqual(4.5);
    }
    expect(contrast("#ffffff", of("emergency-back"))).toBeGreaterThanOrEqual(4.5);
  });
});

test("assets are small and ask nobody else", () => {
  expect(ASSETS["/style.css"]?.body.length).toBeLessThanOrEqual(28 * 1024);
  expect(ASSETS["/live.js"]?.body.length).toBeLessThan(4 * 1024);
  for (const { body } of Object.values(ASSETS)) {
    expect(body.toString("utf8").replace("http://www.w3.org/2000/svg", "")).not.toMatch(
      /https?:|url\(|@import|\beval\b|innerHTML\s*=[^=]/,
    );
  }
});
