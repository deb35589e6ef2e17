import { defineCheck, fail, pass, unknown } from "./outcomes.ts";
import { buildDate, yearsBetween } from "./version.ts";

/** A maker that cares sends a repair more often than this. */
const OLD_YEARS = 3;

export const outdatedFirmware = defineCheck({
  id: "outdated-firmware",
  severity: "medium",
  level: "L0",
  kinds: ["camera", "recorder"],
  questions: [],
  text: {
    title: {
      ja: "「{cam}」の中のソフトが古いままです",
      en: '"{cam}" runs old software',
    },
    why: {
      ja: "カメラの中のソフト（ファームウェア）は{year}年に作られ、{years}年以上たっています。メーカーのサポートが続いているかは、この機械では分かりません。",
      en: "Its firmware was built in {year}, at least {years} years ago. We cannot tell whether the maker still supports it.",
    },
    whoCanSee: {
      ja: "見つかった弱点が直されないまま、このカメラまで届く人にさらされているおそれがあります。",
      en: "Weak points found since then may still be open to anyone who can reach this camera.",
    },
    steps: [
      {
        actors: ["contractor"],
        text: {
          ja: "メーカーのページで、この型番の最新版とサポートの終わりの日を調べる。",
          en: "On the maker's site, look up this model's latest version and its end of support.",
        },
      },
      {
        actors: ["contractor"],
        text: {
          ja: "設定を書き写してから新しくする。使わない夜や休みの日に行う。",
          en: "Note the settings, then update, at night or on a day off.",
        },
        menu: "updateFirmware",
      },
      {
        actors: ["site"],
        text: {
          ja: "サポートが終わっていたら、買い替えの予定を立てる。",
          en: "If support has ended, plan a replacement.",
        },
      },
    ],
    standards: ["IPA JISEC-PROC-2018-A01 4.4", "総務省 (MIC) 2025-12-23 (2)", "JC-STAR S1.1-06"],
  },
  judge({ device, vendor, site }) {
    if (device.firmware === null) return [unknown("no-firmware")];
    const date = buildDate(device.firmware, vendor?.firmwareDate);
    const years = date === null ? -1 : yearsBetween(date, site.now);
    if (date === null || years < 0) return [unknown("no-build-date", { evidence: [device.firmware] })];
    const evidence = [`${device.firmware}: ${date}`];
    if (years < OLD_YEARS) return [pass({ evidence })];
    return [fail({ audience: "building", evidence, values: { date, year: date.slice(0, 4), years } })];
  },
});
