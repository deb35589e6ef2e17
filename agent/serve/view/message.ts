import { formatDate, type MessagePage } from "../../../web-ui/index.ts";
import type { Finding } from "../../model/index.ts";
import { deviceKind, type Entry, isCamera } from "./directory.ts";
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
    [message.askHeading, ...(entry && !isCamera(entry) ? message.deviceQuestions : message.questions)],
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
  if (!isCamera(entry)) return [message.device(kinds[deviceKind(entry)])];
  if (detail !== "all") return [];
  const model = (entry.maker ?? entry.device?.model ?? "").trim();
  return [message.camera(entry.name), ...(model === "" ? [] : [message.model(model)])];
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
    .replace(/[+(（]?[\d０-９][\d０-９\s()（）\-－‐ー−]{5,}[\d０-９]/g, "")
    .replace(/[\s、,:：/／]*(?:電話|携帯|tel|phone)?[\s、,:：./／]*$/iu, "")
    .trim();
  return state.access.contractor?.company || contact || null;
}

const ADDRESSES = [
  // IPv6, also with a zone or an IPv4 address at its end, and network card addresses with colons.
  /[0-9a-f]*:[0-9a-f]*:[0-9a-f:.]*(?:%\w+)?/gi,
  /\d{1,3}(?:\.\d{1,3}){3}/g,
  /[0-9a-f]{2}(?:-[0-9a-f]{2}){5}/gi,
  /(?=[a-f]*\d)[0-9a-f]{12,}/gi,
];

/** A camera that nobody named is called by what it says of itself, and may call itself by its address. */
function withoutAddresses(text: string, blank: string): string {
  return ADDRESSES.reduce((rest, address) => rest.replace(address, blank), text);
}
