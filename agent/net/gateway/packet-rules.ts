/** A packet filter's rules, whichever program printed them: what `nft` and `iptables-save` have in common. */

export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** One condition. `not` turns it round. Address texts are literals, CIDR prefixes or `first-last`. */
export type Match =
  | { readonly field: "iif" | "oif"; readonly not: boolean; readonly names: readonly string[] }
  | { readonly field: "protocol"; readonly not: boolean; readonly protocols: readonly string[] }
  | { readonly field: "dport"; readonly not: boolean; readonly ranges: readonly PortRange[] }
  | { readonly field: "saddr" | "daddr"; readonly not: boolean; readonly addresses: readonly string[] }
  | { readonly field: "family"; readonly not: boolean; readonly families: readonly (4 | 6)[] }
  | { readonly field: "state"; readonly not: boolean; readonly states: readonly string[] }
  /** Holds for some of the packets that would begin a connection (rate, hour, flags). */
  | { readonly field: "sometimes" }
  /** What it asks for could not be read. */
  | { readonly field: "unknown" };

export type Verdict =
  | { readonly do: "accept" | "drop" | "return" | "unknown" }
  | { readonly do: "jump" | "goto"; readonly chain: string }
  /** Null addresses = this machine itself; null ports = the same as outside. */
  | {
      readonly do: "dnat";
      readonly family: 4 | 6 | null;
      readonly addresses: readonly string[] | null;
      readonly ports: PortRange | null;
    };

export interface Rule {
  readonly matches: readonly Match[];
  /** Null = it only counts, logs or marks. */
  readonly verdict: Verdict | null;
  readonly comment: string;
}

export interface Chain {
  readonly family: "ip" | "ip6" | "inet";
  readonly table: string;
  /** Set for a base chain only. */
  readonly base: {
    readonly type: string;
    readonly hook: string;
    readonly policy: "accept" | "drop";
  } | null;
  readonly rules: readonly Rule[];
  /** True where another program's extension stands in for a rule's text, as `iptables-nft` leaves it. */
  readonly opaque: boolean;
}

/** Chains by `family table name`. */
export interface Rules {
  readonly chains: ReadonlyMap<string, Chain>;
  /** False when some of it was left out. */
  readonly complete: boolean;
}

export function chainKey(family: string, table: string, name: string): string {
  return `${family} ${table} ${name}`;
}

/** `80`, `80-90` or `80:90`; null for anything else. */
export function portRange(text: string): PortRange | null {
  const match = /^(\d{1,5})(?:[-:](\d{1,5}))?$/.exec(text);
  if (match === null) return null;
  const [from, to] = [Number(match[1]), Number(match[2] ?? match[1])];
  return from <= to && to <= 65_535 ? { from, to } : null;
}

/** All other ports. */
export function otherPorts(ranges: readonly PortRange[]): readonly PortRange[] {
  const others: PortRange[] = [];
  let next = 0;
  for (const { from, to } of [...ranges].sort((a, b) => a.from - b.from)) {
    if (from > next) others.push({ from: next, to: from - 1 });
    next = Math.max(next, to + 1);
  }
  return next > 65_535 ? others : [...others, { from: next, to: 65_535 }];
}

/** The ports that are in both. */
export function commonPorts(left: readonly PortRange[], right: readonly PortRange[]): readonly PortRange[] {
  return left.flatMap((a) =>
    right.flatMap((b) => {
      const both = { from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) };
      return both.from <= both.to ? [both] : [];
    }),
  );
}

/** Interface names as both programs compare them: a trailing `*` or `+` stands for any rest. */
export function namesInterface(pattern: string, name: string): boolean {
  return /[*+]$/.test(pattern) ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}
