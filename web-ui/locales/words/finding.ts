import type { CheckId } from "../../../agent/model/index.ts";

export interface FindingWords {
  readonly what: string;
  readonly whatWas: string;
  /** How our check came to say so, for all findings of that check. */
  readonly observed: Readonly<Record<CheckId, string>>;
  readonly who: string;
  readonly here: string;
  readonly path: string;
  readonly ladderNote: string;
  readonly since: string;
  readonly when: string;
  readonly atLeast: (date: string, days: number) => string;
  readonly lasted: (from: string, to: string, days: number) => string;
  readonly before: string;
  readonly lastConfirmed: (date: string) => string;
  readonly reopened: (n: number) => string;
  readonly unsettledSince: (date: string) => string;
  readonly because: string;
  readonly steps: string;
  readonly menu: string;
  readonly toCamera: string;
  readonly message: string;
  readonly outside: { readonly title: string; readonly steps: readonly string[] };
  readonly verify: string;
  readonly verifyHow: string;
  readonly checkAgain: string;
  readonly still: (date: string) => string;
  readonly stillAsk: string;
  readonly record: string;
  readonly resolved: (date: string) => string;
  readonly resolvedTitle: string;
  readonly accepted: (by: string, until: string, reason: string) => string;
  readonly accept: string;
  readonly acceptWhy: string;
  readonly acceptStays: string;
  readonly acceptBySite: string;
  readonly by: string;
  readonly reason: string;
  readonly until: string;
  readonly subject: string;
  readonly evidence: string;
  readonly menuSource: string;
  readonly guidance: string;
  readonly references: string;
  readonly check: string;
  readonly camera: string;
}
