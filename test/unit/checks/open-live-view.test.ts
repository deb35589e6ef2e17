import { describe, expect, it } from "vitest";
import { openLiveView as check } from "../../../agent/checks/open-live-view.ts";
import type { Evidence } from "../../../agent/model/index.ts";
import {
  answered,
  brief,
  device,
  failed,
  guarded,
  input,
  login,
  mapping,
  notAsked,
  picture,
  rtspDoor,
  site,
} from "./builders.ts";

const run = (evidence: Evidence, part = {}) =>
  check.run(input({ evidence: { ...guarded, ...evidence }, ...part }));
const pictures = (...asked: ReturnType<typeof picture>[]) => ({ pictures: answered<"pictures">({ asked }) });
const rtsp = (...doors: ReturnType<typeof rtspDoor>[]) => ({ rtsp: answered<"rtsp">({ doors }) });

describe("open-live-view", () => {
  it("fails for a picture without login, each door on its own, and says what was mended", () => {
    const outcomes = run({ ...pictures(picture("open")), ...rtsp(rtspDoor(["protected"])) });
    expect(brief(outcomes)).toEqual(["fail http:80", "pass rtsp:554"]);
    expect(outcomes[0]).toMatchObject({ severity: "high", audience: "building" });
    expect(outcomes[0]?.evidence).toEqual(["http:80 /snapshot.jpg: 200 image/jpeg (jpeg)"]);
  });

  it("fails for an RTSP stream among guarded paths", () => {
    expect(brief(run(rtsp(rtspDoor(["protected", "open"]))))).toEqual(["pass http:80", "fail rtsp:554"]);
  });

  it("is critical only when a mapping in use leads to the open door itself", () => {
    const severityWith = (part: Parameters<typeof mapping>[0]) =>
      run(pictures(picture("open")), { site: site({ mappings: [mapping(part)] }) })[0];
    expect(severityWith({})).toMatchObject({ severity: "critical", audience: "internet" });
    expect(severityWith({ internalPort: 443 })).toMatchObject({ severity: "high", audience: "building" });
    expect(severityWith({ enabled: false })).toMatchObject({ severity: "high" });
    expect(severityWith({ protocol: "UDP" })).toMatchObject({ severity: "high" });
    expect(severityWith({ deviceId: "mac:02AABBCCDD02" })).toMatchObject({ severity: "high" });
  });

  it("fails with the reason where a made-up password was let in, but not at a door that says yes to everything", () => {
    const logins = answered<"logins">({
      doors: [login({ result: "open-view", control: "accepted" })],
      because: null,
    });
    expect(brief(run({ logins }))).toContain("fail http:80 any-password");
    expect(brief(run({ ...pictures(picture("unclear")), logins }))).toEqual(["unknown answers-everything"]);
    expect(brief(run({ ...pictures(picture("absent")), logins }))).toEqual(["unknown any-password"]);
  });

  it("is not settled by an error at the very path that the device named for its picture", () => {
    const named = picture("absent", { origin: "onvif", status: 500 });
    expect(brief(run({ ...pictures(named), ...rtsp(rtspDoor(["protected"])) }))).toEqual(["unknown unclear"]);
    expect(brief(run(pictures(picture("open"), named)))).toContain("fail http:80");
  });

  it("keeps the doubt beside the failure when a question brought nothing", () => {
    expect(brief(run({ ...pictures(picture("open")), rtsp: failed("reset") }))).toEqual([
      "fail http:80",
      "unknown reset",
    ]);
  });

  it("passes only when a door asked for a login and none stayed unclear", () => {
    expect(brief(run({}))).toEqual(["pass"]);
    expect(brief(run(pictures(picture("absent"))))).toEqual(["pass"]);
    expect(brief(run(pictures(picture("unclear"))))).toEqual(["unknown answers-everything"]);
    expect(brief(run(pictures(picture("unclear", { because: "odd words" }))))).toEqual(["unknown unclear"]);
    expect(brief(run(rtsp(rtspDoor(["protected", "unclear"]))))).toEqual(["unknown timeout"]);
  });

  it("does not take wrong paths for closed doors", () => {
    expect(brief(run(rtsp(rtspDoor(["absent", "absent"]))))).toEqual(["unknown no-stream-path"]);
    expect(
      brief(run({ ...pictures(picture("absent")), ...rtsp(), ports: answered<"ports">({ states: {} }) })),
    ).toEqual(["unknown no-view-found"]);
    expect(brief(run(rtsp()))).toEqual(["unknown door-not-asked"]);
  });

  it("is unknown where no door answered, and not checked where nobody asked", () => {
    expect(brief(run({ ...pictures(), ...rtsp(), ports: answered<"ports">({ states: {} }) }))).toEqual([
      "unknown no-door",
    ]);
    expect(brief(run({ pictures: failed("unreachable") }))).toEqual(["unknown unreachable"]);
    expect(brief(run({ rtsp: notAsked("no-consent") }))).toEqual(["notchecked no-consent"]);
    expect(brief(check.run(input({ evidence: {} })))).toEqual(["notchecked not-asked"]);
  });

  it("applies to no printer, and to a thing of unknown kind only when it shows a picture", () => {
    expect(brief(run({}, { device: device({ kind: "other" }) }))).toEqual(["notapplicable other-kind"]);
    const unknownKind = { device: device({ kind: "unknown" }) };
    expect(brief(run({}, unknownKind))).toEqual(["notapplicable other-kind"]);
    expect(brief(run({ ports: notAsked("no-consent") }, unknownKind))).toEqual(["notchecked no-consent"]);
    expect(brief(run(pictures(picture("open")), unknownKind))).toContain("fail http:80");
  });
});
