/** What is left of a question's time, but never more than one step needs; 0 when the time is over. */
export type TimeLeft = (atMostMs: number) => number;

export function timeLeft(deadlineMs: number): TimeLeft {
  const endsAt = performance.now() + deadlineMs;
  return (atMostMs) => Math.max(0, Math.min(atMostMs, Math.floor(endsAt - performance.now())));
}
