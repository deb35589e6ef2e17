import {
  type Device,
  type Evidence,
  factOf,
  type NetworkView,
  type SiteEvidence,
  type SiteMapping,
  type SiteView,
  siteFactOf,
} from "../model/index.ts";
import { routerViews } from "./connection.ts";
import { holderOf, inboundPaths } from "./paths.ts";

type Context = Pick<SiteView, "now" | "known" | "firstScan" | "self" | "mends" | "questions"> & {
  /** As the owner has said: `OutsideSettings.ownAddress`. */
  readonly ownAddress: boolean;
};

/** Gathers what no device knows by itself: whose the mappings are, what ways in there are, whether lists are whole. */
export function siteView(
  devices: readonly Device[],
  evidence: Readonly<Record<string, Evidence>>,
  networks: readonly NetworkView[],
  { ownAddress, ...context }: Context,
): SiteView {
  const asked = devices.filter((device) => evidence[device.id]?.igd?.asked);
  const mappings = asked.flatMap((router) => mappingsOf(router, evidence[router.id], devices));
  const routers = routerViews(devices, evidence, networks, ownAddress);
  const paths = inboundPaths({ devices, evidence, mappings, routers, questions: context.questions });
  const mappingLists = listState(devices, evidence, context.questions);
  return {
    ...context,
    devices,
    mappings,
    mappingLists,
    routers,
    paths,
    pinholesKnown: pinholesKnown(evidence),
  };
}

function mappingsOf(
  router: Device,
  evidence: Evidence | undefined,
  devices: readonly Device[],
): SiteMapping[] {
  const igd = evidence?.igd;
  if (!igd?.asked || !igd.answer.ok) return [];
  return igd.answer.value.mappings.map((mapping) => ({
    ...mapping,
    routerId: router.id,
    deviceId: holderOf(mapping.internalClient, devices)?.id ?? null,
  }));
}

function pinholesKnown(evidence: Readonly<Record<string, Evidence>>): boolean {
  const filters = Object.values(evidence).flatMap((one) => {
    const igd = factOf(one, "igd");
    return igd?.ipv6Firewall ? [igd] : [];
  });
  return filters.every(({ pinholes }) => pinholes?.complete === true);
}

function listState(
  devices: readonly Device[],
  evidence: Readonly<Record<string, Evidence>>,
  questions: SiteEvidence,
): SiteView["mappingLists"] {
  const asked = devices.flatMap((device) => {
    const igd = evidence[device.id]?.igd;
    return igd?.asked ? [igd.answer] : [];
  });
  // Where this machine is the router, its own rules are the list.
  const own = siteFactOf(questions, "gateway");
  const ownIsWhole = own?.unread.length === 0;
  if (asked.length === 0) return own === null ? "notchecked" : ownIsWhole ? "complete" : "partial";
  if (asked.every((answer) => !answer.ok && answer.reason === "unsupported"))
    return own === null ? "no-igd" : ownIsWhole ? "complete" : "partial";
  if (asked.every((answer) => !answer.ok)) return "none";
  const whole = asked.every((answer) => answer.ok && answer.value.complete);
  return whole && (own === null || ownIsWhole) ? "complete" : "partial";
}
