import type { FastifyReply, FastifyRequest } from "fastify";
import type { ConsentLevel, Manager } from "../../model/index.ts";
import { isCurrentText, textHash } from "../consent-text.ts";
import { type Context, sceneFor } from "../context.ts";
import { field, formOf, idOf, problem, type Routes, sendPage, withNotice } from "../routing.ts";
import { consentPage } from "../view/consent.ts";
import { isSettingUp, type Scene } from "../view/scene.ts";
import { managerOf } from "./cameras.ts";

/** What the person in charge permits, and takes back. */
export function consentRoutes(routes: Routes, context: Context): void {
  routes.page("/consent", "see", (scene) => consentPage(scene, textHash(scene), { person: "", role: "" }));
  routes.form("/consent/:id/withdraw", "decide", async ({ state }, _form, request) => {
    const record = state.consents.find(({ id }) => id === idOf(request));
    if (!record) return null;
    await context.options.commands.withdrawConsent(record.id);
    return withNotice("/consent", "withdrawn");
  });
  // Not a `routes.form`: what was typed must come back with the status that says it was not taken.
  routes.post("/consent", "decide", (request, reply) => giveConsent(context, request, reply));
}

async function giveConsent(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const scene = sceneFor(context, request);
  if (scene.detail !== "all") return problem(context, request, reply, "notFound");
  const form = formOf(request);
  const typed = { person: field(form, "person", 60), role: field(form, "role", 60) };
  const text = form.get("text") ?? "";
  const boxes = [0, 1, 2].every((index) => form.get(`box${index}`) === "yes");
  const months = Number(form.get("months"));
  const whole = boxes && typed.person !== "" && typed.role !== "" && isCurrentText(text, scene);
  if (!whole || !Number.isInteger(months) || months < 1 || months > 12)
    return sendPage(reply.code(400), scene, consentPage(scene, textHash(scene), typed), "boxes");
  const levels: readonly ConsentLevel[] = form.get("levels") === "try" ? ["L1", "L2"] : ["L1"];
  const managers = Object.fromEntries(
    scene.directory.cameras.map(({ id }) => [id, managerOf(form.get(`manager:${id}`)) ?? "unknown"]),
  );
  await writeDown(context, scene, managers);
  await context.options.commands.giveConsent({
    ...typed,
    levels,
    managers,
    months,
    how: "page",
    textHash: text,
  });
  return reply.redirect(withNotice(isSettingUp(scene) ? "/setup/scan" : "/", "allowed"), 303);
}

/** Who was asked before who manages a camera, and now says something else, has it everywhere as said last. */
async function writeDown(
  { options }: Context,
  { directory }: Scene,
  managers: Readonly<Record<string, Manager>>,
): Promise<void> {
  for (const { id, known } of directory.cameras) {
    const manager = managers[id];
    if (manager !== undefined && known?.manager !== undefined && known.manager !== manager)
      await options.commands.nameDevice(id, known.name ?? "", manager);
  }
}
