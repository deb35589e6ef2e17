import type { FastifyRequest } from "fastify";
import { SETUP_STEPS, type SetupStep } from "../../../web-ui/index.ts";
import { type Context, runOn, sceneFor } from "../context.ts";
import { field, type Routes, withNotice } from "../routing.ts";
import type { Scene } from "../view/scene.ts";
import { setupPage } from "../view/setup.ts";
import { stepToDo } from "../view/setup-steps.ts";
import { managerOf } from "./cameras.ts";

/** The first run, step by step. Its consent is given on `/consent`, its PIN on `/access/pin`. */
export function setupRoutes(routes: Routes, context: Context): void {
  const { commands } = context.options;
  const show = (scene: Scene, step: SetupStep) => (scene.detail === "all" ? setupPage(scene, step) : null);
  routes.page("/setup", "see", (scene) => show(scene, stepToDo(scene)));
  for (const step of SETUP_STEPS) routes.page(`/setup/${step}`, "see", (scene) => show(scene, step));

  routes.form("/setup/place", "decide", async (_scene, form, request) => {
    const [place, contact] = [field(form, "place", 60), field(form, "contact", 80)];
    if (!place) return withNotice("/setup/place", "incomplete");
    await commands.setPlace(place, contact);
    return afterStep(context, request, "place");
  });
  routes.form("/setup/cameras", "work", async (scene, form, request) => {
    for (const { id, key, known } of scene.directory.cameras) {
      if (known === null) continue;
      const name = field(form, `name:${key}`, 40);
      const manager = managerOf(form.get(`manager:${key}`));
      // What is left as it was offered is no word of anybody's: the camera stays one to be named.
      const said = name !== "" || (manager !== undefined && manager !== "unknown");
      const news = name !== (known.name ?? "") || manager !== known.manager;
      if (said && news) await commands.nameDevice(id, name, manager);
    }
    return afterStep(context, request, "cameras");
  });
  routes.form("/setup/scan", "work", async () => {
    runOn(context, "scan", commands.scan());
    return withNotice("/setup/scan", "checking");
  });
}

/** On to what is left to do, as things are now. */
function afterStep(context: Context, request: FastifyRequest, step: SetupStep): string {
  return withNotice(`/setup/${stepToDo(sceneFor(context, request), step)}`, "saved");
}
