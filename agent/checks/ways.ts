import type { Audience, Device, Door, InboundPath, Severity, SiteView } from "../model/index.ts";
import { groupByName, type Judgement, notApplicable, notChecked, unknown } from "./outcomes.ts";
import type { Because } from "./reasons.ts";

/** `TCP 8080`: protocol and the port that is open to the outside; `IPv6` for a whole address; `pinhole 3`. */
export function wayName({ family, protocol, externalPort, uniqueId }: InboundPath): string {
  if (uniqueId !== undefined) return `pinhole ${uniqueId}`;
  if (externalPort === null) return family === 6 ? "IPv6" : `${protocol} any`;
  return `${protocol} ${externalPort}`;
}

/** One evidence line. The description is text from the network. */
export function wayLine(path: InboundPath): string {
  const { remoteHost, internalAddress, internalPort, description, grounds, externalAddress } = path;
  const limit = remoteHost === "" ? "" : ` from ${remoteHost} only`;
  const target = internalAddress === null ? "?" : internalAddress;
  const port = internalPort === null ? "" : `:${internalPort}`;
  const how = grounds.join(",") === "listed" ? "" : ` (${grounds.join(", ")})`;
  const name = path.family === 6 && externalAddress !== null ? `IPv6 ${externalAddress}` : wayName(path);
  return `${name} -> ${target}${port}${limit} "${description}"${how}`;
}

/** Those in use by name. Two routers, or two remote hosts, may each hold one of the same name. */
export function waysByName(paths: readonly InboundPath[]): ReadonlyMap<string, readonly InboundPath[]> {
  return groupByName(
    paths.filter(({ enabled }) => enabled),
    wayName,
  );
}

/** True for what a router's own list, or a rule of this router, says. */
export function isListed({ grounds }: InboundPath): boolean {
  return grounds.includes("listed") || grounds.includes("rule");
}

/** True for a way that leads to this program's own page. */
export function leadsToAgent(path: InboundPath, { self }: SiteView): boolean {
  return (
    path.protocol === "TCP" &&
    path.internalAddress !== null &&
    self.addresses.includes(path.internalAddress) &&
    (path.internalPort === null || self.ports.includes(path.internalPort))
  );
}

/** How far out somebody may stand and still use this way, as far as the router's own outside address tells. */
export type Reaches = "internet" | "next-network" | "carrier";

export function reachOf(path: InboundPath, { routers }: SiteView): Reaches {
  if (path.grounds.includes("outside") || path.grounds.includes("search-engine")) return "internet";
  if (path.family === 6) return "internet";
  switch (routers.find(({ routerId }) => routerId === path.routerId)?.connection) {
    case "private":
      return "next-network";
    case "cgnat":
    case "ds-lite":
      return "carrier";
    default:
      return "internet";
  }
}

interface Weighed {
  readonly severity: Severity;
  readonly audience: Audience;
  readonly because?: Because;
}

/** What some ways of one name come to: as bad as the worst of them, and why less than `severity` where it is less. */
export function weigh(paths: readonly InboundPath[], site: SiteView, severity: Severity): Weighed {
  const reaches = paths.map((path) => reachOf(path, site));
  if (paths.some((path) => cameBack(path, site)))
    return {
      severity,
      audience: reaches.includes("internet") ? "internet" : "unknown",
      because: "mapping-came-back",
    };
  if (reaches.includes("internet")) return { severity, audience: "internet" };
  return {
    severity: severity === "critical" ? "high" : "medium",
    audience: "unknown",
    because: reaches.includes("next-network") ? "behind-another-router" : "carrier-blocks",
  };
}

/** Somebody closed this very way, and it is there again: under the same port outside or another. */
function cameBack(path: InboundPath, { mends }: SiteView): boolean {
  return mends.some(
    ({ action, result, mapping }) =>
      action === "delete-port-mapping" &&
      result === "done" &&
      mapping !== null &&
      path.closable === "mapping" &&
      mapping.protocol === path.protocol &&
      mapping.internalClient === path.internalAddress &&
      mapping.internalPort === path.internalPort,
  );
}

interface Exposed {
  readonly severity: Severity;
  readonly audience: Audience;
  readonly paths: readonly InboundPath[];
  /** Evidence lines of `paths`. */
  readonly lines: readonly string[];
}

/** How bad and for whom, when `door` fails: worst when the internet is passed on to this very door. */
export function exposureOf(
  site: SiteView,
  device: Device,
  door: Pick<Door, "port">,
  severity: Severity,
): Exposed {
  const paths = site.paths.filter(
    (path) =>
      path.enabled &&
      path.protocol === "TCP" &&
      path.deviceId === device.id &&
      (path.internalPort === null || path.internalPort === door.port),
  );
  const lines = paths.map(wayLine);
  if (paths.length === 0) return { severity, audience: "building", paths, lines };
  const isOpen = paths.some((path) => reachOf(path, site) === "internet");
  return isOpen
    ? { severity: "critical", audience: "internet", paths, lines }
    : { severity, audience: "unknown", paths, lines };
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
