import { type CheckInput, factOf, type SiteMapping } from "../model/index.ts";
import { gapIn, type Judgement, pass, unknown } from "./outcomes.ts";

/** This router's own entries. */
export function mappingsOf({ device, site }: CheckInput): readonly SiteMapping[] {
  return site.mappings.filter(({ routerId }) => routerId === device.id);
}

/** Did the router offer IGD when it announced itself? */
export function offersIgd({ device }: CheckInput): boolean {
  return device.services.some(({ protocol }) => protocol === "igd");
}

/** Why this router's list does not prove that it holds no other entry; null when it does. */
export function gapInOwnList(input: CheckInput): Judgement | null {
  const gap = gapIn(input.evidence, ["igd"]);
  if (gap !== null) return gap;
  const igd = factOf(input.evidence, "igd");
  if (igd === null) return unknown("no-router-answered");
  return igd.complete ? null : unknown("list-incomplete", { evidence: igd.doubts });
}

/** The failing entries and what keeps us from calling them all; a pass only for a whole list without any. */
export function judgeList(input: CheckInput, failing: readonly Judgement[]): readonly Judgement[] {
  const gap = gapInOwnList(input);
  if (failing.length > 0) return gap === null ? failing : [...failing, gap];
  return [gap ?? pass()];
}
