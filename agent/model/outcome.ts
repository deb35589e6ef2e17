import type { Manager } from "./consent.ts";
import type { Device, DeviceKind } from "./device.ts";
import type { Evidence, PortMappingFact, QuestionId } from "./evidence.ts";
import type { MendRecord } from "./mend.ts";
import type { InboundPath, RouterView, SiteEvidence, SiteQuestionId } from "./reach.ts";
import type { LocalizedText, TextValues } from "./text.ts";
import type { VendorFile, VendorMenu } from "./vendor.ts";

/** XCCDF's words (NIST IR 7275, 6.6.4.2): `notchecked` = not put, `unknown` = put but not settled, `error` = our bug. */
export const OUTCOMES = ["pass", "fail", "unknown", "notapplicable", "notchecked", "error"] as const;
export type OutcomeValue = (typeof OUTCOMES)[number];

export const SEVERITIES = ["critical", "high", "medium", "low", "info"] as const;
export type Severity = (typeof SEVERITIES)[number];

export const CHECK_IDS = [
  "open-live-view",
  "default-credentials",
  "anonymous-access",
  "port-mapping-to-camera",
  "port-mapping-to-other",
  "router-upnp-enabled",
  "telnet-open",
  "unencrypted-access",
  "outdated-firmware",
  "known-exploited-vulnerability",
  "unknown-camera",
  "missing-camera",
  "agent-exposed",
  "reachable-from-internet",
  "ipv6-reachable",
] as const;
export type CheckId = (typeof CHECK_IDS)[number];

/** L0 look, L1 ask, L2 try the factory login, L3 mend. */
export type ConsentLevel = "L0" | "L1" | "L2" | "L3";

/** Who can see it: the four rungs of the ladder, in words on the page. */
export type Audience = "room" | "building" | "internet" | "unknown";

export interface Outcome {
  readonly check: CheckId;
  readonly outcome: OutcomeValue;
  readonly severity: Severity;
  /** What about the device: a door (`rtsp:554`), a mapping (`TCP 8080`), a version; empty for the device as a whole. */
  readonly subject: string;
  readonly audience: Audience;
  /** Short plain facts for the installer, untrusted text allowed, never a secret. */
  readonly evidence: readonly string[];
  /** Why it is unknown, notchecked or error, as a code that both languages have words for. */
  readonly because: string | null;
  /** Values for the placeholders of the check's texts. */
  readonly values: TextValues;
  /** The ways in that make it worse, or that it is about. */
  readonly paths?: readonly InboundPath[];
}

export type Actor = "site" | "contractor" | "carrier";

export interface RemediationStep {
  readonly actors: readonly Actor[];
  readonly text: LocalizedText;
  /** Where the maker's file tells the way to do just this. */
  readonly menu?: VendorMenu;
}

/** Texts of one check. Placeholders: `{cam}` and those that the check fills in `values`. */
export interface CheckText {
  readonly title: LocalizedText;
  readonly why: LocalizedText;
  readonly whoCanSee: LocalizedText;
  /** One to three. */
  readonly steps: readonly RemediationStep[];
  /** At most three for the director's sheet. */
  readonly standards: readonly string[];
}

export interface SiteMapping extends PortMappingFact {
  readonly routerId: string;
  /** Device that holds `internalClient`; null when no device on the LAN does. */
  readonly deviceId: string | null;
}

export interface KnownDevice {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly kind: DeviceKind;
  readonly name: string | null;
  /** True when a person has confirmed that it belongs here. */
  readonly registered: boolean;
  readonly retired: boolean;
  /** Who manages it, in people's words; a permission still names it for itself. Missing = nobody said. */
  readonly manager?: Manager;
  readonly firstSeen: string;
  readonly lastSeen: string;
}

/** What a check may know beyond its device. Plain data, gathered before any check runs. */
export interface SiteView {
  readonly now: string;
  readonly devices: readonly Device[];
  readonly mappings: readonly SiteMapping[];
  /**
   * `complete`: every router that answered gave a whole list. `partial`: lists with doubts. `none`: no router answered.
   * `no-igd`: every router was asked for IGD by name and offers none; then no door opens by itself.
   */
  readonly mappingLists: "complete" | "partial" | "none" | "no-igd" | "notchecked";
  readonly routers: readonly RouterView[];
  /** Every way in that anything speaks of, enabled or not. */
  readonly paths: readonly InboundPath[];
  /** True when every router with an IPv6 filter let its pinholes be counted. */
  readonly pinholesKnown: boolean;
  readonly questions: SiteEvidence;
  /** What people have closed, so that what comes back is told apart from what is new. */
  readonly mends: readonly MendRecord[];
  readonly known: readonly KnownDevice[];
  /** True in the very first scan, when everything is new. */
  readonly firstScan: boolean;
  readonly self: { readonly addresses: readonly string[]; readonly ports: readonly number[] };
}

export interface CheckInput {
  readonly device: Device;
  readonly evidence: Evidence;
  readonly vendor: VendorFile | null;
  readonly site: SiteView;
}

/** A pure rule. It returns one outcome a subject; at least one, so that silence cannot look like a pass. */
export interface Check {
  readonly id: CheckId;
  readonly severity: Severity;
  readonly level: ConsentLevel;
  readonly kinds: readonly DeviceKind[];
  readonly questions: readonly QuestionId[];
  /** What must be asked of the site as a whole to settle it anew. */
  readonly siteQuestions?: readonly SiteQuestionId[];
  readonly text: CheckText;
  run(input: CheckInput): readonly Outcome[];
}
