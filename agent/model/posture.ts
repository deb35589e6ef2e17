import type { CheckId, KnownDevice, Outcome } from "./outcome.ts";
import type { Finding } from "./report.ts";

/**
 * The headlines in order of precedence: the first that applies is shown, and exactly one. An emergency has two
 * wordings: `emergency` was seen from outside, `emergency-configured` is what the router is set up to allow.
 */
export const POSTURES = [
  "self",
  "emergency",
  "emergency-configured",
  "danger",
  "stale",
  "waiting",
  "checking",
  "no-camera",
  "unknown",
  "attention",
  "none",
] as const;
export type PostureId = (typeof POSTURES)[number];

/** Worst first. `waiting` = a mandatory check waits for somebody's consent. */
export const CAMERA_STATES = ["emergency", "danger", "waiting", "unknown", "attention", "none"] as const;
export type CameraState = (typeof CAMERA_STATES)[number];

/** Without a settled word from each of these, a camera is not "no problem found". */
export const MANDATORY_CHECKS = [
  "open-live-view",
  "default-credentials",
  "port-mapping-to-camera",
] as const satisfies readonly CheckId[];

export interface PostureCamera {
  readonly id: string;
  /** Of the last scan. */
  readonly outcomes: readonly Outcome[];
  /** The failing outcomes of findings that are still open: a look that settled nothing does not close them. */
  readonly open?: readonly Outcome[];
  /** Checks whose findings somebody accepted with a reason and an end date that has not passed. */
  readonly acknowledged: readonly CheckId[];
}

/** One camera as the headline weighs it: what the last scan said, and what is still open from before. */
export function postureCamera(
  { id, aliases }: Pick<KnownDevice, "id" | "aliases">,
  outcomes: readonly Outcome[],
  findings: readonly Finding[],
  now: string,
): PostureCamera {
  const open = findings.filter(
    ({ deviceId, resolvedAt }) => resolvedAt === null && (deviceId === id || aliases.includes(deviceId)),
  );
  return {
    id,
    outcomes,
    open: open.map(({ outcome }) => outcome),
    acknowledged: open.filter((finding) => isAccepted(finding, now)).map(({ check }) => check),
  };
}

/** A person has decided to leave it as it is, until a day that has not passed. */
export function isAccepted({ acknowledged }: Finding, now: string): boolean {
  return acknowledged !== null && Date.parse(acknowledged.until) > Date.parse(now);
}

export interface PostureInput {
  /** ISO 8601, UTC, as are all times here. */
  readonly now: string;
  readonly lastCompleteScanAt: string | null;
  readonly scanRunning: { readonly done: number; readonly total: number } | null;
  readonly consentGiven: boolean;
  readonly cameras: readonly PostureCamera[];
  /** Outcomes of routers and other devices, and their open findings. */
  readonly siteOutcomes: readonly Outcome[];
  /** 26 when missing: a daily scan may be two hours late. */
  readonly staleAfterHours?: number;
}

export interface Posture {
  readonly id: PostureId;
  /** How many points stand behind the headline (`n` of the headline): problems, or checks that could not be done. */
  readonly points: number;
  /** How many cameras they concern. */
  readonly affected: number;
  /** Each camera is in exactly one state. */
  readonly counts: Readonly<Record<CameraState, number>> & { readonly cameras: number };
  readonly states: Readonly<Record<string, CameraState>>;
  /** Outcomes of any check on cameras that settled nothing; shown as a count next to every headline. */
  readonly unsettled: number;
  /** Accepted findings. They count as attention, never as nothing. */
  readonly exceptions: number;
  readonly scanRunning: PostureInput["scanRunning"];
  /** Say in addition that checks have stopped, below a headline that outranks it. */
  readonly staleBanner: boolean;
}

interface CameraView {
  readonly state: CameraState;
  readonly emergencies: number;
  readonly dangers: number;
  readonly attentions: number;
  readonly missing: number;
  readonly exceptions: number;
  readonly seenFromOutside: boolean;
}

/** Derived at each read, never stored. Worst first; "could not check" never ends as "none". */
export function posture(input: PostureInput): Posture {
  const views = input.cameras.map(viewCamera);
  const site = viewFails(input.siteOutcomes.filter(isFail), []);
  const stale = isStale(input);
  const id = choose(input, views, site, stale);
  const states = input.cameras.map((camera, index): [string, CameraState] => [
    camera.id,
    views[index]?.state ?? "unknown",
  ]);
  return {
    id,
    ...pointsOf(id, views, site),
    counts: countStates(views),
    states: Object.fromEntries(states),
    unsettled: input.cameras.flatMap(({ outcomes }) => outcomes).filter(isUnsettled).length,
    exceptions: sum(views, "exceptions"),
    scanRunning: input.scanRunning,
    staleBanner: stale && id !== "stale",
  };
}

type FailView = Pick<CameraView, "emergencies" | "dangers" | "attentions" | "exceptions" | "seenFromOutside">;

function choose(
  input: PostureInput,
  views: readonly CameraView[],
  site: FailView,
  stale: boolean,
): PostureId {
  const some = (state: CameraState) => views.some((view) => view.state === state);
  if (input.siteOutcomes.some((outcome) => isFail(outcome) && outcome.check === "agent-exposed"))
    return "self";
  const emergencies = views.filter(({ state }) => state === "emergency");
  if (emergencies.length > 0)
    return emergencies.some(({ seenFromOutside }) => seenFromOutside) ? "emergency" : "emergency-configured";
  if (some("danger") || site.dangers > 0) return "danger";
  if (stale) return "stale";
  if (!input.consentGiven) return "waiting";
  if (input.lastCompleteScanAt === null) return "checking";
  if (views.length === 0) return "no-camera";
  if (some("unknown") || some("waiting")) return "unknown";
  return some("attention") || site.attentions > 0 ? "attention" : "none";
}

