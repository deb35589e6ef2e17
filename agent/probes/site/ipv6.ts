import { failure } from "../../model/index.ts";
import type { SiteProbe } from "./site-probe.ts";

export const ipv6Probe: SiteProbe<"ipv6"> = {
  question: "ipv6",
  deadlineMs: 10_000,
  ask: async () => failure("unsupported"),
};
