import type { Answer, PictureFact } from "../model/index.ts";
import type { HttpAnswer } from "../net/http.ts";
import { resolveTarget, type WebTarget } from "./web-page.ts";

export type PictureJudgement = Pick<PictureFact, "result" | "status" | "mediaType" | "signature" | "because">;

/** One question at a picture door and what came back. */
export interface PictureReply {
  readonly at: WebTarget;
  readonly answer: Answer<HttpAnswer>;
  /** True when the time was over before the answer was settled. */
  readonly late: boolean;
}

/** Enough for the header of a stream's first part and the signature behind it. */
export const PICTURE_BYTES = 2_048;
const SIGNATURES = {
  jpeg: Buffer.from([0xff, 0xd8, 0xff]),
  png: Buffer.from([0x89, 0x50, 0x4e, 0x47]),
} as const;
const LONGEST_SIGNATURE = 4;
/** 206 Partial Content is no answer to what was asked (RFC 9110, 15.3.7), but it shows a picture all the same. */
const SHOWING: readonly number[] = [200, 206];
const REDIRECTS = "redirects";
const LOGIN_PAGE = /(?:log|sign)[-_]?(?:in|on)|auth/i;

export function mediaTypeOf(headers: Readonly<Record<string, string>>): string | null {
  const type = /^\s*([\w.+-]{1,40}\/[\w.+-]{1,60})/.exec(headers["content-type"] ?? "")?.[1];
  return type?.toLowerCase() ?? null;
}

/** True as soon as more of the body would tell nothing new; then the connection can be closed. */
export function pictureSettled(
  answer: { readonly status: number; readonly headers: Readonly<Record<string, string>> },
  body: Buffer,
): boolean {
  if (!SHOWING.includes(answer.status) || /^text\/html/.test(mediaTypeOf(answer.headers) ?? "")) return true;
  const mediaType = mediaTypeOf(answer.headers);
  if (mediaType !== "multipart/x-mixed-replace") return body.length >= LONGEST_SIGNATURE;
  const part = firstPart(body);
  return part !== null && part.length >= LONGEST_SIGNATURE;
}

/**
 * What one answer to a request without login says by itself. Open needs status, media type and the signature of the
 * first bytes together; a picture type without a picture is unclear, a page is simply no picture.
 */
export function judgePicture({ answer, late }: Omit<PictureReply, "at">): PictureJudgement {
  const nothing = { status: null, mediaType: null, signature: "none", because: null } as const;
  if (!answer.ok) return { ...nothing, result: "unclear", because: answer.reason };
  const { status, headers, body } = answer.value;
  const mediaType = mediaTypeOf(headers);
  const seen = { ...nothing, status, mediaType };
  if (status === 401 || status === 403) return { ...seen, result: "protected" };
  if (status === 429 || status === 503) return { ...seen, result: "unclear", because: "busy" };
  if (status >= 500) return { ...seen, result: "unclear", because: `status-${status}` };
  if (status >= 300 && status < 400) return { ...seen, result: "unclear", because: REDIRECTS };
  if (!SHOWING.includes(status)) return { ...seen, result: "absent" };
  const signature = signatureOf(mediaType, body);
  const fits =
    (signature === "jpeg" && (mediaType === "image/jpeg" || mediaType === "image/jpg")) ||
    (signature === "png" && mediaType === "image/png") ||
    signature === "multipart-jpeg";
  if (fits) return { ...seen, result: "open", signature };
  if (late) return { ...seen, result: "unclear", signature, because: "timeout" };
  const half =
    signature !== "none" || /^(?:image\/(?:jpe?g|png)|multipart\/x-mixed-replace)$/.test(mediaType ?? "");
  return half
    ? { ...seen, result: "unclear", signature, because: "type-and-content-differ" }
    : { ...seen, result: "absent" };
}

/** True for what only the answer to a made-up path can settle: a picture, a redirect, a server's own error. */
export function needsControl({ result, status, because }: PictureJudgement): boolean {
  return (
    result === "open" || because === REDIRECTS || (because !== "busy" && status !== null && status >= 500)
  );
}

/**
 * The same beside the answer to a made-up path on the same door. One still picture for every path may be any server's;
 * a live stream is a camera's on whatever path, and some programs do not look at it. An error or a redirect that a
 * made-up path gets too says that there is no such path, or that this door sends everybody to its login.
 */
export function judgeBeside(
  judged: PictureJudgement,
  origin: PictureFact["origin"],
  asked: PictureReply,
  madeUp: PictureReply,
  ownAddresses: readonly string[],
): PictureJudgement {
  const control = judgePicture(madeUp);
  if (judged.result === "open") {
    const bothStreams = judged.signature === "multipart-jpeg" && control.signature === "multipart-jpeg";
    const everything = control.result === "open" && !bothStreams ? "answers-everything" : null;
    const because = control.status === null ? control.because : everything;
    return because === null ? judged : { ...judged, result: "unclear", because };
  }
  const settled = (result: PictureFact["result"]): PictureJudgement => ({ ...judged, result, because: null });
  if (judged.because !== REDIRECTS) return control.status === judged.status ? settled("absent") : judged;
  const asMadeUp = control.because === REDIRECTS && redirectPlace(asked) === redirectPlace(madeUp);
  if (leadsToLogin(asked, ownAddresses) && (asMadeUp || origin !== "generic")) return settled("protected");
  return asMadeUp || origin === "generic" ? settled("absent") : judged;
}

/** Where a redirect leads, without its parameters and with `*` for the path that was asked; null for none. */
function redirectPlace({ at, answer }: PictureReply): string | null {
  const location = answer.ok ? answer.value.headers.location : undefined;
  if (location === undefined) return null;
  const [page = ""] = location.split(/[?#;]/);
  const [own = ""] = at.path.split("?");
  return own.length > 1 && page.endsWith(own) ? `${page.slice(0, -own.length)}*` : page;
}

/** A page of this very device whose name says that one has to log in there. */
function leadsToLogin({ at, answer }: PictureReply, ownAddresses: readonly string[]): boolean {
  const location = answer.ok ? answer.value.headers.location : undefined;
  const target = location === undefined ? null : resolveTarget(location, at, ownAddresses);
  return target !== null && LOGIN_PAGE.test(target.path.split("?")[0] ?? "");
}

function signatureOf(mediaType: string | null, body: Buffer): PictureFact["signature"] {
  if (mediaType === "multipart/x-mixed-replace") {
    const part = firstPart(body);
    return part && startsWith(part, SIGNATURES.jpeg) ? "multipart-jpeg" : "none";
  }
  if (startsWith(body, SIGNATURES.jpeg)) return "jpeg";
  return startsWith(body, SIGNATURES.png) ? "png" : "none";
}

/** Content of the first part of a multipart body (RFC 2046, 5.1.1); null while its header is not complete. */
function firstPart(body: Buffer): Buffer | null {
  const text = body.subarray(0, PICTURE_BYTES).toString("latin1");
  const header = /^[\r\n]*[^\r\n]+\r?\n(?:[^\r\n]+\r?\n)*[\r\n]+/.exec(text);
  return header && body.subarray(header[0].length);
}

function startsWith(body: Buffer, signature: Buffer): boolean {
  return body.subarray(0, signature.length).equals(signature);
}
