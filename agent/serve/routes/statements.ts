import { localDay } from "../../model/index.ts";
import type { Context } from "../context.ts";
import { field, idOf, type Routes, withNotice } from "../routing.ts";
import type { Directory } from "../view/directory.ts";
import { statementsPage } from "../view/statements.ts";

/** What people were told by the contractor, kept beside what was measured. */
export function statementsRoutes(routes: Routes, { options: { commands } }: Context): void {
  routes.page("/statements", "see", (scene) => (scene.detail === "all" ? statementsPage(scene) : null));
  routes.form("/statements", "work", async ({ directory, now, detail }, form) => {
    const key = field(form, "camera", 20);
    const entry = key === "" ? null : directory.ofKey(key);
    if (detail !== "all" || (key !== "" && entry === null)) return null;
    const [company, text] = [field(form, "company", 60), field(form, "text", 200)];
    const saidOn = pastDay(field(form, "saidOn", 10), now);
    const back = entry ? `/cameras/${entry.key}` : "/statements";
    if (!company || !text || !saidOn) return withNotice(back, "incomplete");
    const writtenAt = now.toISOString();
    await commands.addStatement({ deviceId: entry?.id ?? null, company, text, saidOn, writtenAt });
    return withNotice(back, "saved");
  });
  routes.form("/statements/:id/remove", "decide", async ({ state, directory }, _form, request) => {
    const statement = state.statements.find(({ id }) => id === idOf(request));
    if (!statement) return null;
    await commands.removeStatement(statement.id);
    return withNotice(pageAbout(statement.deviceId, directory), "saved");
  });
}

function pageAbout(deviceId: string | null, directory: Directory): string {
  const entry = deviceId === null ? null : directory.ofDevice(deviceId);
  return entry ? `/cameras/${entry.key}` : "/statements";
}

/** A real day (YYYY-MM-DD) that is not in the future, or null. */
function pastDay(day: string, now: Date): string | null {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? [];
  const real = localDay(new Date(Number(year), Number(month) - 1, Number(date)));
  return real === day && day <= localDay(now) ? day : null;
}
