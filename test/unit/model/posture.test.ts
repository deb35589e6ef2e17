import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CAMERA_STATES,
  CHECK_IDS,
  type CheckId,
  type InboundPath,
  MANDATORY_CHECKS,
  OUTCOMES,
  type Outcome,
  POSTURES,
  type PostureCamera,
  type PostureInput,
  posture,
  SEVERITIES,
} from "../../../agent/model/index.ts";

const NOW = "2026-11-21T10:00:00.000Z";

function outcome(check: CheckId, value: Outcome["outcome"], part: Partial<Outcome> = {}): Outcome {
  return {
    check,
    outcome: value,
    severity: "high",
    subject: "",
    audience: "building",
    evidence: [],
    because: null,
    values: {},
    ...part,
  };
}

const passes = MANDATORY_CHECKS.map((check) => outcome(check, "pass"));

/** A camera that passed everything, but for `changed`. */
function camera(changed: readonly Outcome[] = [], part: Partial<PostureCamera> = {}): PostureCamera {
  const checks = changed.map(({ check }) => check);
  return {
    id: "a",
    outcomes: [...passes.filter(({ check }) => !checks.includes(check)), ...changed],
    acknowledged: [],
    ...part,
  };
}

function input(part: Partial<PostureInput> = {}): PostureInput {
  return {
    now: NOW,
    lastCompleteScanAt: "2026-11-21T06:00:00.000Z",
    scanRunning: null,
    consentGiven: true,
    cameras: [camera()],
    siteOutcomes: [],
    ...part,
  };
}

const openView = outcome("open-live-view", "fail", { subject: "http:80" });
const mappedView = { ...openView, severity: "critical" } as const;
const oldFirmware = outcome("outdated-firmware", "fail", { severity: "medium" });
const wayIn = (grounds: InboundPath["grounds"]): InboundPath => ({
  family: 4,
  protocol: "TCP",
  externalPort: 8081,
  externalAddress: null,
  remoteHost: "",
  routerId: null,
  deviceId: null,
  candidates: [],
  internalAddress: null,
  internalPort: 80,
  enabled: true,
  grounds,
  description: "",
  closable: null,
});
const seenView = { ...mappedView, paths: [wayIn(["listed", "outside"])] };
const exposed = outcome("agent-exposed", "fail", { severity: "critical" });
const stale = { lastCompleteScanAt: "2026-11-20T07:59:00.000Z" };

