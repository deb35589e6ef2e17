import type {
  AccessState,
  CheckId,
  CheckText,
  ConsentLevel,
  ConsentRecord,
  Exposure,
  Finding,
  GuardState,
  KnownDevice,
  LocalizedText,
  Manager,
  MendRecord,
  OnProgress,
  Outcome,
  ProgressEvent,
  Reference,
  Report,
  Role,
  SignOff,
  Statement,
  VendorFile,
  Visit,
} from "../model/index.ts";
import type { AccessCommands, PeoplesWords, Recognised } from "../store/index.ts";

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
  readonly access: AccessState;
  readonly statements: readonly Statement[];
  readonly visits: readonly Visit[];
  readonly signOffs: readonly SignOff[];
  readonly exposure: Exposure;
  readonly mends: readonly MendRecord[];
  readonly outside: OutsideState;
  readonly guard: GuardState;
}

/** The owner's switches as the page may know them: without the key. */
export interface OutsideState {
  readonly hairpin: boolean;
  readonly ownAddress: boolean;
  readonly vantage: { readonly host: string; readonly port: number } | null;
  readonly internetdb: boolean;
}

export interface OutsideInput {
  readonly hairpin: boolean;
  readonly ownAddress: boolean;
  readonly internetdb: boolean;
  /** As `komainu vantage --new-key` printed it; `keep` = as it was, null = none. */
  readonly vantage: string | "keep" | null;
  /** Name of the person who decides. */
  readonly by: string;
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
export interface Commands
  extends Omit<PeoplesWords, "giveConsent" | "withdrawConsent">,
    Omit<AccessCommands, "recognise"> {
  /** Settles when the scan has ended; a second call while one runs joins it. */
  scan(): Promise<void>;
  recheck(findingId: string): Promise<RecheckResult>;
  /** Settles when it is written down; what it allows is asked at once, but for `command-line`, which scans itself. */
  giveConsent(input: ConsentInput): Promise<ConsentRecord>;
  withdrawConsent(id: string): Promise<void>;
  /**
   * Deletes what the finding's ways in rest on, as far as the router lets us, reads back and checks the finding again.
   * One record an entry; none when the finding has nothing that can be closed.
   */
  closeWays(findingId: string, by: string): Promise<readonly MendRecord[]>;
  /** False when `vantage` cannot be read. What it allows is asked at the next scan. */
  setOutside(input: OutsideInput): Promise<boolean>;
  /** Our packet filter on this router, as `SiteState.guard.preview` shows it. */
  applyGuard(by: string): Promise<MendRecord>;
  removeGuard(by: string): Promise<MendRecord>;
}

/** A TCP address, or a Unix socket that shows the same guarded page (for the virtual LAN: it crosses namespaces). */
export type Listen = { readonly host: string; readonly port: number } | { readonly path: string };

export interface ServeOptions {
  readonly site: Site;
  readonly commands: Commands;
  readonly catalogue: Readonly<Record<CheckId, CheckText>>;
  /** What each check rests on, in full; `CheckText.standards` are the few for everybody. */
  readonly references: Readonly<Record<CheckId, readonly Reference[]>>;
  /** Words for `Outcome.because`. */
  readonly reasons: Readonly<Record<string, LocalizedText>>;
  /** By vendor id. */
  readonly vendors: Readonly<Record<string, VendorWords>>;
  readonly access: {
    recognise(code: string, at: string): Promise<Recognised | null>;
    round(role: Role): number;
  };
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

/** What the page says of a maker. */
export type VendorWords = Pick<VendorFile, "name" | "menus">;

/** `control` came in on the control socket, a role with its code; everybody else is `open`. */
export type Viewer = "open" | Role | "control";
