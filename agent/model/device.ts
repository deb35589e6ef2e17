import type { Fields, ServiceHint, StableId } from "./observation.ts";

export const DEVICE_KINDS = ["camera", "recorder", "router", "other", "unknown"] as const;
export type DeviceKind = (typeof DEVICE_KINDS)[number];

/** A recorder shows what its cameras see. */
export function isCameraKind(kind: DeviceKind): boolean {
  return kind === "camera" || kind === "recorder";
}

export interface DeviceAddress {
  /** IPv4 or IPv6 literal; link-local IPv6 with its zone. */
  readonly address: string;
  readonly interface: string;
}

/**
 * What the fingerprints say. Certainty (0..1) tells how sure we are of the maker, or of the kind where no maker is
 * named; never how bad a finding is.
 */
export interface Identity {
  readonly kind: DeviceKind;
  /** Vendor file id, e.g. `hikvision`; null when no fingerprint matched. */
  readonly vendor: string | null;
  readonly model: string | null;
  readonly firmware: string | null;
  readonly certainty: number;
}

/** One physical thing after merging. Its id is stable over address changes: endpoint > serial > MAC, never the IP. */
export interface Device extends Identity {
  /** `endpoint:…`, `serial:…`, `mac:…`; `seen:<address>` only while nothing stable is known. */
  readonly id: string;
  /** Other stable ids of the same thing, so that it is recognised when the strongest one is missing. */
  readonly aliases: readonly string[];
  readonly stableIds: readonly StableId[];
  readonly addresses: readonly DeviceAddress[];
  /** `AA:BB:CC:DD:EE:FF` or null. */
  readonly mac: string | null;
  /** Names that the device gave itself, untrusted text, longest 120 characters each. */
  readonly names: readonly string[];
  readonly fields: Fields;
  readonly services: readonly ServiceHint[];
  /** True when this is one of our own addresses. */
  readonly self?: boolean;
}

/** The same thing under any of its stable ids. */
export function isSameDevice(
  one: Pick<Device, "id" | "aliases">,
  other: Pick<Device, "id" | "aliases">,
): boolean {
  const ids = new Set([one.id, ...one.aliases]);
  return [other.id, ...other.aliases].some((id) => ids.has(id));
}
