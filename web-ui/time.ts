import type { TimeWords } from "./locales/words/index.ts";

const two = (n: number): string => String(n).padStart(2, "0");

/** Midnight of the local day, so that days are compared and not 24-hour spans. */
function dayOf(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** A point in time for reading, in the machine's own time zone: `きょう 10:05`, `2026年11月21日 10:05`. */
export function formatTime(iso: string, now: string, words: TimeWords): string {
  return words.on(formatDay(iso, now, words), clockOf(iso));
}

/** A point in time for paper, never relative: `2026年11月21日 10:05`. */
export function formatStamp(iso: string, words: TimeWords): string {
  return words.on(formatDate(iso, words), clockOf(iso));
}

function clockOf(iso: string): string {
  const date = new Date(iso);
  return `${date.getHours()}:${two(date.getMinutes())}`;
}

/** A day for reading: `きょう`, `きのう`, `2026年11月3日`. */
export function formatDay(iso: string, now: string, words: TimeWords): string {
  const date = new Date(iso);
  const today = new Date(now);
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (dayOf(date) === dayOf(today)) return words.today;
  if (dayOf(date) === yesterday.getTime()) return words.yesterday;
  return formatDate(iso, words);
}

/** A calendar day, never relative: for records and time limits. */
export function formatDate(iso: string, words: TimeWords): string {
  const date = new Date(iso);
  return words.date(date.getFullYear(), date.getMonth() + 1, date.getDate());
}

/** The n-th day, counted from 1 on the day itself. */
export function dayNumber(since: string, now: string): number {
  return Math.max(1, Math.round((dayOf(new Date(now)) - dayOf(new Date(since))) / 86_400_000) + 1);
}

/** `2026-11-03` for reading. */
export function formatLocalDay(day: string, words: TimeWords): string {
  const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
  return words.date(year, month, date);
}
