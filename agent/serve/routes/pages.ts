import type { Routes } from "../routing.ts";
import { statusPage } from "../view/status.ts";
import { timelinePage } from "../view/timeline.ts";

/** The pages about the site as a whole. Those for everybody name nobody. */
export function siteRoutes(routes: Routes): void {
  routes.page("/", null, statusPage);
  routes.page("/timeline", "see", (scene) => (scene.detail === "all" ? timelinePage(scene) : null));
  routes.page("/about", null, () => ({ kind: "about" }));
}
