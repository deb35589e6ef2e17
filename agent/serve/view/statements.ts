import {
  MARKS,
  type Mark,
  type MeasuredRow,
  type StatementRow,
  type StatementsPage,
  type WordsBesideFacts,
} from "../../../web-ui/index.ts";
import { type CheckId, type Finding, localDay } from "../../model/index.ts";
import type { Entry } from "./directory.ts";
import { isOpen, markOfOutcome } from "./marks.ts";
import { linkOf, type Scene } from "./scene.ts";

/** What people were told, beside what was measured: of the place as a whole, then of each camera. */
export function statementsPage(scene: Scene): StatementsPage {
  return {
    kind: "statements",
    place: { camera: null, statements: statementsOf(scene, null), measured: measuredOf(scene, null) },
    cameras: scene.directory.cameras.map((entry) => ({ name: entry.name, ...wordsOfCamera(scene, entry) })),
    today: localDay(scene.now),
  };
}

export function wordsOfCamera(scene: Scene, entry: Entry): WordsBesideFacts {
  return {
    camera: entry.key,
    statements: statementsOf(scene, entry),
    measured: measuredOf(scene, entry),
  };
}

/** What was said of its camera and of the place as a whole, beside this one finding. */
export function wordsOfFinding(scene: Scene, finding: Finding, entry: Entry | null): WordsBesideFacts {
  const ofCamera = entry ? statementsOf(scene, entry) : [];
  return {
    camera: entry?.key ?? null,
    statements: [...ofCamera, ...statementsOf(scene, null)].toSorted(latestFirst),
    measured: [confirmed(scene, finding)],
  };
}

/** `entry` null = of the place as a whole. */
function statementsOf({ state, directory }: Scene, entry: Entry | null): readonly StatementRow[] {
  return state.statements
    .filter(({ deviceId }) =>
      entry === null ? deviceId === null : deviceId !== null && directory.ofDevice(deviceId) === entry,
    )
    .map(({ id, company, text, saidOn }) => ({ id, company, text, saidOn }))
    .toSorted(latestFirst);
}

function latestFirst(one: StatementRow, other: StatementRow): number {
  return other.saidOn < one.saidOn ? -1 : Number(other.saidOn > one.saidOn);
}

/** Findings that are open, then which checks settled nothing, then which found nothing. */
function measuredOf(scene: Scene, entry: Entry | null): readonly MeasuredRow[] {
  const { state, directory } = scene;
  const findings = state.findings.filter(
    (finding) => isOpen(finding) && (entry === null || directory.ofDevice(finding.deviceId) === entry),
  );
  const rows = findings.map((finding) => confirmed(scene, finding)).toSorted(worstFirst);
  const at = state.lastCompleteScanAt ?? state.report?.finishedAt;
  if (at === undefined) return rows;
  const found = new Set(findings.map(({ check }) => check));
  const marks = marksByCheck(entry === null ? directory.cameras : [entry]);
  const which = (wanted: (marks: ReadonlySet<Mark>, check: CheckId) => boolean) =>
    [...marks].filter(([check, seen]) => wanted(seen, check)).map(([check]) => check);
  const groups: readonly MeasuredRow[] = [
    { kind: "unsettled", mark: "unknown", checks: which((seen) => seen.has("unknown")), at },
    { kind: "waiting", mark: "waiting", checks: which((seen) => seen.has("waiting")), at },
    { kind: "nothing", mark: "none", checks: which((seen, check) => isNothing(seen, found.has(check))), at },
  ];
  return [...rows, ...groups.filter((row) => "checks" in row && row.checks.length > 0)];
}

/** Every door passed, and nothing is still open from before. */
function isNothing(seen: ReadonlySet<Mark>, found: boolean): boolean {
  return !found && seen.size === 1 && seen.has("none");
}

function marksByCheck(entries: readonly Entry[]): ReadonlyMap<CheckId, Set<Mark>> {
  const marks = new Map<CheckId, Set<Mark>>();
  for (const outcome of entries.flatMap(({ device }) => device?.outcomes ?? [])) {
    const mark = markOfOutcome(outcome);
    if (mark !== null) marks.set(outcome.check, (marks.get(outcome.check) ?? new Set()).add(mark));
  }
  return marks;
}

function confirmed(scene: Scene, finding: Finding): MeasuredRow {
  const { id, title, mark } = linkOf(scene, finding);
  return finding.resolvedAt === null
    ? { kind: "confirmed", mark, title, at: finding.lastConfirmed, finding: id }
    : { kind: "resolved", mark: "none", title, at: finding.resolvedAt, finding: id };
}

function worstFirst(one: MeasuredRow, other: MeasuredRow): number {
  return MARKS.indexOf(one.mark) - MARKS.indexOf(other.mark);
}
