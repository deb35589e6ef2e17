import { cleanText } from "../../model/index.ts";
import { isAddressText } from "./addresses.ts";
import { inTurns } from "./in-turns.ts";
import {
  type Chain,
  chainKey,
  type Match,
  type PortRange,
  portRange,
  type Rule,
  type Rules,
  type Verdict,
} from "./packet-rules.ts";

const MAX_LINES = 4000;
const MAX_WORDS = 200;

const HOOKS: Readonly<Record<string, string>> = { PREROUTING: "prerouting", FORWARD: "forward" };

interface Draft extends Chain {
  readonly rules: Rule[];
}

/** Takes what `iptables-save` or `ip6tables-save` prints (iptables-save(8)). */
export async function parseIptablesSave(text: string, family: "ip" | "ip6"): Promise<Rules> {
  const lines = text.split("\n", MAX_LINES + 1);
  const chains = new Map<string, Draft>();
  let table = "";
  await inTurns(lines.slice(0, MAX_LINES), (line) => {
    if (line.startsWith("*")) table = line.slice(1).trim();
    const declared = /^:(\S+) (\S+)/.exec(line);
    if (declared !== null) {
      const [, name = "", policy] = declared;
      chains.set(chainKey(family, table, name), chainOf(family, table, name, policy === "DROP"));
    }
    const words = line.startsWith("-A ") ? wordsOf(line) : null;
    if (words === null) return;
    const [, name = "", ...rest] = words;
    chains.get(chainKey(family, table, name))?.rules.push(new RuleReader(rest, family, table).read());
  });
  return { chains, complete: lines.length <= MAX_LINES };
}

function chainOf(family: "ip" | "ip6", table: string, name: string, drops: boolean): Draft {
  const hook = HOOKS[name];
  const base =
    hook === undefined ? null : ({ type: table, hook, policy: drops ? "drop" : "accept" } as const);
  return { family, table, base, rules: [], opaque: false };
}

/** The words of a line; a quoted one may hold blanks and `\"`. */
function wordsOf(line: string): readonly string[] {
  const words = line.slice(0, 4096).matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g);
  return [...words]
    .slice(0, MAX_WORDS)
    .map(([, quoted, plain = ""]) => quoted?.replace(/\\(.)/g, "$1") ?? plain);
}

const STATES = ["--ctstate", "--state"];
/** Options that say nothing about which packets. */
const SILENT = [
  "-m",
  "--reject-with",
  "--log-prefix",
  "--log-level",
  "--set-xmark",
  "--random",
  "--persistent",
];
const SOMETIMES = ["--limit", "--limit-burst", "--dst-type", "--tcp-flags", "--icmpv6-type", "--icmp-type"];

/** Reads one rule's words from left to right. */
class RuleReader {
  readonly #words: readonly string[];
  readonly #family: "ip" | "ip6";
  readonly #table: string;
  readonly #matches: Match[] = [];
  #comment = "";
  #target: string | null = null;
  #goto = false;
  #destination: { to: string; kind: "to" | "ports" } | null = null;

  constructor(words: readonly string[], family: "ip" | "ip6", table: string) {
    this.#words = words;
    this.#family = family;
    this.#table = table;
  }

  read(): Rule {
    let not = false;
    for (let at = 0; at < this.#words.length; at++) {
      const word = this.#words[at] ?? "";
      const value = this.#words[at + 1] ?? "";
      if (word.startsWith("-")) this.#option(word, value, not);
      // A comment may look like an option; no other value does.
      if (word === "--comment") at += 1;
      not = word === "!";
    }
    return { matches: this.#matches, verdict: this.#verdict(), comment: this.#comment };
  }

  #option(word: string, value: string, not: boolean): void {
    if (word === "-j" || word === "-g") {
      this.#target = value;
      this.#goto = word === "-g";
    } else if (word === "--comment") this.#comment = cleanText(value);
    else if (word === "--to-destination" || word === "--to") this.#destination = { to: value, kind: "to" };
    else if (word === "--to-ports") this.#destination = { to: value, kind: "ports" };
    else if (!SILENT.includes(word)) this.#matches.push(matchOf(word, value, not));
  }

  #verdict(): Verdict | null {
    switch (this.#target) {
      case null:
      case "LOG":
      case "MARK":
      case "CONNMARK":
      case "TCPMSS":
      case "NFLOG":
      case "CT":
      case "TRACE":
      case "CHECKSUM":
      case "CLASSIFY":
      case "DSCP":
      case "HL":
      case "SET":
        return null;
      case "ACCEPT":
        return { do: "accept" };
      case "DROP":
      case "REJECT":
        return { do: "drop" };
      case "RETURN":
        return { do: "return" };
      case "DNAT":
      case "NETMAP":
      case "REDIRECT":
        return destinationOf(this.#destination, this.#target);
    }
    const chain = chainKey(this.#family, this.#table, this.#target);
    return { do: this.#goto ? "goto" : "jump", chain };
  }
}

function matchOf(word: string, value: string, not: boolean): Match {
  if (word === "-i" || word === "-o") return { field: word === "-i" ? "iif" : "oif", not, names: [value] };
  if (word === "-p")
    return { field: "protocol", not, protocols: [value.replace(/^(icmpv6|58)$/, "ipv6-icmp")] };
  if (STATES.includes(word)) return { field: "state", not, states: value.toLowerCase().split(",") };
  if (word === "--dport" || word === "--dports") return portsMatch(value, not);
  if (word === "-s" || word === "--src-range") return addressMatch("saddr", value, not);
  if (word === "-d" || word === "--dst-range") return addressMatch("daddr", value, not);
  return SOMETIMES.includes(word) ? { field: "sometimes" } : { field: "unknown" };
}

function portsMatch(value: string, not: boolean): Match {
  const ranges = value.split(",").map(portRange);
  const known = ranges.filter((range): range is PortRange => range !== null);
  return known.length === ranges.length ? { field: "dport", not, ranges: known } : { field: "unknown" };
}

function addressMatch(field: "saddr" | "daddr", value: string, not: boolean): Match {
  return isAddressText(value) ? { field, not, addresses: [value] } : { field: "unknown" };
}

/** `ADDRESS[-ADDRESS][:PORT[-PORT[/BASE]]]`, IPv6 in brackets when a port follows (iptables-extensions(8), DNAT). */
function destinationOf(
  destination: { readonly to: string; readonly kind: "to" | "ports" } | null,
  target: "DNAT" | "NETMAP" | "REDIRECT",
): Verdict {
  const to = destination?.to ?? "";
  if (target === "REDIRECT") return { do: "dnat", family: null, addresses: null, ports: portRange(to) };
  const match =
    /^\[([0-9a-f:.]+)\](?:-\[([0-9a-f:.]+)\])?(?::(.*))?$/i.exec(to) ??
    /^(\d[0-9./]*)(?:-(\d[0-9.]*))?(?::(.*))?$/.exec(to) ??
    /^([0-9a-f:.]+(?:\/\d+)?)(?:-([0-9a-f:.]+))?()$/i.exec(to);
  const [, first = "", last, ports = ""] = match ?? [];
  const address = last === undefined ? first : `${first}-${last}`;
  if (destination?.kind !== "to" || !isAddressText(address)) return { do: "unknown" };
  const range = ports === "" ? null : portRange(ports.replace(/\/\d+$/, ""));
  if (ports !== "" && range === null) return { do: "unknown" };
  return { do: "dnat", family: null, addresses: [address], ports: range };
}
