import type { CheckId, Language, Manager, PostureId, QuestionId, Role } from "../../agent/model/index.ts";
import type { AccessPage } from "./access.ts";
import type { CameraPage } from "./camera.ts";
import type { FindingPage, ResolvedLink } from "./finding.ts";
import type { MessagePage } from "./message.ts";
import type { OutsidePage } from "./outside.ts";
import type { DoorView, MapView, TimelinePage } from "./picture.ts";
import type { ReportPage } from "./report.ts";
import type { SetupPage, SetupTrail } from "./setup.ts";
import type { StatementsPage } from "./statements.ts";
import type { VisitPage } from "./visit.ts";
import type { ClosePage } from "./ways.ts";

export type * from "./access.ts";
export type * from "./camera.ts";
export type * from "./finding.ts";
export type * from "./message.ts";
export type * from "./outside.ts";
export * from "./picture.ts";
export type * from "./report.ts";
export * from "./setup.ts";
export type * from "./statements.ts";
export type * from "./visit.ts";
export type * from "./ways.ts";

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
  "pin-simple",
  "pin-first",
  "handed-over",
  "dismissed",
  "visit-begun",
  "visit-ended",
  "visit-running",
  "signed",
  "sheet-changed",
  "way-closed",
  "way-confirmed",
  "way-answers",
  "way-already",
  "way-refused",
  "way-changed",
  "way-still-there",
  "way-failed",
  "way-partly",
  "way-none",
  "way-closing",
  "outside-set",
  "vantage-bad",
  "guard-on",
  "guard-off",
  "guard-failed",
] as const;
export type NoticeCode = (typeof NOTICES)[number];

/** What every page has around it. Times are ISO 8601. */
export interface Frame {
  readonly language: Language;
  readonly now: string;
  readonly place: string | null;
  readonly contact: string | null;
  /** Where this page was opened, `http://kamera-7k3f.local/`; null when nobody can type it. */
  readonly address: string | null;
  readonly version: string;
  /** `open` = nobody has signed in here. */
  readonly role: Role | "open";
  /** Whoever mends: the record is shown unfolded. */
  readonly technical: boolean;
  readonly mayDecide: boolean;
  /** False while details are hidden, whoever asks. */
  readonly detailed: boolean;
  /** The first set-up has not ended in a hand-over yet, and this visitor is the one who does it. */
  readonly settingUp: boolean;
  /** The answer to a button: it may hold what is never shown again, so nothing may take its place. */
  readonly once: boolean;
  /** A maintenance visit that is going on. */
  readonly visit: { readonly company: string; readonly since: string } | null;
  readonly scanning: ScanningView | null;
  readonly notice: NoticeCode | null;
}

export interface ScanningView {
  readonly done: number;
  readonly total: number;
  /** Latest steps, newest last; empty on the open page, since they name cameras. */
  readonly steps: readonly ScanningStep[];
}

/** What happened last to one device. */
export interface ScanningStep {
  readonly name: string;
  /** Which of the cameras it is, counted from 1; null when it is none, or not yet known to be one. */
  readonly camera: { readonly nth: number; readonly of: number } | null;
  /** The question that was put last; null = only found so far. */
  readonly question: QuestionId | null;
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
  readonly check: CheckId;
  readonly title: string;
  readonly mark: Mark;
  readonly subject: string;
  /** The subject in plain words; may be empty. */
  readonly where: string;
  readonly since: string;
}

export interface CameraRow {
  readonly key: string;
  readonly name: string;
  readonly maker: string | null;
  readonly mark: Mark;
  readonly findings: readonly FindingLink[];
  readonly doors: readonly DoorView[];
  /** Oldest of the open findings; a lower bound. */
  readonly since: string | null;
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
  /** Findings that somebody decided to leave as they are. */
  readonly exceptions: number;
  readonly lastCheck: string | null;
  readonly nextCheck: string | null;
  /** Null on the open page. */
  readonly rows: readonly CameraRow[] | null;
  /** Null on the open page, and while there is nothing to draw. */
  readonly map: MapView | null;
  readonly elsewhere: readonly FindingLink[];
  /** Mended within the last 30 days. */
  readonly resolved: readonly ResolvedLink[];
  /** The finding to begin with; null when there is none to show. */
  readonly first: string | null;
}

export interface Fact {
  readonly label: string;
  readonly values: readonly string[];
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
  /** While the first set-up goes on. */
  readonly trail: SetupTrail | null;
  /** While details are hidden, a permission can still be withdrawn, and nothing else. */
  readonly sealed: boolean;
  readonly textHash: string;
  readonly cameras: readonly { readonly id: string; readonly name: string; readonly manager: Manager }[];
  readonly records: readonly ConsentRow[];
  /** What was typed before, so that a forgotten box does not cost it. */
  readonly person: string;
  readonly role: string;
}

/** Person and role are empty while details are hidden. */
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
  | ClosePage
  | OutsidePage
  | MessagePage
  | StatementsPage
  | CameraPage
  | ClaimPage
  | SetupPage
  | ConsentPage
  | AccessPage
  | ReportPage
  | VisitPage
  | TimelinePage
  | AboutPage
  | ProblemPage;
