import type { Viewer } from "./contract.ts";

/** `see` names and details; `work` = check again, name, write down; `decide` = permit, accept, give out codes. */
export type Right = "see" | "work" | "decide";

/** Who may do what. The contractor works, but only people of the place decide. */
const RIGHTS: Readonly<Record<Viewer, readonly Right[]>> = {
  open: [],
  contractor: ["see", "work"],
  site: ["see", "work", "decide"],
  setup: ["see", "work", "decide"],
  control: ["see", "work", "decide"],
};

export function may(viewer: Viewer, right: Right): boolean {
  return RIGHTS[viewer].includes(right);
}

/** Those who mend see the record unfolded; for everybody else it is folded away. */
export function isTechnical(viewer: Viewer): boolean {
  return viewer === "contractor" || viewer === "setup" || viewer === "control";
}
