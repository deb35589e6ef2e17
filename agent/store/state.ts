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
  const lists = [state.devices, state.findings, state.consents];
  const whole =
    state.schema === STATE_SCHEMA &&
    lists.every(Array.isArray) &&
    typeof state.claim === "object" &&
    state.claim !== null &&
    typeof state.sessionSecret === "string";
  return whole ? (state as unknown as State) : null;
}

function migrationOf(state: Record<string, unknown>) {
  return typeof state.schema === "string" ? MIGRATIONS.get(state.schema) : undefined;
}
