import type { LocalizedText } from "./text.ts";

/** One body of guidance and its clauses, as numbered or named there; no clause = the document as a whole. */
export interface Reference {
  readonly name: LocalizedText;
  readonly clauses: readonly string[];
}
