import {
  type EvidenceDevice,
  type EvidenceFinding,
  type EvidenceResult,
  type Fact,
  MARKS,
} from "../../../web-ui/index.ts";
import type { Finding, Outcome } from "../../model/index.ts";
import { type Entry, isCamera } from "./directory.ts";
import { withValues } from "./facts.ts";
import { isOpen, markOfOutcome } from "./marks.ts";
import { mendLines } from "./mends.ts";
import { linkOf, type Scene } from "./scene.ts";
import { pathLine } from "./ways.ts";

/** All that was measured, for whoever mends it: every camera, and what else was checked. */
export function evidenceOf(scene: Scene): readonly EvidenceDevice[] {
  const { entries, cameras } = scene.directory;
  const others = entries.filter((entry) => !isCamera(entry) && (entry.device?.outcomes.length ?? 0) > 0);
  const rank = (entry: Entry) => MARKS.indexOf(scene.posture.states[entry.id] ?? "unknown");
  return [...cameras.toSorted((a, b) => rank(a) - rank(b)), ...others].map((entry) => deviceOf(scene, entry));
}

function deviceOf(scene: Scene, entry: Entry): EvidenceDevice {
  const { state, directory, posture } = scene;
  const findings = state.findings
    .filter((one) => isOpen(one) && directory.ofDevice(one.deviceId) === entry)
    .map((one) => findingOf(scene, one))
    .toSorted((a, b) => MARKS.indexOf(a.mark) - MARKS.indexOf(b.mark));
  return {
    key: entry.key,
    name: entry.name,
    mark: isCamera(entry) ? (posture.states[entry.id] ?? "unknown") : null,
    missing: (entry.device?.addresses.length ?? 0) === 0,
    facts: factsOf(scene, entry),
    findings,
    results: (entry.device?.outcomes ?? []).map((outcome) => resultOf(scene, outcome)),
  };
}

function findingOf(scene: Scene, finding: Finding): EvidenceFinding {
  const { finding: label } = scene.words;
  return {
    ...linkOf(scene, finding),
    check: finding.check,
    lastConfirmed: finding.lastConfirmed,
    lastUnknown: finding.lastUnknown,
    facts: withValues([
      { label: label.subject, values: [finding.subject] },
      { label: label.evidence, values: finding.outcome.evidence },
      { label: label.guidance, values: scene.options.catalogue[finding.check].standards },
    ]),
  };
}

function resultOf({ options, language, words }: Scene, outcome: Outcome): EvidenceResult {
  const { check, subject, because } = outcome;
  const reason =
    because === null ? null : (options.reasons[because]?.[language] ?? words.common.unknownReason);
  return { check, subject, outcome: outcome.outcome, mark: markOfOutcome(outcome), because: reason };
}

/** Ways in that lead to it, or through it where it is the router. */
function wayLines({ state, directory }: Scene, entry: Entry): readonly string[] {
  const paths = state.report?.reach?.paths ?? [];
  return paths
    .filter(({ deviceId, routerId }) => {
      const about = deviceId ?? routerId;
      return about !== null && directory.ofDevice(about) === entry;
    })
    .map(pathLine);
}

function factsOf(scene: Scene, entry: Entry): readonly Fact[] {
  const { words, options, language } = scene;
  const { device } = entry;
  const { camera, report, ways, outside } = words;
  const vendor = device?.vendor ?? null;
  const traffic = device?.traffic;
  return withValues([
    {
      label: camera.maker,
      values: vendor === null ? [] : [options.vendors[vendor]?.name[language] ?? vendor],
    },
    { label: camera.model, values: [device?.model ?? ""] },
    { label: camera.firmware, values: [device?.firmware ?? ""] },
    { label: camera.addresses, values: device?.addresses ?? [] },
    { label: camera.mac, values: [device?.mac ?? ""] },
    { label: camera.names, values: device?.names ?? [] },
    {
      label: report.traffic,
      values: traffic ? [report.trafficOf(traffic.connections, traffic.bytesIn, traffic.bytesOut)] : [],
    },
    { label: outside.title, values: wayLines(scene, entry) },
    { label: ways.mendsTitle, values: mendLines(scene, entry) },
  ]);
}
