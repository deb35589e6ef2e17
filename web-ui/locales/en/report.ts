import type { ReportWords } from "../words/report.ts";

export const report: ReportWords = {
  title: "Check report",
};
