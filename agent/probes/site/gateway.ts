import { failure } from "../../model/index.ts";
import type { SiteProbe } from "./site-probe.ts";

export const gatewayProbe: SiteProbe<"gateway"> = {
  question: "gateway",
  deadlineMs: 10_000,
  ask: async () => failure("unsupported"),
};
