import { describe, expect, it } from "vitest";
import { knownExploitedVulnerability } from "../../../agent/checks/known-exploited-vulnerability.ts";
import { missingCamera } from "../../../agent/checks/missing-camera.ts";
import { outdatedFirmware } from "../../../agent/checks/outdated-firmware.ts";
import { unknownCamera } from "../../../agent/checks/unknown-camera.ts";
import type { Advisory, Device, SiteView } from "../../../agent/model/index.ts";
import { brief, device, input, known, router, site, vendor } from "./builders.ts";

describe("outdated-firmware", () => {
  const run = (firmware: string | null) => outdatedFirmware.run(input({ device: device({ firmware }) }));

  it("fails from three whole years on, and gives date and age", () => {
    const [outcome] = run("V5.4.5 build 231121");
    expect(outcome).toMatchObject({
      outcome: "fail",
      values: { date: "2023-11-21", year: "2023", years: 3 },
    });
    expect(brief(run("V5.4.5 build 231122"))).toEqual(["pass"]);
  });

  it("is unknown without version or date, or with a date that has not come", () => {
    expect(brief(run(null))).toEqual(["unknown no-firmware"]);
    expect(brief(run("1.2.3"))).toEqual(["unknown no-build-date"]);
    expect(brief(run("build 271231"))).toEqual(["unknown no-build-date"]);
  });

  it("is for cameras and recorders", () => {
    expect(brief(outdatedFirmware.run(input({ device: router })))).toEqual(["notapplicable other-kind"]);
  });
});

describe("known-exploited-vulnerability", () => {
  const advisory = (part: Partial<Advisory> = {}): Advisory => ({
    id: "CVE-2000-0001",
    source: "maker",
    checked: "2026-11-01",
    knownExploited: true,
    title: { ja: "弱点", en: "weakness" },
    fixedVersion: "1.5.0",
    ...part,
  });
  const run = (advisories: readonly Advisory[], part: Partial<Device> = {}) =>
    brief(
      knownExploitedVulnerability.run(
        input({ device: device({ firmware: "1.4.9", ...part }), vendor: vendor({ advisories }) }),
      ),
    );

  it("fails by version or by build date, and never without a rule that matches", () => {
    expect(run([advisory()])).toEqual(["fail CVE-2000-0001"]);
    const { fixedVersion, ...byDate } = advisory({ fixedDate: "2021-07-02" });
    expect(fixedVersion).toBe("1.5.0");
    expect(run([byDate], { firmware: "V5 build 210701" })).toEqual(["fail CVE-2000-0001"]);
    expect(run([byDate], { firmware: "V5 build 210702" })).toEqual(["pass"]);
    expect(run([byDate], { firmware: "V5" })).toEqual(["unknown no-build-date"]);
    const { fixedDate, ...noRule } = byDate;
    expect(fixedDate).toBe("2021-07-02");
    expect(run([noRule])).toEqual(["unknown ask-the-maker"]);
  });

  it("names the other advisories as well once one fails", () => {
    const two = [advisory(), advisory({ id: "CVE-2000-0002", fixedVersion: "1.4.9 Hotfix" })];
    expect(run(two)).toEqual(["fail CVE-2000-0001", "unknown CVE-2000-0002 version-unclear"]);
  });

  it("reads several entries of one weakness as one", () => {
    const others = advisory({ models: "CAM-9*", fixedVersion: "1.0" });
    expect(run([others, advisory({ models: "CAM-1" })])).toEqual(["fail CVE-2000-0001"]);
    expect(run([others, advisory({ models: "CAM-2" })])).toEqual(["pass"]);
  });

  it("looks at the model as the file writes it", () => {
    expect(run([advisory({ models: "CAM-2, CAM-?" })])).toEqual(["fail CVE-2000-0001"]);
    expect(run([advisory({ models: "cam*" })])).toEqual(["fail CVE-2000-0001"]);
    expect(run([advisory({ models: "AM-1,CAM" })])).toEqual(["pass"]);
    expect(run([advisory({ models: "CAM.1" })])).toEqual(["pass"]);
    expect(run([advisory({ models: "CAM-*" })], { model: null })).toEqual(["unknown no-model"]);
  });

  it("passes for a repaired version, is unknown without one", () => {
    expect(run([advisory()], { firmware: "1.5.0" })).toEqual(["pass"]);
    expect(run([advisory()], { firmware: null })).toEqual(["unknown no-firmware"]);
    expect(run([advisory()], { firmware: "R-x" })).toEqual(["unknown version-unclear"]);
  });

  it("does not apply where nothing is listed, is unknown for an unknown maker", () => {
    expect(run([])).toEqual(["notapplicable none-listed"]);
    expect(run([advisory({ knownExploited: false })])).toEqual(["notapplicable none-listed"]);
    expect(brief(knownExploitedVulnerability.run(input({ vendor: null })))).toEqual([
      "unknown unknown-vendor",
    ]);
    expect(run([advisory()], { kind: "router" })).toEqual(["notapplicable other-kind"]);
  });
});

