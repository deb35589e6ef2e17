import { join } from "node:path";
import { Low } from "lowdb";
import type { LockOutSign, LoginAttempt, LoginLedger } from "../model/index.ts";
import { DurableFile } from "./durable-file.ts";

const SCHEMA = "komainu/logins/1";
/** Long enough to know which door waited longest; short enough to stay small. */
const KEEP_MS = 60 * 24 * 3600 * 1000;

interface Logins {
  readonly schema: typeof SCHEMA;
  attempts: LoginAttempt[];
  lockOuts: LockOutSign[];
}

/** The count of login attempts in a file of its own: each attempt is on disk before it is made. */
export async function openLoginLedger(
  directory: string,
  onProblem: (problem: string) => void,
): Promise<LoginLedger> {
  const file = new DurableFile<Logins>(join(directory, "logins.json"), accept, onProblem);
  const db = new Low<Logins>(file, { schema: SCHEMA, attempts: [], lockOuts: [] });
  await db.read();
  const write = serialised(async () => {
    const oldest = new Date(Date.now() - KEEP_MS).toISOString();
    db.data.attempts = db.data.attempts.filter(({ at }) => at >= oldest);
    db.data.lockOuts = db.data.lockOuts.filter(({ at }) => at >= oldest);
    await db.write();
  });
  return {
    attempts: () => db.data.attempts,
    lockOuts: () => db.data.lockOuts,
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

function accept(data: unknown): Logins | null {
  const logins = data as Partial<Logins> | null;
  const whole = logins?.schema === SCHEMA && Array.isArray(logins.attempts) && Array.isArray(logins.lockOuts);
  return whole ? (logins as Logins) : null;
}

/** One write after the other: a later write must never be overtaken by an earlier, older one. */
export function serialised(work: () => Promise<void>): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return () => {
    last = last.then(work, work);
    return last;
  };
}
