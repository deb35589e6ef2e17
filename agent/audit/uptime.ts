import { readFileSync } from "node:fs";
import { uptime } from "node:os";
import type { Uptime } from "../model/index.ts";

/** How long this machine has been running; null where it does not name its runs. */
export function readUptime(): Uptime | null {
  boot ??= readBoot();
  return boot === "" ? null : { boot, seconds: uptime() };
}

let boot: string | null = null;

/** The name of this run of the machine (random(4), /proc/sys/kernel/random/boot_id); it outlives no restart. */
function readBoot(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
  } catch {
    return "";
  }
}
