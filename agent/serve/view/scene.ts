import { type FindingLink, type Frame, type NoticeCode, type Words, wordsOf } from "../../../web-ui/index.ts";
import type { CheckText, Finding, Language, LocalizedText, Posture, TextValues } from "../../model/index.ts";
import { fillText } from "../../model/index.ts";
import type { ServeOptions, SiteState } from "../contract.ts";
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
  readonly signedIn: boolean;
  readonly options: ServeOptions;
}

export function sceneOf(options: ServeOptions, language: Language, signedIn: boolean): Scene {
  const state = options.site.view();
  const now = options.now?.() ?? new Date();
  const words = wordsOf(language);
  const directory = new Directory(state, options.vendorNames, language);
  return {
    state,
    now,
    language,
    words,
    place: state.place ?? words.common.thisPlace,
    directory,
    posture: postureOf(state, directory, now),
    signedIn,
    options,
  };
}

export function frameOf(scene: Scene, notice: NoticeCode | null): Frame {
  const { state, language, now, signedIn } = scene;
  const { place, contact, version } = state;
  return {
    language,
    now: now.toISOString(),
    place,
    contact,
    version,
    signedIn,
    notice,
    scanning: state.scanning && {
      done: state.scanning.done,
      total: state.scanning.total,
      steps: signedIn ? latestSteps(scene) : [],
    },
  };
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

/** Values for a check's texts: those of the outcome, the camera's name and the place. */
export function valuesOf(scene: Scene, finding: Finding): TextValues {
  const name = scene.directory.ofDevice(finding.deviceId)?.name ?? scene.words.common.unnamedCamera;
  return { cam: name, place: scene.place, ...finding.outcome.values };
}

export function textOf(scene: Scene, text: LocalizedText, finding: Finding): string {
  return fillText(text[scene.language], valuesOf(scene, finding));
}

export function catalogueText({ options }: Scene, finding: Finding): CheckText {
  return options.catalogue[finding.check];
}

export function linkOf(scene: Scene, finding: Finding): FindingLink {
  return {
    id: finding.id,
    title: textOf(scene, catalogueText(scene, finding).title, finding),
    mark: markOfFinding(finding),
    subject: finding.subject,
    since: finding.firstSeen,
  };
}
