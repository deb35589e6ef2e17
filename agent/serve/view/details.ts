import {
  type CameraPage,
  type ConsentPage,
  type ConsentRow,
  dayNumber,
  type Fact,
  type FindingPage,
  formatTime,
  type ResultRow,
} from "../../../web-ui/index.ts";
import type { ConsentRecord, Finding, LocalizedText, Outcome } from "../../model/index.ts";
import type { Entry } from "./directory.ts";
import { isAccepted, isOpen, markOfOutcome } from "./marks.ts";
import { linkOf, type Scene, textOf } from "./scene.ts";

/** An exception ends by itself after half a year. */
export const ACCEPT_DAYS = 180;

export function findingPage(scene: Scene, finding: Finding): FindingPage {
  const text = scene.options.catalogue[finding.check];
  const say = (words: LocalizedText) => textOf(scene, words, finding, scene.language);
  const entry = scene.directory.ofDevice(finding.deviceId);
  const { mark, title } = linkOf(scene, finding);
  return {
    kind: "finding",
    id: finding.id,
    check: finding.check,
    mark,
    title,
    why: say(text.why),
    whoCanSee: say(text.whoCanSee),
    audience: finding.outcome.audience,
    since: finding.firstSeen,
    days: dayNumber(finding.firstSeen, scene.now.toISOString()),
    lastConfirmed: finding.lastConfirmed,
    lastUnknown: finding.lastUnknown,
    resolvedAt: finding.resolvedAt,
    reopened: finding.reopened,
    accepted: isAccepted(finding, scene.now) ? finding.acknowledged : null,
    steps: text.steps.map((step) => ({ actors: step.actors, text: say(step.text) })),
    camera: entry && { key: entry.key, name: entry.name },
    facts: findingFacts(scene, finding, entry, text.standards),
    acceptUntil: new Date(scene.now.getTime() + ACCEPT_DAYS * 86_400_000).toISOString().slice(0, 10),
  };
}

function findingFacts(
  { words }: Scene,
  finding: Finding,
  entry: Entry | null,
  standards: readonly string[],
): readonly Fact[] {
  const { finding: label, camera } = words;
  return withValues([
    { label: label.check, values: [finding.check] },
    { label: label.subject, values: [finding.subject] },
    { label: label.evidence, values: finding.outcome.evidence },
    { label: camera.addresses, values: entry?.device?.addresses ?? [] },
    { label: camera.mac, values: [entry?.device?.mac ?? ""] },
    { label: camera.firmware, values: [entry?.device?.firmware ?? ""] },
    { label: label.guidance, values: standards },
  ]);
}

export function cameraPage(scene: Scene, entry: Entry): CameraPage {
  const { state, directory } = scene;
  const open = state.findings.filter((one) => isOpen(one) && directory.ofDevice(one.deviceId) === entry);
  const results = (entry.device?.outcomes ?? []).map((outcome) => resultRow(scene, outcome, open));
  const present = entry.device !== null && entry.device.addresses.length > 0;
  return {
    kind: "camera",
    key: entry.key,
    name: entry.name,
    givenName: entry.known?.name ?? null,
    mark: scene.posture.states[entry.id] ?? "unknown",
    missing: !present,
    results,
    facts: cameraFacts(scene, entry),
  };
}

function resultRow(
  { options, language, words }: Scene,
  outcome: Outcome,
  open: readonly Finding[],
): ResultRow {
  const { check, subject, because } = outcome;
  const finding = open.find((one) => one.check === check && one.subject === subject);
  const reason = because === null ? null : options.reasons[because]?.[language];
  return {
    check,
    subject,
    outcome: outcome.outcome,
    mark: markOfOutcome(outcome) ?? "none",
    because: because === null ? null : (reason ?? words.common.unknownReason),
    finding: finding?.id ?? null,
  };
}

function cameraFacts({ words, now }: Scene, { device, known }: Entry): readonly Fact[] {
  const { camera } = words;
  const when = (iso: string | undefined) => (iso ? formatTime(iso, now.toISOString(), words.time) : "");
  return withValues([
    { label: camera.kind, values: [words.kinds[device?.kind ?? known?.kind ?? "unknown"]] },
    { label: camera.maker, values: [device?.vendor ?? ""] },
    { label: camera.model, values: [device?.model ?? ""] },
    { label: camera.firmware, values: [device?.firmware ?? ""] },
    { label: camera.certainty, values: device ? [`${Math.round(device.certainty * 100)} %`] : [] },
    { label: camera.addresses, values: device?.addresses ?? [] },
    { label: camera.mac, values: [device?.mac ?? ""] },
    { label: camera.names, values: device?.names ?? [] },
    { label: camera.firstSeen, values: [when(known?.firstSeen)] },
    { label: camera.lastSeen, values: [when(known?.lastSeen)] },
  ]);
}

/** Only what there is to say, each value once. */
function withValues(facts: readonly Fact[]): readonly Fact[] {
  return facts
    .map(({ label, values }) => ({ label, values: [...new Set(values.filter((value) => value !== ""))] }))
    .filter(({ values }) => values.length > 0);
}

export function consentPage(
  { state, directory, now }: Scene,
  textHash: string,
  typed: { readonly person: string; readonly role: string },
): ConsentPage {
  const records = state.consents.map((record) => consentRow(record, now));
  // The newest record that speaks of the camera, as the audit reads it.
  const managerOf = (id: string) =>
    state.consents.findLast(({ managers, revokedAt }) => revokedAt === null && Object.hasOwn(managers, id))
      ?.managers[id];
  return {
    kind: "consent",
    textHash,
    cameras: directory.cameras.map(({ id, name }) => ({
      id,
      name,
      manager: managerOf(id) ?? "unknown",
    })),
    records: records.toReversed(),
    ...typed,
  };
}

function consentRow(record: ConsentRecord, now: Date): ConsentRow {
  const { id, person, role, from, until, levels, revokedAt } = record;
  const expired = Date.parse(until) <= now.getTime();
  return {
    id,
    person,
    role,
    from,
    until,
    tries: levels.includes("L2"),
    state: revokedAt !== null ? "withdrawn" : expired ? "expired" : "valid",
    revokedAt,
  };
}
