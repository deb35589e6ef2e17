import { describe, expect, it } from "vitest";
import type { Report } from "../../agent/model/index.ts";
import { CAST, NURSERY } from "./cast.ts";
import { compare, type Truth, truthOf } from "./truth.ts";

/** The report that a perfect scan would bring, as far as `compare` looks. */
function perfectReport(truth: Truth): Report {
  const devices = truth.devices.map(({ name, address, mac }) => {
    const fails = [
      ...truth.openViews.map((each) => ({ ...each, check: "open-live-view" })),
      ...truth.factoryLogins.map((each) => ({ ...each, check: "default-credentials" })),
    ].filter(({ device }) => device === name);
    const outcomes = fails.map(({ check, door }) => ({ check, subject: door, outcome: "fail" }));
    const kind = truth.cameras.includes(name) ? "camera" : "other";
    return { id: name, addresses: [address], mac, kind, outcomes };
  });
  const mappings = truth.mappings.map(({ device, ...mapping }) => ({ ...mapping, deviceId: device }));
  return { devices, mappings } as unknown as Report;
}

describe("the truth of the virtual LAN", () => {
  const truth = truthOf(CAST);

  it("has every kind of thing to find, and to leave alone", () => {
    for (const list of [truth.cameras, truth.openViews, truth.factoryLogins, truth.mappings]) {
      expect(list.length).toBeGreaterThanOrEqual(4);
    }
    expect(truth.neverCameras).toContain("nas");
  });

  it("gives each member a name, an address and a MAC address of its own", () => {
    for (const key of ["name", "address", "mac"] as const) {
      expect(new Set(CAST.map((member) => member[key])).size).toBe(CAST.length);
    }
    expect(CAST.slice(0, NURSERY.length)).toEqual(NURSERY);
  });

  it("says of an unchanged fixture what the fixture expects of a scan", () => {
    const expected = (name: string) =>
      CAST.find((member) => member.name === name)!.fixture!.expected.outcomes;
    for (const name of ["entrance", "office", "kitchen", "garden", "meadow", "terrace"]) {
      const wanted = (check: string) =>
        expected(name)
          .filter((each) => each.check === check && each.outcome === "fail")
          .map(({ subject }) => subject);
      const member = CAST.find((each) => each.name === name)!;
      expect([name, ...member.truth.openViews].sort()).toEqual([name, ...wanted("open-live-view")].sort());
      expect([...member.truth.factoryLogins].sort()).toEqual(wanted("default-credentials").sort());
    }
  });

  it("is content with a perfect report", () => {
    expect(compare(perfectReport(truth), truth)).toEqual({ missed: [], false: [] });
  });

  it("names each thing that is missing", () => {
    const empty = { devices: [], mappings: [] } as unknown as Report;
    const { missed } = compare(empty, truth);
    const all = [truth.cameras, truth.openViews, truth.factoryLogins, truth.mappings].flat();
    expect(missed).toHaveLength(all.length);
    expect(missed).toContain("open view entrance http:80");
    expect(missed).toContain("mapping TCP 8081 to 192.168.77.31:80 (entrance)");
  });

  it("names each thing that is not true", () => {
    const report = perfectReport(truthOf(CAST));
    const lie = {
      missed: [],
      false: ["camera nas", "open view corridor http:80", "factory login locker rtsp:554"],
    };
    const devices = report.devices.map((device) => {
      const fail = (check: string, subject: string) => ({ check, subject, outcome: "fail" });
      if (device.id === "nas") return { ...device, kind: "camera" };
      if (device.id === "corridor") return { ...device, outcomes: [fail("open-live-view", "http:80")] };
      if (device.id === "locker") return { ...device, outcomes: [fail("default-credentials", "rtsp:554")] };
      return device;
    });
    expect(compare({ ...report, devices } as Report, truth)).toEqual(lie);
  });
});
