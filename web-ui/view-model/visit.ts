import type { CheckId } from "../../agent/model/index.ts";
import type { Mark } from "./index.ts";

/** Seen again since the visit began, closed by a look since, first seen since, or not settled by any look since. */
export type VisitResult = "new" | "still" | "unsettled" | "fixed";

export interface VisitCameraName {
  /** As people named it; null = nobody did. */
  readonly name: string | null;
  /** Tells cameras without a name apart, from 1; 0 = it has a name. */
  readonly number: number;
}

export interface VisitPoint {
  readonly id: string;
  readonly check: CheckId;
  readonly subject: string;
  readonly mark: Mark;
  readonly result: VisitResult;
  /** Null = the router, or something else that is no camera. */
  readonly camera: VisitCameraName | null;
  /** False when its page is gone. */
  readonly linked: boolean;
}

export interface VisitCamera extends VisitCameraName {
  readonly id: string;
  /** Null = it was not there. */
  readonly before: Mark | null;
  readonly after: Mark | null;
}

/** How one visit went so far, or how it ended. */
export interface VisitView {
  readonly id: string;
  readonly person: string;
  readonly company: string;
  readonly from: string;
  /** Null while it goes on. */
  readonly to: string | null;
  readonly scanBefore: string | null;
  readonly scanAfter: string | null;
  /** True when a whole check has ended since the visit began; else nothing is known of "after". */
  readonly checked: boolean;
  readonly cameras: readonly VisitCamera[];
  readonly points: readonly VisitPoint[];
}

export interface VisitPage {
  readonly kind: "visit";
  /** `sheet` = the paper of one visit, `work` = the visit that goes on, `begin` = none does. */
  readonly shows: "begin" | "work" | "sheet";
  readonly visit: VisitView | null;
  /** Ended ones, newest first. */
  readonly past: readonly Pick<VisitView, "id" | "person" | "company" | "from">[];
}
