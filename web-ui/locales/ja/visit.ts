import type { VisitWords } from "../words/visit.ts";

export const visit: VisitWords = {
  title: "保守の作業",
};
