import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CHECKS, catalogue, reasonText } from "../../../agent/checks/index.ts";
import {
  CHECK_IDS,
  type CheckInput,
  type Evidence,
  OUTCOMES,
  SEVERITIES,
} from "../../../agent/model/index.ts";
import { anyDevice, anyEvidence, anySite, anyVendor } from "./arbitraries.ts";
import { answered, input } from "./builders.ts";

const anyInput: fc.Arbitrary<CheckInput> = fc.record({
  device: anyDevice,
  evidence: anyEvidence,
  vendor: anyVendor,
  site: anySite,
});

function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
}

it("every check id has one check, in an order of its own", () => {
  expect(CHECKS.map(({ id }) => id).toSorted()).toEqual([...CHECK_IDS].toSorted());
  expect(Object.keys(catalogue)).toHaveLength(CHECK_IDS.length);
});

describe.each(CHECKS.map((check) => [check.id, check] as const))("%s, whatever the evidence", (id, check) => {
  const hold = (claim: (given: CheckInput, outcomes: ReturnType<typeof check.run>) => void) =>
    fc.assert(
      fc.property(anyInput, (given) => claim(given, check.run(frozen(given)))),
      { numRuns: 300 },
    );

  it("says something, once a subject, in the closed words", () => {
    hold((_, outcomes) => {
      expect(outcomes.length).toBeGreaterThan(0);
      const subjects = outcomes.map(({ subject }) => subject);
      expect(new Set(subjects).size).toBe(subjects.length);
      for (const outcome of outcomes) {
        expect(outcome.check).toBe(id);
        expect(OUTCOMES).toContain(outcome.outcome);
        expect(SEVERITIES).toContain(outcome.severity);
      }
    });
  });

  it("says why whenever it does not pass or fail, with words for it", () => {
    hold((_, outcomes) => {
      for (const { outcome, because } of outcomes) {
        if (outcome !== "pass" && outcome !== "fail") expect(because).not.toBeNull();
        if (because !== null) expect(Object.hasOwn(reasonText, because)).toBe(true);
      }
    });
  });

  it("never passes the whole device with a question missing, refused or failed", () => {
    hold(({ evidence }, outcomes) => {
      if (!outcomes.some(({ outcome, subject }) => outcome === "pass" && subject === "")) return;
      if (id === "router-upnp-enabled") return;
      for (const question of check.questions) {
        const put = evidence[question];
        expect(put?.asked ? put.answer.ok : put?.because === "not-applicable").toBe(true);
      }
    });
  });

  it("never passes or fails a kind that it is not for", () => {
    hold(({ device }, outcomes) => {
      if (!check.kinds.includes(device.kind))
        expect(outcomes.map(({ outcome }) => outcome)).toEqual(["notapplicable"]);
    });
  });

  it("never passes as a whole what it fails in part, and tells what it could not see", () => {
    hold(({ evidence }, outcomes) => {
      if (!outcomes.some(({ outcome }) => outcome === "fail")) return;
      expect(outcomes.some(({ outcome, subject }) => outcome === "pass" && subject === "")).toBe(false);
      const gap = check.questions.some((question) => {
        const put = evidence[question];
        return put === undefined || (put.asked ? !put.answer.ok : put.because !== "not-applicable");
      });
      if (gap) expect(outcomes.some(({ outcome }) => /unknown|notchecked/.test(outcome))).toBe(true);
    });
  });
});

it("a camera about which nothing was learnt passes nothing that has to be asked", () => {
  for (const check of CHECKS.filter(({ questions }) => questions.length > 0)) {
    const outcomes = check.run(input({ evidence: {} }));
    expect(outcomes.some(({ outcome }) => outcome === "pass" || outcome === "fail")).toBe(false);
  }
});

it("a reason that only looks like one of ours is unclear", () => {
  const pictures = answered<"pictures">({
    asked: [
      {
        door: { protocol: "http", port: 80 },
        path: "/",
        origin: "generic",
        result: "unclear",
        status: null,
        mediaType: null,
        signature: "none",
        because: "constructor",
      },
    ],
  });
  const evidence: Evidence = { ...input().evidence, pictures };
  const [outcome] = CHECKS.find(({ id }) => id === "open-live-view")?.run(input({ evidence })) ?? [];
  expect(outcome?.because).toBe("unclear");
});
