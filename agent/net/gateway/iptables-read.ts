import { existsSync, readFileSync } from "node:fs";
import { type Answer, failure, success } from "../../model/index.ts";
import { parseIptablesSave } from "./iptables-save.ts";
import type { Rules } from "./packet-rules.ts";
import { type ProgramName, runProgram } from "./programs.ts";

const MAX_BYTES = 524_288;
const FAMILIES = ["ip", "ip6"] as const;
type Family = (typeof FAMILIES)[number];

export interface IptablesRead {
  /** One a program that was asked. */
  readonly answers: readonly Answer<Rules>[];
  /** False while rules may stand in tables that could not be looked into. */
  readonly allSeen: boolean;
}

/** Tables that `nft` shows with extensions in the place of rules; only what a way in depends on is of interest. */
const OF_INTEREST = [
  { family: "ip", table: "nat" },
  { family: "ip6", table: "nat" },
  { family: "ip6", table: "filter" },
] as const;

/**
 * The rules that iptables made: those in nftables' tables named by `opaque` (`family table`), and those of its older
 * kind, which `nft` does not show at all and root alone may list.
 */
export async function readIptables(
  opaque: ReadonlySet<string>,
  signal: AbortSignal | undefined,
  proc = "/proc",
): Promise<IptablesRead> {
  const answers: Answer<Rules>[] = [];
  for (const { family, table } of OF_INTEREST) {
    if (!opaque.has(`${family} ${table}`)) continue;
    answers.push(await save(`${family}tables-nft-save`, family, table, signal));
  }
  for (const family of FAMILIES) {
    const tables = olderTables(proc, family);
    if (tables === null) answers.push(failure("not-permitted", `${family}tables`));
    for (const table of ["nat", "filter"]) {
      const matters = OF_INTEREST.some((each) => each.family === family && each.table === table);
      if (matters && tables?.includes(table))
        answers.push(await save(`${family}tables-legacy-save`, family, table, signal));
    }
  }
  return { answers, allSeen: answers.every(({ ok }) => ok) };
}

async function save(
  program: ProgramName,
  family: Family,
  table: string,
  signal: AbortSignal | undefined,
): Promise<Answer<Rules>> {
  const printed = await runProgram(program, ["-t", table], { maxBytes: MAX_BYTES, signal });
  return printed.ok ? success(await parseIptablesSave(printed.value, family)) : printed;
}

/** Names of the older tables in use; null when they cannot be told. */
function olderTables(proc: string, family: Family): readonly string[] | null {
  const path = `${proc}/net/${family}_tables_names`;
  try {
    return readFileSync(path, "latin1").split("\n");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    // The kernel's modules are there only once a rule of theirs was wanted.
    const module = (name: string) => existsSync(`/sys/module/${name}`);
    const unused =
      module(`${family}_tables`) && !module(`${family}table_nat`) && !module(`${family}table_filter`);
    return unused ? [] : null;
  }
}
