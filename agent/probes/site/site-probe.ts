import type {
  Answer,
  Device,
  Evidence,
  NetworkView,
  OutsideSettings,
  RouterView,
  SiteFacts,
  SiteQuestionId,
} from "../../model/index.ts";

/** What a question about the whole site may use. */
export interface SiteContext {
  readonly devices: readonly Device[];
  /** What the devices' own questions brought in this scan. */
  readonly evidence: Readonly<Record<string, Evidence>>;
  readonly routers: readonly RouterView[];
  readonly networks: readonly NetworkView[];
  readonly settings: OutsideSettings;
  /** Ports of our own page. */
  readonly ownPorts: readonly number[];
  /** Cameras and recorders of which consent lets doors be asked (L1). */
  readonly askable: readonly Device[];
  /** Aborts at the question's deadline or when the scan is cancelled. */
  readonly signal: AbortSignal;
}

/** One active question about the site. A network failure is an `Answer`, an exception is a bug. */
export interface SiteProbe<Q extends SiteQuestionId> {
  readonly question: Q;
  /** Whole-question deadline, milliseconds. */
  readonly deadlineMs: number;
  ask(context: SiteContext): Promise<Answer<SiteFacts[Q]>>;
}
