import { open, readFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";

/** One file holds about a year of a calm site; the one before is kept. */
const MAX_BYTES = 512 * 1024;

/** Append-only JSON lines: what changed, when. Nothing is written while nothing changes. */
export class History {
  readonly #path: string;

  constructor(directory: string) {
    this.#path = join(directory, "history.jsonl");
  }

  async append(events: readonly object[]): Promise<void> {
    if (events.length === 0) return;
    const size = await stat(this.#path).then(
      ({ size }) => size,
      () => 0,
    );
    if (size > MAX_BYTES) await rename(this.#path, `${this.#path}.1`);
    const file = await open(this.#path, "a", 0o600);
    try {
      // A line cut off by a power cut must not swallow the next one.
      const torn = size > 0 && !(await endsWithNewline(this.#path));
      await file.writeFile(`${torn ? "\n" : ""}${events.map((event) => JSON.stringify(event)).join("\n")}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /** Oldest first; torn lines are left out. */
  async read(): Promise<readonly Record<string, unknown>[]> {
    const texts = await Promise.all(
      [`${this.#path}.1`, this.#path].map((path) => readFile(path, "utf8").catch(() => "")),
    );
    return texts
      .join("\n")
      .split("\n")
      .flatMap((line) => {
        try {
          return line === "" ? [] : [JSON.parse(line) as Record<string, unknown>];
        } catch {
          return [];
        }
      });
  }
}

async function endsWithNewline(path: string): Promise<boolean> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    if (size === 0) return true;
    const last = Buffer.alloc(1);
    await file.read(last, 0, 1, size - 1);
    return last[0] === 0x0a;
  } finally {
    await file.close();
  }
}
