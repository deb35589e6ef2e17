import { randomUUID } from "node:crypto";
import pLimit from "p-limit";
import {
  type Answer,
  cleanText,
  factOf,
  failure,
  type RtspDoorFact,
  success,
  type ViewResult,
} from "../model/index.ts";
import { headerText } from "../net/http-text.ts";
import { type AskRtsp, type RtspAnswer, rtspSession } from "../net/rtsp.ts";
import {
  announcedPorts,
  DOORS_AT_ONCE,
  earlier,
  patience,
  type TimeLeft,
  timeLeft,
  waitFor,
} from "./asking.ts";
import { GENERIC_RTSP_PATHS } from "./generic-paths.ts";
import { RTSP_PORTS, TLS_PORTS } from "./port-numbers.ts";
import { portsProbe } from "./ports.ts";
import type { Probe, ProbeContext } from "./probe.ts";

const DEADLINE_MS = 10_000;
const DOOR_MS = 8_000;
const ANSWER_MS = 2_000;
const MAX_DOORS = 4;
/** So many requests in a row without an answer, and the door is left alone. */
const MAX_SILENT = 2;

type Describe = RtspDoorFact["describes"][number];
type Candidate = Pick<Describe, "path" | "origin">;

/** Whether a stream is described without a login: OPTIONS and DESCRIBE only, no stream is ever set up. */
export const rtspProbe: Probe<"rtsp"> = {
  question: "rtsp",
  deadlineMs: DEADLINE_MS,
  async ask(context) {
    const asked = await earlier(context, portsProbe);
    if (!asked.ok) return asked;
    const left = timeLeft(DEADLINE_MS);
    const offered = (factOf(context.evidence, "onvif") ?? []).flatMap(({ stream }) => stream?.port ?? []);
    const usual = RTSP_PORTS.filter((port) => asked.value.states[port] === "open");
    // An offered port that was never asked is worth a try; one that was found closed is not.
    const named = [...offered, ...announcedPorts(context.device, "rtsp")].filter(
      (port) => (asked.value.states[port] ?? "open") === "open",
    );
    const open = [...new Set([...named, ...usual])];
    const ports = open.slice(0, MAX_DOORS);
    const doors = await pLimit(DOORS_AT_ONCE).map(ports, (port) => askDoor(context, port, left));
    const unasked = [
      ...open.slice(MAX_DOORS),
      ...RTSP_PORTS.filter((port) => asked.value.states[port] === undefined && !open.includes(port)),
    ];
    return success({ doors: [...doors.filter((door) => door !== null), ...unasked.map(unaskedDoor)] });
  },
};

/** A port for which no time was left may have a stream: that is a doubt, not an absence. */
function unaskedDoor(port: number): RtspDoorFact {
  const unasked = failure("timeout");
  const describes = [{ path: "/", origin: "generic", ...judgeDescribe(unasked, unasked) } as const];
  return { door: { protocol: "rtsp", port }, server: null, realm: null, schemes: [], describes };
}

/** Null when the port speaks HTTP; whatever else it says, or if it says nothing, may hide a stream. */
async function askDoor(context: ProbeContext, port: number, left: TimeLeft): Promise<RtspDoorFact | null> {
  const candidates = candidatesFor(context, port);
  const answers: RtspAnswer[] = [];
  const answerMs = patience(context.line, left, ANSWER_MS);
  const limits = { deadlineMs: left(DOOR_MS), answerMs };
  const describes = await rtspSession(context.line, { port, tls: TLS_PORTS.has(port) }, limits, (ask) => {
    const noting: AskRtsp = async (request) => {
      const { answer } = await waitFor(context.line, answerMs, ask(request));
      if (answer.ok) answers.push(answer.value);
      return answer;
    };
    return describeAll(noting, candidates);
  });
  if (describes === null) return null;
  const challenges = answers.flatMap((answer) => answer.challenges);
  const readable = (values: readonly string[]) => {
    const texts = values.map((value) => cleanText(headerText(value)));
    return texts.find((text) => text !== "") ?? null;
  };
  return {
    door: { protocol: "rtsp", port },
    server: readable(answers.flatMap(({ headers }) => headers.server ?? [])),
    realm: readable(challenges.map(({ realm }) => realm)),
    schemes: [...new Set(challenges.map(({ scheme }) => scheme))],
    describes,
  };
}

function candidatesFor(context: ProbeContext, port: number): readonly Candidate[] {
  const offered = (factOf(context.evidence, "onvif") ?? []).flatMap(({ stream }) =>
    stream?.port === port ? [{ path: stream.path, origin: "onvif" as const }] : [],
  );
  const all: readonly Candidate[] = [
    ...offered,
    ...(context.vendor?.rtspPaths ?? []).map(({ path }) => ({ path, origin: "vendor" as const })),
    ...["/", ...GENERIC_RTSP_PATHS].map((path) => ({ path, origin: "generic" as const })),
  ];
  return all.filter(({ path }, index) => all.findIndex((other) => other.path === path) === index);
}

/**
 * OPTIONS, a made-up path, then the candidates until one is open. Where even a made-up path wants a login, the server
 * asks for it before it looks at the path: then the device's and its maker's paths and "/" are enough.
 */
async function describeAll(
  ask: AskRtsp,
  candidates: readonly Candidate[],
): Promise<readonly Describe[] | null> {
  const options = await ask({ method: "OPTIONS", path: "/" });
  if (speaksHttp(options)) return null;
  const control = options.ok
    ? await ask({ method: "DESCRIBE", path: `/${randomUUID()}` })
    : failure(options.reason);
  const wantsLogin = control.ok && control.value.status === 401;
  const describes: Describe[] = [];
  let silent = options.ok ? 0 : 1;
  for (const { path, origin } of candidates) {
    if (wantsLogin && origin === "generic" && path !== "/") continue;
    const answer = await ask({ method: "DESCRIBE", path });
    if (speaksHttp(answer) && !options.ok) return null;
    const fact = { path, origin, ...judgeDescribe(answer, control) };
    describes.push(fact);
    silent = answer.ok ? 0 : silent + 1;
    if (fact.result === "open" || silent === MAX_SILENT) break;
  }
  return describes;
}

function speaksHttp(answer: Answer<RtspAnswer>): boolean {
  return !answer.ok && answer.reason === "malformed" && answer.detail === "HTTP";
}

/**
 * What one DESCRIBE without login says. A description with video is an open view even if every path brings it: some
 * cameras have one stream and do not look at the path. Without video it proves nothing.
 */
export function judgeDescribe(
  answer: Answer<RtspAnswer>,
  control: Answer<RtspAnswer>,
): Pick<Describe, "result" | "status" | "media" | "because"> {
  if (!answer.ok) return { result: "unclear", status: null, media: [], because: answer.reason };
  const { status, media } = answer.value;
  const is = (result: ViewResult, because: string | null = null) => ({ result, status, media, because });
  if (status === 200) {
    if (media.some((line) => line.startsWith("video"))) return is("open");
    return is("unclear", control.ok && control.value.status === 200 ? "answers-everything" : "no-video");
  }
  if (status === 401) return is("protected");
  // 454 Session Not Found and 551 Option not supported (RFC 2326, 11.3) stand for "no such stream" on some cameras.
  if (status === 404 || status === 454 || status === 551) return is("absent");
  const asMadeUp = control.ok && control.value.status === status;
  return asMadeUp ? is("absent") : is("unclear", `status-${status}`);
}
