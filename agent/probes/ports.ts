import pLimit from "p-limit";
import { type PortState, success } from "../model/index.ts";
import { abortFailure } from "../net/network-failure.ts";
import { connectPort } from "../net/tcp.ts";
import { announcedPorts, DOORS_AT_ONCE, type TimeLeft, timeLeft } from "./asking.ts";
import { LIKELY_PORTS, USUAL_PORTS } from "./port-numbers.ts";
import type { Probe } from "./probe.ts";

/** Used up only by a device that is slow and drops what is not for it. */
const DEADLINE_MS = 9_000;
/** A sleeping Wi-Fi camera needs about 300 ms for its first answer. */
const PATIENCE_MS = 700;
const LEAST_PATIENCE_MS = 200;
/** So many silent ports in a row, and the device is taken for one that drops everything. */
const SILENT_AT_FIRST = 6;

/** Which TCP ports of cameras and recorders are open: the announced ones and the usual ones. */
export const portsProbe: Probe<"ports"> = {
  question: "ports",
  deadlineMs: DEADLINE_MS,
  async ask({ device, line }) {
    const announced = announcedPorts(device, "http", "https", "rtsp", "onvif", "igd");
    const ports = [...new Set([...announced, ...USUAL_PORTS])];
    const likely = new Set([...announced, ...LIKELY_PORTS]);
    const states = await askPorts(ports, likely, timeLeft(DEADLINE_MS), (port, timeoutMs) =>
      connectPort(line, port, timeoutMs),
    );
    // What was asked after the line was cut looks silent, and is not.
    return line.signal.aborted ? abortFailure(line.signal) : success({ states });
  },
};

/**
 * Asks each port once, and the likely ones that kept silent once more when others answered: one lost packet must not
 * hide a door. Patience follows the answers, so that a device that drops everything costs little. A port for which no
 * time was left is missing from the result.
 */
export async function askPorts(
  ports: readonly number[],
  likely: ReadonlySet<number>,
  left: TimeLeft,
  ask: (port: number, timeoutMs: number) => Promise<PortState>,
): Promise<Record<number, PortState>> {
  const states: Record<number, PortState> = {};
  let slowestMs: number | null = null;
  let silent = 0;
  const patienceMs = (port: number) => {
    // Who has answered is not expected to take much longer for a port of less interest.
    const times = likely.has(port) ? 4 : 1;
    if (slowestMs !== null) return Math.min(PATIENCE_MS, LEAST_PATIENCE_MS + times * slowestMs);
    return silent >= SILENT_AT_FIRST ? LEAST_PATIENCE_MS : PATIENCE_MS;
  };
  const askOne = async (port: number) => {
    const timeoutMs = left(patienceMs(port));
    if (timeoutMs === 0) return;
    const askedAt = performance.now();
    const state = await ask(port, timeoutMs);
    states[port] = state;
    if (state === "silent") silent += 1;
    else slowestMs = Math.max(slowestMs ?? 0, performance.now() - askedAt);
  };
  const limit = pLimit(DOORS_AT_ONCE);
  await limit.map(ports, askOne);
  if (slowestMs !== null) {
    await limit.map(
      ports.filter((port) => likely.has(port) && states[port] === "silent"),
      askOne,
    );
  }
  return states;
}
