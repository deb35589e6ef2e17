import { failure } from "../../model/index.ts";
import type { SiteProbe } from "./site-probe.ts";

export const hairpinProbe: SiteProbe<"hairpin"> = {
  question: "hairpin",
  deadlineMs: 10_000,
  ask: async () => failure("unsupported"),
};
