import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { buildDate } from "../agent/checks/version.ts";
import { identify } from "../agent/inventory/identify.ts";
import { loadVendors } from "../agent/inventory/vendors.ts";
import {
  CHECK_IDS,
  DEVICE_KINDS,
  FIELD_NAMES,
  FIXTURE_SCHEMA,
  type Fields,
  type Fixture,
  OUTCOMES,
  type VendorFile,
} from "../agent/model/index.ts";
import { fixtureFields } from "./fixture-fields.ts";

const VENDORS = join(import.meta.dirname, "../agent/vendors");
const FIXTURES = join(import.meta.dirname, "fixtures");
const jsonFiles = (directory: string) =>
  readdirSync(directory).filter((name) => name.endsWith(".json") && name !== "vendor.schema.json");
const readJson = (...path: string[]): unknown => JSON.parse(readFileSync(join(...path), "utf8"));

const vendors = await loadVendors(VENDORS);
const files = [...vendors.files.values()];
const fixtures = jsonFiles(FIXTURES).map((name) => ({
  name,
  fixture: readJson(FIXTURES, name) as Fixture,
}));

/** These may be searched, but must not ship in any form. */
const FORBIDDEN_SOURCE = /nmap|ispy/i;
/** Text that any owner may type. */
const FREE_TEXT = ["hostname", "mdns.host", "mdns.instance", "upnp.friendlyName"];
const JAPANESE = /[\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Han}]/u;

describe("vendor files", () => {
  it("all load", () => {
    expect(vendors.problems).toEqual([]);
    expect(files.map(({ id }) => `${id}.json`).sort()).toEqual(jsonFiles(VENDORS).sort());
    expect(files.length).toBeGreaterThanOrEqual(16);
  });

  it("may use just the kinds and fields that the model knows", () => {
    const { properties } = readJson(VENDORS, "vendor.schema.json") as {
      properties: {
        kind: { enum: string[] };
        fingerprints: { items: { properties: { field: { enum: string[] } } } };
      };
    };
    expect(properties.kind.enum).toEqual([...DEVICE_KINDS]);
    expect(properties.fingerprints.items.properties.field.enum).toEqual([...FIELD_NAMES]);
  });

  it("have no MAC prefix and no name in common", () => {
    const prefixes = files.flatMap(({ oui }) => oui?.prefixes ?? []);
    expect(new Set(prefixes).size).toBe(prefixes.length);
    expect(new Set(files.map(({ name }) => name.ja)).size).toBe(files.length);
    expect(new Set(files.map(({ name }) => name.en)).size).toBe(files.length);
  });
});

describe.each(files.map((vendor) => [vendor.id, vendor] as const))("vendor %s", (_id, vendor) => {
  it("matches its own examples and no other maker's", () => {
    for (const { field, pattern, certainty, examples, kind } of vendor.fingerprints) {
      for (const example of examples) {
        const where = `${field} ${example.value}`;
        const groups = new RegExp(pattern, "iu").exec(example.value)?.groups;
        expect(new RegExp(pattern, "iu").test(example.value), where).toBe(true);
        expect(groups?.model, where).toBe(example.model);
        expect(groups?.firmware, where).toBe(example.firmware);
        const fields: Fields = { [field]: [example.value] };
        const alone = identify(fields, vendors);
        expect([vendor.id, certainty < 0.5 ? null : vendor.id], where).toContain(alone.vendor);
        if (certainty >= 0.5) expect(alone.kind, where).toBe(kind ?? vendor.kind);
        if (alone.vendor !== null && example.model !== undefined) {
          expect(alone.model, where).toBe(example.model);
        }
        const others = files
          .filter((file) => file !== vendor)
          .flatMap((file) => claims(file, field, example.value));
        expect(Math.max(0, ...others), `${where} claimed as strongly elsewhere`).toBeLessThan(
          Math.max(certainty, 0.25),
        );
      }
    }
  });

  it("calls nothing a camera for what an owner typed", () => {
    for (const { field, certainty, kind } of vendor.fingerprints) {
      if (FREE_TEXT.includes(field) && kind !== "other") expect(certainty).toBeLessThan(0.5);
    }
  });

  it("has a fixture", () => {
    expect(fixtures.some(({ fixture }) => fixture.expected.vendor === vendor.id)).toBe(true);
  });

  it("speaks both languages", () => {
    for (const { ja, en } of localizedTexts(vendor)) {
      expect(ja.trim(), en).not.toBe("");
      expect(en.trim(), ja).not.toBe("");
      expect(en).not.toMatch(JAPANESE);
    }
    const sentences = localizedTexts({ ...vendor, name: { ja: "名", en: "name" } });
    for (const { ja } of sentences) expect(ja).toMatch(JAPANESE);
  });

  it("says of each claim where it comes from", () => {
    for (const { source, checked } of sources(vendor)) {
      expect(source).not.toMatch(FORBIDDEN_SOURCE);
      expect(new Date(checked).toISOString().slice(0, 10)).toBe(checked);
    }
  });

  it("reads its build date as stated", () => {
    const rule = vendor.firmwareDate;
    if (rule !== undefined) expect(buildDate(rule.example, rule)).toBe(rule.date);
  });

  it("has no advisory that says both a version and a date, and no empty model name", () => {
    for (const { fixedVersion, fixedDate, models } of vendor.advisories) {
      expect(fixedVersion === undefined || fixedDate === undefined).toBe(true);
      for (const name of models?.split(",") ?? []) expect(name.trim()).toMatch(/[A-Z0-9]/i);
    }
  });
});

