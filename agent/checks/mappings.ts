import type {
  Audience,
  Device,
  Door,
  PortMappingFact,
  Severity,
  SiteMapping,
  SiteView,
} from "../model/index.ts";
import { groupByName, type Judgement, notApplicable, notChecked, unknown } from "./outcomes.ts";

/** `TCP 8080`: protocol and the port that is open to the outside. */
export function mappingName(mapping: PortMappingFact): string {
  return `${mapping.protocol} ${mapping.externalPort}`;
}

/** One evidence line. The description is text from the network. */
export function mappingLine(mapping: PortMappingFact): string {
  const limit = mapping.remoteHost === "" ? "" : ` from ${mapping.remoteHost} only`;
  return `${mappingName(mapping)} -> ${mapping.internalClient}:${mapping.internalPort}${limit} "${mapping.description}"`;
}

/** The enabled ones by name. Two routers, or two remote hosts, may each hold one of the same name. */
export function enabledByName(mappings: readonly SiteMapping[]): ReadonlyMap<string, readonly SiteMapping[]> {
  return groupByName(
    mappings.filter(({ enabled }) => enabled),
    mappingName,
  );
}

/** How bad and for whom, when `door` fails: worst when the router passes the outside on to this very door. */
export function exposureOf(
  site: SiteView,
  device: Device,
  door: Pick<Door, "port">,
  severity: Severity,
): { readonly severity: Severity; readonly audience: Audience; readonly mappings: readonly string[] } {
  const leading = site.mappings.filter(
    (mapping) =>
      mapping.enabled &&
      mapping.protocol === "TCP" &&
      mapping.deviceId === device.id &&
      mapping.internalPort === door.port,
  );
  return leading.length > 0
    ? { severity: "critical", audience: "internet", mappings: leading.map(mappingLine) }
    : { severity, audience: "building", mappings: [] };
}

/** True for a mapping that leads to this program's own page. */
export function leadsToAgent(mapping: SiteMapping, site: SiteView): boolean {
  return (
    mapping.protocol === "TCP" &&
    site.self.addresses.includes(mapping.internalClient) &&
    site.self.ports.includes(mapping.internalPort)
  );
}

/** Why the routers' lists together do not prove that no other mapping exists; null when they do. */
export function gapInLists(lists: SiteView["mappingLists"]): Judgement | null {
  switch (lists) {
    case "complete":
      return null;
    case "partial":
      return unknown("list-incomplete");
    case "none":
      return unknown("no-router-answered");
    case "no-igd":
      return notApplicable("router-without-upnp");
    case "notchecked":
      return notChecked("not-asked");
  }
}
