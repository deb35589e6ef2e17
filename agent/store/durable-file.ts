import { constants } from "node:fs";
import { link, mkdir, open, readFile, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import type { Adapter } from "lowdb";

/**
 * lowdb's adapter for a file that survives power cuts: owner-only, written to a temporary name, fsync, rename, fsync of
 * the directory. The last good generation stays as `<path>.bak`; a file that does not parse or does not pass `accept`
 * is set aside as `<path>.corrupt-<n>` and never overwritten. Errors of the disk (full, read-only) are thrown.
 */
export class DurableFile<T> implements Adapter<T> {
  readonly #path: string;
  readonly #accept: (data: unknown) => T | null;
  readonly #onProblem: (problem: string) => void;
  #lastWritten: string | null = null;

  constructor(path: string, accept: (data: unknown) => T | null, onProblem: (problem: string) => void) {
    this.#path = path;
    this.#accept = accept;
    this.#onProblem = onProblem;
  }

  async read(): Promise<T | null> {
    for (const path of [this.#path, `${this.#path}.bak`]) {
      const text = await readIfThere(path);
      if (text === null) continue;
      const data = this.#parse(text);
      if (data !== null) {
        if (path !== this.#path) this.#onProblem(`${this.#path}: continued from the generation before`);
        return data;
      }
      const aside = await setAside(path);
      this.#onProblem(`${path}: not readable as our data, kept as ${aside}`);
    }
    return null;
  }

  /** Writes only what differs from the last write: an SD card wears out with each one. */
  async write(data: T): Promise<void> {
    const text = `${JSON.stringify(data)}\n`;
    if (text === this.#lastWritten) return;
    await writeDurably(this.#path, text);
    this.#lastWritten = text;
  }

  #parse(text: string): T | null {
    try {
      return this.#accept(JSON.parse(text));
    } catch {
      return null;
    }
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.tmp`;
  const file = await open(temporary, "w", 0o600);
  try {
    await file.chmod(0o600);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await keepGeneration(path);
  await rename(temporary, path);
  await syncDirectory(dirname(path));
}

/** A hard link, not a rename: at every moment one of the two names holds a whole file. */
async function keepGeneration(path: string): Promise<void> {
  const next = `${path}.bak.tmp`;
  try {
    await unlink(next).catch(() => undefined);
    await link(path, next);
    await rename(next, `${path}.bak`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

async function setAside(path: string): Promise<string> {
  for (let n = 1; ; n += 1) {
    const aside = `${path}.corrupt-${n}`;
    try {
      await link(path, aside);
      await unlink(path);
      return aside;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}
