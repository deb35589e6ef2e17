import type { DeviceKind, Fixture } from "../../agent/model/index.ts";
import type { MappingRequest } from "./inside/map-port.ts";
import type { RealServer } from "./real-servers.ts";
import type { Station } from "./topology.ts";

/** What is true of a device, whatever a scan says. Doors are printed as `http:80`. */
export interface MemberTruth {
  /** `debatable`: what it shows fits a camera and something else; a scan may say either. */
  readonly kind: DeviceKind | "debatable";
  /** Vendor file id; null when nothing on the wire tells. */
  readonly vendor: string | null;
  /** Doors that show a picture or stream without a login, or with any. */
  readonly openViews: readonly string[];
  /** Doors that take a documented factory login and refuse others. */
  readonly factoryLogins: readonly string[];
}

/** One machine on the LAN. */
export interface CastMember {
  /** Also the name of its namespace: lower case letters, digits and hyphens, at most 13. */
  readonly name: string;
  /** For people: what it is and why it is here. */
  readonly story: string;
  readonly address: string;
  /** `AA:BB:CC:DD:EE:FF`. */
  readonly mac: string;
  /** What it shows on the wire; without fixture and trap it is a host with all ports closed. */
  readonly fixture?: Fixture;
  /** Parts of the fixture that a real server plays where it is installed. */
  readonly real?: readonly RealServer[];
  /** Name of a trap in test/fakes/traps. */
  readonly trap?: string;
  /** Wrong logins after which it locks. */
  readonly lockAfter?: number;
  /** A slow device: so long it leaves each connection alone before it reads from it. */
  readonly answersAfterMs?: number;
  readonly firewall?: "drop";
  /** How its global IPv6 address ends, where the LAN has such; see topology.ts. */
  readonly ipv6?: NonNullable<Station["ipv6"]>;
  readonly mappings?: readonly Omit<MappingRequest, "internalClient">[];
  readonly truth: MemberTruth;
}
