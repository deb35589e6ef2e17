import {
  type CameraRow,
  formatDate,
  formatTime,
  type Headline,
  MARKS,
  type Mark,
  type StatusPage,
} from "../../../web-ui/index.ts";
import { type Finding, isAccepted, type PostureId } from "../../model/index.ts";
import { type Entry, isCamera } from "./directory.ts";
import { isOpen, markOfFinding, markOfOutcome } from "./marks.ts";
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
  const rows = scene.directory.cameras.map((entry) => cameraRow(scene, entry));
  rows.sort(worstFirst);
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
    lastCheck: scene.state.lastCompleteScanAt,
    nextCheck: scene.state.nextScanAt,
    rows: scene.detail === "all" ? rows : null,
    elsewhere: others,
    first: first?.id ?? null,
  };
}

export function headlineOf(scene: Scene): Headline {
  const { posture, state, words, now } = scene;
  const { title, sentence } = words.headlines[posture.id];
  const when = (iso: string | null): string =>
    iso === null ? words.common.never : formatTime(iso, now.toISOString(), words.time);
  const by = new Date(now.getTime() + DAYS_TO_ATTEND * 86_400_000).toISOString();
  const values = {
    n: posture.points,
    total: posture.id === "checking" ? (state.scanning?.total ?? 0) : scene.directory.cameras.length,
    who: whoIsAffected(scene),
    place: scene.place,
    at: when(state.lastCompleteScanAt),
    by: formatDate(by, words.time),
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

function cameraRow(scene: Scene, entry: Entry): CameraRow {
  const mine = findingsOf(scene, entry).filter(isOpen);
  const accepted = mine.filter((finding) => isAccepted(finding, scene.now.toISOString()));
  const links = mine
    .filter((finding) => !accepted.includes(finding))
    .map((finding) => linkOf(scene, finding));
  const outcomes = (entry.device?.outcomes ?? [])
    .filter(({ outcome }) => outcome !== "fail")
    .map(markOfOutcome);
  const count = (mark: Mark) => outcomes.filter((one) => one === mark).length;
  return {
    key: entry.key,
    name: entry.name,
    maker: entry.maker,
    mark: scene.posture.states[entry.id] ?? "unknown",
    findings: links.toSorted(worstFirst),
    accepted: accepted.length,
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
