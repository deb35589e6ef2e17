import fc from "fast-check";
import { expect, onTestFinished, test, vi } from "vitest";
import type { PortState } from "../../../agent/model/index.ts";
import { timeLeft } from "../../../agent/probes/asking.ts";
import { LIKELY_PORTS, RTSP_PORTS, TELNET_PORTS, USUAL_PORTS } from "../../../agent/probes/port-numbers.ts";
import { askPorts, portsProbe } from "../../../agent/probes/ports.ts";
import { contextFor } from "../helpers/context.ts";
import { lineTo, tcpServer } from "../helpers/servers.ts";

test("tells open from closed, the announced ports first, two connections at most", async () => {
  const server = await tcpServer(() => {});
  const line = lineTo();
  const services = [{ protocol: "http", port: server.port, path: "/" }] as const;
  const answer = await portsProbe.ask(contextFor({ services, line }));
  if (!answer.ok) throw new Error(answer.reason);
  expect(answer.value.states[server.port]).toBe("open");
  expect(Object.keys(answer.value.states)).toHaveLength(USUAL_PORTS.length + 1);
  expect(line.traffic).toMatchObject({ connections: USUAL_PORTS.length + 1 });
  expect(line.traffic.peakConnections).toBeLessThanOrEqual(2);
  await server.idle();
});

test("a port that refuses is closed", async () => {
  const elsewhere = await tcpServer(() => {}, { host: "::1" });
  const services = [{ protocol: "rtsp", port: elsewhere.port, path: "/" }] as const;
  const answer = await portsProbe.ask(contextFor({ services }));
  expect(answer).toMatchObject({ ok: true, value: { states: { [elsewhere.port]: "closed" } } });
});

test("a cut line is no list of silent ports", async () => {
  const line = lineTo("127.0.0.1", AbortSignal.abort());
  expect(await portsProbe.ask(contextFor({ line }))).toEqual({ ok: false, reason: "cancelled" });
});

const silentFor = (waits: number[]) => (_port: number, timeoutMs: number) => {
  waits.push(timeoutMs);
  return Promise.resolve<PortState>("silent");
};

test("patience shrinks for a device that drops everything, and nobody is asked twice", async () => {
  const waits: number[] = [];
  const states = await askPorts(USUAL_PORTS, new Set(USUAL_PORTS), timeLeft(60_000), silentFor(waits));
  expect(Object.values(states).every((state) => state === "silent")).toBe(true);
  expect(waits).toHaveLength(USUAL_PORTS.length);
  expect(waits[0]).toBeGreaterThanOrEqual(500);
  // Two at once: all of it within the question's deadline.
  expect(waits.reduce((sum, wait) => sum + wait) / 2).toBeLessThan(portsProbe.deadlineMs);
});

test.each([
  ["answers in 300 ms and drops the rest", 300, USUAL_PORTS],
  ["is slower than that", 700, [...LIKELY_PORTS, ...RTSP_PORTS, ...TELNET_PORTS]],
])("a device that %s is asked for every door that must be known", async (_name, answerMs, wanted) => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const asked = askPorts(
    USUAL_PORTS,
    new Set(LIKELY_PORTS),
    timeLeft(portsProbe.deadlineMs),
    (port, timeoutMs) => {
      const answers = port === 80 && answerMs <= timeoutMs;
      return new Promise((resolve) => {
        setTimeout(() => resolve(answers ? "open" : "silent"), answers ? answerMs : timeoutMs);
      });
    },
  );
  await vi.advanceTimersByTimeAsync(2 * portsProbe.deadlineMs);
  expect(Object.keys(await asked).map(Number)).toEqual(expect.arrayContaining([...wanted]));
});

test("a likely port that kept silent while others answered gets a second chance", async () => {
  let packets = 0;
  const states = await askPorts([80, 554, 1935, 8080], new Set([80, 554]), timeLeft(60_000), (port) => {
    if (port === 554 && packets++ === 0) return Promise.resolve("silent");
    return Promise.resolve(port === 8080 ? "open" : port === 1935 ? "silent" : "closed");
  });
  expect(states).toEqual({ 80: "closed", 554: "closed", 1935: "silent", 8080: "open" });
  expect(packets).toBe(2);
});

test("ports for which no time was left are missing, never guessed", async () => {
  let steps = 3;
  const left = (atMostMs: number) => (steps-- > 0 ? atMostMs : 0);
  const states = await askPorts([1, 2, 3, 4, 5], new Set(), left, () => Promise.resolve("open"));
  expect(states).toEqual({ 1: "open", 2: "open", 3: "open" });
});

test("every port that was asked has the state that it gave last", async () => {
  const state = fc.constantFrom<PortState>("open", "closed", "silent");
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.integer({ min: 1, max: 65_535 }).map(String), state),
      async (network) => {
        const ports = Object.keys(network).map(Number);
        const states = await askPorts(ports, new Set(ports), timeLeft(60_000), (port) =>
          Promise.resolve(network[port] ?? "silent"),
        );
        expect(states).toEqual(network);
      },
    ),
  );
});
