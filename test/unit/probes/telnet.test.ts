import fc from "fast-check";
import { expect, test } from "vitest";
import { askTelnet, isTelnet, telnetProbe } from "../../../agent/probes/telnet.ts";
import { contextFor, openPorts, portStates } from "../helpers/context.ts";
import { lineTo, tcpServer } from "../helpers/servers.ts";

const greeting = (text: string) => Buffer.from(text, "latin1");

test.each([
  ["option bytes", "\xff\xfd\x01\xff\xfd\x1f\xff\xfb\x01"],
  ["a login prompt", "\r\n(none) login: "],
  ["a user name prompt", "Welcome\r\nUsername:"],
  ["a password prompt", "password: "],
  ["a shell that wants no login", "\r\nBusyBox v1.16.1\r\n\r\n~ # "],
])("%s is Telnet", (_name, text) => {
  expect(isTelnet(greeting(text))).toBe(true);
});

test.each([
  ["nothing", ""],
  ["SSH", "SSH-2.0-dropbear_2019.78\r\n"],
  ["FTP", "220 FTP server ready. Please login:\r\nNow\r\n"],
  ["HTTP", "HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n<html><b>login: no</b></html>"],
  ["a lone 0xff", "\xff\xff\x00"],
  ["the word alone", "login"],
])("%s is not Telnet", (_name, text) => {
  expect(isTelnet(greeting(text))).toBe(false);
});

test("any greeting that begins with a negotiation is Telnet", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0xfb, max: 0xfe }), fc.uint8Array({ maxLength: 200 }), (command, rest) => {
      expect(isTelnet(Buffer.from([0xff, command, ...rest]))).toBe(true);
    }),
  );
});

test("asks nothing where no Telnet port is open", async () => {
  const line = lineTo();
  const evidence = openPorts(80, 554);
  expect(await telnetProbe.ask(contextFor({ line, evidence }))).toEqual({ ok: true, value: { ports: [] } });
  expect(line.traffic.connections).toBe(0);
});

test("a Telnet port for which no time was left is a doubt, not a closed door", async () => {
  const evidence = portStates({ 80: "open", 23: "closed" });
  expect(await telnetProbe.ask(contextFor({ evidence }))).toMatchObject({ ok: false, reason: "timeout" });
});

test("tells Telnet from other greetings and keeps its banner without the option bytes", async () => {
  const telnet = await tcpServer((socket) => socket.write(greeting("\xff\xfd\x01\r\n(none) login: ")));
  const ssh = await tcpServer((socket) => socket.end("SSH-2.0-dropbear\r\n"));
  expect(await askTelnet(lineTo(), [telnet.port, ssh.port])).toEqual({
    ok: true,
    value: { ports: [telnet.port], banners: ["(none) login:"] },
  });
  expect(await askTelnet(lineTo(), [ssh.port])).toEqual({ ok: true, value: { ports: [] } });
  await telnet.idle();
});

test("an open port that says nothing is a doubt, unless another one spoke", async () => {
  const mute = await tcpServer(() => {});
  expect(await askTelnet(lineTo(), [mute.port], 50)).toMatchObject({ ok: false, reason: "timeout" });
  const telnet = await tcpServer((socket) => socket.write(greeting("\xff\xfb\x01")));
  expect(await askTelnet(lineTo(), [mute.port, telnet.port], 200)).toEqual({
    ok: true,
    value: { ports: [telnet.port] },
  });
  await mute.idle();
});
