import type { Manager } from "../../../agent/model/index.ts";
import type { SignOffRow } from "../../view-model/index.ts";

export interface ReportWords {
  readonly title: string;
  readonly print: string;
  readonly printHow: string;
  readonly unfinished: string;
  readonly withEvidence: string;
  readonly evidenceOnly: string;
  readonly sheetOnly: string;
  readonly place: string;
  readonly checkedAt: string;
  readonly number: string;
  readonly columns: {
    readonly camera: string;
    readonly result: string;
    readonly since: string;
    readonly act: string;
    readonly who: string;
    readonly due: string;
  };
  readonly managers: Readonly<Record<Manager, string>>;
  readonly elsewhere: string;
  readonly unnamed: (n: number) => string;
  readonly gaps: (n: number) => string;
  readonly gapActs: Readonly<Record<"unknown" | "waiting", string>>;
  readonly hidden: (n: number) => string;
  readonly unsettled: (n: number) => string;
  readonly accepted: string;
  readonly now: string;
  readonly overdue: string;
  /** Where no day follows from what was found. */
  readonly byHand: string;
  /** Stands for a day in a sentence. */
  readonly byInTable: string;
  readonly allCameras: string;
  readonly moreConsents: (n: number) => string;
  readonly guidesTitle: string;
  readonly guides: readonly string[];
  readonly noProof: string;
  readonly signTitle: string;
  readonly siteSide: string;
  readonly contractorSide: string;
  readonly name: string;
  readonly company: string;
  readonly signature: string;
  readonly date: string;
  /** Room to write a day by hand. */
  readonly blankDate: string;
  readonly nextVisit: string;
  readonly hash: string;
  readonly evidenceTitle: string;
  readonly evidenceKeep: string;
  readonly nothingOpen: string;
  readonly missing: string;
  readonly traffic: string;
  readonly trafficOf: (connections: number, bytesIn: number, bytesOut: number) => string;
  readonly allResults: string;
  readonly check: string;
  readonly outcome: string;
  readonly recordTitle: string;
  readonly recordWhy: string;
  readonly recordMatch: (hash: string) => string;
  readonly siteName: string;
  readonly contractorName: string;
  readonly oneSide: string;
  readonly record: string;
  readonly listTitle: string;
  readonly listEmpty: string;
  readonly unsigned: string;
  readonly states: Readonly<Record<SignOffRow["state"], string>>;
}
