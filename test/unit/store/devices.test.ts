import { expect, test } from "vitest";
import type { KnownDevice, Report } from "../../../agent/model/index.ts";
import { updateKnown } from "../../../agent/store/devices.ts";

const NOW = "2026-06-01T00:00:00.000Z";
const known = (id: string, change: Partial<KnownDevice> = {}): KnownDevice => ({
  id,
  aliases: [],
  kind: "camera",
  name: null,
  registered: false,
  retired: false,
  firstSeen: "2026-01-01T00:00:00.000Z",
  lastSeen: "2026-05-01T00:00:00.000Z",
  ...change,
});

const report = (...devices: (readonly [id: string, ...aliases: string[]])[]) =>
  ({
    finishedAt: NOW,
    devices: devices.map(([id, ...aliases]) => ({ id, aliases, kind: "camera", addresses: ["192.0.2.5"] })),
  }) as unknown as Report;

test("a camera known by its address alone is one record with what it turns out to be", () => {
  const before = [known("seen:192.0.2.5", { name: "玄関", registered: true })];
  const [device, ...others] = updateKnown(before, report(["mac:AABBCCDDEE01", "seen:192.0.2.5"]));
  expect(others).toEqual([]);
  expect(device).toMatchObject({
    id: "mac:AABBCCDDEE01",
    aliases: ["seen:192.0.2.5"],
    name: "玄関",
    registered: true,
    firstSeen: "2026-01-01T00:00:00.000Z",
    lastSeen: NOW,
  });
});

test("who manages a camera stays said when the camera is seen again", () => {
  const before = [known("mac:AABBCCDDEE01", { name: "玄関", registered: true, manager: "contractor" })];
  expect(updateKnown(before, report(["mac:AABBCCDDEE01"]))[0]).toMatchObject({ manager: "contractor" });
});

test("two records of what is one device become one, and keep what a person said", () => {
  const before = [
    known("endpoint:urn:uuid:00000001", { firstSeen: "2026-03-01T00:00:00.000Z" }),
    known("mac:AABBCCDDEE02"),
    known("mac:AABBCCDDEE01", { name: "庭", registered: true }),
  ];
  const after = updateKnown(before, report(["endpoint:urn:uuid:00000001", "mac:AABBCCDDEE01"]));
  expect(after).toHaveLength(2);
  expect(after.find(({ name }) => name === "庭")).toMatchObject({
    id: "endpoint:urn:uuid:00000001",
    aliases: ["mac:AABBCCDDEE01"],
    registered: true,
    firstSeen: "2026-01-01T00:00:00.000Z",
  });
});

test("a flood of made-up cameras is cut, and what a person registered stays", () => {
  const before = [known("mac:AABBCCDDEE01", { registered: true, lastSeen: "2026-01-01T00:00:00.000Z" })];
  const flood = Array.from({ length: 5_000 }, (_, n) => [`endpoint:urn:uuid:${n + 10_000_000}`] as const);
  const after = updateKnown(before, report(...flood));
  expect(after.length).toBeLessThan(3_000);
  expect(after.map(({ id }) => id)).toContain("mac:AABBCCDDEE01");
});

test("the same scan twice changes nothing but the time", () => {
  const first = updateKnown(
    [],
    report(["mac:AABBCCDDEE01"], ["mac:AABBCCDDEE02", "endpoint:urn:uuid:00000002"]),
  );
  expect(
    updateKnown(first, report(["mac:AABBCCDDEE01"], ["mac:AABBCCDDEE02", "endpoint:urn:uuid:00000002"])),
  ).toEqual(first);
});
