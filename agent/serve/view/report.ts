import { createHash } from "node:crypto";
import {
  formatStamp,
  type Headline,
  type ReportPage,
  type ReportSheet,
  type SheetConsent,
  type SignOffRow,
} from "../../../web-ui/index.ts";
import { type ConsentRecord, cleanText, type SignOff } from "../../model/index.ts";
import { evidenceOf } from "./evidence.ts";
import type { Scene } from "./scene.ts";
import { sheetRows } from "./sheet.ts";
import { headlineOf } from "./status.ts";

/** More would not leave room for the signatures; the rest are counted. */
const CONSENTS_ON_SHEET = 1;
const SIGN_OFFS_SHOWN = 12;

export function reportPage(scene: Scene, shows: ReportPage["shows"]): ReportPage {
  const sheet = sheetOf(scene);
  return {
    kind: "report",
    sheet,
    shows,
    devices: sheet && shows !== "sheet" ? evidenceOf(scene) : [],
    signOffs: scene.state.signOffs
      .slice(-SIGN_OFFS_SHOWN)
      .map((one) => signOffRow(one, sheet))
      .toReversed(),
  };
}

/** Null while nothing was ever looked at. */
export function sheetOf(scene: Scene): ReportSheet | null {
  const { report, place, lastCompleteScanAt } = scene.state;
  if (report === null) return null;
  const valid = scene.state.consents.filter((one) => isValid(one, scene.now));
  const content = {
    place: place === null ? null : cleanText(place, 60),
    headline: sheetHeadline(scene),
    rows: sheetRows(scene, lastCompleteScanAt ?? report.finishedAt),
    consents: valid.slice(-CONSENTS_ON_SHEET).map(sheetConsent).toReversed(),
    moreConsents: Math.max(0, valid.length - CONSENTS_ON_SHEET),
  };
  return {
    ...content,
    reportId: report.id,
    hash: sheetHash(content),
    checkedAt: lastCompleteScanAt,
    unfinished: scene.state.scanning !== null,
  };
}

/**
 * SHA-256, hexadecimal, of what the sheet says of the place, the same for both languages. The time of the check stays
 * out, since the number of the report tells it: a later check that finds the same gives the same hash.
 */
export function sheetHash({
  place,
  headline,
  rows,
  consents,
  moreConsents,
}: Pick<ReportSheet, "place" | "headline" | "rows" | "consents" | "moreConsents">): string {
  const { id, stoppedSince } = headline;
  const content = { place, headline: id, stopped: stoppedSince !== null, rows, consents, moreConsents };
  return createHash("sha256").update(canonical(content)).digest("hex");
}

/** JSON with the names of every object in order, so that how it was put together does not matter. */
function canonical(content: unknown): string {
  return JSON.stringify(content, (_key, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

/** As on the status page, but for a wall: no camera is named, and no day is called today. */
function sheetHeadline(scene: Scene): Headline {
  const { posture, words, state } = scene;
  const { common, report, time } = words;
  return headlineOf(scene, {
    who: posture.affected === 0 ? common.notCamera : common.cameras(posture.affected),
    at: state.lastCompleteScanAt === null ? common.never : formatStamp(state.lastCompleteScanAt, time),
    by: report.byInTable,
  });
}

function isValid({ revokedAt, until }: ConsentRecord, now: Date): boolean {
  return revokedAt === null && Date.parse(until) > now.getTime();
}

function sheetConsent({ person, role, from, until, levels, devices }: ConsentRecord): SheetConsent {
  const cameras = devices === "all" ? null : devices.length;
  const [who, what] = [cleanText(person, 60), cleanText(role, 60)];
  return { person: who, role: what, from, until, tries: levels.includes("L2"), cameras };
}

function signOffRow(one: SignOff, sheet: ReportSheet | null): SignOffRow {
  const same = one.hash === sheet?.hash;
  return { ...one, state: !same ? "changed" : one.reportId === sheet.reportId ? "same" : "again" };
}
