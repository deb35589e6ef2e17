import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildDate, isOlder, yearsBetween } from "../../../agent/checks/version.ts";
import type { FirmwareDateRule } from "../../../agent/model/index.ts";

const rule = (pattern: string, format: FirmwareDateRule["format"]): FirmwareDateRule => ({
  pattern,
  format,
  example: "",
  date: "",
  source: "test",
  checked: "2026-11-01",
});

describe("buildDate", () => {
  it.each([
    ["V5.4.5 build 170123", "2017-01-23"],
    ["1.2 Build Date: 2020-05-01", "2020-05-01"],
    ["2.800.0000000.30.R,Build Date:2022-07-06", "2022-07-06"],
    ["1.1.0 Build 20230915 Rel.1", "2023-09-15"],
    ["BuildDate=Mar 07 2015", "2015-03-07"],
    ["build 170229", null],
    ["build 171323", null],
    ["build 123", null],
    ["20170123", null],
    ["", null],
  ])("reads %j without a rule as %j", (firmware, date) => {
    expect(buildDate(firmware, undefined)).toBe(date);
  });

  it("follows the maker's rule and nothing else", () => {
    expect(buildDate("v3.1.0.956_22041503", rule("_(\\d{6})\\d{2,4}$", "YYMMDD"))).toBe("2022-04-15");
    expect(buildDate("B1225.210421", rule("\\.(\\d{6})$", "YYMMDD"))).toBe("2021-04-21");
    expect(buildDate("x 1999-1-9", rule("x (\\S+)", "YYYY-MM-DD"))).toBe("1999-01-09");
    expect(buildDate("build 170123", rule("_(\\d{6})$", "YYMMDD"))).toBeNull();
    expect(buildDate("x_999999", rule("_(\\d{6})$", "YYMMDD"))).toBeNull();
    expect(buildDate("Foo 07 2015", rule("(.*)", "Mon DD YYYY"))).toBeNull();
  });

  it("gives a day of the calendar or nothing", () => {
    const formats = ["YYMMDD", "YYYYMMDD", "YYYY-MM-DD", "Mon DD YYYY"] as const;
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-z -]{0,12}$/));
    fc.assert(
      fc.property(text, fc.constantFrom(...formats), (firmware, format) => {
        const date = buildDate(firmware, rule("(.+)", format));
        if (date !== null) expect(new Date(`${date}T00:00:00Z`).toISOString().slice(0, 10)).toBe(date);
      }),
    );
  });

  it("reads every date that it could have written", () => {
    const day = fc.date({ min: new Date("2000-01-01"), max: new Date("2099-12-31"), noInvalidDate: true });
    fc.assert(
      fc.property(day, (date) => {
        const iso = date.toISOString().slice(0, 10);
        expect(buildDate(`V1 build ${iso.slice(2).replaceAll("-", "")}`, undefined)).toBe(iso);
        expect(buildDate(`V1 build ${iso.replaceAll("-", "")}`, undefined)).toBe(iso);
      }),
    );
  });
});

describe("yearsBetween", () => {
  it.each([
    ["2023-11-21", "2026-11-21T00:00:00Z", 3],
    ["2023-11-22", "2026-11-21T23:59:59Z", 2],
    ["2024-02-29", "2025-02-28T00:00:00Z", 0],
    ["2027-01-01", "2026-11-21T00:00:00Z", -1],
  ])("%s to %s", (date, now, years) => {
    expect(yearsBetween(date, now)).toBe(years);
  });
});

describe("isOlder", () => {
  it.each([
    ["1.4.9", "1.5.0", true],
    ["1.10.0", "1.9.0", false],
    ["V5.4.5 build 170123", "5.4.6", true],
    ["Ver. 1.03", "1.3", false],
    ["5.4.5 build 170123", "5.4.5", false],
    ["5.4.5", "5.4.5", false],
    ["5.4", "5.4.1", true],
    ["5.4.0", "5.4", false],
    ["1.5.0-rc1", "1.5.0", null],
    ["1.06.01", "1.06.01 Hotfix", null],
    ["1.06.00", "1.06.01 Hotfix", true],
    ["3.1.0_Build_250819_Rel.1n", "3.1.0_Build_250820_Rel.57668n", true],
    ["DIPC-B1226.3.5", "DIPC-B1226.3.6.230105", true],
    ["QIPC-B1226.3.5", "DIPC-B1226.3.6.230105", null],
    ["beta", "1.0", null],
    ["", "1.0", null],
    ["1.0", "", null],
  ])("%j against the repaired %j: %j", (version, fixed, older) => {
    expect(isOlder(version, fixed)).toBe(older);
  });

  const numbers = fc.array(fc.nat(30), { minLength: 1, maxLength: 5 });
  it("orders dotted numbers, and never calls both of two older", () => {
    fc.assert(
      fc.property(numbers, numbers, (one, other) => {
        const [left, right] = [one.join("."), other.join(".")];
        expect(isOlder(left, left)).toBe(false);
        expect(isOlder(left, right) && isOlder(right, left)).toBe(false);
        expect(isOlder(left, `${left}.1`)).toBe(true);
      }),
    );
  });

  it("survives any text", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        expect([true, false, null]).toContain(isOlder(one, other));
      }),
    );
  });
});
