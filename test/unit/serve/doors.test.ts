import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OUTCOMES, type Outcome } from "../../../agent/model/index.ts";
import { doorsOf } from "../../../agent/serve/view/doors.ts";
import { finding, outcome } from "./made-up-site.ts";

const SETTLED = [
  outcome("open-live-view", "pass"),
  outcome("default-credentials", "pass"),
  outcome("port-mapping-to-camera", "pass"),
];
const states = (facts: Parameters<typeof doorsOf>[0]) =>
  Object.fromEntries(doorsOf(facts).map(({ kind, state }) => [kind, state]));

describe("the picture of the doors", () => {
  test("shows a door that opened, by the check that opened it", () => {
    const view = outcome("open-live-view", "fail", { subject: "rtsp:554" });
    const login = outcome("default-credentials", "fail", { subject: "https:443" });
    const details = outcome("anonymous-access", "fail", { subject: "onvif:80", severity: "low" });
    const findings = [view, login, details].map((one, index) => finding(`f${index}`, "d", one));
    expect(states({ doors: ["http:80"], outcomes: [view, login, details, ...SETTLED], findings })).toEqual({
      web: "danger",
      video: "danger",
      onvif: "attention",
      router: "none",
    });
  });

  test("shows what asks for a password, and what is not there", () => {
    expect(states({ doors: ["http:80", "rtsp:554"], outcomes: SETTLED, findings: [] })).toEqual({
      web: "none",
      video: "none",
      onvif: "absent",
      router: "none",
    });
  });

  test("shows doubt for one door, or for all where no door is named", () => {
    const one = outcome("open-live-view", "unknown", { subject: "http:80", because: "timeout" });
    expect(
      states({ doors: ["http:80", "rtsp:554"], outcomes: [one, ...SETTLED], findings: [] }),
    ).toMatchObject({
      web: "unknown",
      video: "none",
    });
    const all = outcome("default-credentials", "notchecked", { because: "no-consent" });
    expect(
      states({ doors: ["http:80", "rtsp:554"], outcomes: [all, SETTLED[0] as Outcome], findings: [] }),
    ).toEqual({ web: "waiting", video: "waiting", onvif: "absent", router: "unknown" });
  });

  test("shows nothing as settled where nobody asked", () => {
    expect(states({ doors: null, outcomes: [], findings: [] })).toEqual({
      web: "unknown",
      video: "unknown",
      onvif: "unknown",
      router: "unknown",
    });
  });

  test("property: a door is only calm when its live view was asked and no word of it is missing", () => {
    const subject = fc.constantFrom("", "http:80", "https:443", "rtsp:554", "onvif:80", "odd");
    const check = fc.constantFrom("open-live-view", "default-credentials", "port-mapping-to-camera");
    const because = fc.constantFrom(null, "timeout", "no-consent", "budget");
    const outcomes = fc.array(
      fc
        .tuple(check, fc.constantFrom(...OUTCOMES), subject, because)
        .map(([id, value, where, why]) =>
          outcome(id as Outcome["check"], value, { subject: where, because: why }),
        ),
      { maxLength: 8 },
    );
    const doors = fc.option(fc.array(fc.constantFrom("http:80", "rtsp:554", "onvif:80"), { maxLength: 3 }));
    fc.assert(
      fc.property(doors, outcomes, (there, all) => {
        const findings = all
          .filter((one) => one.outcome === "fail")
          .map((one, index) => finding(`f${index}`, "d", one));
        const shown = states({ doors: there, outcomes: all, findings });
        const unsure = all.some(
          (one) =>
            one.subject === "" &&
            ["unknown", "notchecked", "error"].includes(one.outcome) &&
            one.check !== "port-mapping-to-camera",
        );
        const asked = all.some((one) => one.check === "open-live-view" && one.outcome === "pass");
        for (const kind of ["web", "video", "onvif"]) {
          if (shown[kind] === "none") expect([unsure, asked]).toEqual([false, true]);
        }
        const mapping = all.filter((one) => one.check === "port-mapping-to-camera");
        if (shown.router === "none")
          expect(
            mapping.length > 0 && mapping.every((one) => ["pass", "notapplicable"].includes(one.outcome)),
          ).toBe(true);
      }),
    );
  });
});
