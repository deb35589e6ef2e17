import { MANAGERS, type Manager } from "../../model/index.ts";
import type { Context } from "../context.ts";
import { field, idOf, type Routes, withNotice } from "../routing.ts";
import { cameraPage } from "../view/camera.ts";

/** One camera: its page, its name, taking it out of use. */
export function cameraRoutes(routes: Routes, { options: { commands } }: Context): void {
  routes.page("/cameras/:id", "see", (scene, request) => {
    const entry = scene.directory.ofKey(idOf(request));
    return entry && scene.detail === "all" ? cameraPage(scene, entry) : null;
  });
  routes.form("/cameras/:id/name", "work", async ({ directory }, form, request) => {
    const entry = directory.ofKey(idOf(request));
    if (!entry) return null;
    const name = field(form, "name", 40);
    if (!name) return withNotice(`/cameras/${entry.key}`, "incomplete");
    await commands.nameDevice(entry.id, name, managerOf(form.get("manager")));
    return withNotice(`/cameras/${entry.key}`, "saved");
  });
  routes.form("/cameras/:id/retire", "decide", async ({ directory }, _form, request) => {
    const entry = directory.ofKey(idOf(request));
    if (!entry) return null;
    await commands.retireDevice(entry.id);
    return withNotice("/", "saved");
  });
}

export function managerOf(value: string | null): Manager | undefined {
  return MANAGERS.find((manager) => manager === value);
}
