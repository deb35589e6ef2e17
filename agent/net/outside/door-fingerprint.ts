import { createHash } from "node:crypto";
import { type Answer, type DoorFingerprint, failure, success } from "../../model/index.ts";
import type { Challenge } from "../authentication.ts";
import { type HttpAnswer, httpRequest } from "../http.ts";
import { headerText, pageText, pageTitle } from "../http-text.ts";
import type { DeviceLine } from "../line.ts";
import { type RtspAnswer, rtspSession } from "../rtsp.ts";
import { readGreeting } from "../tcp.ts";

/** Enough for a title; with RTSP's own caps no door costs more than 64 KiB of what it is asked for. */
const MAX_PAGE_BYTES = 16_384;
const MAX_GREETING_BYTES = 256;
/** One way of asking must leave time for the next. */
const STEP_MS = 1_500;
/**
 * The same for whoever asks, inside and outside, so that a server which looks at the name it is called by answers alike.
 * An address, since that is how most are called, and nobody's (RFC 5737).
 */
const HOST = "192.0.2.1";

type Way = (line: DeviceLine, port: number, deadlineMs: number) => Promise<Answer<DoorFingerprint>>;

/**
 * What a door always answers alike, asked without a login and without a picture: `GET /`, RTSP's OPTIONS and DESCRIBE
 * of "/", `GET /` over TLS, then what it says unasked. The order does not follow the port, which may differ inside and
 * outside. Errors: `unsupported` for a door that says nothing to any of them, else as of `openConnection`.
 */
export async function doorFingerprint(
  line: DeviceLine,
  port: number,
  deadlineMs: number,
): Promise<Answer<DoorFingerprint>> {
  const endsAt = performance.now() + deadlineMs;
  const ask = (way: Way): Promise<Answer<DoorFingerprint>> => {
    const leftMs = Math.min(STEP_MS, endsAt - performance.now());
    return leftMs > 0 ? way(line, port, leftMs) : Promise.resolve(failure("timeout"));
  };
  const plain = await askWeb(line, port, Math.min(STEP_MS, deadlineMs), false);
  if (plain.ok && isSurelyWeb(plain.value)) return success(webFingerprint("http", plain.value));
  if (!plain.ok && HOPELESS.has(plain.reason)) return plain;
  for (const way of [rtsp, https]) {
    const answer = await ask(way);
    if (answer.ok) return answer;
  }
  return plain.ok ? success(webFingerprint("http", plain.value)) : ask(greeting);
}

/** No other way of asking would bring more. */
const HOPELESS: ReadonlySet<string> = new Set(["refused", "unreachable", "not-permitted", "cancelled"]);

/**
 * With 400 many servers answer plain text on a port for TLS, and the tolerant parser takes the refusal of an RTSP server
 * for HTTP.
 */
function isSurelyWeb({ status, headers }: HttpAnswer): boolean {
  return status !== 400 && (status < 400 || /html|text|json|xml/i.test(headers["content-type"] ?? ""));
}

function askWeb(
  line: DeviceLine,
  port: number,
  deadlineMs: number,
  tls: boolean,
): Promise<Answer<HttpAnswer>> {
  const headers = { Host: HOST };
  return httpRequest(line, { port, path: "/", tls, headers, deadlineMs, maxBytes: MAX_PAGE_BYTES });
}

const https: Way = async (line, port, deadlineMs) => {
  const answer = await askWeb(line, port, deadlineMs, true);
  return answer.ok ? success(webFingerprint("https", answer.value)) : answer;
};

function webFingerprint(kind: "http" | "https", answer: HttpAnswer): DoorFingerprint {
  return fingerprint(kind, [
    String(answer.status),
    headerText(answer.headers.server ?? ""),
    pageTitle(pageText(answer)),
    ...challengeLines(answer.challenges),
    answer.certificate?.fingerprint256 ?? "",
  ]);
}

const rtsp: Way = (line, port, deadlineMs) =>
  rtspSession(line, { port }, { deadlineMs, answerMs: deadlineMs }, async (ask) => {
    const options = await ask({ method: "OPTIONS", path: "/" });
    if (!options.ok) return options;
    // Some close the connection instead of describing what is not there: that is an answer too.
    const describe = await ask({ method: "DESCRIBE", path: "/" });
    return success(rtspFingerprint([options.value, ...(describe.ok ? [describe.value] : [])]));
  });

function rtspFingerprint(answers: readonly RtspAnswer[]): DoorFingerprint {
  return fingerprint(
    "rtsp",
    answers.flatMap(({ status, headers, challenges }) => [
      String(status),
      headers.server ?? "",
      (headers.public ?? "")
        .split(",")
        .map((method) => method.trim().toUpperCase())
        .sort()
        .join(),
      ...challengeLines(challenges),
    ]),
  );
}

const greeting: Way = async (line, port, deadlineMs) => {
  const enough = (bytes: Buffer) => bytes.includes("\n");
  const heard = await readGreeting(line, port, { maxBytes: MAX_GREETING_BYTES, deadlineMs, enough });
  if (!heard.ok) return heard;
  return heard.value.length > 0 ? success(bannerFingerprint(heard.value)) : failure("unsupported", "silent");
};

/** Of a door that greets with these bytes; only the first line counts, as the rest may come later or not. */
export function bannerFingerprint(banner: Buffer): DoorFingerprint {
  return fingerprint("other", [banner.toString("latin1").split("\n")[0] ?? ""]);
}

/** Scheme and realm; the nonce is new each time. */
function challengeLines(challenges: readonly Challenge[]): readonly string[] {
  return challenges.map(({ scheme, realm }) => `${scheme} ${realm}`).sort();
}

// What may echo the asker's way to the door, and the time.
const ADDRESS = /\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?|\[[0-9a-f:.]{2,45}\](?::\d{1,5})?/gi;
const TIME = /\d{1,2}:\d{2}(?::\d{2})?/g;

function fingerprint(kind: DoorFingerprint["kind"], features: readonly string[]): DoorFingerprint {
  const stable = features.map((feature) => feature.replace(ADDRESS, "-").replace(TIME, "-"));
  return { kind, hash: createHash("sha256").update(JSON.stringify(stable)).digest("hex") };
}
