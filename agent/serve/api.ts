import { createHash } from "node:crypto";
import type { FastifyInstance } from "fastify";
import type { Finding, LocalizedText } from "../model/index.ts";
import {
  consentSchema,
  consentsSchema,
  devicesSchema,
  errorSchema,
  findingSchema,
  findingsSchema,
  guardInputSchema,
  healthSchema,
  idSchema,
  newConsentSchema,
  newScanSchema,
  outsideInputSchema,
  pressSchema,
  recheckSchema,
  reportSchema,
  type Schema,
  statusSchema,
} from "./api-schemas.ts";
import { WAY_ROUTES } from "./api-ways.ts";
import { type Context, runOn, sceneFor } from "./context.ts";
import type { ConsentInput, Viewer } from "./contract.ts";
import { isGuardInput, isId, isNewConsent, isNewScan, isOutsideInput, isPress } from "./request-shape.ts";
import { may, type Right } from "./roles.ts";
import { type Scene, titleOf } from "./view/scene.ts";

interface ApiRequest {
  readonly scene: Scene;
  readonly viewer: Viewer;
  readonly id: string;
  readonly body: unknown;
}

interface ApiAnswer {
  readonly status: number;
  readonly body?: unknown;
}

export interface ApiRoute {
  readonly method: "GET" | "POST" | "DELETE";
  /** Fastify's spelling, `:id`. */
  readonly path: string;
  readonly summary: string;
  /** `open` = needs no sign-in. */
  readonly access: "open" | Right;
  readonly params?: Schema;
  readonly body?: Schema;
  /** Schema by status; null = no body. */
  readonly answers: Readonly<Record<number, Schema | null>>;
  handle(context: Context, request: ApiRequest): ApiAnswer | Promise<ApiAnswer>;
}

const notFound: ApiAnswer = { status: 404, body: { error: "not-found" } };

/** The whole API as data: Fastify's routes and the OpenAPI document are both made from it. */
export const API_ROUTES: readonly ApiRoute[] = [
  {
    method: "GET",
    path: "/healthz",
    summary: "Whether the daemon can answer for itself; no data.",
    access: "open",
    answers: { 200: healthSchema, 503: healthSchema },
    handle: () => ({ status: 200, body: { status: "ok" } }),
  },
  {
    method: "GET",
    path: "/api/v1/status",
    summary: "Headline and counts; names nothing.",
    access: "open",
    answers: { 200: statusSchema },
    handle: (_context, { scene }) => ({ status: 200, body: statusOf(scene) }),
  },
  {
    method: "GET",
    path: "/api/v1/report",
    summary: "The last Report.",
    access: "see",
    answers: { 200: reportSchema, 404: errorSchema },
    handle: (_context, { scene: { state } }) =>
      state.report ? { status: 200, body: state.report } : notFound,
  },
  {
    method: "GET",
    path: "/api/v1/devices",
    summary: "Everything known on the LAN.",
    access: "see",
    answers: { 200: devicesSchema },
    handle: (_context, { scene }) => ({ status: 200, body: devicesOf(scene) }),
  },
  {
    method: "GET",
    path: "/api/v1/findings",
    summary: "Findings, resolved ones with their time.",
    access: "see",
    answers: { 200: findingsSchema },
    handle: (_context, { scene }) => ({
      status: 200,
      body: scene.state.findings.map((finding) => findingOf(scene, finding)),
    }),
  },
  {
    method: "GET",
    path: "/api/v1/findings/:id",
    summary: "One finding.",
    access: "see",
    params: idSchema,
    answers: { 200: findingSchema, 404: errorSchema },
    handle: (_context, { scene, id }) => {
      const finding = scene.state.findings.find((one) => one.id === id);
      return finding ? { status: 200, body: findingOf(scene, finding) } : notFound;
    },
  },
  {
    method: "POST",
    path: "/api/v1/findings/:id/recheck",
    summary: "Asks again about one finding and waits for the outcome.",
    access: "work",
    params: idSchema,
    answers: { 200: recheckSchema, 404: errorSchema },
    handle: async ({ options }, { scene, id }) => {
      if (!scene.state.findings.some((finding) => finding.id === id)) return notFound;
      const { ok, outcome = null, because = null } = await options.commands.recheck(id);
      return { status: 200, body: { ok, outcome, because } };
    },
  },
  {
    method: "POST",
    path: "/api/v1/scan",
    summary: "Starts a scan (202); on the control socket waits for its end (200).",
    access: "work",
    body: newScanSchema,
    answers: { 200: null, 202: null, 403: errorSchema },
    handle: scan,
  },
  {
    method: "GET",
    path: "/api/v1/consents",
    summary: "Recorded permissions, oldest first.",
    access: "see",
    answers: { 200: consentsSchema },
    handle: (_context, { scene }) => ({ status: 200, body: scene.state.consents }),
  },
  {
    method: "POST",
    path: "/api/v1/consents",
    summary: "Records a permission.",
    access: "decide",
    body: newConsentSchema,
    answers: { 201: consentSchema },
    handle: async ({ options }, { viewer, body }) => {
      // Only the command line can say that it was the command line.
      const how = viewer === "control" ? "command-line-recorded" : "page";
      const input = body as Omit<ConsentInput, "how">;
      return { status: 201, body: await options.commands.giveConsent({ ...input, how }) };
    },
  },
  {
    method: "DELETE",
    path: "/api/v1/consents/:id",
    summary: "Withdraws a permission; the record stays.",
    access: "decide",
    params: idSchema,
    answers: { 204: null, 404: errorSchema },
    handle: async ({ options }, { scene, id }) => {
      if (!scene.state.consents.some((record) => record.id === id)) return notFound;
      await options.commands.withdrawConsent(id);
      return { status: 204 };
    },
  },
  ...WAY_ROUTES,
];

