import {
  type CameraPage,
  type DoorResults,
  type Fact,
  formatTime,
  MARKS,
  type ResultRow,
} from "../../../web-ui/index.ts";
import { type Finding, isAccepted, localDay, type Outcome } from "../../model/index.ts";
import { managerOf } from "./consent.ts";
import { deviceKind, type Entry, isCamera } from "./directory.ts";
import { doorsOf } from "./doors.ts";
import { withValues } from "./facts.ts";
import { isOpen, markOfOutcome } from "./marks.ts";
import { resolvedLinks } from "./resolved.ts";
import { linkOf, type Scene } from "./scene.ts";
import { wordsOfCamera } from "./statements.ts";
import { stripOfCamera } from "./timeline.ts";

/** A door, or a mapping that leads to one; any other subject belongs to the camera as a whole. */
const DOOR = /^(?:https?|rtsp|onvif|telnet):\d{1,5}$|^(?:TCP|UDP) \d{1,5}$/;

export function cameraPage(scene: Scene, entry: Entry): CameraPage {
  const { state, directory } = scene;
  const open = state.findings.filter((one) => isOpen(one) && directory.ofDevice(one.deviceId) === entry);
  const findings = open.map((finding) => linkOf(scene, finding)).toSorted(worstFirst);
  const outcomes = entry.device?.outcomes ?? [];
  const accepted = open.filter((finding) => isAccepted(finding, scene.now.toISOString()));
  const present = entry.device !== null && entry.device.addresses.length > 0;
  return {
    kind: "camera",
    key: entry.key,
    name: entry.name,
    givenName: entry.known?.name ?? null,
    maker: entry.maker,
    manager: entry.known?.manager ?? managerOf(scene, entry),
    mark: isCamera(entry) ? (scene.posture.states[entry.id] ?? "unknown") : (findings[0]?.mark ?? null),
    isCamera: isCamera(entry),
    missing: present ? null : { lastSeen: entry.known?.lastSeen ?? null },
    retired: entry.known?.retired ?? false,
    findings,
    results: doorResults(scene, outcomes, open),
    doors: doorsOf({
      doors: entry.device?.doors ?? null,
      outcomes,
      findings: open.filter((finding) => !accepted.includes(finding)),
    }),
    strip: stripOfCamera(scene, entry),
    notApplicable: [
      ...new Set(outcomes.filter((one) => markOfOutcome(one) === null).map(({ check }) => check)),
    ],
    resolved: resolvedLinks(scene, entry),
    words: wordsOfCamera(scene, entry),
    today: localDay(scene.now),
    facts: cameraFacts(scene, entry),
  };
}

/** Results door by door; the door with the worst result comes first. */
function doorResults(
  scene: Scene,
  outcomes: readonly Outcome[],
  open: readonly Finding[],
): readonly DoorResults[] {
  const rows = new Map<string, ResultRow[]>();
  for (const outcome of outcomes) {
    const door = DOOR.test(outcome.subject) ? outcome.subject : "";
    const row = resultRow(scene, outcome, open);
    if (row) rows.set(door, [...(rows.get(door) ?? []), row]);
  }
  return [...rows]
    .map(([door, unsorted]) => ({ door, rows: unsorted.toSorted(worstFirst) }))
    .toSorted((one, other) => worst(one) - worst(other));
}

function worst({ rows }: DoorResults): number {
  return Math.min(...rows.map(({ mark }) => MARKS.indexOf(mark)));
}

function worstFirst(one: Pick<ResultRow, "mark">, other: Pick<ResultRow, "mark">): number {
  return MARKS.indexOf(one.mark) - MARKS.indexOf(other.mark);
}

/** Null for a check that does not apply. */
function resultRow(
  { options, language, words }: Scene,
  outcome: Outcome,
  open: readonly Finding[],
): ResultRow | null {
  const { check, subject, because } = outcome;
  const mark = markOfOutcome(outcome);
  if (mark === null) return null;
  const finding = open.find((one) => one.check === check && one.subject === subject);
  const reason = because === null ? null : options.reasons[because]?.[language];
  return {
    check,
    subject: DOOR.test(subject) ? "" : subject,
    outcome: outcome.outcome,
    mark,
    because: because === null ? null : (reason ?? words.common.unknownReason),
    finding: finding?.id ?? null,
  };
}

function cameraFacts({ words, now }: Scene, entry: Entry): readonly Fact[] {
  const { device, known } = entry;
  const { camera } = words;
  const when = (iso: string | undefined) => (iso ? formatTime(iso, now.toISOString(), words.time) : "");
  return withValues([
    { label: camera.kind, values: [words.kinds[deviceKind(entry)]] },
    { label: camera.maker, values: [device?.vendor ?? ""] },
    { label: camera.model, values: [device?.model ?? ""] },
    { label: camera.firmware, values: [device?.firmware ?? ""] },
    { label: camera.certainty, values: device ? [`${Math.round(device.certainty * 100)} %`] : [] },
    { label: camera.answering, values: device?.doors ?? [] },
    { label: camera.addresses, values: device?.addresses ?? [] },
    { label: camera.mac, values: [device?.mac ?? ""] },
    { label: camera.names, values: device?.names ?? [] },
    { label: camera.firstSeen, values: [when(known?.firstSeen)] },
    { label: camera.lastSeen, values: [when(known?.lastSeen)] },
  ]);
}
