import type { Mark } from "../../../web-ui/index.ts";

/** Days to act, counted from when it was first seen: a day once agreed on does not move with each check. */
const DAYS: Readonly<Record<Exclude<Mark, "emergency">, number>> = {
  danger: 1,
  waiting: 7,
  unknown: 7,
  attention: 30,
  none: 30,
  checking: 30,
};
const DAY_MS = 86_400_000;

/** `now` = at once; `on` and the arguments are ISO 8601. */
export type Due = "now" | { readonly on: string; readonly overdue: boolean };

export function dueOf(mark: Mark, since: string, now: string): Due {
  if (mark === "emergency") return "now";
  const on = Date.parse(since) + DAYS[mark] * DAY_MS;
  return { on: new Date(on).toISOString(), overdue: on < Date.parse(now) };
}