function viewCamera(camera: PostureCamera): CameraView {
  const now = camera.outcomes.filter(isFail);
  const stillOpen = (camera.open ?? []).filter((open) => !now.some((fail) => isSameSubject(fail, open)));
  const fails = viewFails([...now, ...stillOpen], camera.acknowledged);
  const gaps = MANDATORY_CHECKS.filter((check) => !isSettled(check, camera.outcomes));
  return {
    ...fails,
    state: stateOf(fails, gaps, camera.outcomes),
    missing: gaps.length,
  };
}

function stateOf(fails: FailView, gaps: readonly CheckId[], outcomes: readonly Outcome[]): CameraState {
  if (fails.emergencies > 0) return "emergency";
  if (fails.dangers > 0) return "danger";
  if (gaps.length > 0) {
    const reasons = outcomes.filter(({ check }) => gaps.includes(check)).map(({ because }) => because);
    const consent = reasons.some((because) => because === "no-consent" || because === "not-this-manager");
    return consent ? "waiting" : "unknown";
  }
  return fails.attentions > 0 ? "attention" : "none";
}

/**
 * An accepted finding still counts as attention, so that it never reads as "no problem found". What the internet can
 * reach cannot be accepted away.
 */
function viewFails(fails: readonly Outcome[], acknowledged: readonly CheckId[]): FailView {
  const accepted = (fail: Outcome) => acknowledged.includes(fail.check);
  const dangers = fails.filter(
    (fail) => fail.severity === "critical" || (fail.severity === "high" && !accepted(fail)),
  );
  return {
    emergencies: dangers.filter(isEmergency).length,
    dangers: dangers.length,
    attentions: fails.length - dangers.length,
    exceptions: fails.filter((fail) => accepted(fail) && !dangers.includes(fail)).length,
    seenFromOutside: dangers.filter(isEmergency).some(wasSeenFromOutside),
  };
}

/** It shows itself, and the outside is led to that very door. */
function isEmergency({ check, severity }: Outcome): boolean {
  return severity === "critical" && (check === "open-live-view" || check === "default-credentials");
}

/** A vantage point outside the LAN got through by one of the ways to this door. */
function wasSeenFromOutside({ paths = [] }: Outcome): boolean {
  return paths.some(({ grounds }) => grounds.includes("outside"));
}

/** Checks for which there may be nothing to ask: no published factory login, no UPnP in the router. */
const MAY_NOT_APPLY: readonly CheckId[] = ["default-credentials", "port-mapping-to-camera"];

/** A mandatory check is settled by a pass or a finding, or where it may not apply. */
export function isSettled(check: CheckId, outcomes: readonly Outcome[]): boolean {
  const mine = outcomes.filter((outcome) => outcome.check === check);
  return (
    mine.length > 0 &&
    mine.every(
      ({ outcome }) =>
        outcome === "pass" ||
        outcome === "fail" ||
        (outcome === "notapplicable" && MAY_NOT_APPLY.includes(check)),
    )
  );
}

function isFail({ outcome }: Outcome): boolean {
  return outcome === "fail";
}

/**
 * Put or not put, and not settled. That nobody looks from outside is the owner's choice and stands below every headline
 * as what this check cannot know; counted once a camera it would hide what went wrong.
 */
export function isUnsettled({ outcome, because }: Outcome): boolean {
  if (because === "outside-check-off") return false;
  return outcome === "unknown" || outcome === "notchecked" || outcome === "error";
}

function isSameSubject(one: Outcome, other: Outcome): boolean {
  return one.check === other.check && one.subject === other.subject;
}

/** A scan that lies in the future is a clock that was wrong, and proves nothing about now. */
function isStale({ now, lastCompleteScanAt, staleAfterHours = 26 }: PostureInput): boolean {
  if (lastCompleteScanAt === null) return false;
  const hours = (Date.parse(now) - Date.parse(lastCompleteScanAt)) / 3_600_000;
  return !(hours >= -0.1 && hours <= staleAfterHours);
}

function countStates(views: readonly CameraView[]): Posture["counts"] {
  const counts = {
    cameras: views.length,
    emergency: 0,
    danger: 0,
    waiting: 0,
    unknown: 0,
    attention: 0,
    none: 0,
  };
  for (const { state } of views) counts[state] += 1;
  return counts;
}

type Countable = "emergencies" | "dangers" | "attentions" | "missing" | "exceptions";

function sum(views: readonly CameraView[], what: Countable): number {
  return views.reduce((total, view) => total + view[what], 0);
}

function pointsOf(
  id: PostureId,
  views: readonly CameraView[],
  site: FailView,
): Pick<Posture, "points" | "affected"> {
  const counted: { readonly [Id in PostureId]?: Countable } = {
    emergency: "emergencies",
    "emergency-configured": "emergencies",
    danger: "dangers",
    unknown: "missing",
    attention: "attentions",
  };
  const what = counted[id];
  if (what === undefined) return { points: id === "self" ? 1 : 0, affected: 0 };
  const siteWide = what === "dangers" || what === "attentions" ? site[what] : 0;
  return { points: sum(views, what) + siteWide, affected: views.filter((view) => view[what] > 0).length };
}
