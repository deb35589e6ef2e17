import { open, readdir } from "node:fs/promises";
import { type Answer, failure, success } from "../../model/index.ts";

const MAX_BYTES = 1_048_576;

/** A file of this machine as text. The errors: `unsupported` when it is not there, `not-permitted`, `too-large`. */
export async function readSmallFile(path: string): Promise<Answer<string>> {
  try {
    const file = await open(path, "r");
    try {
      const buffer = Buffer.alloc(MAX_BYTES + 1);
      let length = 0;
      for (;;) {
        const { bytesRead } = await file.read(buffer, length, buffer.length - length);
        length += bytesRead;
        if (bytesRead === 0) return success(buffer.toString("utf8", 0, length));
        if (length > MAX_BYTES) return failure("too-large", path);
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    return because(error, path);
  }
}

/** Paths of the files in a folder whose names end with `ending`, sorted; none where there is no such folder. */
export async function filesIn(folder: string, ending: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith(ending))
    .sort()
    .slice(0, 64)
    .map((name) => `${folder}/${name}`);
}

function because(error: unknown, path: string) {
  const { code } = error as NodeJS.ErrnoException;
  return failure(code === "EACCES" || code === "EPERM" ? "not-permitted" : "unsupported", path);
}