describe.each(fixtures.map(({ name, fixture }) => [name, fixture] as const))(
  "fixture %s",
  (name, fixture) => {
    it("is well formed", () => {
      expect(fixture.schema).toBe(FIXTURE_SCHEMA);
      expect(["recorded", "vendor-document", "synthetic"]).toContain(fixture.provenance);
      expect(fixture.source.length).toBeGreaterThan(10);
      expect(fixture.source).not.toMatch(FORBIDDEN_SOURCE);
      expect(fixture.mac).toMatch(/^[0-9A-F]{12}$/);
      expect(Number.parseInt(fixture.mac.slice(0, 2), 16) & 1).toBe(0);
      expect(DEVICE_KINDS).toContain(fixture.expected.kind);
      for (const { check, outcome } of fixture.expected.outcomes) {
        expect(CHECK_IDS).toContain(check);
        expect(OUTCOMES).toContain(outcome);
      }
      const logins = vendors.files.get(fixture.expected.vendor ?? "")?.factoryLogins ?? [];
      for (const login of Object.values(fixture.logins)) {
        if (typeof login === "number") expect(logins[login]).toBeDefined();
      }
      if (fixture.expected.vendor !== null) {
        expect(name.startsWith(`${fixture.expected.vendor}-`)).toBe(true);
      }
    });

    it("is claimed by its maker and no other", () => {
      const { kind, vendor, model, firmware } = fixture.expected;
      const found = identify(fixtureFields(fixture), vendors);
      expect(found).toMatchObject({ kind, vendor, model, firmware });
    });
  },
);

it("the fixtures show every state that a camera's checks tell apart", () => {
  const fails = new Set(
    fixtures.flatMap(({ fixture }) =>
      fixture.expected.outcomes.filter(({ outcome }) => outcome === "fail").map(({ check }) => check),
    ),
  );
  for (const check of [
    "open-live-view",
    "default-credentials",
    "anonymous-access",
    "telnet-open",
    "unencrypted-access",
    "outdated-firmware",
    "known-exploited-vulnerability",
  ] as const) {
    expect(fails, check).toContain(check);
  }
});

function claims(vendor: VendorFile, field: string, value: string): readonly number[] {
  return vendor.fingerprints
    .filter((fingerprint) => fingerprint.field === field && new RegExp(fingerprint.pattern, "iu").test(value))
    .map(({ certainty }) => certainty);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function localizedTexts(value: unknown): readonly { ja: string; en: string }[] {
  if (!isRecord(value)) return [];
  const { ja, en } = value;
  if (typeof ja === "string" && typeof en === "string") return [{ ja, en }];
  return Object.values(value).flatMap(localizedTexts);
}

function sources(value: unknown): readonly { source: string; checked: string }[] {
  if (!isRecord(value)) return [];
  const { source, checked } = value;
  const own = typeof source === "string" && typeof checked === "string" ? [{ source, checked }] : [];
  return [...own, ...Object.values(value).flatMap(sources)];
}
