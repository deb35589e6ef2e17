import { spawnSync } from "node:child_process";
import { browserAvailable, lanAvailable } from "../test/lan/available.ts";

/**
 * Runs the sets of tests that are named (unit, lan, browser), and says last, where everybody sees it, which of them
 * could not run on this machine and what mends it. `--all` makes such a gap a failure.
 */
const [sets, options] = split(process.argv.slice(2));
const gaps = new Map<string, string>();
const lan = lanAvailable();
if (!lan.ok) for (const set of ["lan", "browser"]) gaps.set(set, lan.mend);
const browser = browserAvailable();
if (!browser.ok) gaps.set("browser", browser.mend);

const able = sets.filter((set) => !gaps.has(set));
const projects = able.flatMap((set) => ["--project", set]);
const { status } = spawnSync(
  "npx",
  ["vitest", "run", ...projects, ...options.filter((one) => one !== "--all")],
  {
    stdio: "inherit",
  },
);
const missing = sets.filter((set) => gaps.has(set));
for (const set of missing) process.stdout.write(`\nNot run: ${set}. ${gaps.get(set)}\n`);
process.exitCode = status !== 0 || (options.includes("--all") && missing.length > 0) ? status || 1 : 0;

function split(argv: readonly string[]): [string[], string[]] {
  const known = ["unit", "lan", "browser"];
  return [argv.filter((one) => known.includes(one)), argv.filter((one) => !known.includes(one))];
}
