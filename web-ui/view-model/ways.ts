import type {
  ConnectionKind,
  DeviceKind,
  MendAction,
  MendResult,
  PathGround,
} from "../../agent/model/index.ts";
import type { Way } from "./picture.ts";

/** Where a way leads. `self` = to this very page. Name and link are null while details are withheld. */
export interface WayTarget {
  readonly kind: DeviceKind | "self";
  readonly name: string | null;
  readonly href: string | null;
}

/** One way from the internet to a door, as it is drawn. Names and `description` may come from the network. */
export interface PathView {
  /** Unique among the ways of a page. */
  readonly key: string;
  readonly family: 4 | 6;
  readonly protocol: "TCP" | "UDP";
  /** Null = every port. */
  readonly externalPort: number | null;
  /** Who outside may use it; empty = anybody. */
  readonly remoteHost: string;
  /** Null when nobody knows which it is, and while details are withheld. */
  readonly router: string | null;
  readonly connection: ConnectionKind | null;
  readonly maybeShared: boolean;
  /** Null when nothing of ours has the address. */
  readonly target: WayTarget | null;
  /** Names of those that answer alike. */
  readonly candidates: readonly string[];
  readonly internalPort: number | null;
  /** Without a port inside: `every` = all doors of the address, `unknown` = nobody told which. */
  readonly doors: "one" | "every" | "unknown";
  /** Number of a hole in the IPv6 filter, whose port nobody can ask for. */
  readonly hole: number | null;
  /** `rtsp:554`, where it is known which door has the port. */
  readonly door: string | null;
  /** The line itself, or another router, most likely keeps the internet away: nobody has confirmed either. */
  readonly limited: boolean;
  /** How far the outside gets: `none` = switched off at present. */
  readonly reach: Way;
  readonly grounds: readonly PathGround[];
  readonly description: string;
  /** Hours that the entry had left, rounded up; 0 = no end, null where nobody tells. */
  readonly leaseHours: number | null;
  readonly closable: "mapping" | "pinhole" | null;
  /** Why only a person can close it; null where a click can. */
  readonly byHand: ByHand | null;
}

/** `rule`: made on this machine. `ipv6`: only the router's filter can. `hand`: in no list, so somebody made it. */
export type ByHand = "rule" | "ipv6" | "hand";

/** One click and what came of it. */
export interface MendView {
  readonly id: string;
  readonly at: string;
  readonly action: MendAction;
  readonly by: string;
  /** `TCP 8554`; empty where there is no port to name. */
  readonly what: string;
  readonly result: MendResult;
  readonly code: number | null;
  readonly detail: string;
  readonly confirmedOutside: boolean | null;
}

/** The ways in that one finding is about, and what people did about them. */
export interface WaysView {
  readonly paths: readonly PathView[];
  /** Ways that a click can close. */
  readonly closable: number;
  /** The last click did not help: what the router's own page is for. */
  readonly unhelped: boolean;
  /** Something makes it anew each time that it is closed. */
  readonly cameBack: { readonly name: string | null; readonly menu: string | null } | null;
  /** Latest first. */
  readonly mends: readonly MendView[];
}

/** What a click would delete, before it is made. */
export interface ClosePage {
  readonly kind: "close";
  readonly finding: string;
  readonly title: string;
  readonly paths: readonly PathView[];
}
