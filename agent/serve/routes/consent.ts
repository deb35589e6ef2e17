import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ConsentLevel } from "../../model/index.ts";
import { isCurrentText, textHash } from "../consent-text.ts";
import { type Context, sceneFor } from "../context.ts";
import { may } from "../roles.ts";
import { field, formOf, idOf, problem, type Routes, sendPage, withNotice } from "../routing.ts";
import { consentPage } from "../view/consent.ts";
import { managerOf } from "./cameras.ts";

/** What the person in charge permits, and takes back. */
export function consentRoutes(app: FastifyInstance, routes: Routes, context: Context): void {
  routes.page("/consent", "see", (scene) => consentPage(scene, textHash(scene), { person: "", role: "" }));
  routes.form("/consent/:id/withdraw", "decide", async ({ state }, _form, request) => {
    const record = state.consents.find(({ id }) => id === idOf(request));
    if (!record) return null;
    await context.options.commands.withdrawConsent(record.id);
    return withNotice("/consent", "withdrawn");
  });
  // Not as `routes.form`: what was typed must come back with the status that says it was not taken.
  app.post("/consent", (request, reply) => {
    if (may(request.viewer, "decide")) return giveConsent(context, request, reply);
    return request.viewer === "open"
      ? reply.redirect("/claim", 303)
      : problem(context, request, reply, "notYours");
  });
}

async function giveConsent(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const scene = sceneFor(context, request);
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
  await context.options.commands.giveConsent({
    ...typed,
    levels,
    managers,
    months,
    how: "page",
    textHash: text,
  });
  const { claimedAt, handedOverAt } = scene.state.access;
  const settingUp = claimedAt !== null && handedOverAt === null && scene.viewer === "setup";
  return reply.redirect(withNotice(settingUp ? "/setup" : "/", "allowed"), 303);
}
