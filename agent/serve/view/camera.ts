import { type CameraPage, type Fact, formatTime, type ResultRow } from "../../../web-ui/index.ts";
import type { Finding, Outcome } from "../../model/index.ts";
import type { Entry } from "./directory.ts";
import { withValues } from "./facts.ts";
import { isOpen, markOfOutcome } from "./marks.ts";
import type { Scene } from "./scene.ts";

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
