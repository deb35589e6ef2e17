import { setTimeout as delay } from "node:timers/promises";
import type { MendOutcome, MendResult } from "../model/index.ts";
import type { IgdReply } from "../net/igd/igd.ts";
import type { DeviceLine } from "../net/line.ts";
import type { TimeLeft } from "../net/time-left.ts";

/** A router may say yes a moment before it has done so. */
const SECOND_LOOK_MS = 1000;

/** What a read shows of the entry that was to go. */
export type Standing = "there" | "absent" | "not-told";

export function outcome(result: MendResult, detail: string, code: number | null = null): MendOutcome {
  return { result, code, detail };
}

/** The answer to one deletion, held against what stands there afterwards; nothing is deleted twice. */
export async function settle(
  line: DeviceLine,
  reply: IgdReply,
  noSuchEntry: number,
  read: () => Promise<Standing>,
  left: TimeLeft,
): Promise<MendOutcome> {
  let now = await read();
  if (now === "there" && reply.outcome !== "fault") {
    await delay(left(SECOND_LOOK_MS), null, { signal: line.signal }).catch(() => null);
    now = await read();
  }
  if (reply.outcome === "fault") return afterFault(reply.code, now, noSuchEntry);
  const said =
    reply.outcome === "answered" ? "the router agreed" : `no usable answer (${reply.answer.reason})`;
  if (now === "absent") return outcome("done", `${said}; read back, the entry is gone`);
  if (now === "not-told") return outcome("failed", `${said}; the entry could not be read back`);
  return outcome(
    reply.outcome === "answered" ? "still-there" : "failed",
    `${said}; the entry is still there`,
  );
}

function afterFault(code: number, now: Standing, noSuchEntry: number): MendOutcome {
  if (now !== "absent") return outcome("refused", "the router refused", code);
  return code === noSuchEntry
    ? outcome("already", "the entry went away in the same moment", code)
    : outcome("done", "the router refused; read back, the entry is gone", code);
}
