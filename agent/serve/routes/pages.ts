import type { Routes } from "../routing.ts";
import { statusPage } from "../view/status.ts";

/** The pages that anybody may see; they name nobody. */
export function openRoutes(routes: Routes): void {
  routes.page("/", null, statusPage);
  routes.page("/about", null, () => ({ kind: "about" }));
}
