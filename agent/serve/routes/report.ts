import type { Context } from "../context.ts";
import { field, queryOf, type Routes, withNotice } from "../routing.ts";
import { reportPage, sheetOf } from "../view/report.ts";

/** The sheet for both sides, the installer's record behind it, and that it was signed. */
export function reportRoutes(routes: Routes, { options: { commands } }: Context): void {
  routes.page("/report", "see", (scene, request) => {
    if (scene.detail !== "all") return null;
    return reportPage(scene, queryOf(request).evidence === "1" ? "both" : "sheet");
  });
  routes.page("/report/evidence", "see", (scene) =>
    scene.detail === "all" ? reportPage(scene, "evidence") : null,
  );
  routes.form("/report/sign", "decide", async (scene, form) => {
    const sheet = scene.detail === "all" ? sheetOf(scene) : null;
    if (!sheet) return null;
    const [site, contractor] = [field(form, "site", 60), field(form, "contractor", 80)];
    if (!site && !contractor) return withNotice("/report", "incomplete");
    // What was signed is what stood on the page that the form came with, not what may be true since.
    if (form.get("hash") !== sheet.hash) return withNotice("/report", "sheet-changed");
    await commands.signOff({
      at: scene.now.toISOString(),
      reportId: sheet.reportId,
      hash: sheet.hash,
      site,
      contractor,
    });
    return withNotice("/report", "signed");
  });
}
