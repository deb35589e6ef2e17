import { type Mark, type SheetAct, type SheetPoint, type SheetRow, wordsOf } from "../../../web-ui/index.ts";
import {
  CAMERA_STATES,
  cleanText,
  type Finding,
  fillText,
  isAccepted,
  isSettled,
  isUnsettled,
  type Language,
  type LocalizedText,
  MANDATORY_CHECKS,
  type Outcome,
} from "../../model/index.ts";
import { managerOf } from "./consent.ts";
import { type Entry, isCamera } from "./directory.ts";
import { dueOf } from "./due.ts";
import { isOpen, markOfFinding, markOfOutcome } from "./marks.ts";
import type { Scene } from "./scene.ts";

/** One A4 page holds this many cameras. */
export const CAMERAS_ON_A_PAGE = 8;
/** Lines of the table that one A4 page holds besides the boxes and the signatures, each of up to three rows of text. */
const LINES_ON_A_PAGE = 9;
/** On several pages a camera may take more room. */
const LINES_OF_A_CAMERA = 3;
const POINTS_OF_A_CAMERA = 3;
const ACTS_OF_A_POINT = 2;

/** The table: cameras, the worst first, then one row for everything else. */
export function sheetRows(scene: Scene, asOf: string): readonly SheetRow[] {
  const { cameras } = scene.directory;
  const findings = openByEntry(scene);
  const unnamed = cameras.filter((entry) => nameOf(entry) === null).map(({ key }) => key);
  unnamed.sort();
  const rows = cameras.map((entry) => ({
    ...cameraRow(scene, entry, findings.get(entry) ?? [], asOf),
    number: unnamed.indexOf(entry.key) + 1,
  }));
  rows.sort((a, b) => rank(a.mark) - rank(b.mark) || compare(a.name, b.name) || a.number - b.number);
  const all = [...rows, elsewhereRow(scene, findings, asOf)];
  const lines = rows.length <= CAMERAS_ON_A_PAGE ? LINES_ON_A_PAGE : all.length * LINES_OF_A_CAMERA;
  return fitted(all, lines);
}

/** Only what a person wrote. */
export function nameOf({ known }: Entry): string | null {
  return known?.name == null ? null : cleanText(known.name, 60) || null;
}

function openByEntry({ state, directory }: Scene): ReadonlyMap<Entry | null, readonly Finding[]> {
  const open = new Map<Entry | null, Finding[]>();
  for (const finding of state.findings.filter(isOpen)) {
    const entry = directory.ofDevice(finding.deviceId);
    open.set(entry, [...(open.get(entry) ?? []), finding]);
  }
  return open;
}

type Row = Omit<SheetRow, "number">;

function cameraRow(scene: Scene, entry: Entry, findings: readonly Finding[], asOf: string): Row {
  const outcomes = entry.device?.outcomes ?? [];
  const gaps: readonly string[] = MANDATORY_CHECKS.filter((check) => !isSettled(check, outcomes));
  const points = pointsOf(scene, nameOf(entry), findings, asOf);
  const gap = gapOf(scene, entry, outcomes, gaps, asOf);
  return {
    place: "camera",
    name: nameOf(entry),
    manager: managerOf(scene, entry),
    mark: scene.posture.states[entry.id] ?? "unknown",
    points: (gap ? [...points, gap] : points).toSorted((a, b) => rank(a.mark) - rank(b.mark)),
    hidden: 0,
    unsettled: outcomes.filter((one) => isUnsettled(one) && !gaps.includes(one.check)).length,
  };
}

/** The router and all that is no camera. Nothing found counts only where something was asked and answered. */
function elsewhereRow(
  scene: Scene,
  findings: ReadonlyMap<Entry | null, readonly Finding[]>,
  asOf: string,
): SheetRow {
  const mine = [...findings]
    .filter(([entry]) => entry === null || !isCamera(entry))
    .flatMap(([, all]) => all);
  const outcomes = scene.directory.entries
    .filter((entry) => !isCamera(entry))
    .flatMap(({ device }) => device?.outcomes ?? []);
  const points = pointsOf(scene, null, mine, asOf);
  const unsettled = outcomes.filter(isUnsettled).length;
  const settled = unsettled === 0 && outcomes.some(({ outcome }) => outcome === "pass");
  const nothing = settled ? [] : [unsettledPoint("unknown", unsettled, null, asOf)];
  return {
    place: "elsewhere",
    name: null,
    number: 0,
    manager: null,
    mark: points[0]?.mark ?? (settled ? "none" : "unknown"),
    points: points.length > 0 ? points : nothing,
    hidden: 0,
    unsettled: points.length > 0 ? unsettled : 0,
  };
}

/** Findings of one check make one point, the worst first; those that somebody accepted stand apart. */
function pointsOf(
  scene: Scene,
  name: string | null,
  findings: readonly Finding[],
  asOf: string,
): readonly SheetPoint[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${finding.check} ${isLeft(scene, finding)}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()]
    .map((group) => pointOf(scene, name, group, asOf))
    .toSorted(
      (a, b) => rank(a.mark) - rank(b.mark) || compare(a.since, b.since) || compare(a.check, b.check),
    );
}

