import {
  type Answer,
  failure,
  type GatewayFact,
  type GatewayForward,
  type GatewaySource,
  success,
} from "../../model/index.ts";
import type { LocalInterface } from "../interfaces.ts";
import { readOutbound } from "./conntrack.ts";
import { type Found, forwardsIn, type Outside, pinholesIn } from "./forwards.ts";
import { GUARD_TABLE } from "./guard-table.ts";
import { type IptablesRead, readIptables } from "./iptables-read.ts";
import { judgeIpv6 } from "./ipv6-filter.ts";
import { type LeasePaths, readDnsmasqLeases, readMiniupnpdLeases, USUAL_PATHS } from "./lease-files.ts";
import { readNftRules } from "./nft-read.ts";
import type { Chain, Rules } from "./packet-rules.ts";
import type { RouterSeat } from "./router.ts";
import { sidesOf } from "./sides.ts";

export interface GatewayOptions {
  readonly seat: RouterSeat;
  /** Every interface of this machine, to tell its own addresses from devices'. */
  readonly interfaces: readonly LocalInterface[];
  readonly signal?: AbortSignal;
  /** Milliseconds. */
  readonly now: number;
  readonly paths?: LeasePaths;
}

/**
 * Everything that this machine knows as the LAN's router. It only reads. `not-permitted` when nothing of it may be read;
 * what else is missing stands in `unread`.
 */
export async function readGateway(options: GatewayOptions): Promise<Answer<GatewayFact>> {
  const { seat, interfaces, signal, now, paths = USUAL_PATHS } = options;
  const nft = await readNftRules(signal);
  const iptables = await readIptables(opaqueTables(nft), signal);
  const mapped = await readMiniupnpdLeases(paths, now);
  const leases = await readDnsmasqLeases(paths);
  const outbound = await readOutbound(sidesOf(seat, interfaces), signal);
  if (signal?.aborted) return failure("cancelled");
  const sources: readonly (readonly [GatewaySource, Answer<unknown>])[] = [
    ["nftables", nft],
    ...iptables.answers.map((answer) => ["iptables", answer] as const),
    ["miniupnpd", mapped],
    ["dnsmasq", leases],
    ["conntrack", outbound],
  ];
  const refused = sources.some(([, answer]) => !answer.ok && answer.reason === "not-permitted");
  if (refused && sources.every(([, answer]) => !answer.ok)) return failure("not-permitted");
  const rules = rulesToJudge(nft, iptables);
  const outside = outsideOf(seat, interfaces);
  const found: (Found & Pick<SourceRules, "source">)[] = [];
  for (const { source, rules: each } of rules)
    found.push({ source, ...(await forwardsIn(each, source, outside)) });
  const ipv6 = ipv6Of(
    seat,
    nft.ok && iptables.allSeen,
    rules.map(({ rules }) => rules),
  );
  const holes: GatewayForward[] = [];
  if (ipv6 === "filtered" || ipv6 === "unknown")
    for (const { source, rules: each } of rules) holes.push(...(await pinholesIn(each, source, outside)));
  return success({
    forwards: withLeases(
      [...found.flatMap(({ forwards }) => forwards), ...holes],
      mapped.ok ? mapped.value : [],
    ),
    unread: unreadOf(sources, found),
    leases: leases.ok ? leases.value : [],
    outbound: outbound.ok ? outbound.value : [],
    ipv6,
  });
}

/** Tables whose rules `nft` cannot print, by `family table`. */
function opaqueTables(nft: Answer<Rules>): ReadonlySet<string> {
  const chains = nft.ok ? [...nft.value.chains.values()] : [];
  return new Set(chains.filter(({ opaque }) => opaque).map(({ family, table }) => `${family} ${table}`));
}

interface SourceRules {
  readonly source: "nftables" | "iptables";
  readonly rules: Rules;
}

/** Each rule once, as the program shows it that can; without the guard, which is ours. */
function rulesToJudge(nft: Answer<Rules>, iptables: IptablesRead): readonly SourceRules[] {
  const opaque = opaqueTables(nft);
  const isPlain = ({ family, table }: Chain) => table !== GUARD_TABLE && !opaque.has(`${family} ${table}`);
  const shown = nft.ok ? [{ source: "nftables" as const, rules: filtered(nft.value, isPlain) }] : [];
  const saved = iptables.answers.flatMap((answer) =>
    answer.ok ? [{ source: "iptables" as const, rules: answer.value }] : [],
  );
  return [...shown, ...saved];
}

function filtered(rules: Rules, keep: (chain: Chain) => boolean): Rules {
  return { ...rules, chains: new Map([...rules.chains].filter(([, chain]) => keep(chain))) };
}

/** A mapping that stands in miniupnpd's file and among the rules is one, and UPnP can take it back. */
function withLeases(
  rules: readonly GatewayForward[],
  leases: readonly GatewayForward[],
): readonly GatewayForward[] {
  const byKey = new Map(leases.map((lease) => [keyOf(lease), lease]));
  const merged = rules.map((rule) => {
    const lease = byKey.get(keyOf(rule));
    byKey.delete(keyOf(rule));
    return lease === undefined ? rule : { ...rule, source: lease.source, comment: lease.comment };
  });
  return [...merged, ...byKey.values()];
}

function keyOf({ family, protocol, externalPorts, internalAddress, internalPort }: GatewayForward): string {
  return [
    family,
    protocol,
    externalPorts?.from,
    externalPorts?.to,
    internalAddress,
    internalPort ?? externalPorts?.from,
  ].join(" ");
}

function unreadOf(
  sources: readonly (readonly [GatewaySource, Answer<unknown>])[],
  found: readonly (Found & { readonly source: GatewaySource })[],
): GatewayFact["unread"] {
  const unread = new Map<GatewaySource, GatewayFact["unread"][number]>();
  for (const [source, answer] of sources) {
    // What is not installed, and a file that nobody writes, is no gap.
    if (answer.ok || answer.reason === "unsupported") continue;
    const { reason } = answer;
    const because = reason === "not-permitted" || reason === "too-large" ? reason : "malformed";
    unread.set(source, { source, because });
  }
  for (const { source, complete } of found)
    if (!complete && !unread.has(source)) unread.set(source, { source, because: "malformed" });
  return [...unread.values()];
}

function ipv6Of(seat: RouterSeat, allSeen: boolean, rules: readonly Rules[]): GatewayFact["ipv6"] {
  if (!seat.forwards[6]) return "not-forwarded";
  const between = { outside: seat.outside, lan: seat.lan.map(({ name }) => name) };
  const verdicts = rules.map((each) => judgeIpv6(each, between));
  // Rules that we do not see could only drop more.
  if (verdicts.includes("filtered")) return "filtered";
  return allSeen && !verdicts.includes("unknown") ? "open" : "unknown";
}

function outsideOf({ outside, lan }: RouterSeat, interfaces: readonly LocalInterface[]): Outside {
  const addresses = interfaces
    .filter(({ name }) => outside.includes(name))
    .flatMap(({ addresses }) => addresses.map(({ address }) => address));
  const own = (wanted: 4 | 6) =>
    lan
      .flatMap(({ addresses }) => addresses)
      .find(({ family, address }) => family === wanted && !/^fe80/i.test(address))?.address ?? null;
  return { interfaces: outside, lan: lan.map(({ name }) => name), addresses, self: { 4: own(4), 6: own(6) } };
}
