import { randomUUID } from "node:crypto";
import pLimit from "p-limit";
import { type Door, doorName, factOf, type PictureFact, success, type WebFact } from "../model/index.ts";
import { askHttp, DOORS_AT_ONCE, earlier, type TimeLeft, timeLeft } from "./asking.ts";
import { GENERIC_PICTURE_PATHS } from "./generic-paths.ts";
import {
  judgeBeside,
  judgePicture,
  needsControl,
  PICTURE_BYTES,
  type PictureReply,
  pictureSettled,
} from "./picture-answer.ts";
import type { Probe, ProbeContext } from "./probe.ts";
import { webProbe } from "./web.ts";

const DEADLINE_MS = 12_000;
const REQUEST_MS = 1_500;
/** So many requests in a row without an answer, and the door is left alone. */
const MAX_SILENT = 2;

type Candidate = Pick<PictureFact, "path" | "origin">;
interface PictureDoor {
  readonly door: Door;
  readonly candidates: readonly Candidate[];
}

/** Whether a picture or MJPEG stream is offered without a login. Nothing is decoded or kept. */
export const picturesProbe: Probe<"pictures"> = {
  question: "pictures",
  deadlineMs: DEADLINE_MS,
  async ask(context) {
    const web = await earlier(context, webProbe);
    if (!web.ok) return web;
    const left = timeLeft(DEADLINE_MS);
    const doors = pictureDoors(context, web.value);
    const asked = await pLimit(DOORS_AT_ONCE).map(doors, (door) => askDoor(context, door, left));
    return success({ asked: [...asked.flat(), ...unanswered(web.value)] });
  },
};

/** Each web door with the device's own path first, then its maker's, then what many makers share. */
function pictureDoors(context: ProbeContext, web: WebFact): readonly PictureDoor[] {
  const shared: readonly Candidate[] = [
    ...(context.vendor?.picturePaths ?? []).map(({ path }) => ({ path, origin: "vendor" as const })),
    ...GENERIC_PICTURE_PATHS.map((path) => ({ path, origin: "generic" as const })),
  ];
  const doors = new Map<string, { door: Door; candidates: Candidate[] }>();
  for (const { door } of web.doors) doors.set(doorName(door), { door, candidates: [...shared] });
  for (const { snapshot } of factOf(context.evidence, "onvif") ?? []) {
    if (!snapshot) continue;
    const door: Door = { protocol: snapshot.tls ? "https" : "http", port: snapshot.port };
    const known = doors.get(doorName(door)) ?? { door, candidates: [] };
    known.candidates.unshift({ path: snapshot.path, origin: "onvif" });
    doors.set(doorName(door), known);
  }
  return [...doors.values()].map(({ door, candidates }) => ({
    door,
    candidates: candidates.filter(
      ({ path }, index) => candidates.findIndex((other) => other.path === path) === index,
    ),
  }));
}

/**
 * Goes through the candidates until one is open, the door falls silent, or time is up; the last entry tells which.
 * Once the device's own or its maker's path wants a login, the door is known to guard its pictures, and the paths that
 * many makers share are left out: a small camera should not be asked twenty questions more than needed.
 */
async function askDoor(
  context: ProbeContext,
  { door, candidates }: PictureDoor,
  left: TimeLeft,
): Promise<readonly PictureFact[]> {
  const asked: PictureFact[] = [];
  let madeUp: Promise<PictureReply> | null = null;
  let silent = 0;
  let guarded = false;
  for (const candidate of candidates) {
    const { path, origin } = candidate;
    if (guarded && origin === "generic") break;
    const reply = await askPath(context, door, path, left);
    const alone = judgePicture(reply);
    let judged = alone;
    if (needsControl(alone)) {
      madeUp ??= askPath(context, door, `/${randomUUID()}.jpg`, left);
      const own = [...context.ownAddresses, context.line.host];
      judged = judgeBeside(alone, origin, reply, await madeUp, own);
    }
    asked.push({ door, ...candidate, ...judged });
    silent = judged.status === null || reply.late ? silent + 1 : 0;
    guarded ||= judged.result === "protected" && origin !== "generic";
    if (alone.result === "open" || silent === MAX_SILENT || left(REQUEST_MS) === 0) break;
  }
  return asked;
}

async function askPath(
  context: ProbeContext,
  door: Door,
  path: string,
  left: TimeLeft,
): Promise<PictureReply> {
  const at = { port: door.port, tls: door.protocol === "https", path };
  const limits = { maxBytes: PICTURE_BYTES, stopWhen: pictureSettled };
  return { at, ...(await askHttp(context.line, left, REQUEST_MS, { ...at, ...limits })) };
}

/** A web server that said nothing may have pictures: that is a doubt, not an absence. */
function unanswered(web: WebFact): readonly PictureFact[] {
  return (web.unanswered ?? []).map(({ port, reason }) => ({
    door: { protocol: port === 443 ? "https" : "http", port },
    path: "/",
    origin: "generic",
    result: "unclear",
    status: null,
    mediaType: null,
    signature: "none",
    because: reason,
  }));
}
