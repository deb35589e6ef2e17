import { expect, test } from "vitest";
import { parseXml } from "../../../agent/net/xml.ts";

const many = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => make(i)).join("");

test("a document as dense as the richest honest one is read", () => {
  const profile = `<tt:VideoEncoderConfiguration token="main"><tt:Name>main</tt:Name><tt:Width>1920</tt:Width></tt:VideoEncoderConfiguration>`;
  const document = `<r>${profile.repeat(530)}</r>`;
  expect(document.length).toBeGreaterThan(60_000);
  expect(parseXml(document)).toMatchObject({ ok: true });
});

test.each([
  ["elements of different names", `<r>${many(8_000, (i) => `<n${i}/>`)}</r>`],
  ["equal elements", `<r>${"<a/>".repeat(16_000)}</r>`],
  ["attributes", `<r ${many(6_000, (i) => `b${i}='' `)}/>`],
  ["character references", `<r>${"&lt;".repeat(16_000)}</r>`],
  ["broken references", `<r>${"&#".repeat(30_000)}</r>`],
  ["closing tags", "</a>".repeat(16_000)],
])("64 KiB of nothing but %s are refused before the parser works on them", (_what, document) => {
  expect(document.length).toBeLessThanOrEqual(65_536);
  expect(parseXml(document)).toMatchObject({ ok: false, reason: "too-large" });
});
