import { formatDate, type MessagePage } from "../../../web-ui/index.ts";
import type { Finding } from "../../model/index.ts";
import { type Entry, isCamera } from "./directory.ts";
import { stepsOf } from "./finding.ts";
import { markOfFinding } from "./marks.ts";
import { type Scene, titleOf } from "./scene.ts";

/** To be filled in by hand. */
const BLANK = { ja: "＿".repeat(8), en: "_".repeat(16) } as const;

/** Days in which the contractor is asked to answer. */
const DAYS = { dangerous: 7, other: 30 } as const;

/** The letter that people send to their contractor: no address of any device, no password, nothing for experts only. */
export function messagePage(scene: Scene, finding: Finding): MessagePage {
  const letter = letterOf(scene, finding);
  return {
    kind: "message",
    finding: finding.id,
    title: titleOf(scene, finding),
    letter,
    blanks: letter.includes(BLANK[scene.language]),
  };
}

function letterOf(scene: Scene, finding: Finding): string {
  const { words, state, language } = scene;
  const { message, time } = words;
  const blank = BLANK[language];
  const entry = scene.directory.ofDevice(finding.deviceId);
  const mark = markOfFinding(finding);
  const days = mark === "danger" || mark === "emergency" ? DAYS.dangerous : DAYS.other;
  const by = new Date(scene.now.getTime() + days * 86_400_000).toISOString();
  const place = state.place ?? blank;
  const paragraphs = [
    [message.subject(place)],
    [message.dear(companyOf(scene) ?? blank)],
    [
      message.greeting(place),
      message.found(formatDate(finding.lastConfirmed, time)),
      message.answer(days, formatDate(by, time)),
    ],
    [message.foundHeading, ...aboutDevice(scene, entry), ...aboutFinding(scene, finding)],
    [message.requestHeading, ...requests(scene, finding, entry)],
    [message.askHeading, ...message.questions],
    [message.after],
    [place, message.person(blank), message.phone(blank)],
  ];
  return withoutAddresses(paragraphs.map((lines) => lines.join("\n")).join("\n\n"), blank);
}

function aboutFinding(scene: Scene, finding: Finding): readonly string[] {
  const { message, time } = scene.words;
  return [message.result(titleOf(scene, finding)), message.since(formatDate(finding.firstSeen, time))];
}

function aboutDevice({ words, detail }: Scene, entry: Entry | null): readonly string[] {
  const { message, kinds } = words;
  if (entry === null) return [];
  if (!isCamera(entry)) return [message.device(kinds[entry.device?.kind ?? entry.known?.kind ?? "unknown"])];
  if (detail !== "all") return [];
  const model = entry.maker ?? entry.device?.model ?? null;
  return [message.camera(entry.name), ...(model === null ? [] : [message.model(model)])];
}

/** What is the contractor's to do; the carrier's work is usually theirs to arrange. */
function requests(scene: Scene, finding: Finding, entry: Entry | null): readonly string[] {
  const { message } = scene.words;
  const steps = stepsOf(scene, finding, entry).filter(({ actors }) =>
    actors.some((actor) => actor !== "site"),
  );
  if (steps.length === 0) return [message.noStep];
  return steps.flatMap(({ text, menu }, index) => [
    `${index + 1}. ${text}`,
    ...(menu === null ? [] : [`   ${message.menu(menu)}`]),
  ]);
}

/** Whoever has the contractor's code, else the contact that is shown on every page, without its number. */
function companyOf({ state }: Scene): string | null {
  const contact = (state.contact ?? "")
    .replace(/\S+@\S+/g, "")
    .replace(/[+(（]?\d[\d\s()（）\-‐－ー−]{5,}\d/g, "")
    .replace(/[\s、,:：/／]+$/u, "")
    .trim();
  return state.access.contractor?.company || contact || null;
}

/**
 * A camera that nobody named is called by what it says of itself, and may call itself by its address. Phone numbers and
 * dates are no addresses.
 */
export function withoutAddresses(text: string, blank: string): string {
  return text
    .replace(/(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/g, blank)
    .replace(/(?<![0-9a-f])[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}(?![0-9a-f])/gi, blank)
    .replace(/(?<![0-9a-z])(?=[0-9a-f]*[0-9])[0-9a-f]{12}(?![0-9a-z])/gi, blank)
    .replace(/(?<![0-9a-z:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?:%\w+)?(?![0-9a-z:])/gi, blank);
}
