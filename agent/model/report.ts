import type { ConsentRecord } from "./consent.ts";
import type { Device } from "./device.ts";
import type { Evidence, PortMappingFact } from "./evidence.ts";
import type { Observation, ObservationSource } from "./observation.ts";
import type { CheckId, Outcome, Severity, SiteMapping } from "./outcome.ts";
import type { Reach, SiteEvidence, SiteQuestionId } from "./reach.ts";

export const REPORT_SCHEMA = "komainu/report/1";
export const SCAN_SCHEMA = "komainu/scan/1";

/** One local interface that was looked at, with the on-link subnets in CIDR. */
export interface NetworkView {
  readonly interface: string;
  readonly addresses: readonly string[];
  readonly subnets: readonly string[];
  /** Subnets that were not nudged, with the reason (`larger-than-limit`, `point-to-point`). */
  readonly skipped: readonly { readonly subnet: string; readonly because: string }[];
}

/** How one discovery source fared on one interface. */
export interface SourceStatus {
  readonly source: ObservationSource;
  readonly interface: string;
  readonly ok: boolean;
  readonly observations: number;
  readonly detail: string | null;
}

export const STAGES = ["discover", "inventory", "probes", "checks"] as const;
export type Stage = (typeof STAGES)[number];

/** Traffic towards one device. */
export interface Traffic {
  readonly connections: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly peakConnections: number;
}

/** A scan stopped after a stage: plain JSON that can be replayed without the network. */
export interface Scan {
  readonly schema: typeof SCAN_SCHEMA;
  readonly stage: Stage;
  readonly startedAt: string;
  readonly networks: readonly NetworkView[];
  readonly sources: readonly SourceStatus[];
  readonly observations: readonly Observation[];
  readonly devices: readonly Device[];
  readonly evidence: Readonly<Record<string, Evidence>>;
  readonly traffic: Readonly<Record<string, Traffic>>;
  /** Missing in scans that were saved before there was any. */
  readonly site?: SiteEvidence;
}

export interface ReportDevice extends Omit<Device, "addresses" | "fields"> {
  /** Address literals, IPv4 first. */
  readonly addresses: readonly string[];
  readonly interfaces: readonly string[];
  /** Doors that answered (`http:80`); null when nobody asked. */
  readonly doors: readonly string[] | null;
  readonly outcomes: readonly Outcome[];
  readonly traffic: Traffic | null;
}

export interface ReportMapping extends PortMappingFact {
  readonly routerId: string;
  readonly deviceId: string | null;
}

/** The one document of a whole scan. */
export interface Report {
  readonly schema: typeof REPORT_SCHEMA;
  readonly id: string;
  readonly agent: { readonly version: string };
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly networks: readonly NetworkView[];
  readonly sources: readonly SourceStatus[];
  readonly consent: readonly Pick<ConsentRecord, "person" | "role" | "levels" | "from" | "until" | "how">[];
  readonly devices: readonly ReportDevice[];
  readonly mappings: readonly SiteMapping[];
  /** Missing in reports of before. */
  readonly reach?: Reach;
}

/** A `fail` over time. */
export interface Finding {
  /** `<check>~<short hash of device and subject>`: stable, safe in a URL. */
  readonly id: string;
  readonly check: CheckId;
  readonly deviceId: string;
  readonly subject: string;
  readonly severity: Severity;
  readonly outcome: Outcome;
  /** A lower bound: the first time that we saw it. */
  readonly firstSeen: string;
  readonly lastConfirmed: string;
  readonly resolvedAt: string | null;
  readonly reopened: number;
  /** When the last look could not settle it: the finding stays open. */
  readonly lastUnknown: string | null;
  readonly acknowledged: { readonly by: string; readonly reason: string; readonly until: string } | null;
}

/** What the daemon tells while it works; one line each in the terminal, one event each on the page. */
export type ProgressEvent =
  | { readonly type: "stage"; readonly stage: Stage | "done"; readonly at: string }
  | {
      readonly type: "source";
      readonly source: ObservationSource;
      readonly interface: string;
      readonly observations: number;
      readonly at: string;
    }
  | {
      readonly type: "device";
      readonly deviceId: string;
      readonly label: string;
      readonly kind: Device["kind"];
      readonly vendor: string | null;
      readonly at: string;
    }
  | {
      /** A question is about to be put; with `done` = `total`, the last one has been answered. */
      readonly type: "question";
      readonly deviceId: string;
      readonly question: string;
      readonly done: number;
      readonly total: number;
      readonly at: string;
    }
  | { readonly type: "site"; readonly question: SiteQuestionId; readonly at: string }
  | {
      readonly type: "outcome";
      readonly deviceId: string;
      readonly check: CheckId;
      readonly outcome: Outcome["outcome"];
      readonly at: string;
    }
  | {
      readonly type: "trouble";
      readonly deviceId: string | null;
      readonly where: string;
      readonly cause: string;
      readonly at: string;
    };

export type OnProgress = (event: ProgressEvent) => void;
