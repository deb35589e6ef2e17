import { expect, onTestFinished, test, vi } from "vitest";
import { failure } from "../../../agent/model/index.ts";
import { askHttp, isHasty, patience, timeLeft, waitFor } from "../../../agent/probes/asking.ts";
import { askTelnet } from "../../../agent/probes/telnet.ts";
import { hastyLineTo, httpServer, lineTo, tcpServer } from "../helpers/servers.ts";

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

function fakeClock(): void {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
}

test("three answers that never come make us hasty, with that device alone", async () => {
  fakeClock();
  const left = timeLeft(60_000);
  const [line, other] = [lineTo(), lineTo()];
  for (const hasty of [false, false, true]) {
    const waiting = waitFor(line, 2_000, after(2_000));
    await vi.advanceTimersByTimeAsync(2_000);
    expect((await waiting).late).toBe(true);
    expect(isHasty(line)).toBe(hasty);
  }
  expect(patience(line, left, 2_000)).toBeLessThan(1_000);
  expect(patience(line, left, 100)).toBe(100);
  expect(patience(other, left, 2_000)).toBe(2_000);
});

test("answers that come in time, however many, make nobody hasty", async () => {
  fakeClock();
  const line = lineTo();
  for (let count = 0; count < 50; count += 1) {
    const waiting = waitFor(line, 2_000, after(1_900));
    await vi.advanceTimersByTimeAsync(1_900);
    expect((await waiting).late).toBe(false);
  }
  expect(isHasty(line)).toBe(false);
});

test("a busy machine of our own is laid at no device's door", async () => {
  fakeClock();
  const line = lineTo();
  for (let count = 0; count < 5; count += 1) {
    const waiting = waitFor(line, 2_000, after(2_500));
    await vi.advanceTimersByTimeAsync(2_500);
    expect((await waiting).late).toBe(true);
  }
  expect(isHasty(line)).toBe(false);
});

test("when the time is over nobody is asked, and nothing is answered", async () => {
  const server = await httpServer(() => ({}));
  const nothing = { answer: failure("timeout"), late: true };
  expect(await askHttp(lineTo(), () => 0, 2_000, { port: server.port, path: "/" })).toEqual(nothing);
  expect(server.connections()).toBe(0);
});

test("who answers at once is understood in haste, who does not is a doubt", async () => {
  const prompt = await tcpServer((socket) => socket.write("login: "));
  const mute = await tcpServer(() => {});
  expect(await askTelnet(await hastyLineTo(), [prompt.port])).toMatchObject({
    value: { ports: [prompt.port] },
  });
  expect(await askTelnet(await hastyLineTo(), [mute.port])).toMatchObject({ ok: false, reason: "timeout" });
});
