import { failure } from "../../model/index.ts";
import type { SiteProbe } from "./site-probe.ts";

export const vantageProbe: SiteProbe<"vantage"> = {
  question: "vantage",
  deadlineMs: 10_000,
  ask: async () => failure("unsupported"),
};