describe("the headline", () => {
  it.each<[string, Partial<PostureInput>]>([
    ["none", {}],
    ["attention", { cameras: [camera([oldFirmware])] }],
    ["attention", { siteOutcomes: [outcome("router-upnp-enabled", "fail", { severity: "low" })] }],
    ["unknown", { cameras: [camera([outcome("open-live-view", "unknown")])] }],
    ["unknown", { cameras: [camera([outcome("open-live-view", "notapplicable")])] }],
    ["unknown", { cameras: [camera(), { id: "b", outcomes: [], acknowledged: [] }] }],
    ["none", { cameras: [camera([outcome("default-credentials", "notapplicable")])] }],
    ["none", { cameras: [camera([outcome("outdated-firmware", "unknown")])] }],
    ["no-camera", { cameras: [] }],
    ["checking", { lastCompleteScanAt: null, scanRunning: { done: 1, total: 4 } }],
    ["checking", { lastCompleteScanAt: null, cameras: [] }],
    ["waiting", { consentGiven: false, lastCompleteScanAt: null }],
    ["waiting", { consentGiven: false }],
    ["stale", stale],
    ["stale", { lastCompleteScanAt: "2026-11-21T11:00:00.000Z" }],
    ["stale", { lastCompleteScanAt: "not a time" }],
    ["none", { ...stale, staleAfterHours: 27 }],
    ["danger", { cameras: [camera([openView])] }],
    ["danger", { cameras: [camera([outcome("telnet-open", "fail", { severity: "critical" })])] }],
    ["danger", { siteOutcomes: [outcome("port-mapping-to-other", "fail")] }],
    ["emergency-configured", { cameras: [camera([mappedView])] }],
    ["emergency", { cameras: [camera([seenView])] }],
    ["emergency-configured", { cameras: [camera([{ ...mappedView, paths: [wayIn(["inside"])] }])] }],
    ["danger", { cameras: [camera([{ ...openView, paths: [wayIn(["outside"])] }])] }],
    ["self", { siteOutcomes: [exposed], cameras: [camera([mappedView])] }],
  ])("is %s", (id, part) => {
    expect(posture(input(part)).id).toBe(id);
  });

  it("puts the worse before the milder", () => {
    const all = [
      { siteOutcomes: [exposed] },
      { cameras: [camera([seenView])] },
      { cameras: [camera([mappedView])] },
      { cameras: [camera([openView])] },
      stale,
      { consentGiven: false },
      { lastCompleteScanAt: null },
      { cameras: [] },
      { cameras: [camera([outcome("default-credentials", "error")])] },
      { cameras: [camera([oldFirmware])] },
      {},
    ];
    expect(all.map((part) => posture(input(part)).id)).toEqual(POSTURES);
    for (const [index, worse] of all.entries())
      for (const milder of all.slice(index)) {
        if ("lastCompleteScanAt" in worse && "lastCompleteScanAt" in milder && milder !== worse) continue;
        const both = posture(input({ ...milder, ...worse })).id;
        expect(POSTURES.indexOf(both)).toBeLessThanOrEqual(index);
      }
  });

  it("never hides an open danger behind checks that stopped, but says so beside it", () => {
    expect(posture(input({ ...stale, cameras: [camera([openView])] }))).toMatchObject({
      id: "danger",
      staleBanner: true,
    });
    expect(posture(input(stale)).staleBanner).toBe(false);
    expect(posture(input()).staleBanner).toBe(false);
  });

  it("keeps a finding open that the last look could not settle, and counts it once", () => {
    const unsettled = camera([outcome("open-live-view", "unknown")], { open: [openView] });
    expect(posture(input({ cameras: [unsettled] }))).toMatchObject({ id: "danger", points: 1, affected: 1 });
    const again = camera([openView], { open: [openView] });
    expect(posture(input({ cameras: [again] }))).toMatchObject({ id: "danger", points: 1 });
  });

  it("takes an accepted finding as attention, but not what the internet can reach", () => {
    const accepted = camera([openView], { acknowledged: ["open-live-view"] });
    expect(posture(input({ cameras: [accepted] }))).toMatchObject({
      id: "attention",
      points: 1,
      exceptions: 1,
    });
    const reachable = camera([mappedView], { acknowledged: ["open-live-view"] });
    expect(posture(input({ cameras: [reachable] }))).toMatchObject({
      id: "emergency-configured",
      exceptions: 0,
    });
  });

  it("waits for the person who may agree, and calls anything else unknown", () => {
    const notAgreed = outcome("default-credentials", "notchecked", { because: "no-consent" });
    const spent = outcome("default-credentials", "notchecked", { because: "budget" });
    const { id, states, points, unsettled } = posture(
      input({ cameras: [camera([notAgreed]), camera([spent], { id: "b" })] }),
    );
    expect({ id, states, points, unsettled }).toEqual({
      id: "unknown",
      states: { a: "waiting", b: "unknown" },
      points: 2,
      unsettled: 2,
    });
  });

  it("says how many points stand behind it and how many cameras they concern", () => {
    const many = [
      camera([openView, { ...openView, subject: "rtsp:554" }]),
      camera([oldFirmware], { id: "b" }),
      camera([], { id: "c" }),
    ];
    expect(posture(input({ cameras: many }))).toMatchObject({
      id: "danger",
      points: 2,
      affected: 1,
      counts: { cameras: 3, danger: 1, attention: 1, none: 1, unknown: 0, waiting: 0, emergency: 0 },
    });
  });
});

const anyOutcome = fc
  .record({
    check: fc.constantFrom(...CHECK_IDS),
    outcome: fc.constantFrom(...OUTCOMES),
    severity: fc.constantFrom(...SEVERITIES),
    subject: fc.constantFrom("", "http:80", "rtsp:554"),
    because: fc.constantFrom(null, "no-consent", "budget", "timeout"),
    paths: fc.constantFrom([], [wayIn(["listed"])], [wayIn(["outside"])]),
  })
  .map(({ check, outcome: value, ...part }) => outcome(check, value, part));
