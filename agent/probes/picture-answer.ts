import type { Answer, PictureFact } from "../model/index.ts";
import type { HttpAnswer } from "../net/http.ts";

export type PictureJudgement = Pick<PictureFact, "result" | "status" | "mediaType" | "signature" | "because">;

/** Enough for the header of a stream's first part and the signature behind it. */
export const PICTURE_BYTES = 2_048;
const SIGNATURES = {
  jpeg: Buffer.from([0xff, 0xd8, 0xff]),
  png: Buffer.from([0x89, 0x50, 0x4e, 0x47]),
} as const;
const LONGEST_SIGNATURE = 4;

export function mediaTypeOf(headers: Readonly<Record<string, string>>): string | null {
  const type = /^\s*([\w.+-]{1,40}\/[\w.+-]{1,60})/.exec(headers["content-type"] ?? "")?.[1];
  return type?.toLowerCase() ?? null;
}

/** True as soon as more of the body would tell nothing new; then the connection can be closed. */
export function pictureSettled(
  answer: { readonly status: number; readonly headers: Readonly<Record<string, string>> },
  body: Buffer,
): boolean {
  if (answer.status !== 200 || /^text\/html/.test(mediaTypeOf(answer.headers) ?? "")) return true;
  const mediaType = mediaTypeOf(answer.headers);
  if (mediaType !== "multipart/x-mixed-replace") return body.length >= LONGEST_SIGNATURE;
  const part = firstPart(body);
  return part !== null && part.length >= LONGEST_SIGNATURE;
}

/**
 * What one answer to a request without login says. Open needs status, media type and the signature of the first bytes
 * together; a picture type without a picture is unclear, a page is simply no picture.
 */
export function judgePicture(answer: Answer<HttpAnswer>): PictureJudgement {
  const nothing = { status: null, mediaType: null, signature: "none", because: null } as const;
  if (!answer.ok) return { ...nothing, result: "unclear", because: answer.reason };
  const { status, headers, body } = answer.value;
  const mediaType = mediaTypeOf(headers);
  const seen = { ...nothing, status, mediaType };
  if (status === 401 || status === 403) return { ...seen, result: "protected" };
  if (status === 429 || status === 503) return { ...seen, result: "unclear", because: "busy" };
  if (status !== 200) return { ...seen, result: "absent" };
  const signature = signatureOf(mediaType, body);
  const fits =
    (signature === "jpeg" && (mediaType === "image/jpeg" || mediaType === "image/jpg")) ||
    (signature === "png" && mediaType === "image/png") ||
    signature === "multipart-jpeg";
  if (fits) return { ...seen, result: "open", signature };
  const half =
    signature !== "none" || /^(?:image\/(?:jpe?g|png)|multipart\/x-mixed-replace)$/.test(mediaType ?? "");
  return half
    ? { ...seen, result: "unclear", signature, because: "type-and-content-differ" }
    : { ...seen, result: "absent" };
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
