import {
  type Answer,
  type Device,
  type Facts,
  failure,
  type QuestionId,
  type ServiceHint,
} from "../model/index.ts";
import { type HttpAnswer, type HttpRequest, httpRequest } from "../net/http.ts";
import type { DeviceLine } from "../net/line.ts";
import type { TimeLeft } from "../net/time-left.ts";
import type { Probe, ProbeContext } from "./probe.ts";

export { type TimeLeft, timeLeft } from "../net/time-left.ts";

/** A device's own limit: as many doors are asked side by side as it takes connections. */
export const DOORS_AT_ONCE = 2;
const MAX_ANNOUNCED_PORTS = 8;

/** Milliseconds that a device let pass without an answer, over all questions of one scan. */
const waited = new WeakMap<DeviceLine, number>();
/** Three answers that never came: an odd port may cost that much, more is a device that lets everybody wait. */
const MOST_WAITED_MS = 6_000;
/** When our own clock rings later than this, the machine was busy: that is no device's fault. */
const OWN_DELAY_MS = 100;
/** What such a device is given for each further answer; one that comes later is a doubt, never an absence. */
const HASTE_MS = 700;

/** True when the device has kept us waiting so long that it is only asked in haste. */
export function isHasty(line: DeviceLine): boolean {
  return (waited.get(line) ?? 0) >= MOST_WAITED_MS;
}

/** The time for one answer: what is left, at most `atMostMs`, and little for a device that keeps us waiting. */
export function patience(line: DeviceLine, left: TimeLeft, atMostMs: number): number {
  return left(isHasty(line) ? Math.min(HASTE_MS, atMostMs) : atMostMs);
}

/** Waits for `asking`; `late` when that took all of its time, which is remembered. */
export async function waitFor<T>(
  line: DeviceLine,
  patienceMs: number,
  asking: Promise<T>,
): Promise<{ readonly answer: T; readonly late: boolean }> {
  const askedAt = performance.now();
  const answer = await asking;
  const tookMs = performance.now() - askedAt;
  // Timers round.
  const late = tookMs >= patienceMs - 1;
  if (late && tookMs < patienceMs + OWN_DELAY_MS) waited.set(line, (waited.get(line) ?? 0) + patienceMs);
  return { answer, late };
}

/** One HTTP exchange in the time that the device deserves. */
export async function askHttp(
  line: DeviceLine,
  left: TimeLeft,
  atMostMs: number,
  request: Omit<HttpRequest, "deadlineMs">,
): Promise<{ readonly answer: Answer<HttpAnswer>; readonly late: boolean }> {
  const deadlineMs = patience(line, left, atMostMs);
  if (deadlineMs === 0) return { answer: failure("timeout"), late: true };
  return waitFor(line, deadlineMs, httpRequest(line, { ...request, deadlineMs }));
}

/** What an earlier question brought; asked now when this scan has not put it (a recheck asks single questions). */
export async function earlier<Q extends QuestionId>(
  context: ProbeContext,
  probe: Probe<Q>,
): Promise<Answer<Facts[Q]>> {
  const put: ProbeContext["evidence"][Q] = context.evidence[probe.question];
  return put?.asked ? put.answer : await probe.ask(context);
}

/** Ports on which the device says that it offers one of `protocols`. */
export function announcedPorts(
  device: Device,
  ...protocols: readonly ServiceHint["protocol"][]
): readonly number[] {
  const hints = device.services.filter(({ protocol }) => protocols.includes(protocol));
  return [...new Set(hints.map(({ port }) => port))].slice(0, MAX_ANNOUNCED_PORTS);
}
