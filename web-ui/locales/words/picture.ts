import type { DoorKind, DoorState, StripState, Way } from "../../view-model/index.ts";

/** Words of the map, the doors and the timeline. */
export interface PictureWords {
  readonly title: string;
  readonly outside: string;
  readonly outsideWays: Readonly<Record<Way, string>>;
  readonly gate: string;
  readonly gateOpens: string;
  readonly gateKept: string;
  readonly gateUnknown: string;
  readonly guard: string;
  readonly guardLooks: string;
  readonly inside: string;
  readonly insideWays: Readonly<Record<Way, string>>;
  /** What is drawn towards one camera, in one sentence. */
  readonly paths: Readonly<Record<Way, Readonly<Record<Way, string>>>>;
  /** The same where the factory login opens the camera. */
  readonly factory: Readonly<Record<Way, string>>;
  readonly ago: string;
  readonly today: string;
  readonly otherPath: string;
  readonly ports: (ports: string) => string;
  readonly rest: (n: number) => string;
  readonly at: (point: string, where: string) => string;
  readonly doors: string;
  readonly doorKinds: Readonly<Record<DoorKind, string>>;
  readonly doorStates: Readonly<Record<DoorState, string>>;
  readonly legend: string;
  readonly legendLines: Readonly<Record<"open" | "asks" | "closed" | "unknown", string>>;
  readonly timeline: string;
  readonly timelineIntro: string;
  readonly timelineEmpty: string;
  readonly strip: Readonly<Record<StripState, string>>;
  readonly stripDays: (state: string, days: number) => string;
  readonly stripRun: (from: string, to: string, state: string) => string;
  readonly stripRuns: string;
  readonly calm: (n: number) => string;
}
