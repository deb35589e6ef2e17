import type { CheckId, Severity } from "./outcome.ts";
import type { CameraState } from "./posture.ts";

/** What somebody said of a camera or of the whole place, kept to stand beside what was measured. */
export interface Statement {
  readonly id: string;
  /** Null = about the place as a whole. */
  readonly deviceId: string | null;
  /** Person or company whose words they are. */
  readonly company: string;
  readonly text: string;
  /** Day (YYYY-MM-DD) on which it was said. */
  readonly saidOn: string;
  readonly writtenAt: string;
}

/** How one camera stood at one moment; names as people gave them, since paper is read by people. */
export interface SnapshotCamera {
  readonly id: string;
  readonly name: string;
  readonly state: CameraState;
}

export interface SnapshotFinding {
  readonly id: string;
  readonly check: CheckId;
  readonly deviceId: string;
  readonly subject: string;
  readonly severity: Severity;
}

/** The open findings and the state of every camera at one moment. */
export interface Snapshot {
  readonly at: string;
  /** When the last complete scan had ended; null = there was none. */
  readonly scanAt: string | null;
  readonly cameras: readonly SnapshotCamera[];
  /** All that were open. */
  readonly findings: readonly SnapshotFinding[];
  /** Only after a visit: ids of earlier findings that a look since has closed. */
  readonly resolved?: readonly string[];
  /** Only after a visit: ids of open findings that no look since has confirmed. */
  readonly unsettled?: readonly string[];
}

/** One maintenance visit: how it was before, how it was afterwards. `after` is null while it goes on. */
export interface Visit {
  readonly id: string;
  readonly person: string;
  readonly company: string;
  readonly before: Snapshot;
  readonly after: Snapshot | null;
}

/** That a sheet was signed; the sheet itself stays on paper. */
export interface SignOff {
  readonly id: string;
  readonly at: string;
  readonly reportId: string;
  /** SHA-256 of what the sheet said, hexadecimal. */
  readonly hash: string;
  /** Names as written; empty = this side has not signed. */
  readonly site: string;
  readonly contractor: string;
}

/** What the history says of the cameras' states; thirteen months at most. */
export interface Exposure {
  /** Local days (YYYY-MM-DD, ascending) on which a whole check ended. What lies between was not checked. */
  readonly days: readonly string[];
  /** By device id, in order of time: from `at` on, the state was this. */
  readonly changes: Readonly<Record<string, readonly StateChange[]>>;
}

export interface StateChange {
  readonly at: string;
  readonly state: CameraState;
}

/** Who has a way in, told without the codes themselves. */
export interface AccessState {
  readonly claimedAt: string | null;
  readonly pinSet: boolean;
  /** Since this moment the installer's own code is no longer valid; null = not handed over yet. */
  readonly handedOverAt: string | null;
  readonly contractor: { readonly company: string; readonly until: string } | null;
}

/** `setup` = with the code of the machine itself, until the hand-over. */
export const ROLES = ["setup", "site", "contractor"] as const;
export type Role = (typeof ROLES)[number];
