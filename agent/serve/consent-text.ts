import { createHash } from "node:crypto";
import { consentText } from "../../web-ui/index.ts";
import { LANGUAGES } from "../model/index.ts";
import type { Scene } from "./view/scene.ts";

/** SHA-256 (hex) of the consent text that this visitor sees. */
export function textHash({ language, state }: Scene): string {
  return hash(consentText(language, state.place));
}

/** True for the text of today in either language: consent to another text is no consent to this one. */
export function isCurrentText(sum: string, { state }: Scene): boolean {
  return LANGUAGES.some((language) => hash(consentText(language, state.place)) === sum);
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
