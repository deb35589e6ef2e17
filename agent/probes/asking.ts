import type { Answer, Device, Facts, QuestionId, ServiceHint } from "../model/index.ts";
import type { Probe, ProbeContext } from "./probe.ts";

/** A device's own limit: as many doors are asked side by side as it takes connections. */
export const DOORS_AT_ONCE = 2;
const MAX_ANNOUNCED_PORTS = 8;

/** What is left of a question's time, but never more than one step needs; 0 when the time is over. */
export type TimeLeft = (atMostMs: number) => number;

export function timeLeft(deadlineMs: number): TimeLeft {
  const endsAt = performance.now() + deadlineMs;
  return (atMostMs) => Math.max(0, Math.min(atMostMs, Math.floor(endsAt - performance.now())));
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
