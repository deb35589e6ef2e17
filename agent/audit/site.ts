import type { Device, Evidence, SiteMapping, SiteView } from "../model/index.ts";

/** Gathers what no device knows by itself: whose the mappings are, and whether the routers' lists are whole. */
export function siteView(
  devices: readonly Device[],
  evidence: Readonly<Record<string, Evidence>>,
  context: Pick<SiteView, "now" | "known" | "firstScan" | "self" | "mends" | "questions">,
): SiteView {
  const routers = devices.filter((device) => evidence[device.id]?.igd?.asked);
  const mappings = routers.flatMap((router) => mappingsOf(router, evidence[router.id], devices));
  return {
    ...context,
    devices,
    mappings,
    mappingLists: listState(devices, evidence),
    routers: [],
    paths: [],
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

function holderOf(address: string, devices: readonly Device[]): Device | undefined {
  return devices.find((device) => device.addresses.some((own) => own.address === address));
}

function listState(
  devices: readonly Device[],
  evidence: Readonly<Record<string, Evidence>>,
): SiteView["mappingLists"] {
  const asked = devices.flatMap((device) => {
    const igd = evidence[device.id]?.igd;
    return igd?.asked ? [igd.answer] : [];
  });
  if (asked.length === 0) return "notchecked";
  if (asked.every((answer) => !answer.ok && answer.reason === "unsupported")) return "no-igd";
  if (asked.every((answer) => !answer.ok)) return "none";
  return asked.every((answer) => answer.ok && answer.value.complete) ? "complete" : "partial";
}
