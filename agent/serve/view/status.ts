import {
  type CameraRow,
  formatDate,
  formatTime,
  type Headline,
  type HeadlineValues,
  MARKS,
  type Mark,
  type StatusPage,
} from "../../../web-ui/index.ts";
import { type Finding, isAccepted, type PostureId } from "../../model/index.ts";
import { type Entry, isCamera } from "./directory.ts";
import { doorsOf } from "./doors.ts";
import { type MapCamera, mapOf } from "./map.ts";
import { isOpen, markOfFinding, markOfOutcome } from "./marks.ts";
import { resolvedLinks } from "./resolved.ts";
import { linkOf, type Scene } from "./scene.ts";

const MARK_OF: Readonly<Record<PostureId, Mark>> = {
  self: "danger",
  emergency: "emergency",
  "emergency-configured": "emergency",
  danger: "danger",
  stale: "unknown",
  waiting: "waiting",
  checking: "checking",
  "no-camera": "unknown",
  unknown: "unknown",
  attention: "attention",
  none: "none",
};

/** Days to talk with the contractor about what is not urgent. */
const DAYS_TO_ATTEND = 30;
/** More names than this make a headline hard to read; then the number of cameras stands there. */
const NAMES_IN_HEADLINE = 2;

export function statusPage(scene: Scene): StatusPage {
  const cameras = scene.directory.cameras.map((entry) => cameraOf(scene, entry));
  cameras.sort(worstFirst);
  const rows = cameras.map((camera) => cameraRow(scene, camera));
  const others = elsewhere(scene).map((finding) => linkOf(scene, finding));
  const shown = scene.detail === "all" ? rows : [];
  const first = [...shown.flatMap(({ findings }) => findings), ...others].sort(worstFirst)[0];
  const counts = MARKS.map((mark) => ({ mark, count: rows.filter((row) => row.mark === mark).length }));
  return {
    kind: "status",
    headline: headlineOf(scene),
    cameras: rows.length,
    counts: scene.state.report === null ? [] : counts.filter(({ count }) => count > 0),
    unsettled: scene.posture.unsettled,
    exceptions: scene.posture.exceptions,
    lastCheck: scene.state.lastCompleteScanAt,
    nextCheck: scene.state.nextScanAt,
    rows: scene.detail === "all" ? rows : null,
    map:
      scene.detail === "all" && scene.state.report !== null && cameras.length > 0
        ? mapOf(scene, cameras)
        : null,
    elsewhere: others,
    resolved: resolvedLinks(scene),
    first: first?.id ?? null,
  };
}

/** `more` = other words for some of the values, where the usual ones do not fit. */
export function headlineOf(scene: Scene, more: Partial<HeadlineValues> = {}): Headline {
  const { posture, state, words, now } = scene;
  const { title, sentence } = words.headlines[posture.id];
  const when = (iso: string | null): string =>
    iso === null ? words.common.never : formatTime(iso, now.toISOString(), words.time);
  const by = new Date(now.getTime() + DAYS_TO_ATTEND * 86_400_000).toISOString();
  const values = {
    n: posture.points,
    total: posture.id === "checking" ? (state.scanning?.total ?? 0) : scene.directory.cameras.length,
    affected: posture.affected,
    who: whoIsAffected(scene),
    place: scene.place,
    at: when(state.lastCompleteScanAt),
    by: formatDate(by, words.time),
    ...more,
  };
  return {
    id: posture.id,
    mark: MARK_OF[posture.id],
    title: title(values),
    sentence: sentence(values),
    stoppedSince: posture.staleBanner ? state.lastCompleteScanAt : null,
  };
}

/** Names of the cameras for whoever is signed in, their number for everybody else. */
function whoIsAffected(scene: Scene): string {
  const { posture, directory, detail, words } = scene;
  if (posture.affected === 0) return words.common.notCamera;
  const names = directory.cameras.filter((entry) => posture.states[entry.id] === MARK_OF[posture.id]);
  if (detail !== "all" || names.length !== posture.affected || names.length > NAMES_IN_HEADLINE)
    return words.common.cameras(posture.affected);
  return names.map(({ name }) => words.common.quoted(name)).join(words.common.and);
}

function findingsOf({ state, directory }: Scene, entry: Entry): readonly Finding[] {
  return state.findings.filter((finding) => directory.ofDevice(finding.deviceId) === entry);
}

interface StatusCamera extends MapCamera {
  readonly entry: Entry;
  readonly accepted: number;
}

function cameraOf(scene: Scene, entry: Entry): StatusCamera {
  const open = findingsOf(scene, entry).filter(isOpen);
  const findings = open.filter((finding) => !isAccepted(finding, scene.now.toISOString()));
  const { doors = null, outcomes = [] } = entry.device ?? {};
  return {
    entry,
    key: entry.key,
    name: entry.name,
    mark: scene.posture.states[entry.id] ?? "unknown",
    doors: doorsOf({ doors, outcomes, findings }),
    findings,
    accepted: open.length - findings.length,
  };
}

function cameraRow(
  scene: Scene,
  { entry, findings, accepted, doors, key, name, mark }: StatusCamera,
): CameraRow {
  const marks = (entry.device?.outcomes ?? []).filter(({ outcome }) => outcome !== "fail").map(markOfOutcome);
  const count = (wanted: Mark) => marks.filter((one) => one === wanted).length;
  return {
    key,
    name,
    maker: entry.maker,
    mark,
    findings: findings.map((finding) => linkOf(scene, finding)).toSorted(worstFirst),
    doors,
    since: findings.map(({ firstSeen }) => firstSeen).toSorted()[0] ?? null,
    accepted,
    unknown: count("unknown"),
    waiting: count("waiting"),
    passed: count("none"),
  };
}

/** Open findings on routers and everything else that is no camera. */
function elsewhere({ state, directory, now, detail }: Scene): readonly Finding[] {
  if (detail === "none") return [];
  return state.findings
    .filter((finding) => isOpen(finding) && !isAccepted(finding, now.toISOString()))
    .filter(({ check }) => detail === "all" || check === "agent-exposed")
    .filter((finding) => {
      const entry = directory.ofDevice(finding.deviceId);
      return entry === null || !isCamera(entry);
    })
    .toSorted((a, b) => worstFirst({ mark: markOfFinding(a) }, { mark: markOfFinding(b) }));
}

function worstFirst(a: { readonly mark: Mark }, b: { readonly mark: Mark }): number {
  return MARKS.indexOf(a.mark) - MARKS.indexOf(b.mark);
}
