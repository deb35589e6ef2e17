import {
  CHECK_IDS,
  CONNECTION_KINDS,
  DEVICE_KINDS,
  MEND_ACTIONS,
  MEND_RESULTS,
  OUTCOMES,
  PATH_GROUNDS,
  POSTURES,
  SEVERITIES,
} from "../model/index.ts";

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

const port = { type: "integer", minimum: 0, maximum: 65_535 } as const;
const portOrNull = { ...port, type: ["integer", "null"] } as const;
const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: "null" }] });

const pathSchema = object(
  {
    family: { enum: [4, 6] },
    protocol: { enum: ["TCP", "UDP"] },
    externalPort: { ...portOrNull, description: "Null = every port." },
    externalAddress: textOrNull,
    remoteHost: { ...text, description: "Empty = anybody." },
    routerId: textOrNull,
    deviceId: textOrNull,
    candidates: texts,
    internalAddress: textOrNull,
    internalPort: portOrNull,
    enabled: { type: "boolean" },
    grounds: { type: "array", items: { enum: PATH_GROUNDS }, minItems: 1 },
    description: text,
    closable: { enum: ["mapping", "pinhole", null] },
    uniqueId: count,
    leaseSeconds: { ...count, description: "Left when it was listed; 0 = no end." },
  },
  ["uniqueId", "leaseSeconds"],
);

const routerSchema = object({
  routerId: text,
  igdVersion: { enum: [1, 2, null] },
  externalAddress: textOrNull,
  connection: { enum: CONNECTION_KINDS },
  maybeShared: { type: "boolean" },
  portMappingProtocols: { type: "array", items: { enum: ["nat-pmp", "pcp"] } },
  ipv6Firewall: orNull(object({ enabled: { type: "boolean" }, pinholeAllowed: { type: "boolean" } })),
  doubts: texts,
});

export const reachSchema = object({
  paths: { type: "array", items: pathSchema },
  routers: { type: "array", items: routerSchema },
  questions: {
    type: "object",
    description: "As in the Report: what was put about the site as a whole, and what came of it.",
    additionalProperties: true,
  },
  outside: {
    ...object({
      hairpin: { type: "boolean" },
      vantage: orNull(object({ host: text, port })),
      internetdb: { type: "boolean" },
      ownAddress: { type: "boolean" },
    }),
    description: "The owner's switches, without any key.",
  },
  guard: object({
    because: { enum: ["not-the-router", "not-permitted", null] },
    applied: orNull(object({ at: time, by: text })),
    preview: textOrNull,
  }),
});

export const mendSchema = object({
  id: text,
  at: time,
  action: { enum: MEND_ACTIONS },
  by: text,
  deviceId: textOrNull,
  mapping: orNull(
    object({
      routerId: text,
      protocol: { enum: ["TCP", "UDP"] },
      externalPort: port,
      remoteHost: text,
      internalClient: text,
      internalPort: port,
      description: text,
    }),
  ),
  pinhole: orNull(object({ routerId: text, uniqueId: count })),
  confirmedOutside: { type: ["boolean", "null"], description: "Null = nobody asked." },
  result: { enum: MEND_RESULTS },
  code: { type: ["integer", "null"], description: "The router's UPnP error code." },
  detail: text,
});
export const mendsSchema = { type: "array", items: mendSchema };

/** Who presses a button that changes something beyond this program. */
export const pressSchema = object({ by: personText });

export const guardInputSchema = object({ applied: { type: "boolean" }, by: personText });

export const outsideInputSchema = object({
  hairpin: { type: "boolean" },
  internetdb: { type: "boolean" },
  ownAddress: { type: "boolean" },
  vantage: {
    type: ["string", "null"],
    maxLength: 400,
    description: "As `komainu vantage --new-key` printed it; `keep` = as it was, null = none.",
  },
  by: personText,
});
