import type { ClosePage } from "../../../web-ui/index.ts";
import { type Finding, waysToClose } from "../../model/index.ts";
import { type Scene, titleOf } from "./scene.ts";
import { pathView } from "./ways.ts";

/** What a click would delete; null where there is no way in to speak of. */
export function closePage(scene: Scene, finding: Finding): ClosePage | null {
  const paths = finding.outcome.paths ?? [];
  if (paths.length === 0) return null;
  const byClick = waysToClose(paths);
  const shown = paths.filter((path) => path.closable === null || byClick.includes(path));
  return {
    kind: "close",
    finding: finding.id,
    title: titleOf(scene, finding),
    paths: shown.map((path, index) => pathView(scene, path, index, finding)),
  };
}
