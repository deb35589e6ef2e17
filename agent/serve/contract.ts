import type {
  CheckId,
  CheckText,
  ConsentLevel,
  ConsentRecord,
  Finding,
  KnownDevice,
  LocalizedText,
  Manager,
  OnProgress,
  Outcome,
  ProgressEvent,
  Report,
} from "../model/index.ts";

/** The read side: `main` answers it from the store. */
export interface Site {
  /** A snapshot, cheap enough for every request. */
  view(): SiteState;
}

export interface SiteState {
  readonly place: string | null;
  readonly contact: string | null;
  readonly version: string;
  readonly report: Report | null;
  readonly scanning: {
    readonly done: number;
    readonly total: number;
    readonly steps: readonly ProgressEvent[];
  } | null;
  readonly findings: readonly Finding[];
  readonly known: readonly KnownDevice[];
  readonly consents: readonly ConsentRecord[];
  readonly lastCompleteScanAt: string | null;
  readonly nextScanAt: string | null;
  readonly claimed: boolean;
}

export interface ConsentInput {
  readonly person: string;
  readonly role: string;
  readonly levels: readonly ConsentLevel[];
  readonly managers: Readonly<Record<string, Manager>>;
  readonly months: number;
  /** `command-line` = for one run only. */
  readonly how: "page" | "command-line" | "command-line-recorded";
  readonly textHash: string;
}

export interface RecheckResult {
  /** False when there is no such finding. */
  readonly ok: boolean;
  readonly outcome?: Outcome["outcome"];
  readonly because?: string | null;
}

/** The backward flow: what a person may ask for. A rejected promise is a bug, not trouble on the network. */
export interface Commands {
  /** Settles when the scan has ended; a second call while one runs joins it. */
  scan(): Promise<void>;
  recheck(findingId: string): Promise<RecheckResult>;
  /** Settles when it is written down; what it allows is asked at once, but for `command-line`, which scans itself. */
  giveConsent(input: ConsentInput): Promise<ConsentRecord>;
  withdrawConsent(id: string): Promise<void>;
  /** Also registers the device as one that belongs here. */
  nameDevice(id: string, name: string): Promise<void>;
  retireDevice(id: string): Promise<void>;
  acknowledge(findingId: string, input: { by: string; reason: string; until: string }): Promise<void>;
}

/** A TCP address, or a Unix socket that shows the same guarded page (for the virtual LAN: it crosses namespaces). */
export type Listen = { readonly host: string; readonly port: number } | { readonly path: string };

export interface ServeOptions {
  readonly site: Site;
  readonly commands: Commands;
  readonly catalogue: Readonly<Record<CheckId, CheckText>>;
  /** Words for `Outcome.because`. */
  readonly reasons: Readonly<Record<string, LocalizedText>>;
  /** Vendor id to name. */
  readonly vendorNames: Readonly<Record<string, LocalizedText>>;
  readonly claim: { verify(code: string): Promise<boolean> };
  /** Signs the session cookies; a new secret signs everybody out. */
  readonly sessionSecret: string;
  readonly progress: { subscribe(listener: OnProgress): () => void };
  readonly lan: readonly Listen[];
  /** Unix socket (mode 0600) whose callers are trusted as the command line; give it a directory of our own. */
  readonly controlSocket?: string;
  /** Names and addresses besides `lan`'s hosts, `localhost` and the address that the connection came in on. */
  readonly allowedHosts: readonly string[];
  /** CIDR subnets to serve besides private and link-local ranges and our own IPv6 /64. */
  readonly nearby?: readonly string[];
  /** One line for each bug that a request met; standard error when missing. */
  readonly log?: (line: string) => void;
  readonly now?: () => Date;
}

/** `control` came in on the control socket; `owner` has shown the claim code; everybody else is `open`. */
export type Viewer = "open" | "owner" | "control";
