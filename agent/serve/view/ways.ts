import type { ByHand, PathView, Way, WaysView, WayTarget } from "../../../web-ui/index.ts";
import {
  cleanText,
  type Finding,
  type InboundPath,
  type PathGround,
  type RouterView,
  waysToClose,
} from "../../model/index.ts";
import { deviceKind, type Entry } from "./directory.ts";
import { isOpen, markOfOutcome } from "./marks.ts";
import { mendsOf } from "./mends.ts";
import type { Scene } from "./scene.ts";

/** Checks whose findings say that somebody gets in. */
const SHOWS: readonly string[] = ["open-live-view", "default-credentials"];
/** The reason that the checks give for an entry that was closed by a click and is there again. */
const CAME_BACK = "mapping-came-back";
const HELPED: readonly string[] = ["done", "already"];

/** The ways in of one finding; null where it is about none. */
export function waysOf(scene: Scene, finding: Finding, menu: string | null): WaysView | null {
  const paths = finding.outcome.paths ?? [];
  const mends = mendsOf(scene, finding);
  if (paths.length === 0 && mends.length === 0) return null;
  const views = paths.map((path, index) => pathView(scene, path, index, finding));
  const last = mends[0];
  return {
    paths: views,
    closable: waysToClose(paths).length,
    unhelped: last !== undefined && !HELPED.includes(last.result),
    cameBack: finding.outcome.because === CAME_BACK ? { name: views[0]?.target?.name ?? null, menu } : null,
    mends,
  };
}

/** `finding` = the one that it is drawn for, where there is one. */
export function pathView(
  scene: Scene,
  path: InboundPath,
  index: number,
  finding: Finding | null = null,
): PathView {
  const { directory, detail } = scene;
  const named = detail === "all";
  const entry = path.deviceId === null ? null : directory.ofDevice(path.deviceId);
  const router = path.routerId === null ? null : directory.ofDevice(path.routerId);
  const view = routerView(scene, path.routerId);
  const self = finding?.check === "agent-exposed";
  const limited = path.family === 4 && isBehind(view) && !path.grounds.some((one) => SEEN.includes(one));
  return {
    key: String(index),
    family: path.family,
    protocol: path.protocol,
    externalPort: path.externalPort,
    remoteHost: cleanText(path.remoteHost, 60),
    router: named && router ? router.name : null,
    connection: path.family === 4 ? (view?.connection ?? null) : null,
    maybeShared: path.family === 4 && view?.maybeShared === true,
    target: self ? { kind: "self", name: null, href: null } : targetOf(entry, named),
    candidates: named ? path.candidates.flatMap((id) => directory.ofDevice(id)?.name ?? []) : [],
    internalPort: path.internalPort,
    doors: path.internalPort !== null ? "one" : path.internalAddress === null ? "unknown" : "every",
    hole: path.closable === "pinhole" ? (path.uniqueId ?? null) : null,
    limited,
    door: doorOf(path, entry),
    reach: !path.enabled ? "none" : limited ? "unknown" : reachOf(scene, path, entry, finding),
    grounds: path.grounds,
    description: named ? cleanText(path.description, 80) : "",
    leaseHours: path.leaseSeconds === undefined ? null : Math.ceil(path.leaseSeconds / 3600),
    closable: path.closable,
    byHand: byHandOf(path),
  };
}

/** Grounds that only somebody outside can have. */
const SEEN: readonly PathGround[] = ["outside", "search-engine"];

/** Something of the carrier's, or another router, stands in front of this one. */
function isBehind(router: RouterView | null): boolean {
  return router !== null && router.connection !== "public" && router.connection !== "none";
}

/** The device behind it, as the pages of the site name it. */
function targetOf(entry: Entry | null, named: boolean): WayTarget | null {
  if (entry === null) return null;
  const kind = deviceKind(entry);
  return named ? { kind, name: entry.name, href: `/cameras/${entry.key}` } : { kind, name: null, href: null };
}

export function routerView({ state }: Scene, routerId: string | null): RouterView | null {
  return state.report?.reach?.routers.find((one) => one.routerId === routerId) ?? null;
}

/** The door that has the port, as the camera itself answered there. */
function doorOf({ internalPort, protocol }: InboundPath, entry: Entry | null): string | null {
  if (internalPort === null || protocol !== "TCP") return null;
  return entry?.device?.doors?.find((door) => portOf(door) === internalPort) ?? null;
}

function portOf(subject: string): number | null {
  const port = /:(\d{1,5})$/.exec(subject)?.[1];
  return port === undefined ? null : Number(port);
}

/** How far whoever comes this way gets. Without a settled word about that very door nobody knows. */
function reachOf(scene: Scene, path: InboundPath, entry: Entry | null, finding: Finding | null): Way {
  const here = (subject: string) =>
    (path.internalPort === null && path.internalAddress !== null) ||
    portOf(subject) === null ||
    portOf(subject) === path.internalPort;
  // Our own page tells everybody the headline, and asks for a code before it tells more.
  if (finding?.check === "agent-exposed") return "asks";
  const open = scene.state.findings.filter(isOpen);
  const shown = (one: Finding) => SHOWS.includes(one.check) && here(one.subject);
  if (open.some((one) => shown(one) && entry !== null && scene.directory.ofDevice(one.deviceId) === entry))
    return "open";
  const told = (entry?.device?.outcomes ?? []).filter(
    (one) => SHOWS.includes(one.check) && here(one.subject),
  );
  const settled = told.some(({ check }) => check === "open-live-view") && path.internalPort !== null;
  return settled && told.every((one) => markOfOutcome(one) === "none") ? "asks" : "unknown";
}

/** Why a click of ours cannot close it; null where it can. */
function byHandOf({ closable, family, grounds }: InboundPath): ByHand | null {
  if (closable !== null) return null;
  if (grounds.includes("rule")) return "rule";
  return family === 6 ? "ipv6" : "hand";
}

/** One line for the record: addresses as they are. The description is text from the network. */
export function pathLine(path: InboundPath): string {
  const { protocol, externalAddress, externalPort, internalAddress, internalPort, uniqueId } = path;
  const end = (address: string | null, port: number | null) =>
    `${address === null ? "?" : address.includes(":") ? `[${address}]` : address}:${port ?? "*"}`;
  const limit = path.remoteHost === "" ? "" : ` from ${path.remoteHost} only`;
  const state = path.enabled ? "" : " (off)";
  const label = path.description === "" ? "" : ` "${path.description}"`;
  const hole = uniqueId === undefined ? "" : ` (pinhole ${uniqueId})`;
  const line = `${protocol} ${end(externalAddress, externalPort)} -> ${end(internalAddress, internalPort)}`;
  return cleanText(`${line}${hole}${limit}${state}${label} [${path.grounds.join(", ")}]`, 240);
}

export function sameWay(one: InboundPath, other: InboundPath): boolean {
  return (
    one.family === other.family &&
    one.protocol === other.protocol &&
    one.externalPort === other.externalPort &&
    one.remoteHost === other.remoteHost &&
    one.routerId === other.routerId &&
    one.internalAddress === other.internalAddress &&
    one.internalPort === other.internalPort
  );
}
