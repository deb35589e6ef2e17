import {
  type ConsentRecord,
  type Finding,
  type KnownDevice,
  type MendRecord,
  NOTHING_OUTSIDE,
  type OutsideSettings,
  type Report,
  ROLES,
  type SignOff,
  type Statement,
  type Visit,
} from "../model/index.ts";
import { type AccessRecord, emptyAccess } from "./access.ts";

export const STATE_SCHEMA = "komainu/state/3";

/** Everything that the daemon remembers, one JSON document. Passwords and pictures have no place in it. */
export interface State {
  readonly schema: typeof STATE_SCHEMA;
  place: string | null;
  contact: string | null;
  /** The setup code is readable, so that whoever may read our records can print it again. */
  claim: { code: string; claimedAt: string | null };
  access: AccessRecord;
  sessionSecret: string;
  devices: KnownDevice[];
  findings: Finding[];
  /** Append-only; a withdrawal only sets `revokedAt`. */
  consents: ConsentRecord[];
  statements: Statement[];
  visits: Visit[];
  signOffs: SignOff[];
  /** Append-only, but for what a vantage point saw afterwards. */
  mends: MendRecord[];
  outside: OutsideSettings;
  /** Set while the owner wants our packet filter on this router. */
  guard: { readonly at: string; readonly by: string } | null;
  report: Report | null;
  lastCompleteScanAt: string | null;
}

type Migration = (data: Record<string, unknown>) => Record<string, unknown>;

/** Older schemas to this one, oldest first; each takes the document of the schema before it. */
const MIGRATIONS: ReadonlyMap<string, Migration> = new Map<string, Migration>([
  [
    "komainu/state/1",
    (data) => ({
      ...data,
      schema: "komainu/state/2",
      report: withDoors(data.report),
      access: emptyAccess(),
      statements: [],
      visits: [],
      signOffs: [],
    }),
  ],
  [
    "komainu/state/2",
    (data) => ({ ...data, schema: "komainu/state/3", mends: [], outside: NOTHING_OUTSIDE, guard: null }),
  ],
]);

/** Reports did not tell the doors before; what is not known is null. */
function withDoors(report: unknown): unknown {
  const devices = (report as { devices?: unknown } | null | undefined)?.devices;
  if (!Array.isArray(devices)) return null;
  return { ...(report as object), devices: devices.map((device: object) => ({ doors: null, ...device })) };
}

/** Checks the shape that the program relies on; null = not ours, the file is set aside. */
export function acceptState(data: unknown): State | null {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return null;
  let state = data as Record<string, unknown>;
  for (let migrate = migrationOf(state); migrate; migrate = migrationOf(state)) state = migrate(state);
  const whole =
    state.schema === STATE_SCHEMA &&
    isListOf(state.devices, ["id", "lastSeen"], ["aliases"]) &&
    isListOf(state.findings, ["id", "check", "deviceId", "subject"], []) &&
    isListOf(state.consents, ["id", "from", "until"], ["levels"]) &&
    isListOf(state.statements, ["id", "text"], []) &&
    isListOf(state.visits, ["id", "person"], []) &&
    isListOf(state.signOffs, ["id", "hash"], []) &&
    isListOf(state.mends, ["id", "action", "result"], []) &&
    isOutside(state.outside) &&
    (state.guard === null || hasTexts(state.guard, ["at", "by"])) &&
    hasTexts(state.claim, ["code"]) &&
    isAccess(state.access) &&
    typeof state.sessionSecret === "string";
  return whole ? (state as unknown as State) : null;
}

/** True for a list of objects that have these texts and these lists of texts. */
function isListOf(list: unknown, texts: readonly string[], lists: readonly string[]): boolean {
  return (
    Array.isArray(list) &&
    list.every(
      (item) =>
        hasTexts(item, texts) &&
        lists.every((name) => {
          const values = (item as Readonly<Record<string, unknown>>)[name];
          return Array.isArray(values) && values.every((value) => typeof value === "string");
        }),
    )
  );
}

function isAccess(access: unknown): boolean {
  if (typeof access !== "object" || access === null) return false;
  const { rounds, pin, contractor } = access as Readonly<Record<string, unknown>>;
  const counts = Object.values((rounds ?? {}) as object);
  const secret = (one: unknown) => one === null || hasTexts(one, ["salt", "hash"]);
  const invited = contractor === null || hasTexts(contractor, ["company", "until"]);
  return counts.length === ROLES.length && counts.every(Number.isInteger) && secret(pin) && invited;
}

function isOutside(outside: unknown): boolean {
  if (typeof outside !== "object" || outside === null) return false;
  const { hairpin, vantage, internetdb, ownAddress } = outside as Readonly<Record<string, unknown>>;
  const switches = [hairpin, internetdb, ownAddress].every((one) => typeof one === "boolean");
  return switches && (vantage === null || hasTexts(vantage, ["host", "key"]));
}

function hasTexts(item: unknown, names: readonly string[]): boolean {
  if (typeof item !== "object" || item === null) return false;
  return names.every((name) => typeof (item as Readonly<Record<string, unknown>>)[name] === "string");
}

function migrationOf(state: Record<string, unknown>) {
  return typeof state.schema === "string" ? MIGRATIONS.get(state.schema) : undefined;
}
