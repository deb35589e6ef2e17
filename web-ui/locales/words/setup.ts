import type { SetupStep } from "../../view-model/setup.ts";

export interface SetupWords {
  readonly title: string;
  readonly goOn: string;
  readonly trail: string;
  readonly nth: (nth: number, of: number) => string;
  readonly done: string;
  /** Short, for the row of steps. */
  readonly steps: Readonly<Record<SetupStep, string>>;
  readonly headings: Readonly<Record<SetupStep, string>>;
  readonly save: string;
  readonly next: string;
  readonly later: string;
  /** For whoever may look but not decide. */
  readonly whoDecides: string;
  readonly place: {
    readonly why: string;
    readonly name: string;
    readonly nameExample: string;
    readonly contact: string;
    readonly contactExample: string;
    readonly shown: string;
  };
  readonly cameras: {
    readonly walk: string;
    readonly found: (n: number) => string;
    readonly searching: string;
    readonly early: string;
    readonly each: (nth: number) => string;
    readonly name: string;
    /** Offered while typing. */
    readonly places: readonly string[];
    readonly notKnown: string;
    readonly none: string;
    readonly noneYet: string;
    readonly noneSteps: readonly [string, string, string];
    readonly lookAgain: string;
  };
  readonly consent: {
    readonly hand: string;
    readonly open: string;
    readonly absent: string;
    readonly given: (person: string, role: string, until: string) => string;
    readonly changed: string;
    readonly renew: string;
  };
  readonly scan: {
    readonly needsConsent: string;
    readonly running: string;
    readonly notBegun: string;
    readonly begin: string;
    readonly done: (time: string) => string;
    readonly so: string;
  };
  readonly pin: { readonly who: string; readonly use: string; readonly isSet: string };
  readonly end: {
    readonly unfinished: string;
    readonly order: string;
    readonly now: string;
    readonly by: (date: string) => string;
    readonly overdue: (date: string) => string;
    readonly nothing: string;
    readonly permit: (camera: string) => string;
    readonly unsettled: (camera: string) => string;
    readonly sheet: string;
    readonly sheetWhy: string;
    readonly handOver: string;
    readonly handOverWhy: string;
    readonly handedOver: (date: string) => string;
  };
}
