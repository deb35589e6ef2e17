import type { CheckId, Manager, OutcomeValue } from "../../agent/model/index.ts";
import type { ResolvedLink } from "./finding.ts";
import type { Fact, FindingLink, Mark } from "./index.ts";
import type { DoorView, Strip } from "./picture.ts";
import type { WordsBesideFacts } from "./statements.ts";

export interface ResultRow {
  readonly check: CheckId;
  /** What about the camera as a whole, e.g. the name of a weakness; empty for most. */
  readonly subject: string;
  readonly outcome: OutcomeValue;
  readonly mark: Mark;
  readonly because: string | null;
  readonly finding: string | null;
}

/** What was found at one door; `door` is `rtsp:554`, `TCP 8554`, … or empty for the camera as a whole. */
export interface DoorResults {
  readonly door: string;
  readonly rows: readonly ResultRow[];
}

export interface CameraPage {
  readonly kind: "camera";
  readonly key: string;
  readonly name: string;
  readonly givenName: string | null;
  readonly maker: string | null;
  readonly manager: Manager;
  /** Null for what is no camera, as long as nothing was found. */
  readonly mark: Mark | null;
  /** False for a router and everything else that was looked at besides. */
  readonly isCamera: boolean;
  /** Set while it does not answer: when it last did (null = nobody knows). */
  readonly missing: { readonly lastSeen: string | null } | null;
  /** A person took it out of use. */
  readonly retired: boolean;
  readonly findings: readonly FindingLink[];
  /** The worst first. */
  readonly results: readonly DoorResults[];
  readonly doors: readonly DoorView[];
  /** The last year. */
  readonly strip: Strip;
  readonly notApplicable: readonly CheckId[];
  readonly resolved: readonly ResolvedLink[];
  readonly words: WordsBesideFacts;
  /** Last day (YYYY-MM-DD) on which something may have been said: today. */
  readonly today: string;
  readonly facts: readonly Fact[];
}
