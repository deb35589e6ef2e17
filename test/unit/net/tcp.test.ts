import { expect, test } from "vitest";
import { connectPort, openConnection, readGreeting } from "../../../agent/net/tcp.ts";
import { lineTo, repeatForEver, tcpServer } from "../helpers/servers.ts";

test("a listening port is open, a refusing one closed", async () => {
  const server = await tcpServer(() => {});
  const line = lineTo();
  expect(await connectPort(line, server.port, 2_000)).toBe("open");
  await server.idle();
  const elsewhere = await tcpServer(() => {}, { host: "::1" });
  expect(await connectPort(line, elsewhere.port, 2_000)).toBe("closed");
  expect(await connectPort(lineTo("::1"), elsewhere.port, 2_000)).toBe("open");
  expect(line.traffic).toMatchObject({ connections: 2, peakConnections: 1 });
});

test.each([0, -1, 65_536, Number.NaN])("%d is no port", async (port) => {
  expect(await openConnection(lineTo(), { port, deadlineMs: 500 })).toMatchObject({ reason: "malformed" });
});

test("no name is resolved, and a cut line opens nothing", async () => {
  const server = await tcpServer(() => {});
  expect(await openConnection(lineTo("localhost"), { port: server.port, deadlineMs: 500 })).toMatchObject({
    reason: "error",
  });
  const cut = lineTo("127.0.0.1", AbortSignal.abort());
  expect(await openConnection(cut, { port: server.port, deadlineMs: 500 })).toEqual({
    ok: false,
    reason: "cancelled",
  });
  expect(server.connections()).toBe(0);
});

test("a place on the line is free again only when the connection is closed", async () => {
  const server = await tcpServer(() => {});
  const line = lineTo();
  const doors = { port: server.port, deadlineMs: 5_000 };
  const [first, second] = await Promise.all([openConnection(line, doors), openConnection(line, doors)]);
  let opened = false;
  const third = openConnection(line, doors).then((answer) => {
    opened = true;
    return answer;
  });
  if (!first.ok || !second.ok) throw new Error("not connected");
  await second.value.close();
  const last = await third;
  expect(opened).toBe(true);
  expect(line.traffic).toMatchObject({ connections: 3, peakConnections: 2 });
  await first.value.close();
  if (last.ok) await last.value.close();
});

test("a greeting ends at its size, at the server's end, when it is enough, and at the deadline", async () => {
  const endless = await tcpServer((socket) => repeatForEver(socket, "x".repeat(1000), 1));
  const limits = { maxBytes: 10, deadlineMs: 5_000 };
  expect(await readGreeting(lineTo(), endless.port, limits)).toEqual({
    ok: true,
    value: Buffer.from("xxxxxxxxxx"),
  });
  const polite = await tcpServer((socket) => socket.end("bye"));
  expect(await readGreeting(lineTo(), polite.port, limits)).toEqual({ ok: true, value: Buffer.from("bye") });
  const prompt = await tcpServer((socket) => socket.write("login: "));
  const enough = (greeting: Buffer) => greeting.includes("login");
  expect(await readGreeting(lineTo(), prompt.port, { ...limits, enough })).toMatchObject({ ok: true });
  const mute = await tcpServer(() => {});
  expect(await readGreeting(lineTo(), mute.port, { maxBytes: 10, deadlineMs: 40 })).toMatchObject({
    ok: true,
  });
  await Promise.all([endless, polite, prompt, mute].map((server) => server.idle()));
});

test("whoever sends without end while nobody reads is cut off", async () => {
  const server = await tcpServer((socket) => repeatForEver(socket, Buffer.alloc(60_000), 1));
  const opened = await openConnection(lineTo(), { port: server.port, deadlineMs: 5_000 });
  if (!opened.ok) throw new Error(opened.reason);
  const answer = await opened.value.read(() => null, 5_000);
  expect(answer).toEqual({ ok: false, reason: "too-large" });
  await server.idle();
});

test("the deadline of a connection ends it in the middle of a read", async () => {
  const server = await tcpServer((socket) => repeatForEver(socket, "a", 5));
  const opened = await openConnection(lineTo(), { port: server.port, deadlineMs: 50 });
  if (!opened.ok) throw new Error(opened.reason);
  expect(await opened.value.read(() => null, 5_000)).toEqual({ ok: false, reason: "timeout" });
  expect(opened.value.usable).toBe(false);
  await server.idle();
});
