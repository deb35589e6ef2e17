import type { ReportWords } from "../words/report.ts";

export const report: ReportWords = {
  title: "点検の報告書",
};
