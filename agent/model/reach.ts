import type { Answer } from "./answer.ts";
import type { Asked } from "./evidence.ts";

/**
 * How we know of a way in. `listed`: the router's own list says so. `rule`: a rule of this very machine, which is the
 * router. `inside`: the outside address answered when asked from inside. `outside`: a vantage point beyond the router got
 * the answer. `inferred`: the router let a vantage point through to this machine, so it lets it through to the others.
 * `search-engine`: a public index saw the port some days ago.
 */
export const PATH_GROUNDS = ["listed", "rule", "inside", "outside", "inferred", "search-engine"] as const;
export type PathGround = (typeof PATH_GROUNDS)[number];

/** One way from the internet to a door. */
export interface InboundPath {
  readonly family: 4 | 6;
  readonly protocol: "TCP" | "UDP";
  /** Null = every port (a DMZ, an IPv6 address without a filter). */
  readonly externalPort: number | null;
  readonly externalAddress: string | null;
  /** Who outside may use it; empty = anybody. */
  readonly remoteHost: string;
  /** The router that passes it on; null when nobody knows which. */
  readonly routerId: string | null;
  /** Where it leads; null when no device of ours has the address, or when several would answer alike. */
  readonly deviceId: string | null;
  /** Devices that answer alike, when the answer does not tell which of them it was. */
  readonly candidates: readonly string[];
  readonly internalAddress: string | null;
  readonly internalPort: number | null;
  readonly enabled: boolean;
  /** Sorted as in `PATH_GROUNDS`; at least one. */
  readonly grounds: readonly PathGround[];
  /** What its maker called it: untrusted text. */
  readonly description: string;
  /** What an IGD can be asked to delete; null for what only a person can close. */
  readonly closable: "mapping" | "pinhole" | null;
  /** UniqueID of a pinhole. */
  readonly uniqueId?: number;
  /** Seconds that a mapping had left when it was listed, 0 = no end; missing where nobody tells. */
  readonly leaseSeconds?: number;
}

/**
 * What kind of address the router's outside has. `private`: another router is in front. `cgnat`: RFC 6598, the carrier
 * translates. `ds-lite`: RFC 6333, 5.7. `none`: not connected, or not told.
 */
export const CONNECTION_KINDS = ["public", "private", "cgnat", "ds-lite", "none"] as const;
export type ConnectionKind = (typeof CONNECTION_KINDS)[number];

/** What is known of one router's outside. */
export interface RouterView {
  readonly routerId: string;
  readonly igdVersion: 1 | 2 | null;
  readonly externalAddress: string | null;
  readonly connection: ConnectionKind;
  /**
   * True while other subscribers may share the IPv4 address (MAP-E, RFC 7597): then no port may be asked at it but those
   * that the router itself lists.
   */
  readonly maybeShared: boolean;
  readonly portMappingProtocols: readonly ("nat-pmp" | "pcp")[];
  readonly ipv6Firewall: { readonly enabled: boolean; readonly pinholeAllowed: boolean } | null;
  readonly doubts: readonly string[];
}

export interface DoorFingerprint {
  readonly kind: "http" | "https" | "rtsp" | "other";
  /** SHA-256 (hexadecimal) over what the door always answers alike; equal inside and outside. */
  readonly hash: string;
}

/** True when both doors may be one and the same. */
export function sameDoor(one: DoorFingerprint, other: DoorFingerprint): boolean {
  return one.kind === other.kind && one.hash === other.hash;
}

/** What one port of an outside address did. */
export interface ReachedPort {
  readonly port: number;
  readonly result: "open" | "closed" | "silent";
  readonly fingerprint: DoorFingerprint | null;
}

/** The same question asked of the camera itself. */
export interface InsideDoor {
  readonly deviceId: string;
  readonly port: number;
  readonly fingerprint: DoorFingerprint;
}

export interface HairpinFact {
  readonly routerId: string;
  /** Proven to be the router's own before any port was asked. */
  readonly address: string;
  readonly asked: readonly ReachedPort[];
  readonly inside: readonly InsideDoor[];
}

export interface VantageLook {
  readonly family: 4 | 6;
  /** The address that our request came from, as the vantage point saw it. */
  readonly seenAs: string;
  readonly asked: readonly ReachedPort[];
  readonly inside: readonly InsideDoor[];
  /** What came of a door that this machine opened for the moment: it tells whether the router filters. */
  readonly beacon: ReachedPort["result"] | null;
}

export interface VantageFact {
  /** One a family that got through to the vantage point. */
  readonly looks: readonly VantageLook[];
}

