import { createSocket } from "node:dgram";
import { once } from "node:events";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import {
  askPortControl,
  encodeAnnounceRequest,
  encodePublicAddressRequest,
  parseAnnounce,
  parsePublicAddress,
} from "../../../agent/net/igd/port-control.ts";
import { DeviceLine } from "../../../agent/net/line.ts";
import { type FakePortControl, type PortControlOptions, startPortControl } from "../../fakes/port-control.ts";
import { localLine } from "./loopback.ts";

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.close()));
});

async function router(options: Partial<PortControlOptions>): Promise<FakePortControl> {
  const server = await startPortControl({ address: "127.0.0.1", natPmp: false, pcp: false, ...options });
  running.push(server);
  return server;
}

async function ask(options: Partial<PortControlOptions>): Promise<unknown> {
  const answer = await askPortControl(localLine(), (await router(options)).port);
  return answer.ok ? answer.value : answer.reason;
}

/** A port of loopback on which nobody listens. */
async function closedPort(): Promise<number> {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  await new Promise<void>((done) => socket.close(done));
  return port;
}

describe("asking a router", () => {
  test.each([
    [
      "both",
      { natPmp: true, pcp: true },
      { natPmp: { externalAddress: "128.66.0.2" }, pcp: { resultCode: 0 } },
    ],
    ["NAT-PMP alone", { natPmp: true }, { natPmp: { externalAddress: "128.66.0.2" }, pcp: null }],
    ["PCP alone", { pcp: true }, { natPmp: null, pcp: { resultCode: 0 } }],
    [
      "a NAT-PMP that has no address yet",
      { natPmp: true, external: [0, 0, 0, 0] },
      { natPmp: { externalAddress: "0.0.0.0" }, pcp: null },
    ],
    [
      "a NAT-PMP whose outside is down",
      { natPmp: true, resultCode: 3 },
      { natPmp: { externalAddress: "0.0.0.0" }, pcp: null },
    ],
    ["a NAT-PMP that is switched off", { natPmp: true, resultCode: 2 }, { natPmp: null, pcp: null }],
    ["a PCP that refuses", { pcp: true, resultCode: 2 }, { natPmp: null, pcp: { resultCode: 2 } }],
    [
      "one that loses the first packet",
      { natPmp: true, pcp: true, loses: 1 },
      { natPmp: { externalAddress: "128.66.0.2" }, pcp: { resultCode: 0 } },
    ],
    ["one that never answers", {}, { natPmp: null, pcp: null }],
    [
      "one that sends nonsense first",
      { natPmp: true, pcp: true, noise: [Buffer.alloc(0), Buffer.alloc(12), Buffer.alloc(1500, 255)] },
      { natPmp: { externalAddress: "128.66.0.2" }, pcp: { resultCode: 0 } },
    ],
  ] as const)("%s", async (_name, options, fact) => {
    expect(await ask(options)).toEqual(fact);
  });

  test("changes nothing: only the two harmless questions leave, twice at most", async () => {
    const server = await router({});
    await askPortControl(localLine(), server.port);
    const asked = server.asked.map((request) => `${request[0]} ${request[1]} ${request.length}`).sort();
    expect(asked).toEqual(["0 0 2", "0 0 2", "2 0 24", "2 0 24"]);
    const announce = server.asked.find((request) => request.length === 24);
    expect(announce?.toString("hex")).toBe(`0200${"00".repeat(16)}ffff7f000001`);
  });

  test("without a server it is told so at once", async () => {
    const began = performance.now();
    const answer = await askPortControl(localLine(), await closedPort());
    expect(answer).toEqual({ ok: true, value: { natPmp: null, pcp: null } });
    // Silence takes 1.5 s.
    expect(performance.now() - began).toBeLessThan(1500);
  });

  test("over IPv6 only PCP is asked", async () => {
    const server = await router({ address: "::1", natPmp: true, pcp: true });
    const line = new DeviceLine("::1", AbortSignal.timeout(10_000));
    expect(await askPortControl(line, server.port)).toEqual({
      ok: true,
      value: { natPmp: null, pcp: { resultCode: 0 } },
    });
    expect(server.asked.map((request) => request.toString("hex"))).toEqual([`0200${"00".repeat(21)}01`]);
  });

  test("another host's answer is not heard", async () => {
    const forged = { natPmp: true, pcp: true, answersFrom: "127.0.0.2" };
    expect(await ask(forged)).toEqual({ natPmp: null, pcp: null });
  });

  test("a cancelled scan ends it", async () => {
    const server = await router({});
    const stop = new AbortController();
    const asking = askPortControl(new DeviceLine("127.0.0.1", stop.signal), server.port);
    stop.abort();
    expect(await asking).toMatchObject({ ok: false, reason: "cancelled" });
    const cut = new DeviceLine("127.0.0.1", AbortSignal.abort());
    expect(await askPortControl(cut, server.port)).toMatchObject({ ok: false, reason: "cancelled" });
  });
});

describe("parsers", () => {
  const bytes = fc.uint8Array({ maxLength: 64 }).map((array) => Buffer.from(array));
  /** What begins as an answer does, so that the property gets past the first bytes. */
  const almost = fc
    .tuple(fc.constantFrom(0, 1, 2, 3), fc.constantFrom(0, 128, 129), bytes)
    .map(([version, opcode, rest]) => Buffer.concat([Buffer.from([version, opcode]), rest]));

  test("property: any packet is an answer within its bounds, or none", () => {
    fc.assert(
      fc.property(fc.oneof(bytes, almost), (packet) => {
        const address = parsePublicAddress(packet);
        if (address !== null) {
          expect(address.externalAddress).toMatch(/^\d{1,3}(?:\.\d{1,3}){3}$/);
          expect(packet.length).toBeLessThanOrEqual(12);
        }
        const announce = parseAnnounce(packet);
        if (announce?.speaks === "pcp") {
          expect(announce.version).toBeGreaterThan(0);
          expect(packet.length).toBeGreaterThanOrEqual(24);
        }
        expect(address !== null && announce?.speaks === "pcp").toBe(false);
      }),
    );
  });

  test("property: what a server by the letter says is read back", () => {
    fc.assert(
      fc.property(fc.nat(65_535), fc.array(fc.nat(255), { minLength: 4, maxLength: 4 }), (code, address) => {
        const packet = Buffer.from([0, 128, code >> 8, code & 255, 0, 0, 0, 9, ...address]);
        expect(parsePublicAddress(packet)).toEqual({ resultCode: code, externalAddress: address.join(".") });
        const pcp = Buffer.alloc(24);
        pcp.set([2, 128, 0, code & 255]);
        expect(parseAnnounce(pcp)).toEqual({ speaks: "pcp", version: 2, resultCode: code & 255 });
      }),
    );
  });

  test("a request is no answer", () => {
    expect(parsePublicAddress(encodePublicAddressRequest())).toBeNull();
    expect(parseAnnounce(encodeAnnounceRequest("192.168.77.2"))).toBeNull();
    expect(encodeAnnounceRequest("fe80::2%eth0").subarray(8).toString("hex")).toBe(
      `fe80${"00".repeat(13)}02`,
    );
  });

  test("a PCP server that knows another version is one", () => {
    const answer = Buffer.alloc(24);
    answer.set([1, 128, 0, 1]);
    expect(parseAnnounce(answer)).toEqual({ speaks: "pcp", version: 1, resultCode: 1 });
  });
});
