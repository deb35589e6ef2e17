import type { InboundPath } from "./reach.ts";

/** What may be changed outside this program, each time by a person's click. */
export const MEND_ACTIONS = ["delete-port-mapping", "delete-pinhole", "apply-guard", "remove-guard"] as const;
export type MendAction = (typeof MEND_ACTIONS)[number];

/**
 * `done`: it is as wished, read back. `already`: it was so before. `refused`: the router said no (`code`). `changed`: what
 * stands there now is not what the person saw, so nothing was done. `still-there`: the router said yes, and it is there.
 * `failed`: no usable answer (`detail`).
 */
export const MEND_RESULTS = ["done", "already", "refused", "changed", "still-there", "failed"] as const;
export type MendResult = (typeof MEND_RESULTS)[number];

/** The entry that a person saw and wants gone. */
export interface MappingTarget {
  readonly routerId: string;
  readonly protocol: "TCP" | "UDP";
  readonly externalPort: number;
  readonly remoteHost: string;
  readonly internalClient: string;
  readonly internalPort: number;
  readonly description: string;
}

/** What one attempt came to. */
export interface MendOutcome {
  readonly result: MendResult;
  /** The router's UPnP error code; null when it gave none. */
  readonly code: number | null;
  /** One short line for the record. */
  readonly detail: string;
}

/** One click and what came of it. Records are only ever appended; `confirmedOutside` is added when it is known. */
export interface MendRecord extends MendOutcome {
  readonly id: string;
  readonly at: string;
  readonly action: MendAction;
  /** Name as the person gave it. */
  readonly by: string;
  /** Device that the way led to; null when none of ours, or for the guard. */
  readonly deviceId: string | null;
  /** For `delete-port-mapping`. */
  readonly mapping: MappingTarget | null;
  /** For `delete-pinhole`: router and UniqueID. */
  readonly pinhole: { readonly routerId: string; readonly uniqueId: number } | null;
  /** Whether the outside port was closed when a vantage point asked; null = nobody asked. */
  readonly confirmedOutside: boolean | null;
}

/** The packet filter of our own on this machine, when it is the router. */
export interface GuardState {
  /** Why it cannot be had here; null when it can. */
  readonly because: "not-the-router" | "not-permitted" | null;
  readonly applied: { readonly at: string; readonly by: string } | null;
  /** What a click would apply, as nftables text; null where it cannot be had. */
  readonly preview: string | null;
}

/** A router that lists hundreds under one name is lying. */
const MAX_WAYS_OF_A_CLICK = 16;

/** Those of a finding's ways in that one click closes: what the preview shows is what is done. */
export function waysToClose(paths: readonly InboundPath[] = []): readonly InboundPath[] {
  return paths.filter(({ closable }) => closable !== null).slice(0, MAX_WAYS_OF_A_CLICK);
}
