import fc from "fast-check";
import { expect, test } from "vitest";
import { permissionFor } from "../../../agent/audit/index.ts";
import type { ConsentRecord, Manager } from "../../../agent/model/index.ts";

const NOW = new Date("2026-06-01T00:00:00Z");
const record = (change: Partial<ConsentRecord>): ConsentRecord => ({
  id: "c",
  person: "園長",
  role: "責任者",
  levels: ["L1", "L2"],
  devices: "all",
  managers: {},
  from: "2026-01-01T00:00:00.000Z",
  until: "2027-01-01T00:00:00.000Z",
  how: "command-line",
  textHash: "",
  revokedAt: null,
  ...change,
});

test("nobody asked for permission: nothing but looking", () => {
  expect(permissionFor([], ["a"], NOW)).toEqual({ ask: false, login: "no-consent" });
});

test("L1 asks and tries no login; L1 and L2 do both", () => {
  expect(permissionFor([record({ levels: ["L1"] })], ["a"], NOW)).toEqual({ ask: true, login: "no-consent" });
  expect(permissionFor([record({})], ["a"], NOW)).toEqual({ ask: true, login: null });
});

test("on the page L2 holds for the cameras that were shown with their manager, not for those that come later", () => {
  const given = record({ how: "page", managers: { a: "site" } });
  expect(permissionFor([given], ["a"], NOW).login).toBeNull();
  expect(permissionFor([given], ["b"], NOW)).toEqual({ ask: true, login: "not-this-manager" });
});

test.each<Partial<ConsentRecord>>([
  { revokedAt: "2026-05-01T00:00:00.000Z" },
  { until: "2026-05-01T00:00:00.000Z" },
  { from: "2026-07-01T00:00:00.000Z" },
  { devices: ["another"] },
])("withdrawn, ended, not begun or for another camera: %o", (change) => {
  expect(permissionFor([record(change)], ["a"], NOW)).toEqual({ ask: false, login: "no-consent" });
});

test.each<[Manager, null | string]>([
  ["site", null],
  ["contractor", "not-this-manager"],
  ["service", "not-this-manager"],
  ["unknown", "not-this-manager"],
])("a camera managed by %s", (manager, login) => {
  expect(permissionFor([record({ managers: { a: manager } })], ["a"], NOW)).toEqual({ ask: true, login });
});

test("an alias carries the manager: a camera does not lose its owner with its address", () => {
  expect(permissionFor([record({ managers: { old: "contractor" } })], ["new", "old"], NOW).login).toBe(
    "not-this-manager",
  );
});

test("the latest word on who manages a camera counts, whatever an earlier record said", () => {
  const first = record({ how: "page", managers: { a: "site" }, from: "2026-01-01T00:00:00.000Z" });
  const second = record({ how: "page", managers: { a: "contractor" }, from: "2026-02-01T00:00:00.000Z" });
  expect(permissionFor([first, second], ["a"], NOW).login).toBe("not-this-manager");
  expect(permissionFor([second, first], ["a"], NOW).login).toBe("not-this-manager");
  const lookOnly = { ...second, levels: ["L1"] as const };
  expect(permissionFor([first, lookOnly], ["a"], NOW).login).toBe("not-this-manager");
  const agreed = record({ how: "command-line", from: "2026-03-01T00:00:00.000Z" });
  expect(permissionFor([first, second, agreed], ["a"], NOW).login).toBeNull();
  expect(permissionFor([agreed, { ...second, from: "2026-04-01T00:00:00.000Z" }], ["a"], NOW).login).toBe(
    "not-this-manager",
  );
});

test("what somebody else's later record names leaves this camera's as it was", () => {
  const mine = record({ how: "page", managers: { a: "site" } });
  const other = record({ how: "page", managers: { b: "contractor" }, from: "2026-02-01T00:00:00.000Z" });
  expect(permissionFor([mine, other], ["a"], NOW).login).toBeNull();
});

test("ids named like what every object has are nobody's manager", () => {
  for (const id of ["constructor", "__proto__", "toString"])
    expect(permissionFor([record({ how: "page" })], [id], NOW).login).toBe("not-this-manager");
});

test("a login is never allowed without a valid L2 record, whatever else is there", () => {
  const any = fc.record({
    levels: fc.subarray(["L0", "L1", "L3"] as const),
    revokedAt: fc.option(fc.constant("2026-02-01T00:00:00.000Z")),
    managers: fc.dictionary(
      fc.constantFrom("a", "b"),
      fc.constantFrom<Manager>("site", "contractor", "service", "unknown"),
    ),
  });
  fc.assert(
    fc.property(fc.array(any), (records) => {
      expect(
        permissionFor(
          records.map((change) => record(change)),
          ["a"],
          NOW,
        ).login,
      ).not.toBeNull();
    }),
  );
});

test("what people say of a camera later than the record holds: a company's camera is not tried", () => {
  const given = record({ how: "page", managers: { a: "site" } });
  expect(permissionFor([given], ["a"], NOW, "site").login).toBeNull();
  for (const manager of ["contractor", "service", "unknown"] as const)
    expect(permissionFor([given], ["a"], NOW, manager)).toEqual({ ask: true, login: "not-this-manager" });
  // Nor does saying "ours" on a camera's page give a permission that no record gives.
  expect(permissionFor([record({ levels: ["L1"] })], ["a"], NOW, "site").login).toBe("no-consent");
});
