import { join } from "node:path";
import { Low } from "lowdb";
import type { LockOutSign, LoginAttempt, LoginLedger } from "../model/index.ts";
import { DurableFile } from "./durable-file.ts";

const SCHEMA = "komainu/logins/1";
/** Long enough to know which door waited longest; short enough to stay small. */
const KEEP_MS = 60 * 24 * 3600 * 1000;

/** The latest entries stay whatever their date: a clock that wakes in the past makes new ones look old. */
const KEEP_ANYWAY = 512;

interface Logins {
  readonly schema: typeof SCHEMA;
  attempts: LoginAttempt[];
  lockOuts: LockOutSign[];
  lostAt?: string;
}

/**
 * The count of login attempts in a file of its own: each attempt is on disk before it is made. Where the file was not
 * readable, that is remembered on disk too: an empty count is not the same as no attempts.
 */
export async function openLoginLedger(
  directory: string,
  onProblem: (problem: string) => void,
): Promise<LoginLedger> {
  let lost = false;
  const file = new DurableFile<Logins>(join(directory, "logins.json"), accept, (problem) => {
    lost = true;
    onProblem(problem);
  });
  const db = new Low<Logins>(file, { schema: SCHEMA, attempts: [], lockOuts: [] });
  await db.read();
  const write = serialised(async () => {
    const oldest = new Date(Date.now() - KEEP_MS).toISOString();
    db.data.attempts = recentOnes(db.data.attempts, oldest);
    db.data.lockOuts = recentOnes(db.data.lockOuts, oldest);
    await db.write();
  });
  if (lost) {
    db.data.lostAt = new Date().toISOString();
    await write();
  }
  return {
    attempts: () => db.data.attempts,
    lockOuts: () => db.data.lockOuts,
    lostAt: () => db.data.lostAt ?? null,
    async add(attempt) {
      db.data.attempts.push(attempt);
      await write();
    },
    async settle(attempt, accepted) {
      const index = db.data.attempts.indexOf(attempt);
      if (index < 0) return;
      db.data.attempts[index] = { ...attempt, accepted };
      await write();
    },
    async addLockOut(sign) {
      db.data.lockOuts.push(sign);
      await write();
    },
  };
}

function recentOnes<T extends { readonly at: string }>(entries: readonly T[], oldest: string): T[] {
  return entries.filter(({ at }, index) => at >= oldest || index >= entries.length - KEEP_ANYWAY);
}

/** One entry that cannot be read makes the whole count doubtful. */
function accept(data: unknown): Logins | null {
  const logins = data as Partial<Logins> | null;
  const lists = [logins?.attempts, logins?.lockOuts];
  const whole =
    logins?.schema === SCHEMA && lists.every((list) => Array.isArray(list) && list.every(isEntry));
  return whole ? (logins as Logins) : null;
}

function isEntry(entry: unknown): boolean {
  const { device, at } = (entry ?? {}) as Partial<Record<string, unknown>>;
  const names = Array.isArray(device) && device.every((name) => typeof name === "string");
  return names && typeof at === "string" && !Number.isNaN(Date.parse(at));
}

/**
 * One write after the other: a later write must never be overtaken by an earlier, older one. Whoever comes while one is
 * waiting for its turn shares it, for it takes along all that is there when it begins: thirty logins tried side by side
 * cost the disk a few writes, not thirty in a row.
 */
export function serialised(work: () => Promise<void>): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | null = null;
  const begin = () => {
    waiting = null;
    return work();
  };
  return () => {
    if (waiting !== null) return waiting;
    last = last.then(begin, begin);
    waiting = last;
    return last;
  };
}
