import { randomBytes } from "node:crypto";
import { chmod, open, readFile, stat } from "node:fs/promises";
import { type Answer, failure, success } from "../../model/index.ts";
import { parseVantageKey } from "./vantage-protocol.ts";

/** One key a line, `id:base64url`; empty lines and lines that begin with # are passed over. */
export function parseKeyFile(text: string): Answer<ReadonlyMap<string, Buffer>> {
  const keys = new Map<string, Buffer>();
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const parsed = parseVantageKey(line.trim());
    if (parsed === null || keys.has(parsed.id))
      return failure("malformed", `line ${index + 1} of the key file`);
    keys.set(parsed.id, parsed.key);
  }
  return keys.size > 0 ? success(keys) : failure("malformed", "the key file holds no key");
}

/**
 * Reads the keys. Errors: `not-permitted` when others may read the file too, unless it is in `sealedFolder`, where systemd
 * puts credentials with rights of its own; `malformed`; throws when there is no such file.
 */
export async function readKeyFile(
  path: string,
  sealedFolder: string | undefined,
): Promise<Answer<ReadonlyMap<string, Buffer>>> {
  const sealed = sealedFolder !== undefined && path.startsWith(`${sealedFolder}/`);
  if (!sealed && ((await stat(path)).mode & 0o077) !== 0) {
    return failure("not-permitted", `others may read ${path}: chmod 600 ${path}`);
  }
  return parseKeyFile(await readFile(path, "utf8"));
}

/** Adds a new key to the file, which is made when it is missing, for its owner alone. Returns `id:base64url`. */
export async function addKey(path: string): Promise<string> {
  const key = `${randomBytes(4).toString("hex")}:${randomBytes(32).toString("base64url")}`;
  const file = await open(path, "a", 0o600);
  try {
    await chmod(path, 0o600);
    await file.writeFile(`${key}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  return key;
}
