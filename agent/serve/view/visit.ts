import {
  MARKS,
  type VisitCamera,
  type VisitCameraName,
  type VisitPage,
  type VisitPoint,
  type VisitView,
} from "../../../web-ui/index.ts";
import type { Snapshot, SnapshotCamera, Visit } from "../../model/index.ts";
import { markOfFinding } from "./marks.ts";
import type { Scene } from "./scene.ts";
import { compareSnapshots, snapshotOf, wasChecked } from "./snapshot.ts";

/** The visit that goes on; at most one does. */
export function runningVisit({ state }: Scene): Visit | null {
  return state.visits.findLast(({ after }) => after === null) ?? null;
}

/** The page to work from: begin, or what is open and how it stands. */
export function visitPage(scene: Scene): VisitPage {
  const running = runningVisit(scene);
  return {
    kind: "visit",
    shows: running ? "work" : "begin",
    visit: running && viewOf(scene, running, snapshotOf(scene, running.before.at)),
    past: scene.state.visits
      .filter(({ after }) => after !== null)
      .map(({ id, person, company, before }) => ({ id, person, company, from: before.at }))
      .toReversed(),
  };
}

/** The paper with before and after of one visit, also while it goes on. */
export function visitSheet(scene: Scene, visit: Visit): VisitPage {
  const after = visit.after ?? snapshotOf(scene, visit.before.at);
  return { kind: "visit", shows: "sheet", visit: viewOf(scene, visit, after), past: [] };
}

function viewOf(
  { state }: Scene,
  { id, person, company, before, after: ended }: Visit,
  after: Snapshot,
): VisitView {
  const checked = wasChecked(before, after);
  const names = namesOf([...after.cameras, ...before.cameras]);
  const stateIn = (one: Snapshot, camera: string) =>
    one.cameras.find((each) => each.id === camera)?.state ?? null;
  const points = compareSnapshots(before, after).map(({ finding, result }) => ({
    id: finding.id,
    check: finding.check,
    subject: finding.subject,
    mark: markOfFinding(finding),
    result,
    camera: names.get(finding.deviceId) ?? null,
    linked: state.findings.some((one) => one.id === finding.id),
  }));
  const cameras: readonly VisitCamera[] = [...names].map(([camera, name]) => ({
    ...name,
    id: camera,
    before: stateIn(before, camera),
    // Nobody has looked since: what was so before the work proves nothing.
    after: checked ? stateIn(after, camera) : "unknown",
  }));
  const worst = (mark: VisitPoint["mark"] | null) => (mark === null ? MARKS.length : MARKS.indexOf(mark));
  return {
    id,
    person,
    company,
    from: before.at,
    to: ended?.at ?? null,
    scanBefore: before.scanAt,
    scanAfter: checked ? after.scanAt : null,
    checked,
    cameras: cameras.toSorted((a, b) => worst(a.before) - worst(b.before)),
    points: points.toSorted((a, b) => worst(a.mark) - worst(b.mark)),
  };
}

/** One name a camera, the newest first in `cameras`; those without one get a number. */
function namesOf(cameras: readonly SnapshotCamera[]): ReadonlyMap<string, VisitCameraName> {
  const ids = [...new Set(cameras.map(({ id }) => id))].sort();
  const named = ids.map((id) => ({
    id,
    name: cameras.find((one) => one.id === id && one.name !== "")?.name ?? null,
  }));
  const unnamed = named.filter(({ name }) => name === null).map(({ id }) => id);
  return new Map(named.map(({ id, name }) => [id, { name, number: unnamed.indexOf(id) + 1 }]));
}
