import { type CheckInput, factOf, type InboundPath, type SiteView, siteFactOf } from "../model/index.ts";
import { gapIn, type Judgement, pass, unknown } from "./outcomes.ts";
import { isListed } from "./ways.ts";

/** This router's own entries, or this machine's own rules where it is the router. */
export function listedBy({ device, site }: CheckInput): readonly InboundPath[] {
  return site.paths.filter((path) => path.family === 4 && path.routerId === device.id && isListed(path));
}

/** One router of several carries what is true of the site as a whole, so that it is said once. */
export function speaksForSite({ device, site }: CheckInput): boolean {
  const routers = site.devices.filter(({ kind, self }) => kind === "router" || isOwnRouter(self, site));
  return routers[0]?.id === device.id;
}

function isOwnRouter(self: boolean | undefined, { questions }: SiteView): boolean {
  return self === true && siteFactOf(questions, "gateway") !== null;
}

/** Did the router offer IGD when it announced itself? */
export function offersIgd({ device }: CheckInput): boolean {
  return device.services.some(({ protocol }) => protocol === "igd");
}

/** Why this router's list does not prove that it holds no other entry; null when it does. */
export function gapInOwnList(input: CheckInput): Judgement | null {
  if (input.device.self) {
    const gateway = siteFactOf(input.site.questions, "gateway");
    if (gateway === null) return unknown("no-router-answered");
    return gateway.unread.length === 0
      ? null
      : unknown("list-incomplete", { evidence: gateway.unread.map(({ source }) => source) });
  }
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
