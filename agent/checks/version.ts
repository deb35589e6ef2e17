import type { FirmwareDateRule } from "../model/index.ts";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** Forms that say themselves that they are a build date, tried when the maker's file has no rule. */
const SELF_EXPLAINING: readonly Pick<FirmwareDateRule, "pattern" | "format">[] = [
  { pattern: "build[ _]?date[ =:]*(\\d{4}-\\d{2}-\\d{2})", format: "YYYY-MM-DD" },
  { pattern: "build[ _]?date[ =:]*([a-z]{3} +\\d{1,2} +\\d{4})", format: "Mon DD YYYY" },
  { pattern: "build[ _:]*(\\d{4}-\\d{2}-\\d{2})", format: "YYYY-MM-DD" },
  { pattern: "build[ _:]*(20\\d{6})(?!\\d)", format: "YYYYMMDD" },
  { pattern: "build[ _:]*(\\d{6})(?!\\d)", format: "YYMMDD" },
];

/** The day on which a firmware was built, `YYYY-MM-DD`, as its version tells it; null when it does not. */
export function buildDate(firmware: string, rule: FirmwareDateRule | undefined): string | null {
  for (const { pattern, format } of rule === undefined ? SELF_EXPLAINING : [rule]) {
    const written = new RegExp(pattern, "iu").exec(firmware)?.[1];
    const date = written === undefined ? null : readDate(written, format);
    if (date !== null) return date;
  }
  return null;
}

function readDate(written: string, format: FirmwareDateRule["format"]): string | null {
  switch (format) {
    case "YYMMDD":
      return /^\d{6}$/.test(written)
        ? calendarDay(`20${written.slice(0, 2)}`, written.slice(2, 4), written.slice(4))
        : null;
    case "YYYYMMDD":
      return /^\d{8}$/.test(written)
        ? calendarDay(written.slice(0, 4), written.slice(4, 6), written.slice(6))
        : null;
    case "YYYY-MM-DD": {
      const [, year, month, day] = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(written) ?? [];
      return calendarDay(year, month, day);
    }
    case "Mon DD YYYY": {
      const [, name, day, year] = /^([a-z]{3}) +(\d{1,2}),? +(\d{4})$/i.exec(written) ?? [];
      return calendarDay(year, String(MONTHS.indexOf((name ?? "").toLowerCase()) + 1), day);
    }
  }
}

/** Null for a day that the calendar does not have. */
function calendarDay(year = "", month = "", day = ""): string | null {
  const text = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text ? null : text;
}

/** Whole years from `date` to `now`; negative when it lies in the future. */
export function yearsBetween(date: string, now: string): number {
  const years = Number(now.slice(0, 4)) - Number(date.slice(0, 4));
  return now.slice(5, 10) < date.slice(5, 10) ? years - 1 : years;
}

/**
 * Is `version` older than `fixed`? Runs of digits are compared as numbers, runs of letters must be the same. Null
 * when that does not settle it: other letters in one place, or a repair that is only a suffix (`1.06.01 Hotfix`).
 */
export function isOlder(version: string, fixed: string): boolean | null {
  const left = tokens(version);
  const right = tokens(fixed);
  if (left.length === 0 || right.length === 0) return null;
  for (const [index, wanted] of right.entries()) {
    const found = left[index] ?? (typeof wanted === "number" ? 0 : null);
    if (found === wanted) continue;
    return typeof found === "number" && typeof wanted === "number" ? found < wanted : null;
  }
  const suffix = left[right.length];
  return typeof suffix === "string" && /^(a|alpha|b|beta|rc|pre|dev)$/.test(suffix) ? null : false;
}

/** `V5.4.5 build 170123` reads 5, 4, 5, "build", 170123. */
function tokens(version: string): (number | string)[] {
  const plain = version.toLowerCase().replace(/^\s*(firmware|version|ver|v)(?![a-z])[\s.:_-]*/, "");
  return (plain.match(/\d+|[a-z]+/g) ?? []).map((token) => (/^\d/.test(token) ? Number(token) : token));
}
