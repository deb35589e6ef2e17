import type {
  Audience,
  Check,
  CheckInput,
  Evidence,
  InboundPath,
  Outcome,
  OutcomeValue,
  QuestionId,
  Severity,
  TextValues,
} from "../model/index.ts";
import type { Because } from "./reasons.ts";

interface Details {
  readonly subject?: string;
  readonly severity?: Severity;
  readonly audience?: Audience;
  readonly evidence?: readonly string[];
  readonly values?: TextValues;
  readonly because?: Because;
  readonly paths?: readonly InboundPath[];
}

/** What a rule says about one subject; `defineCheck` adds which rule it was. */
export interface Judgement extends Details {
  readonly outcome: OutcomeValue;
}

export function pass(details: Details = {}): Judgement {
  return { outcome: "pass", ...details };
}

export function fail(details: Details): Judgement {
  return { outcome: "fail", ...details };
}

/** Asked, but not settled. */
export function unknown(because: Because, details: Details = {}): Judgement {
  return { outcome: "unknown", ...details, because };
}

/** Never asked. */
export function notChecked(because: Because, details: Details = {}): Judgement {
  return { outcome: "notchecked", ...details, because };
}

/** The question does not arise for this device. */
export function notApplicable(because: Because): Judgement {
  return { outcome: "notapplicable", because };
}

/** `judge` returns one judgement a subject, and at least one; it only sees devices of `kinds`. */
export interface Rule extends Omit<Check, "run"> {
  judge(input: CheckInput): readonly Judgement[];
}

export function defineCheck({ judge, ...rule }: Rule): Check {
  const complete = ({ paths = [], ...judgement }: Judgement): Outcome => ({
    check: rule.id,
    severity: rule.severity,
    subject: "",
    audience: "unknown",
    evidence: [],
    because: null,
    values: {},
    ...judgement,
    ...(paths.length > 0 && { paths }),
  });
  return {
    ...rule,
    run: (input) =>
      (rule.kinds.includes(input.device.kind) ? judge(input) : [notApplicable("other-kind")]).map(complete),
  };
}

/**
 * The first of `questions` that was not put or not answered, as the judgement that follows from it. With a gap nothing
 * can pass. `not-applicable` is no gap: the device has no such door, so there was nothing to ask.
 */
export function gapIn(evidence: Evidence, questions: readonly QuestionId[]): Judgement | null {
  for (const question of questions) {
    const put = evidence[question];
    if (put === undefined) return notChecked("not-asked", { evidence: [`${question}: not asked`] });
    if (!put.asked && put.because !== "not-applicable")
      return notChecked(put.because, { evidence: [`${question}: ${put.because}`] });
    if (put.asked && !put.answer.ok)
      return unknown(put.answer.reason, { evidence: [`${question}: ${put.answer.reason}`] });
  }
  return null;
}

/** Items by name, in order of first sight (Node 20 has no `Map.groupBy`). */
export function groupByName<T>(items: readonly T[], nameOf: (item: T) => string): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(nameOf(item));
    if (group === undefined) groups.set(nameOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
