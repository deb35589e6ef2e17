import { gunzipSync, constants as zlib } from "node:zlib";
import { cleanText } from "../model/index.ts";
import type { HttpAnswer } from "./http.ts";

/** More than any title or login form needs, little enough for regular expressions. */
const MAX_TEXT_BYTES = 16_384;
// The repetitions are bounded: the page is hostile.
const TITLE = /<title\b[^>]{0,100}>([\s\S]{0,300})/i;
const CHARSET = /charset\s*=\s*["']?([\w-]{1,40})/i;

/**
 * The beginning of a page as text, in the charset that its field or its own `meta` names (old Japanese cameras write
 * Shift_JIS or EUC-JP); UTF-8 unless told. Untrusted, and not cleaned.
 */
export function pageText(answer: HttpAnswer): string {
  const bytes = unzipped(answer).subarray(0, MAX_TEXT_BYTES);
  const head = bytes.subarray(0, 1024).toString("latin1");
  const charset = CHARSET.exec(answer.headers["content-type"] ?? "") ?? CHARSET.exec(head);
  return decode(bytes, charset?.[1] ?? "utf-8");
}

/** The title of a page's `text`, fit to be shown; empty where there is none. */
export function pageTitle(text: string): string {
  return cleanText((TITLE.exec(text)?.[1] ?? "").split(/<\/title/i)[0] ?? "");
}

/** A header field's value, which the parser hands out one character a byte, as the text it was meant to be. */
export function headerText(value: string): string {
  const bytes = Buffer.from(value, "latin1");
  for (const charset of ["utf-8", "shift_jis"]) {
    try {
      return new TextDecoder(charset, { fatal: true }).decode(bytes);
    } catch {
      // Not this one.
    }
  }
  return value;
}

/** Some servers hold their pages zipped and send them so, though we never offered to unzip. */
function unzipped({ headers, body }: HttpAnswer): Buffer {
  if (!/gzip/i.test(headers["content-encoding"] ?? "")) return body;
  try {
    return gunzipSync(body, { maxOutputLength: 4 * MAX_TEXT_BYTES, finishFlush: zlib.Z_SYNC_FLUSH });
  } catch {
    return Buffer.alloc(0);
  }
}

function decode(bytes: Buffer, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return bytes.toString("utf8");
  }
}
