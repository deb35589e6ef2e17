import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { en } from "../../../web-ui/locales/en/index.ts";
import { ja } from "../../../web-ui/locales/ja/index.ts";
import { dayNumber, formatDate, formatTime } from "../../../web-ui/time.ts";

// Built from local parts, so that the test holds in every time zone.
const local = (year: number, month: number, day: number, hour = 0, minute = 0) =>
  new Date(year, month - 1, day, hour, minute).toISOString();
const NOW = local(2026, 11, 21, 10, 5);

describe("times for reading", () => {
  test.each([
    [local(2026, 11, 21, 0, 0), "きょう 0:00", "today 0:00"],
    [local(2026, 11, 21, 23, 59), "きょう 23:59", "today 23:59"],
    [local(2026, 11, 20, 23, 59), "きのう 23:59", "yesterday 23:59"],
    [local(2026, 11, 19, 6, 7), "2026年11月19日 6:07", "19 Nov 2026 6:07"],
    [local(2026, 11, 22, 18, 0), "2026年11月22日 18:00", "22 Nov 2026 18:00"],
    [local(2025, 11, 21, 10, 5), "2025年11月21日 10:05", "21 Nov 2025 10:05"],
  ])("%s", (iso, japanese, english) => {
    expect(formatTime(iso, NOW, ja.time)).toBe(japanese);
    expect(formatTime(iso, NOW, en.time)).toBe(english);
  });

  test("yesterday goes over the end of a year", () => {
    expect(formatTime(local(2026, 12, 31, 8), local(2027, 1, 1, 8), ja.time)).toBe("きのう 8:00");
  });

  test("a date in a record is never relative", () => {
    expect(formatDate(NOW, ja.time)).toBe("2026年11月21日");
  });
});

describe("days", () => {
  test("count from one, by calendar days", () => {
    expect(dayNumber(local(2026, 11, 21, 23, 59), NOW)).toBe(1);
    expect(dayNumber(local(2026, 11, 20, 23, 59), NOW)).toBe(2);
    expect(dayNumber(local(2026, 11, 3), NOW)).toBe(19);
  });

  test("a clock that was wrong makes no day before the first", () => {
    const moment = fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true });
    fc.assert(
      fc.property(moment, moment, (since, now) => {
        const days = dayNumber(since.toISOString(), now.toISOString());
        return Number.isInteger(days) && days >= 1;
      }),
    );
  });
});
