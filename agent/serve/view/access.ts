import type { AccessPage } from "../../../web-ui/index.ts";
import type { Scene } from "./scene.ts";

/** Null while details are hidden. `invited` = the code that was made with this very request. */
export function accessPage(
  { state, now, viewer, detail }: Scene,
  invited: AccessPage["invited"] = null,
): AccessPage | null {
  if (detail !== "all") return null;
  const { pinSet, handedOverAt, contractor } = state.access;
  return {
    kind: "access",
    pinSet,
    handedOverAt,
    // Afterwards there is a new code on the machine; whoever came in with that one can end it again.
    mayHandOver: handedOverAt === null || viewer === "setup",
    contractor: contractor && { ...contractor, ended: Date.parse(contractor.until) <= now.getTime() },
    invited,
  };
}
