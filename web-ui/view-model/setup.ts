import type { Actor, Manager } from "../../agent/model/index.ts";
import type { Fact, Mark } from "./index.ts";

/** In the order of the first run. */
export const SETUP_STEPS = ["place", "cameras", "consent", "scan", "pin", "end"] as const;
export type SetupStep = (typeof SETUP_STEPS)[number];

/** The row of steps; `here` = the one that is shown. */
export interface SetupTrail {
  readonly here: SetupStep;
  readonly steps: readonly { readonly id: SetupStep; readonly done: boolean }[];
}

export interface SetupPage {
  readonly kind: "setup";
  readonly trail: SetupTrail;
  /** Null at the end. */
  readonly next: SetupStep | null;
  readonly body: SetupBody;
}

export type SetupBody =
  | { readonly step: "place"; readonly place: string; readonly contact: string }
  | {
      readonly step: "cameras";
      readonly cameras: readonly SetupCamera[];
      /** Names of those that a running scan has only just found. */
      readonly early: readonly string[];
      /** Cameras that do not announce themselves are found only once they may be asked. */
      readonly mayAsk: boolean;
    }
  | {
      readonly step: "consent";
      readonly given: { readonly person: string; readonly role: string; readonly until: string } | null;
      /** Names of cameras of which the permission says nothing, or something else than people say now. */
      readonly changed: readonly string[];
    }
  | {
      readonly step: "scan";
      readonly state: "no-consent" | "running" | "not-begun" | "done";
      readonly finishedAt: string | null;
      readonly cameras: readonly { readonly key: string; readonly name: string; readonly mark: Mark }[];
    }
  | { readonly step: "pin"; readonly isSet: boolean }
  | {
      readonly step: "end";
      readonly unfinished: readonly SetupStep[];
      readonly remaining: readonly Remaining[];
      readonly handedOverAt: string | null;
    };

export interface SetupCamera {
  readonly key: string;
  /** Empty = nobody has named it. */
  readonly name: string;
  /** Maker and model, or what it called itself: how to tell it from the others. */
  readonly looks: string;
  readonly facts: readonly Fact[];
  readonly manager: Manager;
}

/** One thing to do. `now` = at once; `on` is a moment of the last day for it, ISO 8601. */
export interface Remaining {
  readonly mark: Mark;
  readonly title: string;
  readonly href: string;
  readonly actors: readonly Actor[];
  readonly due: "now" | { readonly on: string; readonly overdue: boolean };
}
