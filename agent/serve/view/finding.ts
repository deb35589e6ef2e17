import { dayNumber, type Fact, type FindingPage, type Step } from "../../../web-ui/index.ts";
import { type Finding, isAccepted, localDay, type RemediationStep } from "../../model/index.ts";
import { isTechnical } from "../roles.ts";
import { deviceKind, type Entry } from "./directory.ts";
import { withValues } from "./facts.ts";
import { markOfOutcome } from "./marks.ts";
import { linkOf, type Scene, textOf } from "./scene.ts";
import { wordsOfFinding } from "./statements.ts";
import { pathLine, waysOf } from "./ways.ts";

/** An exception ends by itself after half a year. */
export const ACCEPT_DAYS = 180;

export function findingPage(scene: Scene, finding: Finding): FindingPage {
  const { options, now, language } = scene;
  const text = options.catalogue[finding.check];
  const entry = scene.directory.ofDevice(finding.deviceId);
  const { mark, title } = linkOf(scene, finding);
  const because = finding.outcome.because;
  const shown = scene.detail === "all";
  return {
    kind: "finding",
    id: finding.id,
    check: finding.check,
    mark,
    title,
    why: textOf(scene, text.why, finding, language),
    because: because === null ? null : (options.reasons[because]?.[language] ?? null),
    subject: finding.subject,
    whoCanSee: textOf(scene, text.whoCanSee, finding, language),
    audience: finding.outcome.audience,
    since: finding.firstSeen,
    days: dayNumber(finding.firstSeen, finding.resolvedAt ?? now.toISOString()),
    lastConfirmed: finding.lastConfirmed,
    lastUnknown: finding.lastUnknown,
    unsettled: finding.lastUnknown === null ? null : unsettledReason(scene, finding, entry),
    resolvedAt: finding.resolvedAt,
    reopened: finding.reopened,
    accepted: isAccepted(finding, now.toISOString()) ? finding.acknowledged : null,
    stays: finding.severity === "critical",
    steps: stepsOf(scene, finding, entry),
    ways: waysOf(scene, finding, menuOf(scene, "disableUpnp", entry)?.text[language] ?? null),
    camera: entry && shown ? { key: entry.key, name: entry.name, kind: deviceKind(entry) } : null,
    words: shown ? wordsOfFinding(scene, finding, entry) : null,
    facts: findingFacts(scene, finding, entry),
    acceptFrom: localDay(now),
    acceptUntil: localDay(new Date(now.getTime() + ACCEPT_DAYS * 86_400_000)),
  };
}

/** The steps in the page's language, each with its maker's own menu path where that is known. */
export function stepsOf(scene: Scene, finding: Finding, entry: Entry | null): readonly Step[] {
  return scene.options.catalogue[finding.check].steps.map((step) => ({
    actors: step.actors,
    text: textOf(scene, step.text, finding, scene.language),
    menu: menuOf(scene, step.menu, entry)?.text[scene.language] ?? null,
  }));
}

function menuOf({ options }: Scene, menu: RemediationStep["menu"], entry: Entry | null) {
  const vendor = entry?.device?.vendor ?? null;
  const known =
    vendor !== null && Object.hasOwn(options.vendors, vendor) ? options.vendors[vendor] : undefined;
  return menu === undefined ? undefined : known?.menus[menu];
}

/** Why the newest look at the same spot settled nothing. */
function unsettledReason({ options, language, words }: Scene, finding: Finding, entry: Entry | null) {
  const mine = (entry?.device?.outcomes ?? []).filter(({ check }) => check === finding.check);
  const outcome = mine.find(({ subject }) => subject === finding.subject) ?? mine[0];
  const settled = outcome === undefined || outcome.because === null || markOfOutcome(outcome) === "none";
  if (settled) return null;
  return options.reasons[outcome.because ?? ""]?.[language] ?? words.common.unknownReason;
}

function findingFacts(scene: Scene, finding: Finding, entry: Entry | null): readonly Fact[] {
  const { finding: label, camera, ways } = scene.words;
  const { steps, standards } = scene.options.catalogue[finding.check];
  const menus = steps.flatMap((step) => menuOf(scene, step.menu, entry) ?? []);
  return withValues([
    { label: label.check, values: [finding.check] },
    { label: label.subject, values: [finding.subject] },
    { label: label.evidence, values: finding.outcome.evidence },
    {
      label: ways.title,
      values: scene.detail === "all" ? (finding.outcome.paths ?? []).map(pathLine) : [],
    },
    { label: camera.addresses, values: entry?.device?.addresses ?? [] },
    { label: camera.mac, values: [entry?.device?.mac ?? ""] },
    { label: camera.firmware, values: [entry?.device?.firmware ?? ""] },
    { label: label.menuSource, values: menus.map(({ source, checked }) => `${source} (${checked})`) },
    isTechnical(scene.viewer)
      ? { label: label.references, values: referencesOf(scene, finding) }
      : { label: label.guidance, values: standards },
  ]);
}

function referencesOf({ options, language }: Scene, { check }: Finding): readonly string[] {
  return options.references[check].map(({ name, clauses }) =>
    [name[language], clauses.join(", ")].filter((part) => part !== "").join(" "),
  );
}
