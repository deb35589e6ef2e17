import type { ConsentRecord, Finding, KnownDevice, Report } from "../model/index.ts";

export const STATE_SCHEMA = "komainu/state/1";

/** Everything that the daemon remembers, one JSON document. Passwords and pictures have no place in it. */
export interface State {
  readonly schema: typeof STATE_SCHEMA;
  place: string | null;
  contact: string | null;
  /** The claim code is kept readable until the page is claimed, so that the installer can print it again. */
  claim: { code: string; claimedAt: string | null };
  sessionSecret: string;
  devices: KnownDevice[];
  findings: Finding[];
  /** Append-only; a withdrawal only sets `revokedAt`. */
  consents: ConsentRecord[];
  report: Report | null;
  lastCompleteScanAt: string | null;
}

/** Older schemas to this one, oldest first; each takes the document of the schema before it. */
const MIGRATIONS: ReadonlyMap<string, (data: Record<string, unknown>) => Record<string, unknown>> = new Map();

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
    hasTexts(state.claim, ["code"]) &&
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

function hasTexts(item: unknown, names: readonly string[]): boolean {
  if (typeof item !== "object" || item === null) return false;
  return names.every((name) => typeof (item as Readonly<Record<string, unknown>>)[name] === "string");
}

function migrationOf(state: Record<string, unknown>) {
  return typeof state.schema === "string" ? MIGRATIONS.get(state.schema) : undefined;
}
