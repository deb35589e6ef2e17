import { type Context, runOn } from "../context.ts";
import { field, idOf, type Routes, withNotice } from "../routing.ts";
import { snapshotOf } from "../view/snapshot.ts";
import { runningVisit, visitPage, visitSheet } from "../view/visit.ts";

/** A maintenance visit: begin, work, check everything again, end; and the sheet of before and after. */
export function visitRoutes(routes: Routes, context: Context): void {
  const { commands } = context.options;
  routes.page("/visit", "work", (scene) => (scene.detail === "all" ? visitPage(scene) : null));
  routes.page("/visit/:id", "see", (scene, request) => {
    const visit = scene.state.visits.find(({ id }) => id === idOf(request));
    return visit && scene.detail === "all" ? visitSheet(scene, visit) : null;
  });
  routes.form("/visit/begin", "work", async (scene, form) => {
    if (scene.detail !== "all") return null;
    if (runningVisit(scene)) return withNotice("/visit", "visit-running");
    const [person, company] = [field(form, "person", 60), field(form, "company", 60)];
    if (!person || !company) return withNotice("/visit", "incomplete");
    await commands.beginVisit({ person, company, before: snapshotOf(scene, null) });
    return withNotice("/visit", "visit-begun");
  });
  // Not `/scan`, which leads away from the work.
  routes.form("/visit/scan", "work", async () => {
    runOn(context, "scan", commands.scan());
    return withNotice("/visit", "checking");
  });
  routes.form("/visit/end", "work", async (scene) => {
    const visit = runningVisit(scene);
    if (!visit || scene.detail !== "all") return null;
    // In the middle of a check some cameras are from before and some from after the work.
    if (scene.state.scanning) return withNotice("/visit", "checking");
    await commands.endVisit(visit.id, snapshotOf(scene, visit.before.at));
    return withNotice(`/visit/${visit.id}`, "visit-ended");
  });
}
