import { readFileSync } from "node:fs";
import { mkdir, open, readFile, unlink } from "node:fs/promises";
import { join } from "node:path";

export interface Lock {
  release(): Promise<void>;
}

export class StoreBusyError extends Error {
  constructor(directory: string, pid: number) {
    super(`${directory} is in use by process ${pid}. Stop it first, or give another --state directory.`);
  }
}

/**
 * Two writers on one store lose data, so the directory is locked by a file with the holder's pid and start time: a
 * lock left by a crash, or by another process that got the same pid, is recognised and taken over.
 * Errors: StoreBusyError when a living process holds it.
 */
export async function lockDirectory(directory: string): Promise<Lock> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, "lock");
  const mine = `${process.pid} ${startTime(process.pid)}\n`;
  for (let tries = 0; tries < 5; tries += 1) {
    try {
      const file = await open(path, "wx", 0o600);
      await file.writeFile(mine);
      await file.close();
      return { release: () => unlink(path).catch(() => undefined) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const held = (await readFile(path, "utf8").catch(() => "")).trim().split(" ");
    const pid = Number(held[0]);
    if (pid > 0 && held[1] !== undefined && startTime(pid) === held[1])
      throw new StoreBusyError(directory, pid);
    await unlink(path).catch(() => undefined);
  }
  throw new StoreBusyError(directory, 0);
}

/** Field 22 of /proc/PID/stat (proc(5)): clock ticks after boot; empty when no such process lives. */
function startTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command name in brackets may hold blanks: fields are counted after the last bracket.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}
