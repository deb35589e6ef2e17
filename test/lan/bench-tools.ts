import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ProgressEvent } from "../../agent/model/index.ts";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** `npm run build` makes it. */
export const BUNDLE = `${ROOT}dist/komainu.mjs`;
/** As the service runs it. */
const UNIT = readFileSync(`${ROOT}systemd/komainu.service`, "utf8");
export const NODE_FLAGS = /^ExecStart=@NODE@ (.*) @APP@/m.exec(UNIT)?.[1]?.split(" ") ?? [];
const MALLOC = [...UNIT.matchAll(/^Environment=(MALLOC_\w+)=(\w+)$/gm)].map(([, name = "", value = ""]) => [
  name,
  value,
]);
export const SERVICE_ENVIRONMENT: NodeJS.ProcessEnv = { ...process.env, ...Object.fromEntries(MALLOC) };
export const CONSENT = ["--consent", "Bench, bench"];

export interface Usage {
  end(): { cpuSeconds: number; peakMiB: number };
}

/** Reads /proc while the process lives; what it used in its last 20 ms is lost. */
export function watchProcess(pid: () => number | null): Usage {
  let cpuSeconds = 0;
  let peakMiB = 0;
  const timer = setInterval(() => {
    const id = pid();
    if (id === null) return;
    cpuSeconds = Math.max(cpuSeconds, cpuOf(id));
    peakMiB = Math.max(peakMiB, statusOf(id, "VmHWM") / 1024);
  }, 20);
  return {
    end() {
      clearInterval(timer);
      return { cpuSeconds, peakMiB };
    },
  };
}

/** utime and stime of proc(5), seconds; Linux counts 100 ticks a second. */
export function cpuOf(pid: number): number {
  const stat = proc(pid, "stat");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / 100;
}

export function statusOf(pid: number, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(proc(pid, "status"))?.[1] ?? 0);
}

export function writtenBy(pid: number): number {
  return Number(/^write_bytes: (\d+)/m.exec(proc(pid, "io"))?.[1] ?? 0);
}

function proc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch {
    return "";
  }
}

export function parseEvent(line: string): ProgressEvent[] {
  try {
    return [JSON.parse(line) as ProgressEvent];
  } catch {
    return [];
  }
}

export function spread(name: string, values: readonly number[], target = ""): void {
  const sorted = [...values].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  print(name, `median ${median}, max ${sorted.at(-1) ?? 0}`, target);
}

export function print(name: string, value: string, target = ""): void {
  process.stdout.write(`${name.padEnd(48)} ${value}${target === "" ? "" : `   (${target})`}\n`);
}
