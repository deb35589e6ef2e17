import { SETUP_STEPS, type SetupStep, type SetupTrail } from "../../../web-ui/index.ts";
import type { ConsentRecord } from "../../model/index.ts";
import type { Entry } from "./directory.ts";
import type { Scene } from "./scene.ts";

/** Nothing is kept of the way through: each step is done when the site says so, so that nobody starts over. */
export function trailOf(scene: Scene, here: SetupStep): SetupTrail {
  return { here, steps: SETUP_STEPS.map((id) => ({ id, done: isDone(scene, id) })) };
}

/** The first step to do, or the first one after `after`. */
export function stepToDo(scene: Scene, after?: SetupStep): SetupStep {
  const from = after === undefined ? 0 : SETUP_STEPS.indexOf(after) + 1;
  return SETUP_STEPS.slice(from).find((step) => !isDone(scene, step) && !isEmpty(scene, step)) ?? "end";
}

/** Without a camera there is nothing to name yet: the way goes on, since the check may find some. */
function isEmpty({ directory }: Scene, step: SetupStep): boolean {
  return step === "cameras" && directory.cameras.length === 0;
}

export function isDone(scene: Scene, step: SetupStep): boolean {
  const { state, directory } = scene;
  switch (step) {
    case "place":
      return state.place !== null;
    case "cameras":
      return (
        directory.cameras.length > 0 &&
        directory.cameras.every(({ known }) => known?.registered && known.name !== null && known.manager)
      );
    case "consent":
      return validConsents(scene).length > 0 && changedCameras(scene).length === 0;
    case "scan":
      return scanState(scene) === "done";
    case "pin":
      return state.access.pinSet;
    case "end":
      return state.access.handedOverAt !== null;
  }
}

/** In order of time; each lets us ask the cameras. */
export function validConsents({ state, now }: Scene): readonly ConsentRecord[] {
  return state.consents
    .filter(({ levels, revokedAt }) => levels.includes("L1") && revokedAt === null)
    .filter(({ from, until }) => Date.parse(from) <= now.getTime() && now.getTime() < Date.parse(until))
    .toSorted((one, other) => Date.parse(one.from) - Date.parse(other.from));
}

/** Cameras of which the permission does not say who manages them, or not what people say now. */
export function changedCameras(scene: Scene): readonly Entry[] {
  const records = validConsents(scene);
  return scene.directory.cameras.filter(({ id, device, known }) => {
    const ids = [id, ...(device?.aliases ?? []), ...(known?.aliases ?? [])];
    const words = records.flatMap(({ managers }) =>
      ids.flatMap((one) => (Object.hasOwn(managers, one) ? [managers[one]] : [])),
    );
    const said = words.at(-1);
    // On the command line nobody was shown the cameras: it speaks of all that is found.
    if (said === undefined) return !records.some(({ how, devices }) => how !== "page" && devices === "all");
    return known?.manager !== undefined && known.manager !== said;
  });
}

export function scanState(scene: Scene): "no-consent" | "running" | "not-begun" | "done" {
  const { scanning, report, lastCompleteScanAt } = scene.state;
  const from = validConsents(scene).at(-1)?.from;
  if (from === undefined) return "no-consent";
  if (scanning !== null) return "running";
  const begun = lastCompleteScanAt !== null && report !== null && report.startedAt >= from;
  return begun ? "done" : "not-begun";
}
