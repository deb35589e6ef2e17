import { dayNumber, type Fact, type FindingPage } from "../../../web-ui/index.ts";
import { type Finding, isAccepted, type LocalizedText } from "../../model/index.ts";
import type { Entry } from "./directory.ts";
import { withValues } from "./facts.ts";
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
    accepted: isAccepted(finding, scene.now.toISOString()) ? finding.acknowledged : null,
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
