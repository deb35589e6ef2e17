import { setImmediate as turn } from "node:timers/promises";
import type { GatewayForward } from "../../model/index.ts";
import { familyOf, includesAddress, isLocalOnly, spread } from "./addresses.ts";
import {
  type Chain,
  commonPorts,
  type Match,
  namesInterface,
  otherPorts,
  type PortRange,
  type Rule,
  type Rules,
  type Verdict,
} from "./packet-rules.ts";

const MAX_FORWARDS = 2048;
/** Rules looked at, with each again for every way that leads to its chain. */
const MAX_STEPS = 10_000;
const STEPS_A_TURN = 50;
const MAX_DEPTH = 16;
const MAX_REMOTE_HOST = 120;

/** What is outside, and which of our own addresses a redirection leads to. */
export interface Outside {
  readonly interfaces: readonly string[];
  /** Names of the interfaces with a LAN behind them. */
  readonly lan: readonly string[];
  /** Of the outside interfaces. */
  readonly addresses: readonly string[];
  /** This machine's own on the LAN. */
  readonly self: { readonly 4: string | null; readonly 6: string | null };
}

export interface Found {
  readonly forwards: readonly GatewayForward[];
  /** False when a rule could not be judged, or there were too many. */
  readonly complete: boolean;
}

/** Which new connections from outside get to a rule. */
interface Packets {
  readonly families: readonly (4 | 6)[];
  readonly protocols: readonly ("TCP" | "UDP")[];
  /** Null = all. */
  readonly ports: readonly PortRange[] | null;
  /** Empty = anybody. */
  readonly sources: readonly string[];
  /** Single hosts of the LAN that a filter's rule is about; empty = all. */
  readonly hosts: readonly string[];
  /** Something was asked for that we cannot read. */
  readonly doubtful: boolean;
}

/** Where new connections from outside are sent by rules that a nat prerouting hook leads to. */
export async function forwardsIn(
  rules: Rules,
  source: "nftables" | "iptables",
  outside: Outside,
): Promise<Found> {
  const walk = new Walk(rules, source, outside, false);
  for (const chain of rules.chains.values()) {
    if (chain.base?.type !== "nat" || chain.base.hook !== "prerouting") continue;
    const families = chain.family === "inet" ? ([4, 6] as const) : ([chain.family === "ip" ? 4 : 6] as const);
    const all: Packets = {
      families,
      protocols: ["TCP", "UDP"],
      ports: null,
      sources: [],
      hosts: [],
      doubtful: false,
    };
    await walk.chain(chain, all, 0);
  }
  return { forwards: walk.forwards, complete: rules.complete && walk.complete };
}

/**
 * Holes for single hosts that a filter's forward hook leaves to new IPv6 connections from outside: there is no
 * translation, so the port is the host's own. To be asked where the filter is not open to all.
 */
export async function pinholesIn(
  rules: Rules,
  source: "nftables" | "iptables",
  outside: Outside,
): Promise<readonly GatewayForward[]> {
  const walk = new Walk(rules, source, outside, true);
  for (const chain of rules.chains.values()) {
    if (chain.base?.type !== "filter" || chain.base.hook !== "forward" || chain.family === "ip") continue;
    const all: Packets = {
      families: [6],
      protocols: ["TCP", "UDP"],
      ports: null,
      sources: [],
      hosts: [],
      doubtful: false,
    };
    await walk.chain(chain, all, 0);
  }
  return walk.forwards;
}

class Walk {
  readonly forwards: GatewayForward[] = [];
  complete = true;
  readonly #rules: Rules;
  readonly #source: "nftables" | "iptables";
  readonly #outside: Outside;
  readonly #isFilter: boolean;
  readonly #known = new Set<string>();
  #steps = 0;

  constructor(rules: Rules, source: "nftables" | "iptables", outside: Outside, isFilter: boolean) {
    this.#isFilter = isFilter;
    this.#rules = rules;
    this.#source = source;
    this.#outside = outside;
  }

