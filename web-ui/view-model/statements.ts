import type { CheckId } from "../../agent/model/index.ts";
import type { Mark } from "./index.ts";

export interface StatementRow {
  readonly id: string;
  readonly company: string;
  readonly text: string;
  /** Day (YYYY-MM-DD). */
  readonly saidOn: string;
}

/** One thing that was measured, with when: `confirmed` is a finding, the others speak of whole checks. */
export type MeasuredRow =
  | {
      readonly kind: "confirmed" | "resolved";
      readonly mark: Mark;
      readonly title: string;
      readonly at: string;
      readonly finding: string;
    }
  | {
      readonly kind: "unsettled" | "waiting" | "nothing";
      readonly mark: Mark;
      readonly checks: readonly CheckId[];
      readonly at: string;
    };

/** What somebody said, beside what was measured. */
export interface WordsBesideFacts {
  /** Key of the camera; null = the place as a whole. */
  readonly camera: string | null;
  readonly statements: readonly StatementRow[];
  readonly measured: readonly MeasuredRow[];
}

export interface StatementsPage {
  readonly kind: "statements";
  readonly place: WordsBesideFacts;
  readonly cameras: readonly (WordsBesideFacts & { readonly name: string })[];
  /** Last day (YYYY-MM-DD) on which something may have been said: today. */
  readonly today: string;
}