describe("unknown-camera", () => {
  const run = (part: Partial<SiteView>, on = device()) =>
    brief(unknownCamera.run(input({ device: on, site: site(part) })));

  it("fails for a newcomer, and for one that came back", () => {
    expect(run({})).toEqual(["fail"]);
    expect(run({ known: [known({ retired: true })] })).toEqual(["fail came-back"]);
  });

  it("passes when registered, under any of its ids", () => {
    expect(run({ known: [known()] })).toEqual(["pass"]);
    expect(run({ known: [known({ id: "serial:x", aliases: [device().id] })] })).toEqual(["pass"]);
    expect(run({ known: [known({ id: "serial:x" })] }, device({ aliases: ["serial:x"] }))).toEqual(["pass"]);
  });

  it("is not settled by being seen twice", () => {
    expect(run({ known: [known({ registered: false })] })).toEqual(["unknown not-confirmed"]);
  });

  it("does not apply to a first scan, nor to other things", () => {
    expect(run({ firstScan: true })).toEqual(["notapplicable first-scan"]);
    expect(run({}, router)).toEqual(["notapplicable other-kind"]);
  });
});

describe("missing-camera", () => {
  const absent = device({ id: "mac:02AABBCCDD77", addresses: [] });
  const record = known({ id: absent.id });
  const run = (part: Partial<SiteView>, on = absent) =>
    missingCamera.run(input({ device: on, evidence: {}, vendor: null, site: site(part) }));

  it("fails for a registered camera that did not answer", () => {
    const [outcome] = run({ known: [record] });
    expect(outcome).toMatchObject({ outcome: "fail", values: { lastSeen: record.lastSeen } });
  });

  it("passes for one that is there, under any id", () => {
    expect(brief(run({}, device()))).toEqual(["pass"]);
    const seen = device({ id: "endpoint:1", aliases: [absent.id] });
    expect(brief(run({ known: [record], devices: [seen] }))).toEqual(["pass"]);
  });

  it("is unknown when nobody registered it or nothing answered at all", () => {
    expect(brief(run({ known: [known({ id: absent.id, registered: false })] }))).toEqual([
      "unknown not-confirmed",
    ]);
    expect(brief(run({ known: [record], devices: [] }))).toEqual(["unknown network-silent"]);
    expect(brief(run({ known: [record], devices: [device({ self: true })] }))).toEqual([
      "unknown network-silent",
    ]);
  });

  it("does not apply to what was retired, nor to other things", () => {
    expect(brief(run({ known: [known({ id: absent.id, retired: true })] }))).toEqual([
      "notapplicable retired",
    ]);
    expect(brief(run({}, router))).toEqual(["notapplicable other-kind"]);
  });
});
