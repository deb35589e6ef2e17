import {
  type FindingLink,
  type Frame,
  type NoticeCode,
  type ScanningStep,
  type Words,
  wordsOf,
} from "../../../web-ui/index.ts";
import type { Finding, Language, LocalizedText, Posture, QuestionId } from "../../model/index.ts";
import { cleanText, fillText, QUESTION_IDS } from "../../model/index.ts";
import type { ServeOptions, SiteState, Viewer } from "../contract.ts";
import { isTechnical, may } from "../roles.ts";
import { Directory, isCamera } from "./directory.ts";
import { kindOf } from "./doors.ts";
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
    address: null,
    version,
    role: viewer === "control" ? "setup" : viewer,
    technical: isTechnical(viewer),
    mayDecide: may(viewer, "decide"),
    detailed: detail === "all",
    settingUp: isSettingUp(scene),
    once: false,
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

/** The installer has not handed over yet, and it is the installer who looks. */
export function isSettingUp({ state, viewer, detail }: Scene): boolean {
  return viewer === "setup" && state.access.handedOverAt === null && detail === "all";
}

const STEPS_SHOWN = 4;

/** The last few things that happened to devices, each device once, the cameras in their order. */
function latestSteps({ state, directory, words }: Scene): readonly ScanningStep[] {
  const { cameras } = directory;
  const labels = new Map<string, string>();
  const steps = new Map<string, ScanningStep>();
  for (const event of state.scanning?.steps ?? []) {
    if (event.type !== "device" && event.type !== "question") continue;
    if (event.type === "device") labels.set(event.deviceId, cleanText(event.label));
    const entry = directory.ofDevice(event.deviceId);
    const key = entry?.key ?? event.deviceId;
    // Taken out first, so that the latest stands last.
    steps.delete(key);
    // Whoever has answered everything makes room for those that are being asked.
    if (event.type === "question" && event.done === event.total) continue;
    const question = event.type === "question" ? questionOf(event.question) : null;
    // Of a phone or a printer it is enough to know that it is there.
    if (question !== null && question !== "igd" && entry && !isCamera(entry)) continue;
    const name = entry?.name || labels.get(event.deviceId) || words.common.unnamedCamera;
    const nth = entry ? cameras.indexOf(entry) + 1 : 0;
    steps.set(key, { name, camera: nth > 0 ? { nth, of: cameras.length } : null, question });
  }
  const place = ({ camera }: ScanningStep) => camera?.nth ?? cameras.length + 1;
  return [...steps.values()].slice(-STEPS_SHOWN).sort((one, other) => place(one) - place(other));
}

function questionOf(name: string): QuestionId | null {
  return QUESTION_IDS.find((question) => question === name) ?? null;
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

/** What a subject names, in plain words: a door, a port on the outside; empty for what only a technician reads. */
function whereOf(subject: string, { words: { picture } }: Scene): string {
  const kind = kindOf(subject);
  if (kind) return picture.doorKinds[kind];
  const port = /^(?:TCP|UDP) (\d{1,5})$/.exec(subject)?.[1];
  return port ? picture.ports(port) : "";
}

export function linkOf(scene: Scene, finding: Finding): FindingLink {
  return {
    id: finding.id,
    check: finding.check,
    title: titleOf(scene, finding),
    mark: markOfFinding(finding),
    subject: finding.subject,
    where: whereOf(finding.subject, scene),
    since: finding.firstSeen,
  };
}
