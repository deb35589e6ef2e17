import type { Actor, CheckId, LocalizedText, Manager, OutcomeValue } from "../../agent/model/index.ts";
import type { Fact, FindingLink, Headline, Mark } from "./index.ts";

/** One step of the mending; in both languages, so that both sheets are the same sheet. */
export interface SheetAct {
  readonly actors: readonly Actor[];
  readonly text: LocalizedText;
}

/** One line of the table: all findings of one check on one camera, or (`check` null) what could not be checked. */
export interface SheetPoint {
  readonly check: CheckId | null;
  /** How many mandatory checks are not settled; 0 where a check found something. */
  readonly gaps: number;
  readonly mark: Mark;
  /** The earliest time it was seen, ISO 8601: a lower bound. Null = never recorded. */
  readonly since: string | null;
  /** `now` = at once; null = people agree on a day and write it by hand. */
  readonly due: "now" | { readonly on: string; readonly overdue: boolean } | null;
  readonly accepted: { readonly by: string; readonly until: string } | null;
  /** At least one, unless it is accepted. */
  readonly acts: readonly SheetAct[];
}

/** A camera, or (`place` = "elsewhere") the router and everything else that is no camera. */
export interface SheetRow {
  readonly place: "camera" | "elsewhere";
  /** As people named it: what the camera says of itself, its model for one, does not go on a wall. */
  readonly name: string | null;
  /** Tells cameras without a name apart, from 1; 0 = it has a name. */
  readonly number: number;
  /** Null where nobody manages one thing. */
  readonly manager: Manager | null;
  readonly mark: Mark;
  readonly points: readonly SheetPoint[];
  /** Points that did not fit on the page. */
  readonly hidden: number;
  /** Checks that settled nothing and stand in none of the points. */
  readonly unsettled: number;
}

export interface SheetConsent {
  readonly person: string;
  readonly role: string;
  readonly from: string;
  readonly until: string;
  readonly tries: boolean;
  /** How many cameras; null = everything that is found. */
  readonly cameras: number | null;
}

/** The one page for both sides to sign. It holds no address, MAC, model or maker. */
export interface ReportSheet {
  readonly reportId: string;
  /** SHA-256 of what the sheet says, hexadecimal. */
  readonly hash: string;
  readonly place: string | null;
  /** When the last whole check ended. */
  readonly checkedAt: string | null;
  readonly headline: Headline;
  /** True while a check runs: the results are of different times then. */
  readonly unfinished: boolean;
  readonly rows: readonly SheetRow[];
  readonly consents: readonly SheetConsent[];
  /** Valid permissions besides those shown. */
  readonly moreConsents: number;
}

export interface EvidenceFinding extends FindingLink {
  readonly check: CheckId;
  readonly lastConfirmed: string;
  readonly lastUnknown: string | null;
  readonly facts: readonly Fact[];
}

export interface EvidenceResult {
  readonly check: CheckId;
  readonly subject: string;
  readonly outcome: OutcomeValue;
  /** Null where the check does not apply. */
  readonly mark: Mark | null;
  readonly because: string | null;
}

/** All that was measured of one camera or router; the values may come from the network. */
export interface EvidenceDevice {
  readonly key: string;
  readonly name: string;
  /** Null where it is no camera. */
  readonly mark: Mark | null;
  /** It does not answer at present. */
  readonly missing: boolean;
  readonly facts: readonly Fact[];
  readonly findings: readonly EvidenceFinding[];
  readonly results: readonly EvidenceResult[];
}

export interface SignOffRow {
  readonly id: string;
  readonly at: string;
  readonly site: string;
  readonly contractor: string;
  readonly reportId: string;
  readonly hash: string;
  /** `again` = checked again since, and the sheet says the same. */
  readonly state: "same" | "again" | "changed";
}

export interface ReportPage {
  readonly kind: "report";
  /** Null while nothing was ever looked at. */
  readonly sheet: ReportSheet | null;
  /** `sheet` = page 1, `evidence` = the installer's pages, `both` = one after the other. */
  readonly shows: "sheet" | "evidence" | "both";
  /** Empty where they are not shown. */
  readonly devices: readonly EvidenceDevice[];
  readonly signOffs: readonly SignOffRow[];
}
