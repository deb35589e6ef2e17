import { CHECK_IDS, DEVICE_KINDS, OUTCOMES, POSTURES, SEVERITIES } from "../model/index.ts";

/** A JSON Schema, as OpenAPI 3.1 takes it. */
export type Schema = Readonly<Record<string, unknown>>;

const text = { type: "string" } as const;
const count = { type: "integer", minimum: 0 } as const;
const time = { type: "string", format: "date-time" } as const;
const timeOrNull = { type: ["string", "null"], format: "date-time" } as const;
const textOrNull = { type: ["string", "null"] } as const;
const texts = { type: "array", items: text } as const;

function object(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: "object", properties, required, additionalProperties: false };
}

const localized = object({ ja: text, en: text });

export const errorSchema = object({ error: text });
export const healthSchema = object({ status: { enum: ["ok", "failing"] } });

export const statusSchema = object({
  version: text,
  posture: { enum: POSTURES },
  cameras: count,
  points: count,
  affected: count,
  unsettled: count,
  counts: { type: "object", additionalProperties: count },
  stale: { type: "boolean" },
  lastCompleteScanAt: timeOrNull,
  nextScanAt: timeOrNull,
  scanning: { anyOf: [object({ done: count, total: count }), { type: "null" }] },
});

const deviceSchema = object({
  id: text,
  key: { ...text, description: "Its page is /cameras/{key}." },
  name: text,
  kind: { enum: DEVICE_KINDS },
  vendor: textOrNull,
  model: textOrNull,
  firmware: textOrNull,
  certainty: { type: ["number", "null"], minimum: 0, maximum: 1 },
  mac: textOrNull,
  addresses: texts,
  state: textOrNull,
  registered: { type: "boolean" },
  retired: { type: "boolean" },
  firstSeen: timeOrNull,
  lastSeen: timeOrNull,
});
export const devicesSchema = { type: "array", items: deviceSchema };

export const findingSchema = object({
  id: text,
  check: { enum: CHECK_IDS },
  title: localized,
  deviceId: text,
  subject: text,
  severity: { enum: SEVERITIES },
  audience: text,
  evidence: texts,
  firstSeen: { ...time, description: "A lower bound: the first time that we saw it." },
  lastConfirmed: time,
  lastUnknown: timeOrNull,
  resolvedAt: timeOrNull,
  reopened: count,
  acknowledged: { anyOf: [object({ by: text, reason: text, until: time }), { type: "null" }] },
});
export const findingsSchema = { type: "array", items: findingSchema };

export const recheckSchema = object({
  ok: { type: "boolean" },
  outcome: { enum: [...OUTCOMES, null] },
  because: textOrNull,
});

/** The Report has a schema of its own, committed with the command line; here it passes as it is. */
export const reportSchema: Schema = {
  type: "object",
  description: "One Report, komainu/report/1.",
  properties: { schema: { const: "komainu/report/1" } },
  required: ["schema"],
  additionalProperties: true,
};

const LEVELS = {
  type: "array",
  items: { enum: ["L0", "L1", "L2"] },
  uniqueItems: true,
  maxItems: 3,
} as const;
const MANAGER = { enum: ["site", "contractor", "service", "unknown"] } as const;
const personText = { type: "string", minLength: 1, maxLength: 60 } as const;
const textHash = { type: "string", pattern: "^[0-9a-f]{64}$" } as const;

export const consentSchema = object({
  id: text,
  person: text,
  role: text,
  levels: LEVELS,
  devices: { anyOf: [texts, { const: "all" }] },
  managers: { type: "object", additionalProperties: MANAGER },
  from: time,
  until: time,
  how: text,
  textHash: text,
  revokedAt: timeOrNull,
});
export const consentsSchema = { type: "array", items: consentSchema };

export const newConsentSchema = object(
  {
    person: personText,
    role: personText,
    levels: { ...LEVELS, minItems: 1 },
    managers: { type: "object", additionalProperties: MANAGER, maxProperties: 1024 },
    months: { type: "integer", minimum: 1, maximum: 12 },
    how: { enum: ["page", "command-line-recorded"] },
    textHash: { ...textHash, description: "SHA-256 of the text that the person saw." },
  },
  ["how"],
);

/** Nothing at all is as good as `{}`. */
export const newScanSchema = {
  ...object(
    {
      consent: {
        ...object({ person: personText, role: personText, textHash }, ["textHash"]),
        description: "Permission for this scan only, L1 and L2; on the control socket alone.",
      },
    },
    ["consent"],
  ),
  type: ["object", "null"],
};

export const idSchema = object({ id: { type: "string", minLength: 1, maxLength: 200 } });
