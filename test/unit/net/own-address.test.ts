import { describe, expect, it } from "vitest";
import { networkFailure } from "../../../agent/net/network-failure.ts";
import { doorFingerprint } from "../../../agent/net/outside/door-fingerprint.ts";
import { proveNextRouterHolds } from "../../../agent/net/outside/own-address.ts";
import { reachPorts } from "../../../agent/net/outside/reach.ts";
import { httpServer, lineTo, tcpServer } from "../helpers/servers.ts";

const never = new AbortController().signal;
const HERE = [
  {
    name: "eth0",
    addresses: [{ family: 4 as const, address: "192.168.1.2", subnet: "192.168.1.0/24" }],
    skipped: null,
  },
];
const NOT_PROVEN = { ok: false, reason: "unsupported", detail: "outside address not proven" };

describe("the proof of the outside address", () => {
  it("takes a refusal of a closed port", async () => {
    // On loopback the machine itself is the first to hold the address.
    expect(await proveNextRouterHolds("127.0.0.1", never, HERE)).toEqual({ ok: true, value: true });
  });

  it("sends nothing to an address of its own link, of its own, or to what is no IPv4 address", async () => {
    for (const address of ["192.168.1.1", "192.168.1.2", "2001:db8::1", "router.example", ""])
      expect(await proveNextRouterHolds(address, never, HERE)).toEqual(NOT_PROVEN);
  });

  it("ends when it is cancelled", async () => {
    const answer = await proveNextRouterHolds("127.0.0.1", AbortSignal.abort(), HERE);
    expect(answer).toEqual({ ok: false, reason: "cancelled" });
  });
});

describe("a connection that this machine's own filter forbids", () => {
  it("is not permitted", () => {
    for (const code of ["EPERM", "EACCES"])
      expect(networkFailure(Object.assign(new Error("connect"), { code }))).toEqual({
        ok: false,
        reason: "not-permitted",
      });
  });
});

describe("asking ports", () => {
  it("tells open from closed and takes the fingerprint of what is open", async () => {
    const { port } = await httpServer(() => ({ body: "<title>x</title>" }));
    const mute = await tcpServer((socket) => socket.destroy());
    const asked = await reachPorts([port, mute.port], { patienceMs: 1_000, lines: [lineTo(), lineTo()] });
    const own = await doorFingerprint(lineTo(), port, 6_000);
    expect(asked).toEqual([
      { port, result: "open", fingerprint: own.ok && own.value },
      { port: mute.port, result: "open", fingerprint: null },
    ]);
    expect(await reachPorts([1], { patienceMs: 1_000, lines: [lineTo()] })).toEqual([
      { port: 1, result: "closed", fingerprint: null },
    ]);
  });

  it("leaves out what was not asked in time", async () => {
    const line = lineTo("127.0.0.1", AbortSignal.abort());
    expect(await reachPorts([80, 81], { patienceMs: 1_000, lines: [line] })).toEqual([]);
  });
});