/** By schema: whether what somebody sent fits it. */
const FITS: ReadonlyMap<Schema, (sent: unknown) => boolean> = new Map([
  [idSchema, isId],
  [newScanSchema, isNewScan],
  [newConsentSchema, isNewConsent],
  [pressSchema, isPress],
  [outsideInputSchema, isOutsideInput],
  [guardInputSchema, isGuardInput],
]);

/**
 * Answers are JSON.stringify's: compiled serializers cost 10 MB, and a test holds every answer against its schema.
 */
export function apiRoutes(app: FastifyInstance, context: Context): void {
  for (const { method, path, access, params, body, handle } of API_ROUTES) {
    app.route({
      method,
      url: path,
      handler: async (request, reply) => {
        if (!fits(params, request.params) || !fits(body, request.body ?? null))
          return reply.code(400).send({ error: "bad-request" });
        const scene = sceneFor(context, request);
        const refused = access === "open" ? null : refusalOf(access, scene);
        if (refused) return reply.code(refused.status).send(refused.body);
        const { id = "" } = request.params as { readonly id?: string };
        const answer = await handle(context, {
          scene,
          viewer: request.viewer,
          id,
          body: request.body,
        });
        return reply.code(answer.status).send(answer.body);
      },
    });
  }
}

function fits(schema: Schema | undefined, sent: unknown): boolean {
  return schema === undefined || FITS.get(schema)?.(sent) === true;
}

function refusalOf(right: Right, { viewer, detail }: Scene): ApiAnswer | null {
  if (viewer === "open") return { status: 401, body: { error: "sign-in-first" } };
  if (!may(viewer, right)) return { status: 403, body: { error: "not-yours" } };
  return detail === "all" ? null : { status: 403, body: { error: "sealed" } };
}

/** A permission for one scan ends with it, however it ends. */
async function scan(context: Context, { viewer, body }: ApiRequest): Promise<ApiAnswer> {
  const { commands } = context.options;
  const { consent } = (body ?? {}) as { consent?: { person: string; role: string; textHash?: string } };
  if (viewer !== "control") {
    if (consent) return { status: 403, body: { error: "control-socket-only" } };
    runOn(context, "scan", commands.scan());
    return { status: 202 };
  }
  if (!consent) {
    await commands.scan();
    return { status: 200 };
  }
  const record = await commands.giveConsent({
    textHash: createHash("sha256").digest("hex"),
    ...consent,
    levels: ["L1", "L2"],
    managers: {},
    months: 1,
    how: "command-line",
  });
  try {
    await commands.scan();
  } finally {
    await commands.withdrawConsent(record.id);
  }
  return { status: 200 };
}

function statusOf({ state, posture }: Scene) {
  const { cameras, ...counts } = posture.counts;
  return {
    version: state.version,
    posture: posture.id,
    cameras,
    points: posture.points,
    affected: posture.affected,
    unsettled: posture.unsettled,
    counts,
    stale: posture.id === "stale" || posture.staleBanner,
    lastCompleteScanAt: state.lastCompleteScanAt,
    nextScanAt: state.nextScanAt,
    scanning: state.scanning && { done: state.scanning.done, total: state.scanning.total },
  };
}

function devicesOf({ directory, posture }: Scene) {
  return directory.entries.map(({ id, key, name, device, known }) => ({
    id,
    key,
    name,
    kind: device?.kind ?? known?.kind ?? "unknown",
    vendor: device?.vendor ?? null,
    model: device?.model ?? null,
    firmware: device?.firmware ?? null,
    certainty: device?.certainty ?? null,
    mac: device?.mac ?? null,
    addresses: device?.addresses ?? [],
    state: posture.states[id] ?? null,
    registered: known?.registered ?? false,
    retired: known?.retired ?? false,
    firstSeen: known?.firstSeen ?? null,
    lastSeen: known?.lastSeen ?? null,
  }));
}

function findingOf(scene: Scene, finding: Finding) {
  const { outcome, ...rest } = finding;
  const title: LocalizedText = { ja: titleOf(scene, finding, "ja"), en: titleOf(scene, finding, "en") };
  return { ...rest, title, audience: outcome.audience, evidence: outcome.evidence };
}
