import type { Mark } from "./index.ts";

/** The four ways to a camera that are drawn, in this order. */
export const DOOR_KINDS = ["web", "video", "onvif", "router"] as const;
export type DoorKind = (typeof DOOR_KINDS)[number];

/** `absent` = the camera has no such door; `none` = asked, and nothing was found. */
export type DoorState = Mark | "absent";

export interface DoorView {
  readonly kind: DoorKind;
  readonly state: DoorState;
}

/**
 * What a line of the map says. `open` = leads to the video or the settings; `asks` = leads to a door that asks for a
 * password; `unknown` = nobody could tell; `none` = no such way was found.
 */
export type Way = "open" | "asks" | "unknown" | "none";

export interface MapStop {
  /** Path of the page about it; null where there is none. */
  readonly href: string | null;
  readonly kind: "camera" | "other" | "rest";
  readonly name: string;
  readonly mark: Mark;
  readonly outside: Way;
  readonly inside: Way;
  /** True where `open` means the factory login, and no view without any. */
  readonly factory: boolean;
  /** Ports on the outside that lead here, e.g. `8554`. */
  readonly ports: readonly string[];
}

export interface MapView {
  /** Worst way through the router. */
  readonly outside: Way;
  readonly inside: Way;
  /** Whether the router lets devices open doors by themselves; null = not known. */
  readonly upnp: boolean | null;
  readonly stops: readonly MapStop[];
}

/** `unchecked` = no check ended on that day; `before` = not watched yet. */
export const STRIP_STATES = ["danger", "attention", "unknown", "none", "unchecked", "before"] as const;
export type StripState = (typeof STRIP_STATES)[number];

/** Days in a row with one state; `from` and `to` are local days (YYYY-MM-DD), both included. */
export interface StripRun {
  readonly from: string;
  readonly to: string;
  readonly days: number;
  readonly state: StripState;
}

export interface Strip {
  readonly runs: readonly StripRun[];
  /** Days in all. */
  readonly days: number;
  readonly counts: Readonly<Record<StripState, number>>;
}

export interface TimelinePage {
  readonly kind: "timeline";
  readonly cameras: readonly { readonly key: string; readonly name: string; readonly strip: Strip }[];
}
