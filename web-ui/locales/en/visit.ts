import type { VisitWords } from "../words/visit.ts";

export const visit: VisitWords = {
  title: "Maintenance visit",
};
