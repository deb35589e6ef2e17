import type { Actor, Audience, CheckId, DeviceKind } from "../../agent/model/index.ts";
import type { Fact, Mark } from "./index.ts";
import type { WordsBesideFacts } from "./statements.ts";
import type { WaysView } from "./ways.ts";

export interface FindingPage {
  readonly kind: "finding";
  readonly id: string;
  readonly check: CheckId;
  readonly mark: Mark;
  readonly title: string;
  readonly why: string;
  /** What our check saw in particular, besides what it sees in all such cases; null = nothing more to say. */
  readonly because: string | null;
  /** Door or mapping (`rtsp:554`, `TCP 8554`); empty for the device as a whole. */
  readonly subject: string;
  readonly whoCanSee: string;
  readonly audience: Audience;
  readonly since: string;
  readonly days: number;
  readonly lastConfirmed: string;
  readonly lastUnknown: string | null;
  /** Why the last look settled nothing; null when it did, or when nobody knows. */
  readonly unsettled: string | null;
  readonly resolvedAt: string | null;
  readonly reopened: number;
  readonly accepted: { readonly by: string; readonly reason: string; readonly until: string } | null;
  /** Accepted or not, it stays in the headline: the internet can reach it. */
  readonly stays: boolean;
  readonly steps: readonly Step[];
  /** Null where it is about no way in. */
  readonly ways: WaysView | null;
  /** The device that it is about. Null for what is no longer known, and while details are withheld. */
  readonly camera: { readonly key: string; readonly name: string; readonly kind: DeviceKind } | null;
  /** Null while details are withheld. */
  readonly words: WordsBesideFacts | null;
  readonly facts: readonly Fact[];
  /** Local days (YYYY-MM-DD), both included, to which it may be accepted. */
  readonly acceptFrom: string;
  readonly acceptUntil: string;
}

export interface Step {
  readonly actors: readonly Actor[];
  readonly text: string;
  /** The way through the maker's own menus, where it is known. */
  readonly menu: string | null;
}

/** A finding that ended within the last 30 days. */
export interface ResolvedLink {
  readonly id: string;
  readonly title: string;
  readonly resolvedAt: string;
}
