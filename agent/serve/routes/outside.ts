import type { MendRecord } from "../../model/index.ts";
import type { Context } from "../context.ts";
import { field, type Routes, withNotice } from "../routing.ts";
import { outsidePage } from "../view/outside.ts";

const HOME = "/outside";

/** All ways in, the owner's switches, and the packet filter of our own. Nothing of it while details are withheld. */
export function outsideRoutes(routes: Routes, { options: { commands } }: Context): void {
  routes.page(HOME, "see", (scene) => (scene.detail === "all" ? outsidePage(scene) : null));
  routes.form(HOME, "decide", async (scene, form) => {
    if (scene.detail !== "all") return null;
    const by = field(form, "by", 60);
    if (!by) return withNotice(HOME, "incomplete");
    const typed = field(form, "vantage", 400);
    const kept = form.get("vantage-stop") === "yes" || scene.state.outside.vantage === null ? null : "keep";
    const taken = await commands.setOutside({
      hairpin: form.get("hairpin") === "yes",
      internetdb: form.get("internetdb") === "yes",
      ownAddress: form.get("ownAddress") === "yes",
      vantage: typed || kept,
      by,
    });
    return withNotice(HOME, taken ? "outside-set" : "vantage-bad");
  });
  routes.form(`${HOME}/guard/apply`, "decide", async (scene, form) => {
    const { guard } = scene.state;
    if (scene.detail !== "all" || guard.because !== null || guard.preview === null) return null;
    const by = field(form, "by", 60);
    if (!by) return withNotice(HOME, "incomplete");
    return withNotice(HOME, holds(await commands.applyGuard(by)) ? "guard-on" : "guard-failed");
  });
  routes.form(`${HOME}/guard/remove`, "decide", async (scene, form) => {
    if (scene.detail !== "all" || scene.state.guard.applied === null) return null;
    const by = field(form, "by", 60);
    if (!by) return withNotice(HOME, "incomplete");
    return withNotice(HOME, holds(await commands.removeGuard(by)) ? "guard-off" : "guard-failed");
  });
}

function holds({ result }: MendRecord): boolean {
  return result === "done" || result === "already";
}
