import { failure } from "../../model/index.ts";
import type { SiteProbe } from "./site-probe.ts";

export const internetdbProbe: SiteProbe<"internetdb"> = {
  question: "internetdb",
  deadlineMs: 10_000,
  ask: async () => failure("unsupported"),
};
