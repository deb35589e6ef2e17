import type { Answer, Device, Evidence, Facts, QuestionId, VendorFile } from "../model/index.ts";
import type { DeviceLine } from "../net/line.ts";
import type { LoginBudget } from "./login-budget.ts";

/** What a probe may use. It cannot reach any host but the line's, and cannot log in without the budget's word. */
export interface ProbeContext {
  readonly device: Device;
  readonly line: DeviceLine;
  /** Vendor file of the identified maker, null when unknown. */
  readonly vendor: VendorFile | null;
  /** Answers so far in this scan, for questions that build on others. */
  readonly evidence: Evidence;
  readonly budget: LoginBudget;
  /** Every address of the device: a URI that leads elsewhere is noted and never asked. */
  readonly ownAddresses: readonly string[];
}

/** One active question to one device. A network failure is an `Answer`, an exception is a bug. */
export interface Probe<Q extends QuestionId> {
  readonly question: Q;
  /** Whole-question deadline, milliseconds. */
  readonly deadlineMs: number;
  ask(context: ProbeContext): Promise<Answer<Facts[Q]>>;
}
