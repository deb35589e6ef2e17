import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CAMERA_STATES, localDay } from "../../../agent/model/index.ts";
import { stripOf } from "../../../agent/serve/view/timeline.ts";

const NOW = new Date(2026, 10, 21, 10, 5);
const day = (ago: number): string => localDay(new Date(2026, 10, 21 - ago, 12));
const at = (ago: number, hour = 9): string => new Date(2026, 10, 21 - ago, hour).toISOString();
const every = (from: number) => Array.from({ length: from + 1 }, (_, index) => day(from - index));

describe("a year of one camera", () => {
  test("goes by days: before, the worst of each day, until today", () => {
    const changes = [
      { at: at(4), state: "unknown" },
      { at: at(3), state: "danger" },
      { at: at(3, 15), state: "none" },
      { at: at(1), state: "attention" },
    ] as const;
    const { runs, days, counts } = stripOf(changes, every(4), NOW);
    expect(days).toBe(365);
    expect(runs.map(({ state, days }) => [state, days])).toEqual([
      ["before", 360],
      ["unknown", 1],
      ["danger", 2 - 1],
      ["none", 1],
      ["attention", 2],
    ]);
    expect(runs.at(-1)).toMatchObject({ from: day(1), to: day(0) });
    expect(counts).toMatchObject({ danger: 1, attention: 2, none: 1, unchecked: 0 });
  });

  test("a day without a check is never fine, and an open danger goes on through it", () => {
    const calm = stripOf([{ at: at(3), state: "none" }], [day(3), day(0)], NOW);
    expect(calm.counts).toMatchObject({ none: 2, unchecked: 2 });
    const open = stripOf([{ at: at(3), state: "danger" }], [day(3)], NOW);
    expect(open.counts).toMatchObject({ danger: 4, unchecked: 0 });
  });

  test("is empty for a camera that nobody has watched", () => {
    expect(stripOf([], every(9), NOW).runs).toEqual([
      { from: day(364), to: day(0), days: 365, state: "before" },
    ]);
  });

  test("property: every day is told once, and none without a check is calm", () => {
    const change = fc.record({
      at: fc
        .integer({ min: 0, max: 800 })
        .map((hours) => new Date(NOW.getTime() - hours * 3_600_000).toISOString()),
      state: fc.constantFrom(...CAMERA_STATES),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), fc.uniqueArray(fc.nat(40)), (changes, ago) => {
        const sorted = changes.toSorted((a, b) => (a.at < b.at ? -1 : 1));
        const days = ago.toSorted((a, b) => b - a).map(day);
        const { runs, counts } = stripOf(sorted, days, NOW);
        expect(runs.reduce((sum, run) => sum + run.days, 0)).toBe(365);
        expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(365);
        for (const [index, run] of runs.entries()) expect(run.state).not.toBe(runs[index + 1]?.state);
        const calm = runs.filter(({ state }) => state === "none" || state === "attention");
        for (const run of calm)
          expect(days.filter((one) => one >= run.from && one <= run.to)).toHaveLength(run.days);
      }),
    );
  });
});
