import type { ConnectionKind, MendAction, MendResult, PathGround } from "../../../agent/model/index.ts";
import type { ByHand, Way } from "../../view-model/index.ts";

export interface WaysWords {
  readonly title: string;
  readonly world: string;
  readonly anyone: string;
  readonly onlyFrom: (host: string) => string;
  readonly everyPort: string;
  readonly ipv6: string;
  readonly passes: Readonly<Record<4 | 6, string>>;
  readonly stopped: string;
  readonly calledIt: (name: string) => string;
  /** 0 hours = no end. */
  readonly lease: (hours: number) => string;
  readonly connections: Readonly<Record<ConnectionKind, string>>;
  readonly shared: string;
  readonly self: string;
  readonly nobody: string;
  readonly oneOf: (names: string) => string;
  readonly door: (port: string) => string;
  readonly doorUnknown: string;
  /** A hole in the IPv6 filter, by its number. */
  readonly hole: (id: string) => string;
  readonly everyDoor: string;
  readonly seen: string;
  /** How far whoever comes this way gets. */
  readonly ends: Readonly<Record<Way, string>>;
  readonly endLimited: string;
  readonly how: string;
  readonly grounds: Readonly<Record<PathGround, string>>;
  readonly since: (date: string) => string;
  readonly more: (n: number) => string;
  readonly all: string;
  readonly cameBackTitle: string;
  readonly cameBack: (name: string) => string;
  readonly cameBackStep: (name: string) => string;
  readonly closeTitle: string;
  readonly closeWhat: (n: number) => string;
  readonly closeLook: string;
  readonly closeMayNot: string;
  readonly byHandTitle: string;
  readonly byHand: Readonly<Record<ByHand, string>>;
  readonly routerTitle: string;
  readonly routerSteps: readonly [string, string, string, string];
  readonly routerEntry: string;
  readonly routerCarrier: string;
  readonly knowledge: string;
  readonly routerNames: string;
  readonly deleted: (n: number) => string;
  readonly kept: string;
  readonly mayStopTitle: string;
  readonly mayStop: readonly [string, string, string];
  readonly writtenDown: string;
  readonly by: string;
  readonly close: string;
  readonly closing: string;
  readonly back: string;
  readonly nothingToClose: string;
  readonly mendsTitle: string;
  readonly mend: (action: string, by: string) => string;
  readonly actions: Readonly<Record<MendAction, string>>;
  readonly results: Readonly<Record<MendResult, string>>;
  readonly code: (code: number) => string;
  readonly confirmed: { readonly yes: string; readonly no: string; readonly notAsked: string };
}
