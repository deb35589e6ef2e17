import type { GatewayFact } from "../../model/index.ts";
import { familyOf, isLocalOnly } from "./addresses.ts";
import { type Chain, type Match, namesInterface, type Rules } from "./packet-rules.ts";

const MAX_STEPS = 10_000;
const MAX_DEPTH = 16;

interface Between {
  readonly outside: readonly string[];
  readonly lan: readonly string[];
}

/** `exception`: it is about one host alone, as a pinhole is. */
type Holds = "yes" | "no" | "maybe" | "exception";
type End = "accept" | "drop" | "return";

/**
 * What becomes of a new TCP connection over IPv6 from outside to any host of the LAN, as far as the rules tell by
 * themselves: every base chain that it passes must let it through. `unknown` wherever a rule could turn it either way.
 */
export function judgeIpv6(rules: Rules, between: Between): Exclude<GatewayFact["ipv6"], "not-forwarded"> {
  const passed = [...rules.chains.values()].filter(
    ({ family, base }) =>
      family !== "ip" && base?.type === "filter" && ["prerouting", "forward"].includes(base.hook),
  );
  if (!rules.complete) return "unknown";
  const judge = new Judge(rules, between);
  const verdicts = passed.map((chain) => judge.base(chain));
  if (verdicts.includes("drop")) return "filtered";
  return verdicts.includes("unknown") ? "unknown" : "open";
}

class Judge {
  readonly #rules: Rules;
  readonly #between: Between;
  #steps = 0;

  constructor(rules: Rules, between: Between) {
    this.#rules = rules;
    this.#between = between;
  }

  base(chain: Chain): "accept" | "drop" | "unknown" {
    const ends = this.#ends(chain, 0);
    if (ends === null) return "unknown";
    const settled = new Set(
      [...ends].map((end) => (end === "return" ? (chain.base?.policy ?? "accept") : end)),
    );
    const [only] = settled;
    return settled.size === 1 && only !== undefined ? only : "unknown";
  }

  /** How the packet may leave the chain; null when that cannot be told. */
  #ends(chain: Chain, depth: number): ReadonlySet<End> | null {
    const ends = new Set<End>();
    if (depth > MAX_DEPTH) return null;
    for (const { matches, verdict } of chain.rules) {
      this.#steps += 1;
      if (this.#steps > MAX_STEPS) return null;
      const holds = verdict === null ? "no" : this.#holds(matches);
      if (verdict === null || holds === "no" || holds === "exception") continue;
      if (verdict.do === "unknown" || verdict.do === "dnat") return null;
      const isJump = verdict.do === "jump" || verdict.do === "goto";
      const target = isJump ? this.#rules.chains.get(verdict.chain) : undefined;
      if (isJump && target === undefined) return null;
      const here = target === undefined ? new Set([verdict.do as End]) : this.#ends(target, depth + 1);
      if (here === null) return null;
      for (const end of here) if (end !== "return" || verdict.do !== "jump") ends.add(end);
      const comesBack = verdict.do === "jump" && here.has("return");
      if (holds === "yes" && !comesBack) return ends;
    }
    return ends.add("return");
  }

  #holds(matches: readonly Match[]): Holds {
    const each = matches.map((match) => this.#one(match));
    if (each.includes("no")) return "no";
    if (each.includes("exception")) return "exception";
    return each.includes("maybe") ? "maybe" : "yes";
  }

  #one(match: Match): Holds {
    switch (match.field) {
      case "iif":
        return among(this.#between.outside, match);
      case "oif":
        return among(this.#between.lan, match);
      case "protocol":
        return match.protocols.includes("tcp") !== match.not ? "yes" : "no";
      case "family":
        return match.families.includes(6) !== match.not ? "yes" : "no";
      case "state":
        return match.states.includes("new") !== match.not ? "yes" : "no";
      case "saddr":
      case "daddr":
        return byAddress(match);
      default:
        return "maybe";
    }
  }
}

function among(
  names: readonly string[],
  { names: patterns, not }: { readonly names: readonly string[]; readonly not: boolean },
): Holds {
  const hit = names.map((name) => patterns.some((pattern) => namesInterface(pattern, name)) !== not);
  if (hit.every(Boolean)) return "yes";
  return hit.some(Boolean) ? "maybe" : "no";
}

function byAddress({ field, addresses, not }: Match & { readonly field: "saddr" | "daddr" }): Holds {
  const ipv6 = addresses.filter((text) => familyOf(text) === 6);
  const matter = field === "saddr" ? ipv6.filter((text) => !isLocalOnly(text)) : ipv6;
  if (matter.length === 0) return not ? "yes" : "no";
  const single = matter.every((text) => !/[/-]/.test(text) || text.endsWith("/128"));
  if (field === "daddr" && single) return not ? "yes" : "exception";
  if (matter.some((text) => text.endsWith("/0"))) return not ? "no" : "yes";
  return "maybe";
}
