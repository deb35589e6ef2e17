import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { Low } from "lowdb";
import {
  type AccessState,
  type Exposure,
  type LoginLedger,
  type Manager,
  NOTHING_OUTSIDE,
  type Report,
  type Role,
} from "../model/index.ts";
import { type AccessCommands, accessCommands, accessState, emptyAccess, newCode } from "./access.ts";
import { updateKnown } from "./devices.ts";
import { DurableFile } from "./durable-file.ts";
import { ExposureLog } from "./exposure.ts";
import { updateFindings } from "./findings.ts";
import { History } from "./history.ts";
import { lockDirectory } from "./lock.ts";
import { openLoginLedger, serialised } from "./login-ledger.ts";
import { type MendStore, mendStore } from "./mends.ts";
import { type PeoplesWords, peoplesWords } from "./people.ts";
import { acceptState, STATE_SCHEMA, type State } from "./state.ts";

export type { AccessCommands, Recognised } from "./access.ts";
export { findingId } from "./findings.ts";
export { StoreBusyError } from "./lock.ts";
export type { NewConsent, PeoplesWords } from "./people.ts";
export type { State } from "./state.ts";

/** A scan that found the same as the one before is written to disk once a day, not each time. */
const REFRESH_MS = 24 * 3600 * 1000;

/** What the daemon remembers, in one directory that one process holds. */
export interface Store extends PeoplesWords, AccessCommands, MendStore {
  readonly state: Readonly<State>;
  readonly logins: LoginLedger;
  readonly access: AccessState;
  /** How the cameras stood over the last year. */
  readonly exposure: Exposure;
  /** Who manages a device, as somebody last said under any of its ids; null = nobody did. */
  managerOf(ids: readonly string[]): Manager | null;
  /** Sessions begun in an earlier round of this role's code are over. */
  round(role: Role): number;
  /** Takes over a whole scan: known devices, findings over time, history. */
  takeReport(report: Report): Promise<void>;
  /** Takes over a recheck or a new device: `part` holds just what was looked at, `report` the whole as it is now. */
  takePart(report: Report, part: Report): Promise<void>;
  history(): Promise<readonly Record<string, unknown>[]>;
  close(): Promise<void>;
}

/**
 * Opens (or begins) the store in `directory`.
 * Errors: StoreBusyError when another living process holds it; errors of the disk as node:fs throws them.
 */
export async function openStore(directory: string, onProblem: (problem: string) => void): Promise<Store> {
  const lock = await lockDirectory(directory);
  try {
    const file = new DurableFile<State>(join(directory, "state.json"), acceptState, onProblem);
    const db = new Low<State>(file, emptyState());
    await db.read();
    const logins = await openLoginLedger(directory, onProblem);
    const history = new History(directory);
    const exposure = new ExposureLog(await history.read());
    const write = serialised(() => db.write());
    // The claim code must be the same after the next start, even if nothing else happens until then.
    await write();
    const close = async () => {
      await write();
      await lock.release();
    };
    return Object.assign(commands(db, history, exposure, write), { logins, close });
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function emptyState(): State {
  return {
    schema: STATE_SCHEMA,
    place: null,
    contact: null,
    claim: { code: newCode(), claimedAt: null },
    access: emptyAccess(),
    sessionSecret: randomBytes(32).toString("base64url"),
    devices: [],
    findings: [],
    consents: [],
    statements: [],
    visits: [],
    signOffs: [],
    mends: [],
    outside: NOTHING_OUTSIDE,
    guard: null,
    report: null,
    lastCompleteScanAt: null,
  };
}

function commands(
  db: Low<State>,
  history: History,
  exposure: ExposureLog,
  write: () => Promise<void>,
): Omit<Store, "logins" | "close"> {
  const state = db.data;
  let writtenEssence = essence(state);
  let writtenAt = 0;

  async function save(events: readonly object[] = []): Promise<void> {
    const written = essence(state);
    await history.append(events);
    await write();
    // Only now: what a full disk refused is tried again at the next scan.
    writtenEssence = written;
    writtenAt = Date.now();
  }

  async function take(report: Report, part: Report, whole: boolean): Promise<void> {
    const before = state.devices;
    const { findings, events } = updateFindings(state.findings, part);
    Object.assign(state, { findings, devices: updateKnown(before, part), report });
    const news = state.devices.filter(({ id }) => !before.some((known) => known.id === id));
    const arrivals = news.map(({ id, kind }) => ({
      at: part.finishedAt,
      event: "device-new",
      device: id,
      kind,
    }));
    const states = exposure.update(report, state.devices, findings, whole);
    const stale = Date.now() - writtenAt > REFRESH_MS;
    if (stale || essence(state) !== writtenEssence) await save([...arrivals, ...events, ...states]);
    else await history.append(states);
  }

  return {
    state,
    get access() {
      return accessState(state);
    },
    get exposure() {
      return exposure.view;
    },
    managerOf: (ids) =>
      state.devices.find(({ id, aliases }) => ids.some((one) => one === id || aliases.includes(one)))
        ?.manager ?? null,
    round: (role) => state.access.rounds[role],
    async takeReport(report) {
      state.lastCompleteScanAt = report.finishedAt;
      await take(report, report, true);
    },
    takePart: (report, part) => take(report, part, false),
    ...peoplesWords(state, save),
    ...accessCommands(state, save),
    ...mendStore(state, save),
    history: () => history.read(),
  };
}

/** What makes a state worth a write: everything but the times and traffic of the last look. */
function essence(state: State): string {
  const volatile = new Set([
    "lastSeen",
    "lastConfirmed",
    "lastUnknown",
    "lastCompleteScanAt",
    "startedAt",
    "finishedAt",
    "traffic",
    "observations",
    "leaseSeconds",
  ]);
  // What each question about the site brought, and when, differs each time; what it means is in the ways in.
  const reach = state.report?.reach && { ...state.report.reach, questions: {} };
  const report = state.report && { ...state.report, id: "", sources: [], reach };
  const text = JSON.stringify({ ...state, report }, (key, value: unknown) =>
    volatile.has(key) ? undefined : value,
  );
  return createHash("sha256").update(text).digest("base64url");
}