  async chain(chain: Chain, all: Packets, depth: number): Promise<void> {
    for (const rule of chain.rules) {
      this.#steps += 1;
      if (this.#steps > MAX_STEPS || depth > MAX_DEPTH) {
        this.complete = false;
        return;
      }
      if (this.#steps % STEPS_A_TURN === 0) await turn();
      const some = this.#narrowed(all, rule.matches);
      if (some === null || rule.verdict === null) continue;
      await this.#follow(rule, rule.verdict, some, depth);
      // What comes after a rule that takes everything is never asked.
      const takesAll =
        rule.matches.length === 0 && rule.verdict.do !== "jump" && rule.verdict.do !== "unknown";
      if (takesAll) return;
    }
  }

  async #follow(rule: Rule, verdict: Verdict, some: Packets, depth: number): Promise<void> {
    if (verdict.do === "jump" || verdict.do === "goto") {
      const target = this.#rules.chains.get(verdict.chain);
      if (target !== undefined) await this.chain(target, some, depth + 1);
    } else if (
      verdict.do === "dnat" ||
      (this.#isFilter && verdict.do === "accept" && some.hosts.length > 0)
    ) {
      const to =
        verdict.do === "dnat"
          ? verdict
          : ({ do: "dnat", family: 6, addresses: some.hosts, ports: null } as const);
      if (some.doubtful) this.complete = false;
      else this.#add(rule.comment, to, some);
    } else if (verdict.do === "unknown") this.complete = false;
  }

  #narrowed(all: Packets, matches: readonly Match[]): Packets | null {
    let some: Packets | null = all;
    for (const match of matches) {
      const isHost = this.#isFilter && match.field === "daddr" && !match.not;
      some = isHost ? toHosts(some, match.addresses) : narrow(some, match, this.#outside);
      if (some === null) return null;
    }
    return some;
  }

  #add(comment: string, verdict: Verdict & { readonly do: "dnat" }, some: Packets): void {
    const { addresses, ports } = verdict;
    const remoteHost = some.sources.join(", ").slice(0, MAX_REMOTE_HOST);
    for (const family of some.families) {
      if (verdict.family !== null && verdict.family !== family) continue;
      const own = this.#outside.self[family];
      const targets = addresses?.filter((address) => familyOf(address) === family).flatMap(spread) ?? [own];
      for (const internalAddress of targets) {
        if (internalAddress === null) continue;
        for (const externalPorts of some.ports ?? [null]) {
          const internalPort = internalPortOf(externalPorts, ports);
          for (const protocol of some.protocols) {
            this.#push({
              source: this.#source,
              family,
              protocol,
              externalPorts,
              remoteHost,
              internalAddress,
              internalPort,
              comment,
            });
          }
        }
      }
    }
  }

  /** Several rules may say the same. */
  #push(forward: GatewayForward): void {
    const key = JSON.stringify(forward);
    if (this.#known.has(key)) return;
    this.#known.add(key);
    if (this.forwards.length < MAX_FORWARDS) this.forwards.push(forward);
    else this.complete = false;
  }
}

function internalPortOf(outside: PortRange | null, inside: PortRange | null): number | null {
  if (inside === null) return null;
  const same = inside.from === outside?.from && inside.to === outside.to;
  return same ? null : inside.from;
}

/** What is left of `some` when `match` must hold too; null when nothing is. */
function narrow(some: Packets, match: Match, outside: Outside): Packets | null {
  switch (match.field) {
    case "iif": {
      const named = (name: string) => match.names.some((pattern) => namesInterface(pattern, name));
      return outside.interfaces.some((name) => named(name) !== match.not) ? some : null;
    }
    case "protocol": {
      const named = (name: string) => match.protocols.includes(name.toLowerCase());
      const protocols = some.protocols.filter((name) => named(name) !== match.not);
      return protocols.length === 0 ? null : { ...some, protocols };
    }
    case "family": {
      const families = some.families.filter((family) => match.families.includes(family) !== match.not);
      return families.length === 0 ? null : { ...some, families };
    }
    case "dport": {
      const wanted = match.not ? otherPorts(match.ranges) : match.ranges;
      const ports = some.ports === null ? wanted : commonPorts(some.ports, wanted);
      return ports.length === 0 ? null : { ...some, ports };
    }
    case "saddr":
      return match.not ? some : fromSources(some, match.addresses);
    case "daddr":
      return match.not || match.addresses.some((text) => isOurs(text, outside)) ? some : null;
    case "state":
      return match.states.includes("new") !== match.not ? some : null;
    case "sometimes":
      return some;
    case "oif": {
      const named = (name: string) => match.names.some((pattern) => namesInterface(pattern, name));
      return outside.lan.some((name) => named(name) !== match.not) ? some : null;
    }
    case "unknown":
      return { ...some, doubtful: true };
  }
}

function fromSources(some: Packets, addresses: readonly string[]): Packets | null {
  if (addresses.some((text) => text.endsWith("/0"))) return some;
  const sources = addresses.filter((text) => !isLocalOnly(text));
  return sources.length === 0 ? null : { ...some, sources };
}

/** Behind the translation a destination is a host of the LAN. */
function toHosts(some: Packets, addresses: readonly string[]): Packets | null {
  const ipv6 = addresses.map((text) => text.replace(/\/128$/, "")).filter((text) => familyOf(text) === 6);
  if (ipv6.length === 0) return null;
  return ipv6.some((text) => /[/-]/.test(text)) ? some : { ...some, hosts: ipv6 };
}

/** A packet from outside carries our address there, which is a private one behind a second router. */
function isOurs(text: string, { addresses }: Outside): boolean {
  return !isLocalOnly(text) || addresses.some((address) => includesAddress(text, address));
}
