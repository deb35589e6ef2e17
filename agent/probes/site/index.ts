import type { SiteQuestionId } from "../../model/index.ts";
import { gatewayProbe } from "./gateway.ts";
import { hairpinProbe } from "./hairpin.ts";
import { internetdbProbe } from "./internetdb.ts";
import { ipv6Probe } from "./ipv6.ts";
import type { SiteProbe } from "./site-probe.ts";
import { vantageProbe } from "./vantage.ts";

export type { SiteContext, SiteProbe } from "./site-probe.ts";

/** Every question about the site and the probe that puts it. */
export const SITE_PROBES: { readonly [Q in SiteQuestionId]: SiteProbe<Q> } = {
  ipv6: ipv6Probe,
  gateway: gatewayProbe,
  hairpin: hairpinProbe,
  vantage: vantageProbe,
  internetdb: internetdbProbe,
};
