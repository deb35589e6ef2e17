import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { isOpenEnded, patternProblem } from "../../../agent/inventory/patterns.ts";
import { compileVendors, loadVendors, parseVendor } from "../../../agent/inventory/vendors.ts";
import type { VendorFile } from "../../../agent/model/index.ts";

const SOURCE = { source: "maker's manual", checked: "2026-11-21" };
const good: VendorFile = {
  id: "acme",
  name: { ja: "アクメ", en: "Acme" },
  kind: "camera",
  fingerprints: [
    { field: "http.server", pattern: "^Acme", certainty: 0.9, examples: [{ value: "Acme/1" }], ...SOURCE },
  ],
  factoryLogins: [],
  picturePaths: [],
  rtspPaths: [],
  menus: {},
  advisories: [],
};
const withPattern = (pattern: string, field = "http.server") => ({
  ...good,
  fingerprints: [{ ...good.fingerprints[0], field, pattern }],
});

describe("patternProblem", () => {
  it.each([
    "^a+$",
    "(?:\\.\\d+)?",
    "(?:ab)+",
    "[(+*]+x",
    "\\(a+\\)\\+",
    "a{2,4}b?",
    "(?<model>[A-Z]+)-(\\d+)",
  ])("lets %s pass", (pattern) => expect(patternProblem(pattern)).toBeNull());

  it.each([
    "(a+)+",
    "(a*)*",
    "(?:a|b)*",
    "(?:a|a){2,}",
    "((a+))*",
    "(?:(?:x)y+)+",
    "(?:a?a?)*",
    "(?<model>\\w+\\s?)+",
    "(a+){1,50}",
    "a.*b.*c.*d.*",
    "(?=a)b",
    "(?<!a)b",
    "(a)\\1",
    "(",
  ])("refuses %s", (pattern) => expect(patternProblem(pattern)).not.toBeNull());

  it("knows patterns without end", () => {
    expect(["a+", "a{3,}", "[x]*"].every(isOpenEnded)).toBe(true);
    expect(["a{3,5}", "[*+]", "\\+", "a?"].some(isOpenEnded)).toBe(false);
  });
});

describe("parseVendor", () => {
  it("takes a good file", () => {
    expect(parseVendor(good)).toEqual(good);
  });

  it.each<[string, unknown]>([
    ["no object", "x"],
    ["half a text", { ...good, name: { en: "Acme" } }],
    ["an unknown property", { ...good, extra: 1 }],
    ["an unknown kind", { ...good, kind: "toaster" }],
    ["an unknown field", withPattern("^a", "http.colour")],
    ["a dangerous pattern", withPattern("(a+)+$")],
    ["a pattern without end over whole pages", withPattern("a.*b", "http.body")],
    ["a pattern that is too long", withPattern("a".repeat(301))],
    ["certainty above one", { ...good, fingerprints: [{ ...good.fingerprints[0], certainty: 1.1 }] }],
    ["a claim without source", { ...good, picturePaths: [{ path: "/x" }] }],
    ["a relative path", { ...good, picturePaths: [{ path: "x", ...SOURCE }] }],
    [
      "a path that breaks a request line",
      { ...good, picturePaths: [{ path: "/x HTTP/1.1\r\nHost: y", ...SOURCE }] },
    ],
    ["a lower-case prefix", { ...good, oui: { prefixes: ["00408c"], camerasOnly: true, ...SOURCE } }],
  ])("refuses %s", (_what, json) => expect(typeof parseVendor(json)).toBe("string"));
});

describe("loadVendors", () => {
  let directory: string;
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it("names what it leaves out and keeps the rest", async () => {
    directory = await mkdtemp(join(tmpdir(), "komainu-vendors-"));
    const write = (name: string, text: string) => writeFile(join(directory, name), text);
    await write("acme.json", JSON.stringify(good));
    await write("broken.json", "{");
    await write("odd.json", JSON.stringify({ ...good, id: "odd", kind: 5 }));
    await write("other.json", JSON.stringify(good));
    await write("vendor.schema.json", "{}");
    await write("notes.txt", "");
    const vendors = await loadVendors(directory);
    expect([...vendors.files.keys()]).toEqual(["acme"]);
    expect(vendors.problems.map(({ file }) => file)).toEqual(["broken.json", "odd.json", "other.json"]);
    expect(vendors.problems[1]?.problem).toContain("/kind");
  });

  it("compiles no pattern twice", () => {
    const { byField } = compileVendors([good]);
    expect(byField.get("http.server")).toHaveLength(1);
    expect(byField.get("http.server")?.[0]?.expression.flags).toBe("iu");
  });
});
