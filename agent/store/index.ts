import { createHash, randomBytes, randomInt, randomUUID, timingSafeEqual } from "node:crypto";
import { join } from "node:path";
import { Low } from "lowdb";
import {
  type ConsentRecord,
  type Finding,
  isSameDevice,
  type KnownDevice,
  type LoginLedger,
  type Report,
} from "../model/index.ts";
import { updateKnown } from "./devices.ts";
import { DurableFile } from "./durable-file.ts";
import { updateFindings } from "./findings.ts";
import { History } from "./history.ts";
import { lockDirectory } from "./lock.ts";
import { openLoginLedger, serialised } from "./login-ledger.ts";
import { acceptState, STATE_SCHEMA, type State } from "./state.ts";

export { findingId } from "./findings.ts";
export { StoreBusyError } from "./lock.ts";
export type { State } from "./state.ts";

/** A scan that found the same as the one before is written to disk once a day, not each time. */
const REFRESH_MS = 24 * 3600 * 1000;

export type NewConsent = Omit<ConsentRecord, "id" | "revokedAt">;

/** What the daemon remembers, in one directory that one process holds. */
export interface Store {
  readonly state: Readonly<State>;
  readonly logins: LoginLedger;
  /** Takes over a whole scan: known devices, findings over time, history. */
  takeReport(report: Report): Promise<void>;
  /** Takes over a recheck or a new device: `part` holds just what was looked at, `report` the whole as it is now. */
  takePart(report: Report, part: Report): Promise<void>;
  giveConsent(consent: NewConsent): Promise<ConsentRecord>;
  withdrawConsent(id: string, at: string): Promise<boolean>;
  nameDevice(id: string, name: string): Promise<boolean>;
  retireDevice(id: string): Promise<boolean>;
  acknowledge(findingId: string, acknowledged: NonNullable<Finding["acknowledged"]>): Promise<boolean>;
  /** True for the right claim code; the first success marks the page as claimed. */
  verifyClaim(code: string, at: string): Promise<boolean>;
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
    const write = serialised(() => db.write());
    // The claim code must be the same after the next start, even if nothing else happens until then.
    await write();
    const close = async () => {
      await write();
      await lock.release();
    };
    return { ...commands(db, history, write), logins, close };
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
    claim: { code: String(randomInt(10_000_000, 100_000_000)), claimedAt: null },
    sessionSecret: randomBytes(32).toString("base64url"),
    devices: [],
    findings: [],
    consents: [],
    report: null,
    lastCompleteScanAt: null,
  };
}

type Save = (events?: readonly object[]) => Promise<void>;

function commands(
  db: Low<State>,
  history: History,
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

  async function take(report: Report, part: Report): Promise<void> {
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
    const stale = Date.now() - writtenAt > REFRESH_MS;
    if (stale || essence(state) !== writtenEssence) await save([...arrivals, ...events]);
  }

  return {
    state,
    async takeReport(report) {
      state.lastCompleteScanAt = report.finishedAt;
      await take(report, report);
    },
    takePart: take,
    ...peoplesWords(state, save),
    async verifyClaim(code, at) {
      if (!equalCodes(code, state.claim.code)) return false;
      if (state.claim.claimedAt === null) {
        state.claim = { ...state.claim, claimedAt: at };
        await save([{ at, event: "page-claimed" }]);
      }
      return true;
    },
    history: () => history.read(),
  };
}

type PeoplesWords = Pick<
  Store,
  "giveConsent" | "withdrawConsent" | "nameDevice" | "retireDevice" | "acknowledge"
>;

/** What people decide: each is on disk and in the history when the promise settles; false = no such thing. */
function peoplesWords(state: State, save: Save): PeoplesWords {
  async function change<T extends { id: string }>(
    list: T[],
    id: string,
    edit: (item: T) => T,
    event: object,
  ) {
    const index = list.findIndex((item) => item.id === id);
    const item = list[index];
    if (item === undefined) return false;
    list[index] = edit(item);
    await save([{ at: new Date().toISOString(), ...event }]);
    return true;
  }
  const changeDevice = (id: string, edit: (device: KnownDevice) => KnownDevice, event: string) =>
    change(state.devices, known(state, id)?.id ?? id, edit, { event, device: id });

  return {
    async giveConsent(consent) {
      const record: ConsentRecord = { ...consent, id: randomUUID(), revokedAt: null };
      state.consents.push(record);
      const { id, person, role } = record;
      try {
        await save([{ at: record.from, event: "consent-given", consent: id, person, role }]);
      } catch (error) {
        // A permission that is not on record is none.
        state.consents = state.consents.filter((other) => other !== record);
        throw error;
      }
      return record;
    },
    withdrawConsent: (id, at) =>
      change(state.consents, id, (record) => ({ ...record, revokedAt: record.revokedAt ?? at }), {
        event: "consent-withdrawn",
        consent: id,
      }),
    nameDevice: (id, name) => {
      const short = name.trim().slice(0, 60) || null;
      return changeDevice(
        id,
        (device) => ({ ...device, name: short, registered: true, retired: false }),
        "device-named",
      );
    },
    retireDevice: (id) => changeDevice(id, (device) => ({ ...device, retired: true }), "device-retired"),
    acknowledge: (id, acknowledged) =>
      change(state.findings, id, (finding) => ({ ...finding, acknowledged }), {
        event: "finding-acknowledged",
        finding: id,
        by: acknowledged.by,
        until: acknowledged.until,
      }),
  };
}

function known(state: State, id: string): KnownDevice | undefined {
  return state.devices.find((device) => isSameDevice(device, { id, aliases: [] }));
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
  const report = state.report && { ...state.report, id: "", sources: [] };
  const text = JSON.stringify({ ...state, report }, (key, value: unknown) =>
    volatile.has(key) ? undefined : value,
  );
  return createHash("sha256").update(text).digest("base64url");
}

function equalCodes(given: string, right: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given.replace(/[\s-]/g, "")), digest(right));
}
