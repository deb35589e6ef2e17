import type { GatewayFact, GatewaySource, SiteQuestionId, SiteRefusal } from "../../../agent/model/index.ts";

export interface OutsideWords {
  readonly title: string;
  readonly intro: string;
  readonly asOf: (date: string) => string;
  readonly notLooked: string;
  readonly openTitle: string;
  readonly open: (n: number) => string;
  /** Never reads as if there were none: only as if none was found. */
  readonly noneFound: string;
  readonly offTitle: (n: number) => string;
  readonly noFinding: string;
  readonly routersTitle: string;
  readonly noRouter: string;
  readonly upnp: Readonly<Record<"one" | "two" | "none", string>>;
  readonly whole: string;
  readonly notWhole: string;
  readonly doubts: Readonly<
    Record<"v1-fault" | "v2-fault" | "too-many" | "lists-differ" | "repeats", string>
  >;
  readonly otherDoubt: string;
  readonly protocols: (names: string) => string;
  readonly firewall: Readonly<Record<"on" | "holes" | "off" | "unknown", string>>;
  readonly pinholes: (n: number) => string;
  readonly questionsTitle: string;
  readonly questions: Readonly<Record<SiteQuestionId, string>>;
  readonly asked: (date: string) => string;
  readonly notPut: string;
  readonly refusals: Readonly<Record<SiteRefusal, string>>;
  readonly toKnow: string;
  readonly toKnowBy: Readonly<Record<"switch" | "vantage" | "carrier" | "camera" | "later", string>>;
  readonly told: ToldWords;
  readonly holdersTitle: string;
  readonly holders: string;
  readonly knowledgeTitle: string;
  readonly knowledge: readonly [string, string, string, string];
  readonly outboundTitle: string;
  readonly outboundWhat: string;
  readonly outbound: (connections: number, hosts: number) => string;
  readonly outboundNone: string;
  readonly switchesTitle: string;
  readonly switchesWhy: string;
  readonly switchesWho: string;
  readonly use: string;
  readonly on: string;
  readonly off: string;
  readonly hairpin: SwitchWords;
  readonly vantage: SwitchWords & {
    readonly at: (host: string) => string;
    readonly paste: string;
    readonly pasteHelp: string;
    readonly stop: string;
  };
  readonly internetdb: SwitchWords;
  readonly ownAddress: SwitchWords & { readonly sure: string };
  readonly by: string;
  readonly save: string;
  readonly guardTitle: string;
  readonly guardWhat: string;
  readonly guardBecause: Readonly<Record<"not-the-router" | "not-permitted", string>>;
  readonly guardHint: string;
  readonly guardNoRules: string;
  readonly guardPreview: string;
  readonly guardKept: string;
  readonly guardApply: string;
  readonly guardApplied: (by: string, date: string) => string;
  readonly guardRemove: string;
  readonly guardOff: string;
  readonly labels: Readonly<
    Record<"address" | "ports" | "tags" | "weaknesses" | "prefixes" | "leases" | "seenAs", string>
  >;
}

export interface SwitchWords {
  readonly name: string;
  readonly what: string;
  /** What is told to whom once it is on. */
  readonly disclosed: string;
}

/** What the answer to each question says. */
export interface ToldWords {
  readonly noPrefix: string;
  readonly prefixes: string;
  readonly holders: (n: number) => string;
  readonly noHolder: string;
  readonly forwards: (n: number) => string;
  readonly noForward: string;
  readonly unread: (source: string) => string;
  readonly unreadNotPermitted: string;
  readonly unreadMalformed: string;
  readonly unreadTooLarge: string;
  readonly sources: Readonly<Record<GatewaySource, string>>;
  readonly ipv6: Readonly<Record<GatewayFact["ipv6"], string>>;
  readonly answered: (open: number, asked: number) => string;
  readonly noneAnswered: (asked: number) => string;
  readonly nothingAsked: string;
  readonly noProof: string;
  readonly families: Readonly<Record<4 | 6, string>>;
  readonly beacon: Readonly<Record<"open" | "closed" | "silent", string>>;
  readonly noLook: string;
  readonly indexed: (n: number) => string;
  readonly notIndexed: string;
}
