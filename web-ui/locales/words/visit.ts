import type { VisitResult } from "../../view-model/index.ts";

export interface VisitWords {
  readonly title: string;
  readonly why: string;
  readonly what: string;
  readonly person: string;
  readonly company: string;
  readonly begin: string;
  readonly goingOn: (company: string, since: string) => string;
  readonly open: string;
  readonly progress: string;
  readonly results: Readonly<Record<VisitResult, string>>;
  readonly sections: Readonly<Record<VisitResult, (n: number) => string>>;
  readonly none: string;
  readonly checkAll: string;
  readonly checkAllWhy: string;
  readonly notChecked: string;
  readonly checkedSince: (time: string) => string;
  readonly endTitle: string;
  readonly endNotYet: string;
  readonly endWait: string;
  readonly end: string;
  readonly sheetNow: string;
  readonly past: string;
  readonly pastNone: string;
  readonly sheetTitle: string;
  readonly visitor: string;
  readonly from: string;
  readonly to: string;
  readonly ongoing: string;
  readonly camera: string;
  readonly before: string;
  readonly after: string;
  readonly lastCheck: (time: string) => string;
  readonly absent: string;
  readonly signTitle: string;
  readonly number: string;
}
