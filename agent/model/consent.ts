import type { ConsentLevel } from "./outcome.ts";

/** Who manages a camera; only `site` may be tested on the owner's word alone. */
export const MANAGERS = ["site", "contractor", "service", "unknown"] as const;
export type Manager = (typeof MANAGERS)[number];

/** One given permission. Records are only ever appended; a withdrawal sets `revokedAt`. */
export interface ConsentRecord {
  readonly id: string;
  readonly person: string;
  readonly role: string;
  /** `L0` is implied; `L1` ask, `L2` try the factory login. */
  readonly levels: readonly ConsentLevel[];
  /** Device ids, or "all" for everything found on the on-link subnets. */
  readonly devices: readonly string[] | "all";
  readonly managers: Readonly<Record<string, Manager>>;
  readonly from: string;
  readonly until: string;
  /** `page`, `command-line` (one run) or `command-line-recorded`. */
  readonly how: string;
  /** SHA-256 of the text that the person saw. */
  readonly textHash: string;
  readonly revokedAt: string | null;
}
