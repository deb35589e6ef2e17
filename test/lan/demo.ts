/**
 * A nursery in a box: the virtual LAN with Komainu in it, its page on this machine. Ctrl-C removes everything.
 *
 *   npx tsx test/lan/demo.ts
 */
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { readArguments } from "../../agent/cli/arguments.ts";
import { WORDS } from "../../agent/cli/words.ts";
import { CAMERA_STATES, type CameraState, type Stage } from "../../agent/model/index.ts";
import { wordsOf } from "../../web-ui/words.ts";
import { lanAvailable } from "./available.ts";
import { NURSERY } from "./cast.ts";
import { DEMO_WORDS } from "./demo-words.ts";
import { Daemon } from "./komainu.ts";
import { type Lan, startLan } from "./lan.ts";
import type { Part } from "./parts.ts";

const PORT = 8080;
const GOODBYE_MS = 3_000;
const CONSENT = ["--consent", "Demo, director of the nursery in a box"];
/** A line of progress each time so many more devices are done. */
const STEP = 10;

/** By LC_ALL, LC_MESSAGES, LANG, as the program itself does. */
const { language } = readArguments([], process.env);
const words = DEMO_WORDS[language];
const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const secondsSince = (began: number): string => ((performance.now() - began) / 1000).toFixed(1);

function partLine({ part, real, mend }: Part): string {
  const line = `  ${real ? words.real : words.standIn}  ${part.padEnd(10)} ${words.roles[part]}`;
  return mend === null ? line : `${line}; ${words.mend(mend)}`;
}

interface Status {
  readonly cameras: number;
  readonly counts: Readonly<Record<CameraState, number>>;
}

/** Prints how the first check goes, and at its end what it found. */
async function tellFirstCheck(daemon: Daemon): Promise<void> {
  const began = performance.now();
  const stages = WORDS[language].progress;
  let told = 0;
  say(`  ${stages.discover}`);
  await daemon.event((event) => {
    if (event.type === "stage" && event.stage !== "discover") say(`  ${stages[event.stage as Stage]}`);
    const { done, total } = event as { done?: number; total?: number };
    if (event.type === "counts" && done !== undefined && total !== undefined && done >= told + STEP) {
      told = done;
      say(`    ${words.asked(done, total)}`);
    }
    return (event.type === "stage" && event.stage === "done") || undefined;
  });
  const { cameras, counts } = await daemon.get<Status>("/api/v1/status");
  const { marks, common } = wordsOf(language);
  const shown = CAMERA_STATES.filter((state) => counts[state] > 0);
  say("");
  say(words.through(secondsSince(began)));
  say(
    `  ${[common.cameras(cameras), ...shown.map((state) => `${marks[state]} ${counts[state]}`)].join(" / ")}`,
  );
  say(words.stays);
}

/** A signal, or the end of the `tsx` that runs us: it passes signals on, but cannot pass on its own violent end. */
function untilStopped(): Promise<"signal"> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
      process.on(signal, () => resolve("signal"));
    const parent = process.ppid;
    if (!isTsx(parent)) return;
    setInterval(() => process.ppid !== parent && resolve("signal"), 500).unref();
  });
}

function isTsx(pid: number): boolean {
  try {
    return /\0[^\0]*\/(tsx|tsx\/dist\/cli\.mjs)\0/.test(readFileSync(`/proc/${pid}/cmdline`, "utf8"));
  } catch {
    return false;
  }
}

async function main(): Promise<number> {
  const available = lanAvailable();
  if (!available.ok) {
    process.stderr.write(`${available.mend}\n`);
    return 1;
  }
  const stopped = untilStopped();
  const began = performance.now();
  say(words.starts);
  const starting = startLan({ cast: NURSERY });
  const lan = await Promise.race([starting, stopped]);
  if (lan === "signal") return await abandon(starting);
  say(words.up(lan.hosts.length, secondsSince(began)));
  for (const part of lan.parts) say(partLine(part));
  try {
    return await guard(lan, stopped);
  } finally {
    await lan.stop();
    say(words.removed);
  }
}

async function guard(lan: Lan, stopped: Promise<"signal">): Promise<number> {
  const door = await lan.forward(PORT);
  const starting = Daemon.start(lan, door, [...CONSENT, "--quiet"]);
  starting.catch(() => undefined);
  const daemon = await Promise.race([starting, stopped]);
  if (daemon === "signal") return 0;
  daemon.process.child.stderr?.pipe(process.stderr);
  say("");
  say(`  ${words.page}  ${daemon.origin}/`);
  say(`  ${words.code}  ${daemon.start.claimCode}  ${words.codeIsFor}`);
  say("");
  say(words.fills);
  const { done } = daemon.process;
  // Its events end with it.
  void tellFirstCheck(daemon).catch(() => undefined);
  const end = await Promise.race([stopped, done]);
  if (end === "signal") {
    await Promise.race([daemon.end(), delay(GOODBYE_MS, null, { ref: false })]);
    return 0;
  }
  process.stderr.write(`${words.ended}\n`);
  return 1;
}

/** Stopped while the LAN was being built: what is there of it goes. */
async function abandon(starting: Promise<Lan>): Promise<number> {
  const lan = await starting.catch(() => null);
  await lan?.stop();
  return 130;
}

process.exitCode = await main().catch((cause: unknown) => {
  process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
  return 1;
});
