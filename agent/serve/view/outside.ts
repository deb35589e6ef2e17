import { type ListedWay, MARKS, type OutsidePage, type RouterCard } from "../../../web-ui/index.ts";
import {
  cleanText,
  type Finding,
  type InboundPath,
  type Reach,
  type RouterView,
  siteFactOf,
} from "../../model/index.ts";
import type { OutsideState } from "../contract.ts";
import { type Entry, isCamera } from "./directory.ts";
import { withValues } from "./facts.ts";
import { isOpen, markOfFinding } from "./marks.ts";
import { allMends } from "./mends.ts";
import { questionCards } from "./questions.ts";
import { linkOf, type Scene } from "./scene.ts";
import { pathView, sameWay } from "./ways.ts";

/** More than this many make a page that nobody reads. */
const WAYS_SHOWN = 40;
const NOTHING: Reach = { routers: [], paths: [], questions: {} };

/** Every way in, what could not be known, and what the owner lets us do about both. */
export function outsidePage(scene: Scene): OutsidePage {
  const { report, outside, guard, lastCompleteScanAt } = scene.state;
  const reach = report?.reach ?? NOTHING;
  const ways = reach.paths.map((path, index) => listedWay(scene, path, index));
  const open = ways.filter(({ path }) => path.reach !== "none").toSorted(worstFirst);
  return {
    kind: "outside",
    looked: report?.reach !== undefined,
    asOf: report === null ? null : (lastCompleteScanAt ?? report.finishedAt),
    open: open.slice(0, WAYS_SHOWN),
    more: Math.max(0, open.length - WAYS_SHOWN),
    off: ways.filter(({ path }) => path.reach === "none").slice(0, WAYS_SHOWN),
    routers: reach.routers.map((router) => routerCard(scene, router, reach)),
    questions: report?.reach === undefined ? [] : questionCards(scene, reach.questions),
    holders: (siteFactOf(reach.questions, "ipv6")?.holders ?? []).map(({ deviceId, address }) => ({
      ...linkTo(scene.directory.ofDevice(deviceId), deviceId),
      address,
    })),
    outbound: outboundOf(scene, reach),
    settings: settingsOf(outside),
    guard,
    mends: allMends(scene),
  };
}

function settingsOf({ vantage, ...switches }: OutsideState): OutsidePage["settings"] {
  if (vantage === null) return { ...switches, vantage: null };
  const { host, port } = vantage;
  return { ...switches, vantage: `${host.includes(":") ? `[${host}]` : host}:${port}` };
}

function listedWay(scene: Scene, path: InboundPath, index: number): ListedWay {
  const findings = scene.state.findings.filter(
    (finding) => isOpen(finding) && finding.outcome.paths?.some((one) => sameWay(one, path)),
  );
  const self = findings.find(({ check }) => check === "agent-exposed") ?? null;
  return {
    path: pathView(scene, path, index, self),
    findings: findings.toSorted(byMark).map((finding) => linkOf(scene, finding)),
  };
}

function byMark(one: Finding, other: Finding): number {
  return MARKS.indexOf(markOfFinding(one)) - MARKS.indexOf(markOfFinding(other));
}

const WORST = ["open", "asks", "unknown", "none"] as const;

function worstFirst(one: ListedWay, other: ListedWay): number {
  return WORST.indexOf(one.path.reach) - WORST.indexOf(other.path.reach);
}

function linkTo(
  entry: Entry | null,
  fallback: string,
): { readonly name: string; readonly href: string | null } {
  return entry
    ? { name: entry.name, href: `/cameras/${entry.key}` }
    : { name: cleanText(fallback, 60), href: null };
}

function routerCard(scene: Scene, router: RouterView, { paths }: Reach): RouterCard {
  const { outside } = scene.words;
  const known: Readonly<Record<string, string>> = outside.doubts;
  const pinholes = paths.filter(
    ({ routerId, closable }) => routerId === router.routerId && closable === "pinhole",
  );
  return {
    ...linkTo(scene.directory.ofDevice(router.routerId), scene.words.kinds.router),
    key: router.routerId,
    igd: router.igdVersion,
    connection: router.connection,
    maybeShared: router.maybeShared,
    protocols: router.portMappingProtocols,
    ipv6Firewall: router.ipv6Firewall,
    pinholes: pinholes.length,
    doubts: [
      ...new Set(
        router.doubts.map((code) => (Object.hasOwn(known, code) ? known[code] : null) ?? outside.otherDoubt),
      ),
    ],
    facts: withValues([{ label: outside.labels.address, values: [router.externalAddress ?? ""] }]),
  };
}

/** Cameras alone: what other devices do is nobody's business here. Null where this machine is not the router. */
function outboundOf({ directory }: Scene, { questions }: Reach): OutsidePage["outbound"] {
  const fact = siteFactOf(questions, "gateway");
  if (fact === null) return null;
  return fact.outbound.flatMap(({ address, hosts, connections }) => {
    const entry = directory.entries.find(({ device }) => device?.addresses.includes(address));
    if (!entry || !isCamera(entry) || connections === 0) return [];
    return [{ ...linkTo(entry, address), hosts, connections }];
  });
}
