import { cleanText } from "../model/index.ts";
import type { ApiRoute } from "./api.ts";
import {
  errorSchema,
  guardInputSchema,
  idSchema,
  mendSchema,
  mendsSchema,
  outsideInputSchema,
  pressSchema,
  reachSchema,
} from "./api-schemas.ts";
import type { OutsideInput } from "./contract.ts";

/** Ways in from outside: what is known, and the clicks that change something. */
export const WAY_ROUTES: readonly ApiRoute[] = [
  {
    method: "GET",
    path: "/api/v1/reach",
    summary: "Every way in, what the routers told, what could not be known, and the owner's switches.",
    access: "see",
    answers: { 200: reachSchema },
    handle: (_context, { scene: { state } }) => {
      const { paths = [], routers = [], questions = {} } = state.report?.reach ?? {};
      const { guard } = state;
      const { hairpin, vantage, internetdb, ownAddress } = state.outside;
      // Named one by one: whatever else a vantage point needs, such as its key, stays here.
      const outside = {
        hairpin,
        vantage: vantage && { host: vantage.host, port: vantage.port },
        internetdb,
        ownAddress,
      };
      return { status: 200, body: { paths, routers, questions, outside, guard } };
    },
  },
  {
    method: "GET",
    path: "/api/v1/mends",
    summary: "What people changed by a click, and what came of it, oldest first.",
    access: "see",
    answers: { 200: mendsSchema },
    handle: (_context, { scene }) => ({ status: 200, body: scene.state.mends }),
  },
  {
    method: "POST",
    path: "/api/v1/findings/:id/close",
    summary: "Asks the router to delete what the finding's ways in rest on, and waits for the end.",
    access: "decide",
    params: idSchema,
    body: pressSchema,
    answers: { 200: mendsSchema, 404: errorSchema },
    handle: async ({ options }, { scene, id, body }) => {
      if (!scene.state.findings.some((finding) => finding.id === id))
        return { status: 404, body: { error: "not-found" } };
      return { status: 200, body: await options.commands.closeWays(id, nameIn(body)) };
    },
  },
  {
    method: "POST",
    path: "/api/v1/outside",
    summary: "Sets the owner's switches; the next check looks this way.",
    access: "decide",
    body: outsideInputSchema,
    answers: { 204: null, 400: errorSchema },
    handle: async ({ options }, { body }) =>
      (await options.commands.setOutside({ ...(body as OutsideInput), by: nameIn(body) }))
        ? { status: 204 }
        : { status: 400, body: { error: "bad-vantage" } },
  },
  {
    method: "POST",
    path: "/api/v1/guard",
    summary: "Puts our own packet filter in place on this router, or takes it away.",
    access: "decide",
    body: guardInputSchema,
    answers: { 200: mendSchema },
    handle: async ({ options: { commands } }, { body }) => {
      const { applied } = body as { readonly applied: boolean };
      const by = nameIn(body);
      return { status: 200, body: await (applied ? commands.applyGuard(by) : commands.removeGuard(by)) };
    },
  },
];

/** As a form would have it: one line that can be printed. */
function nameIn(body: unknown): string {
  return cleanText((body as { readonly by: string }).by, 60);
}
