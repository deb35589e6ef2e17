import { type FindingLink, type Frame, type NoticeCode, type Words, wordsOf } from "../../../web-ui/index.ts";
import type { Finding, Language, LocalizedText, Posture } from "../../model/index.ts";
import { fillText } from "../../model/index.ts";
import type { ServeOptions, SiteState, Viewer } from "../contract.ts";
import { isTechnical, may } from "../roles.ts";
import { Directory } from "./directory.ts";
import { markOfFinding } from "./marks.ts";
import { postureOf } from "./posture.ts";

/** Everything that the pages of one request are made from. */
export interface Scene {
  readonly state: SiteState;
  readonly now: Date;
  readonly language: Language;
  readonly words: Words;
  readonly place: string;
  readonly directory: Directory;
  readonly posture: Posture;
  readonly viewer: Viewer;
  /** How much may be shown; `self` = only what is wrong with ourselves, while we can be reached from outside. */
  readonly detail: "none" | "self" | "all";
  readonly options: ServeOptions;
}

export function sceneOf(options: ServeOptions, now: Date, language: Language, viewer: Viewer): Scene {
  const state = options.site.view();
  const words = wordsOf(language);
  const directory = new Directory(state, options.vendors, language);
  const posture = postureOf(state, directory, now);
  const sealed = posture.id === "self" && viewer !== "control";
  return {
    state,
    now,
    language,
    words,
    place: state.place ?? words.common.thisPlace,
    directory,
    posture,
    viewer,
    detail: viewer === "open" ? "none" : sealed ? "self" : "all",
    options,
  };
}

export function frameOf(scene: Scene, notice: NoticeCode | null): Frame {
  const { state, language, now, viewer, detail } = scene;
  const { place, contact, version } = state;
  return {
    language,
    now: now.toISOString(),
    place,
    contact,
    version,
    role: viewer === "control" ? "setup" : viewer,
    technical: isTechnical(viewer),
    mayDecide: may(viewer, "decide"),
    notice,
    visit: detail === "all" ? visitOf(scene) : null,
    scanning: state.scanning && {
      done: state.scanning.done,
      total: state.scanning.total,
      steps: detail === "all" ? latestSteps(scene) : [],
    },
  };
}

function visitOf({ state }: Scene): Frame["visit"] {
  const visit = state.visits.findLast(({ after }) => after === null);
  return visit ? { company: visit.company, since: visit.before.at } : null;
}

const STEPS_SHOWN = 4;

/** The last few things that happened to devices, each device once. */
function latestSteps({ state, directory, words }: Scene): NonNullable<Frame["scanning"]>["steps"] {
  const labels = new Map<string, string>();
  const steps = new Map<string, { kind: "found" | "asking"; name: string }>();
  for (const event of state.scanning?.steps ?? []) {
    if (event.type !== "device" && event.type !== "question") continue;
    if (event.type === "device") labels.set(event.deviceId, event.label);
    const name =
      directory.ofDevice(event.deviceId)?.name ?? labels.get(event.deviceId) ?? words.common.unnamedCamera;
    steps.delete(event.deviceId);
    steps.set(event.deviceId, { kind: event.type === "device" ? "found" : "asking", name });
  }
  return [...steps.values()].slice(-STEPS_SHOWN);
}

/** A text of the finding's check, filled with the camera's name, the place and what the check measured. */
export function textOf(
  { directory, state }: Scene,
  text: LocalizedText,
  finding: Finding,
  language: Language,
): string {
  const { common } = wordsOf(language);
  const cam = directory.ofDevice(finding.deviceId)?.name ?? common.unnamedCamera;
  return fillText(text[language], { cam, place: state.place ?? common.thisPlace, ...finding.outcome.values });
}

export function titleOf(scene: Scene, finding: Finding, language = scene.language): string {
  return textOf(scene, scene.options.catalogue[finding.check].title, finding, language);
}

export function linkOf(scene: Scene, finding: Finding): FindingLink {
  return {
    id: finding.id,
    title: titleOf(scene, finding),
    mark: markOfFinding(finding),
    subject: finding.subject,
    since: finding.firstSeen,
  };
}
