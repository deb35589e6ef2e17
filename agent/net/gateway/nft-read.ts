import { type Answer, failure, success } from "../../model/index.ts";
import { nftRules, parseNft, setContents, setsReferredTo } from "./nft.ts";
import type { Json } from "./nft-fields.ts";
import type { Rules } from "./packet-rules.ts";
import { runProgram } from "./programs.ts";

/** What JSON.parse takes within 50 ms on a small machine: about two thousand rules. */
const MAX_BYTES = 524_288;
const MAX_SETS = 32;

/**
 * The rules of all nftables tables. Listed without the contents of sets, since a list of blocked addresses may be
 * megabytes; those that redirections refer to are read one by one. Errors as for `runProgram`, or `malformed`.
 */
export async function readNftRules(signal: AbortSignal | undefined): Promise<Answer<Rules>> {
  const listed = await list(["--terse", "list", "ruleset"], signal);
  if (!listed.ok) return listed;
  const contents = new Map<string, readonly Json[]>();
  const sets = setsReferredTo(listed.value);
  for (const { kind, family, table, name } of sets.slice(0, MAX_SETS)) {
    const set = await list(["list", kind, family, table, name], signal);
    // One that cannot be read leaves its rule in doubt.
    if (set.ok) for (const [key, elements] of setContents(set.value)) contents.set(key, elements);
  }
  return success(await nftRules(listed.value, contents));
}

async function list(args: readonly string[], signal: AbortSignal | undefined) {
  const printed = await runProgram("nft", ["--json", ...args], { maxBytes: MAX_BYTES, signal });
  if (!printed.ok) return printed;
  const parsed = parseNft(printed.value);
  return parsed === null ? failure("malformed", "nft") : success(parsed);
}
