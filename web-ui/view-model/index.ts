import type {
  Actor,
  Audience,
  CheckId,
  Language,
  Manager,
  OutcomeValue,
  PostureId,
  Role,
} from "../../agent/model/index.ts";
import type { AccessPage } from "./access.ts";
import type { MessagePage } from "./message.ts";
import type { ReportPage } from "./report.ts";
import type { SetupPage } from "./setup.ts";
import type { VisitPage } from "./visit.ts";

export type * from "./access.ts";
export type * from "./message.ts";
export type * from "./report.ts";
export type * from "./setup.ts";
export type * from "./visit.ts";

/** How a state looks: own shape, own word, own colour. Worst first. */
export const MARKS = ["emergency", "danger", "attention", "unknown", "waiting", "none", "checking"] as const;
export type Mark = (typeof MARKS)[number];

/** Short messages after a button; the only ones that a query string may call up. */
export const NOTICES = [
  "fixed",
  "still",
  "unsettled",
  "checking",
  "saved",
  "allowed",
  "withdrawn",
  "signed-in",
  "signed-out",
  "boxes",
  "incomplete",
  "pin-set",
  "pin-bad",
  "pin-first",
  "handed-over",
  "dismissed",
  "visit-begun",
  "visit-ended",
  "visit-running",
  "signed",
] as const;
export type NoticeCode = (typeof NOTICES)[number];

/** What every page has around it. Times are ISO 8601. */
export interface Frame {
  readonly language: Language;
  readonly now: string;
  readonly place: string | null;
  readonly contact: string | null;
  readonly version: string;
  /** `open` = nobody has signed in here. */
  readonly role: Role | "open";
  /** Whoever mends: the record is shown unfolded. */
  readonly technical: boolean;
  readonly mayDecide: boolean;
  /** A maintenance visit that is going on. */
  readonly visit: { readonly company: string; readonly since: string } | null;
  readonly scanning: ScanningView | null;
  readonly notice: NoticeCode | null;
}

export interface ScanningView {
  readonly done: number;
  readonly total: number;
  /** Latest steps, newest last; empty on the open page, since they name cameras. */
  readonly steps: readonly { readonly kind: "found" | "asking"; readonly name: string }[];
}

export interface Headline {
  readonly id: PostureId;
  readonly mark: Mark;
  readonly title: string;
  readonly sentence: string;
  /** Set when checks have stopped although something worse is the headline. */
  readonly stoppedSince: string | null;
}

export interface FindingLink {
  readonly id: string;
  readonly title: string;
  readonly mark: Mark;
  readonly subject: string;
  readonly since: string;
}

export interface CameraRow {
  readonly key: string;
  readonly name: string;
  readonly maker: string | null;
  readonly mark: Mark;
  readonly findings: readonly FindingLink[];
  readonly accepted: number;
  readonly unknown: number;
  readonly waiting: number;
  readonly passed: number;
}

export interface StatusPage {
  readonly kind: "status";
  readonly headline: Headline;
  readonly cameras: number;
  /** Cameras by their worst state; none while nothing was ever looked at. */
  readonly counts: readonly { readonly mark: Mark; readonly count: number }[];
  /** Checks on cameras that settled nothing; said next to every headline. */
  readonly unsettled: number;
  readonly lastCheck: string | null;
  readonly nextCheck: string | null;
  /** Null on the open page. */
  readonly rows: readonly CameraRow[] | null;
  readonly elsewhere: readonly FindingLink[];
  /** The finding to begin with; null when there is none to show. */
  readonly first: string | null;
}

export interface Fact {
  readonly label: string;
  readonly values: readonly string[];
}

export interface FindingPage {
  readonly kind: "finding";
  readonly id: string;
  readonly check: CheckId;
  readonly mark: Mark;
  readonly title: string;
  readonly why: string;
  readonly whoCanSee: string;
  readonly audience: Audience;
  readonly since: string;
  readonly days: number;
  readonly lastConfirmed: string;
  readonly lastUnknown: string | null;
  readonly resolvedAt: string | null;
  readonly reopened: number;
  readonly accepted: { readonly by: string; readonly reason: string; readonly until: string } | null;
  readonly steps: readonly { readonly actors: readonly Actor[]; readonly text: string }[];
  readonly camera: { readonly key: string; readonly name: string } | null;
  readonly facts: readonly Fact[];
  /** Last day (YYYY-MM-DD) to which it may be accepted. */
  readonly acceptUntil: string;
}

export interface ResultRow {
  readonly check: CheckId;
  readonly subject: string;
  readonly outcome: OutcomeValue;
  readonly mark: Mark;
  readonly because: string | null;
  readonly finding: string | null;
}

export interface CameraPage {
  readonly kind: "camera";
  readonly key: string;
  readonly name: string;
  readonly givenName: string | null;
  readonly mark: Mark;
  readonly missing: boolean;
  readonly results: readonly ResultRow[];
  readonly facts: readonly Fact[];
}

export interface ClaimPage {
  readonly kind: "claim";
  readonly problem: "wrong" | "too-many" | null;
  readonly retryAt: string | null;
  /** Where to go afterwards: a path of ours. */
  readonly next: string;
}

export interface ConsentPage {
  readonly kind: "consent";
  readonly textHash: string;
  readonly cameras: readonly { readonly id: string; readonly name: string; readonly manager: Manager }[];
  readonly records: readonly ConsentRow[];
  /** What was typed before, so that a forgotten box does not cost it. */
  readonly person: string;
  readonly role: string;
}

export interface ConsentRow {
  readonly id: string;
  readonly person: string;
  readonly role: string;
  readonly from: string;
  readonly until: string;
  readonly tries: boolean;
  readonly state: "valid" | "expired" | "withdrawn";
  readonly revokedAt: string | null;
}

export interface AboutPage {
  readonly kind: "about";
}

export interface ProblemPage {
  readonly kind: "problem";
  readonly problem: "notFound" | "notYours" | "bad" | "broken";
}

export type Page =
  | StatusPage
  | FindingPage
  | MessagePage
  | CameraPage
  | ClaimPage
  | SetupPage
  | ConsentPage
  | AccessPage
  | ReportPage
  | VisitPage
  | AboutPage
  | ProblemPage;