/** What the internet can reach cannot be accepted away. */
function isLeft({ now }: Scene, finding: Finding): boolean {
  return finding.severity !== "critical" && isAccepted(finding, now.toISOString());
}

function pointOf(scene: Scene, name: string | null, group: readonly Finding[], asOf: string): SheetPoint {
  const worst = group.reduce((a, b) => (rank(markOfFinding(b)) < rank(markOfFinding(a)) ? b : a));
  const accepted = isLeft(scene, worst) ? worst.acknowledged : null;
  const mark = accepted ? "attention" : markOfFinding(worst);
  const since = group.map(({ firstSeen }) => firstSeen).sort()[0] ?? worst.firstSeen;
  return {
    check: worst.check,
    gaps: 0,
    mark,
    since,
    due: accepted ? null : dueOf(mark, since, asOf),
    accepted: accepted && { by: accepted.by, until: accepted.until },
    acts: accepted
      ? []
      : scene.options.catalogue[worst.check].steps.map(({ actors, text }) => ({
          actors,
          text: filled(scene, text, name),
        })),
  };
}

/** Filled with people's words only: nothing that was measured may reach the wall. */
function filled({ state }: Scene, text: LocalizedText, name: string | null): LocalizedText {
  const say = (language: Language) => {
    const { common } = wordsOf(language);
    const cam = name ?? common.unnamedCamera;
    return fillText(text[language], { cam, place: state.place ?? common.thisPlace });
  };
  return { ja: say("ja"), en: say("en") };
}

function gapOf(
  { state, posture }: Scene,
  entry: Entry,
  outcomes: readonly Outcome[],
  gaps: readonly string[],
  asOf: string,
): SheetPoint | null {
  if (gaps.length === 0) return null;
  const mine = outcomes.filter(({ check }) => gaps.includes(check));
  const stands = posture.states[entry.id];
  const waits = stands === "waiting" || mine.some((one) => markOfOutcome(one) === "waiting");
  const mark = waits && stands !== "unknown" ? "waiting" : "unknown";
  const last = state.exposure.changes[entry.id]?.at(-1);
  return unsettledPoint(mark, gaps.length, last?.state === mark ? last.at : null, asOf);
}

function unsettledPoint(
  mark: "waiting" | "unknown",
  gaps: number,
  since: string | null,
  asOf: string,
): SheetPoint {
  const text = { ja: wordsOf("ja").report.gapActs[mark], en: wordsOf("en").report.gapActs[mark] };
  const acts: readonly SheetAct[] = [{ actors: ["site"], text }];
  return {
    check: null,
    gaps,
    mark,
    since,
    due: since === null ? null : dueOf(mark, since, asOf),
    accepted: null,
    acts,
  };
}

function fitted(rows: readonly SheetRow[], lines: number): readonly SheetRow[] {
  const shares = shareLines(
    rows.map(({ points }) => points.map(({ acts }) => acts.length)),
    lines,
  );
  return rows.map((row, index) => {
    const share = shares[index] ?? [];
    const points = row.points.flatMap((point, at) => {
      const acts = share[at] ?? 0;
      return acts === 0 ? [] : [{ ...point, acts: point.acts.slice(0, acts) }];
    });
    // What could not be checked is told even where its line is not.
    const lost = row.points.filter((_point, at) => (share[at] ?? 0) === 0);
    const gaps = lost.reduce((sum, point) => sum + point.gaps, 0);
    return {
      ...row,
      points,
      hidden: lost.filter(({ gaps }) => gaps === 0).length,
      unsettled: row.unsettled + gaps,
    };
  });
}

/**
 * How many lines each point gets, by row and point; `rows` = the number of steps of each point. Every row has at least
 * one; what is left goes to the rows in turn, and to every point before a second step of any.
 */
export function shareLines(
  rows: readonly (readonly number[])[],
  lines: number,
): readonly (readonly number[])[] {
  const shares = rows.map((points) => points.map(() => 0));
  let left = lines - rows.filter((points) => points.length === 0).length;
  for (const most of [1, ACTS_OF_A_POINT]) {
    for (let given = true; given; ) {
      given = false;
      for (const [index, points] of rows.entries()) {
        const share = shares[index] ?? [];
        const next = nextPoint(points, share, most);
        if (next === -1 || (left <= 0 && share[0] !== 0)) continue;
        share[next] = (share[next] ?? 0) + 1;
        left -= 1;
        given = true;
      }
    }
  }
  return shares;
}

/** A point without a step, since somebody accepted it, takes a line too. */
function nextPoint(points: readonly number[], share: readonly number[], most: number): number {
  return points.findIndex(
    (acts, at) => at < POINTS_OF_A_CAMERA && (share[at] ?? 0) < Math.min(Math.max(1, acts), most),
  );
}

/** In the order of the cameras' states, so that the first line of a camera says how the camera stands. */
function rank(mark: Mark): number {
  const states: readonly Mark[] = CAMERA_STATES;
  return states.indexOf(mark);
}

function compare(a: string | null, b: string | null): number {
  return (a ?? "") < (b ?? "") ? -1 : Number((a ?? "") > (b ?? ""));
}
