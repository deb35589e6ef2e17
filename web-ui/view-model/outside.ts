import type { ConnectionKind, SiteQuestionId } from "../../agent/model/index.ts";
import type { Fact, FindingLink } from "./index.ts";
import type { MendView, PathView } from "./ways.ts";

/** A way in on the page of all of them. */
export interface ListedWay {
  readonly path: PathView;
  /** Findings that rest on it, the worst first. */
  readonly findings: readonly FindingLink[];
}

export interface NamedLink {
  readonly name: string;
  readonly href: string | null;
}

export interface RouterCard extends NamedLink {
  readonly key: string;
  /** Null = it offers no UPnP, or did not answer. */
  readonly igd: 1 | 2 | null;
  readonly connection: ConnectionKind;
  readonly maybeShared: boolean;
  readonly protocols: readonly ("nat-pmp" | "pcp")[];
  readonly ipv6Firewall: { readonly enabled: boolean; readonly pinholeAllowed: boolean } | null;
  readonly pinholes: number;
  /** Reasons in words why its list is not whole. */
  readonly doubts: readonly string[];
  readonly facts: readonly Fact[];
}

/** A question about the whole site: put and answered, put and not answered, or not put. */
export interface QuestionCard {
  readonly question: SiteQuestionId;
  readonly state: "answered" | "unanswered" | "not-put";
  readonly at: string | null;
  /** Plain sentences: what came of it, or why nothing did. */
  readonly told: readonly string[];
  /** What somebody can do to know; null when there is nothing. */
  readonly toKnow: string | null;
  readonly facts: readonly Fact[];
}

export interface OutsidePage {
  readonly kind: "outside";
  /** False while no check has looked for ways in. */
  readonly looked: boolean;
  readonly asOf: string | null;
  readonly open: readonly ListedWay[];
  /** Open ones besides these: a router may list hundreds. */
  readonly more: number;
  /** Entries that are switched off. */
  readonly off: readonly ListedWay[];
  readonly routers: readonly RouterCard[];
  readonly questions: readonly QuestionCard[];
  readonly holders: readonly (NamedLink & { readonly address: string })[];
  /** Null where this machine is not the router. */
  readonly outbound: readonly (NamedLink & { readonly hosts: number; readonly connections: number })[] | null;
  readonly settings: {
    readonly hairpin: boolean;
    /** `host:port`. */
    readonly vantage: string | null;
    readonly internetdb: boolean;
    readonly ownAddress: boolean;
  };
  readonly guard: {
    readonly because: "not-the-router" | "not-permitted" | null;
    readonly applied: { readonly at: string; readonly by: string } | null;
    readonly preview: string | null;
  };
  /** Clicks of all kinds, the latest first. */
  readonly mends: readonly MendView[];
}