const anyCamera = fc
  .record({
    changed: fc.array(anyOutcome, { maxLength: 6 }),
    missing: fc.boolean(),
    open: fc.array(
      anyOutcome.map((one) => ({ ...one, outcome: "fail" as const })),
      { maxLength: 2 },
    ),
    acknowledged: fc.subarray([...CHECK_IDS], { maxLength: 2 }),
  })
  .map(({ changed, missing, ...part }) =>
    camera(changed, { ...part, ...(missing ? { outcomes: changed } : {}) }),
  );
const anyInput: fc.Arbitrary<PostureInput> = fc
  .record({
    lastCompleteScanAt: fc.constantFrom(null, "2026-11-21T06:00:00.000Z", "2026-11-19T06:00:00.000Z"),
    scanRunning: fc.constantFrom(null, { done: 1, total: 2 }),
    consentGiven: fc.boolean(),
    cameras: fc.array(anyCamera, { maxLength: 4 }),
    siteOutcomes: fc.array(anyOutcome, { maxLength: 3 }),
  })
  .map(({ cameras, ...part }) =>
    input({ ...part, cameras: cameras.map((one, index) => ({ ...one, id: `camera-${index}` })) }),
  );
const hold = (claim: (given: PostureInput, result: ReturnType<typeof posture>) => void) =>
  fc.assert(
    fc.property(anyInput, (given) => claim(given, posture(given))),
    { numRuns: 1000 },
  );
const isOpenFail = ({ outcome: value }: Outcome) => value === "fail";
const isSame = (now: Outcome, before: Outcome) =>
  isOpenFail(now) && now.check === before.check && now.subject === before.subject;

describe("whatever was found", () => {
  it("reads as nothing found only after a whole, recent, agreed scan that settled all that is mandatory", () => {
    hold((given, { id }) => {
      if (id !== "none") return;
      expect(given.lastCompleteScanAt).toBe("2026-11-21T06:00:00.000Z");
      expect(given.consentGiven).toBe(true);
      expect(given.cameras.length).toBeGreaterThan(0);
      expect(given.siteOutcomes.some(isOpenFail)).toBe(false);
      for (const { outcomes, open } of given.cameras) {
        expect([...outcomes, ...(open ?? [])].some(isOpenFail)).toBe(false);
        for (const check of MANDATORY_CHECKS) {
          const mine = outcomes.filter((one) => one.check === check).map((one) => one.outcome);
          expect(mine.length).toBeGreaterThan(0);
          for (const value of mine)
            expect(check === "open-live-view" ? ["pass"] : ["pass", "notapplicable"]).toContain(value);
        }
      }
    });
  });

  it("puts an open view or a factory login at least among the dangers, unless accepted inside", () => {
    hold((given, { id }) => {
      const grave = given.cameras.some(({ outcomes, open, acknowledged }) =>
        // What the last look saw again weighs as it saw it, and no longer as it once was.
        [...outcomes, ...(open ?? []).filter((one) => !outcomes.some((now) => isSame(now, one)))].some(
          (one) =>
            isOpenFail(one) &&
            (one.check === "open-live-view" || one.check === "default-credentials") &&
            (one.severity === "critical" || (one.severity === "high" && !acknowledged.includes(one.check))),
        ),
      );
      if (grave) expect(["self", "emergency", "emergency-configured", "danger"]).toContain(id);
    });
  });

  it("counts each camera once, and agrees with itself", () => {
    hold((given, { id, counts, states, points, affected }) => {
      expect(counts.cameras).toBe(given.cameras.length);
      expect(CAMERA_STATES.reduce((total, state) => total + counts[state], 0)).toBe(counts.cameras);
      expect(Object.keys(states)).toHaveLength(given.cameras.length);
      expect(POSTURES).toContain(id);
      if (["emergency", "emergency-configured", "danger", "unknown", "attention"].includes(id))
        expect(points).toBeGreaterThan(0);
      expect(affected).toBeLessThanOrEqual(counts.cameras);
      if (id === "none") expect(counts.none).toBe(counts.cameras);
    });
  });

  it("does not depend on the order of cameras", () => {
    hold((given, { id }) => {
      expect(posture({ ...given, cameras: given.cameras.toReversed() }).id).toBe(id);
    });
  });
});
