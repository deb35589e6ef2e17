import type { Fact } from "../../../web-ui/index.ts";

/** Only what there is to say, each value once. */
export function withValues(facts: readonly Fact[]): readonly Fact[] {
  return facts
    .map(({ label, values }) => ({ label, values: [...new Set(values.filter((value) => value !== ""))] }))
    .filter(({ values }) => values.length > 0);
}
