import type { ResolvedLink } from "../../../web-ui/index.ts";
import type { Entry } from "./directory.ts";
import { type Scene, titleOf } from "./scene.ts";

/** As long as the store keeps them. */
const SHOWN_MS = 30 * 86_400_000;

/** What ended within the last 30 days, the latest first; none while details are withheld. `of` = of this one only. */
export function resolvedLinks(scene: Scene, of: Entry | null = null): readonly ResolvedLink[] {
  if (scene.detail !== "all") return [];
  const oldest = scene.now.getTime() - SHOWN_MS;
  return scene.state.findings
    .flatMap((finding) => {
      const { id, resolvedAt } = finding;
      if (resolvedAt === null || Date.parse(resolvedAt) < oldest) return [];
      if (of && scene.directory.ofDevice(finding.deviceId) !== of) return [];
      return [{ id, title: titleOf(scene, finding), resolvedAt }];
    })
    .toSorted((one, other) => Date.parse(other.resolvedAt) - Date.parse(one.resolvedAt));
}
