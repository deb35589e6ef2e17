import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanText, endpointName, macDigits } from "../../../agent/model/index.ts";
import { fieldsOf, mergeSightings } from "../../../agent/net/sighting.ts";

/** Any UTF-16 units, unpaired surrogates among them. */
const anyText = fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) });

describe("cleanText", () => {
  it.each([
    ["a\u0000b\u001b[31mc\r\nd", "ab[31mc d"],
    ["  two   words ", "two words"],
    ["evil\u202egpj.exe", "evilgpj.exe"],
    ["zero\u200bwidth\ufeff", "zerowidth"],
    ["園庭カメラ 📷", "園庭カメラ 📷"],
    ["half \ud83d", "half"],
  ])("%j", (raw, expected) => {
    expect(cleanText(raw)).toBe(expected);
  });

  it("is short, printable, well-formed and stable for any text", () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 60 }), (raw, max) => {
        const text = cleanText(raw, max);
        expect(text.length).toBeLessThanOrEqual(max);
        expect(text).not.toMatch(/[\p{Cc}\u200b-\u200f\u2028-\u202e\u2066-\u2069]/u);
        expect(text).not.toMatch(/\p{Surrogate}/u);
        expect(cleanText(text, max)).toBe(text);
      }),
    );
  });
});

describe("names", () => {
  it("reads a MAC however it is written, group and zero addresses excepted", () => {
    for (const text of ["02:fc:00:00:00:05", "02-FC-00-00-00-05", "02fc.0000.0005", "02FC00000005"]) {
      expect(macDigits(text)).toBe("02FC00000005");
    }
    for (const text of ["00:00:00:00:00:00", "01:00:5e:00:00:01", "ff:ff:ff:ff:ff:ff", "02:fc:00", "x", ""]) {
      expect(macDigits(text)).toBeNull();
    }
  });

  it("writes endpoints in one way and refuses those that devices share", () => {
    expect(endpointName(" uuid:ABCDEF01-2345-6789-ABCD-EF0123456789 ")).toBe(
      "urn:uuid:abcdef01-2345-6789-abcd-ef0123456789",
    );
    expect(endpointName("uuid:Upnp-InternetGatewayDevice-1_0-001122334455")).not.toBeNull();
    for (const text of [
      "urn:uuid:00000000-0000-0000-0000-000000000000",
      "http://example.test/",
      "uuid:",
      `uuid:${"a".repeat(500)}`,
      "uuid:<script>alert(1)</script>",
    ]) {
      expect(endpointName(text)).toBeNull();
    }
  });
});

describe("sightings", () => {
  it("clean, drop empty values and keep each value once", () => {
    expect(
      fieldsOf([
        ["hostname", "cam\u0007"],
        ["hostname", "cam"],
        ["mdns.host", "  "],
        ["onvif.name", null],
      ]),
    ).toEqual({ hostname: ["cam"] });
  });

  it("merge without loss, without repeats and within bounds", () => {
    const many = (from: number) => ({
      ids: [{ kind: "mac" as const, value: "02FC00000005" }],
      fields: fieldsOf(Array.from({ length: 20 }, (_, i) => ["mdns.txt", `k=${from + i}`] as const)),
      services: [{ protocol: "http" as const, port: from + 1, path: "/" }],
      leaving: true as const,
    });
    let merged = mergeSightings(many(0), many(0));
    expect(merged).toEqual({ ids: many(0).ids, fields: many(0).fields, services: many(0).services });
    for (let from = 20; from < 2000; from += 20) merged = mergeSightings(merged, many(from));
    expect(merged.fields["mdns.txt"]).toHaveLength(32);
    expect(merged.services).toHaveLength(32);
    expect(merged.fields["mdns.txt"]).toContain("k=0");
  });
});
