import {
  DOOR_KINDS,
  type DoorKind,
  type DoorState,
  type DoorView,
  MARKS,
  type Mark,
} from "../../../web-ui/index.ts";
import type { CheckId, Finding, Outcome } from "../../model/index.ts";
import { markOfFinding, markOfOutcome } from "./marks.ts";

/** Checks that speak of what a door shows to whoever knocks. */
const OF_DOORS: readonly CheckId[] = ["open-live-view", "default-credentials", "anonymous-access"];
/** Without their word nobody knows whether a door is closed. */
const DECISIVE: readonly CheckId[] = ["open-live-view", "default-credentials"];

/** Checks whose findings say that a way leads from outside to a camera. */
export const LEADS_IN: readonly CheckId[] = [
  "port-mapping-to-camera",
  "reachable-from-internet",
  "ipv6-reachable",
];

const KIND_OF: Readonly<Record<string, DoorKind>> = {
  http: "web",
  https: "web",
  rtsp: "video",
  onvif: "onvif",
};

export interface DoorFacts {
  /** As in the report: null = nobody asked. */
  readonly doors: readonly string[] | null;
  readonly outcomes: readonly Outcome[];
  /** Open and not accepted. */
  readonly findings: readonly Finding[];
}

/** The picture of a camera's doors. Nothing that was not settled is ever drawn as `none`. */
export function doorsOf(facts: DoorFacts): readonly DoorView[] {
  return DOOR_KINDS.map((kind) => ({
    kind,
    state: kind === "router" ? routerState(facts) : stateOf(kind, facts),
  }));
}

/** Kind of the door that a subject such as `rtsp:554` names. */
export function kindOf(subject: string): DoorKind | null {
  return KIND_OF[subject.replace(/:.*$/, "")] ?? null;
}

function stateOf(kind: DoorKind, { doors, outcomes, findings }: DoorFacts): DoorState {
  const fails = findings.filter(({ check, subject }) => OF_DOORS.includes(check) && kindOf(subject) === kind);
  if (fails.length > 0) return worst(fails.map(markOfFinding));
  const decisive = outcomes.filter(({ check }) => DECISIVE.includes(check));
  const named = decisive.filter(({ subject }) => kindOf(subject) === kind);
  const isThere = named.length > 0 || doors?.some((door) => kindOf(door) === kind) === true;
  if (!isThere) return doors === null ? worst(unsettled(decisive)) : "absent";
  const mine = [...named, ...decisive.filter(({ subject }) => kindOf(subject) === null)];
  const doubts = mine.map(markOfOutcome).filter((mark) => mark !== null && mark !== "none");
  const viewed = mine.some(({ check, outcome }) => check === "open-live-view" && outcome === "pass");
  return doubts.length > 0 || !viewed ? worst(unsettled(mine)) : "none";
}

function routerState({ outcomes, findings }: DoorFacts): DoorState {
  const fails = findings.filter(({ check }) => LEADS_IN.includes(check));
  if (fails.length > 0) return worst(fails.map(markOfFinding));
  const mine = outcomes.filter(({ check }) => check === "port-mapping-to-camera");
  const settled =
    mine.length > 0 && mine.every(({ outcome }) => outcome === "pass" || outcome === "notapplicable");
  return settled ? "none" : worst(unsettled(mine));
}

/** `waiting` where only a permission is missing, else `unknown`. */
function unsettled(outcomes: readonly Outcome[]): readonly Mark[] {
  const marks = outcomes.map(markOfOutcome).filter((mark) => mark === "waiting" || mark === "unknown");
  return marks.includes("unknown") || marks.length === 0 ? ["unknown"] : ["waiting"];
}

function worst(marks: readonly Mark[]): Mark {
  return MARKS.find((mark) => marks.includes(mark)) ?? "unknown";
}