/** InternetDB's document (https://internetdb.shodan.io/docs); an address that it does not know has no ports. */
export interface InternetDbFact {
  readonly address: string;
  readonly ports: readonly number[];
  readonly tags: readonly string[];
  readonly vulnerabilities: readonly string[];
}

export interface Ipv6Holder {
  readonly deviceId: string;
  readonly address: string;
  /** `eui-64`: guessed from its MAC address and confirmed by the neighbour table. */
  readonly how: "neighbour" | "eui-64";
}

export interface Ipv6Fact {
  /** Global on-link prefixes of this machine, CIDR. */
  readonly prefixes: readonly string[];
  /** Devices that hold a global address. */
  readonly holders: readonly Ipv6Holder[];
}

export interface GatewayForward {
  readonly source: "nftables" | "iptables" | "miniupnpd";
  readonly family: 4 | 6;
  readonly protocol: "TCP" | "UDP";
  /** Null = every port. */
  readonly externalPorts: { readonly from: number; readonly to: number } | null;
  readonly remoteHost: string;
  readonly internalAddress: string;
  /** Null = the same as outside. */
  readonly internalPort: number | null;
  readonly comment: string;
}

export const GATEWAY_SOURCES = ["nftables", "iptables", "miniupnpd", "dnsmasq", "conntrack"] as const;
export type GatewaySource = (typeof GATEWAY_SOURCES)[number];

/** What this machine knows as the router that it is. */
export interface GatewayFact {
  readonly forwards: readonly GatewayForward[];
  /** Sources that are there and could not be read, or only in part. */
  readonly unread: readonly {
    readonly source: GatewaySource;
    readonly because: "not-permitted" | "malformed" | "too-large";
  }[];
  /** Names that devices gave themselves when they asked for an address: untrusted text. */
  readonly leases: readonly { readonly address: string; readonly mac: string; readonly name: string }[];
  /** By LAN address: how many hosts off the LAN it holds connections to. */
  readonly outbound: readonly {
    readonly address: string;
    readonly hosts: number;
    readonly connections: number;
  }[];
  /** Whether new IPv6 connections from outside are let through to the LAN. */
  readonly ipv6: "filtered" | "open" | "not-forwarded" | "unknown";
}

/** Questions about the site as a whole, in the order in which they are asked. */
export interface SiteFacts {
  readonly ipv6: Ipv6Fact;
  readonly gateway: GatewayFact;
  readonly hairpin: HairpinFact;
  readonly vantage: VantageFact;
  readonly internetdb: InternetDbFact;
}
export type SiteQuestionId = keyof SiteFacts;
export const SITE_QUESTION_IDS = [
  "ipv6",
  "gateway",
  "hairpin",
  "vantage",
  "internetdb",
] as const satisfies readonly SiteQuestionId[];

export const SITE_REFUSALS = [
  "switched-off",
  "not-the-router",
  "no-consent",
  "no-outside-address",
  "not-reachable-by-ipv4",
  "no-camera",
  "cancelled",
] as const;
export type SiteRefusal = (typeof SITE_REFUSALS)[number];
export interface SiteNotAsked {
  readonly asked: false;
  readonly because: SiteRefusal;
}
export type SiteEvidence = { readonly [Q in SiteQuestionId]?: Asked<SiteFacts[Q]> | SiteNotAsked };

/** What a site question brought, or null when it was not put or not answered. */
export function siteFactOf<Q extends SiteQuestionId>(
  evidence: SiteEvidence,
  question: Q,
): SiteFacts[Q] | null {
  const put = evidence[question] as
    | { readonly asked: boolean; readonly answer?: Answer<SiteFacts[Q]> }
    | undefined;
  return put?.asked && put.answer?.ok ? put.answer.value : null;
}

/** Everything about ways in, for the page and for machines. */
export interface Reach {
  readonly routers: readonly RouterView[];
  readonly paths: readonly InboundPath[];
  readonly questions: SiteEvidence;
}

/** What the owner has switched on. All of it but the hairpin sends packets off the LAN, so all of that is off at first. */
export interface OutsideSettings {
  readonly hairpin: boolean;
  readonly vantage: VantageSettings | null;
  readonly internetdb: boolean;
  /** The owner has said that the line's IPv4 address is the site's alone: then every port at it may be asked. */
  readonly ownAddress: boolean;
}
export interface VantageSettings {
  /** Name or address literal. */
  readonly host: string;
  readonly port: number;
  /** Shared with the vantage point; a secret. */
  readonly key: string;
}
export const NOTHING_OUTSIDE: OutsideSettings = {
  hairpin: true,
  vantage: null,
  internetdb: false,
  ownAddress: false,
};
