/**
 * A nursery in a box: the virtual LAN with Komainu in it, its page on this machine. Ctrl-C removes everything.
 *
 *   npx tsx test/lan/demo.ts
 */
import { existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { lanAvailable } from "./available.ts";
import { NURSERY } from "./cast.ts";
import { type Lan, startLan } from "./lan.ts";
import type { Part } from "./parts.ts";
import { AGENT } from "./topology.ts";
import type { Inside } from "./world.ts";

const PORT = 8080;
const STATE = "/run/lan/state";
const GOODBYE_MS = 3_000;
const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/** The built program where there is one, else the source. */
function agentProgram(): readonly string[] {
  const built = `${PROJECT}dist/komainu.mjs`;
  if (existsSync(built)) return [process.execPath, built];
  return [process.execPath, "--import", "tsx", `${PROJECT}agent/main.ts`];
}

function startAgent(lan: Lan, pagePort: number): Inside {
  const names = [`127.0.0.1:${pagePort}`, `localhost:${pagePort}`].flatMap((name) => ["--allow-host", name]);
  const options = ["--state", STATE, "--listen", `${AGENT.address}:${PORT}`, ...names];
  const consent = ["--consent", "Demo, director of the nursery in a box"];
  const argv = [...agentProgram(), "run", ...options, ...consent];
  return lan.agent.run(argv, { cwd: PROJECT, stdio: ["ignore", "pipe", "inherit"] });
}

function partLine({ part, role, real, mend }: Part): string {
  const name = part.padEnd(10);
  return real ? `  real      ${name} ${role}` : `  stand-in  ${name} ${role}; to make it real: ${mend}`;
}

/** Resolves with the claim code when the page is served. */
async function claimCode(agent: Inside): Promise<string | null> {
  const stdout = agent.child.stdout;
  if (stdout === null) return null;
  const ended = agent.done.then(() => null);
  const lines = createInterface({ input: stdout });
  const code = new Promise<string>((resolve) => {
    lines.on("line", (line) => {
      const found = /^claim code: (.+)$/.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  return await Promise.race([code, ended]);
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
  say("Komainu: the virtual LAN starts (no root, no hardware, nothing outside this machine is touched)");
  const starting = startLan({ cast: NURSERY });
  const lan = await Promise.race([starting, stopped]);
  if (lan === "signal") return await abandon(starting);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  say(`${lan.hosts.length} devices and a router are up after ${seconds} s. Parts of it:`);
  for (const part of lan.parts) say(partLine(part));
  try {
    return await guard(lan, stopped);
  } finally {
    await lan.stop();
    say("Everything is removed.");
  }
}

async function guard(lan: Lan, stopped: Promise<"signal">): Promise<number> {
  const pagePort = await lan.forward(PORT);
  const agent = startAgent(lan, pagePort);
  const code = await Promise.race([claimCode(agent), stopped]);
  if (code === null) {
    process.stderr.write("The daemon ended before its page was there; what it said is above.\n");
    return 1;
  }
  if (code !== "signal") {
    say("");
    say(`  Page        http://127.0.0.1:${pagePort}/`);
    say(`  Claim code  ${code}   (names, addresses and steps are shown to who knows it)`);
    say("");
    say("The page fills while the scan runs. Ctrl-C ends it and removes everything.");
  }
  const end = await Promise.race([stopped, agent.done]);
  if (end === "signal") await farewell(agent);
  return end === "signal" ? 0 : 1;
}

async function farewell(agent: Inside): Promise<void> {
  agent.kill("SIGTERM");
  await Promise.race([agent.done, delay(GOODBYE_MS, null, { ref: false })]);
}

/** Stopped while the LAN was being built: what is there of it goes. */
async function abandon(starting: Promise<Lan>): Promise<number> {
  const lan = await starting.catch(() => null);
  await lan?.stop();
  return 130;
}

process.exitCode = await main();
