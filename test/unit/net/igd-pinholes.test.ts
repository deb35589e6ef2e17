import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import type { PinholesFact } from "../../../agent/model/index.ts";
import { pinholeState, walkPinholes } from "../../../agent/net/igd/pinholes.ts";
import { timeLeft } from "../../../agent/net/time-left.ts";
import { type FakeIgd, type IgdOptions, startIgd } from "../../fakes/igd.ts";
import type { FakePinhole } from "../../fakes/igd-pinholes.ts";
import { localLine, loopback } from "./loopback.ts";

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.close()));
});

const own = (uniqueId: number, packets = 0): FakePinhole => ({
  uniqueId,
  internalClient: "127.0.0.1",
  internalPort: 8000,
  protocol: 6,
  packets,
});
const strangers = (uniqueId: number): FakePinhole => ({ ...own(uniqueId), internalClient: "fd77::31" });

async function router(options: Partial<IgdOptions>): Promise<FakeIgd> {
  const igd = await startIgd({
    address: "127.0.0.1",
    ports: "ephemeral",
    port: 2189,
    external: "128.66.0.2",
    firewall: { enabled: true, pinholeAllowed: true },
    ...options,
  });
  running.push(igd);
  return igd;
}

function serviceAt(port: number) {
  return { type: "urn:schemas-upnp-org:service:WANIPv6FirewallControl:1", port, path: "/ctl/IP6FCtl" };
}

function walk(port: number, deadlineMs = 20_000): Promise<PinholesFact> {
  return walkPinholes(localLine(), serviceAt(port), timeLeft(deadlineMs));
}

describe("walking the pinholes", () => {
  test.each(["704", "402", "stale"] as const)(
    "finds all, with a gap in between: %s",
    async (pinholeManner) => {
      const igd = await router({ pinholeManner, pinholes: [own(1, 7), strangers(2), strangers(30)] });
      expect(await walk(igd.port)).toEqual({
        found: [
          { uniqueId: 1, packets: 7 },
          { uniqueId: 2, packets: null },
          { uniqueId: 30, packets: null },
        ],
        complete: true,
      });
      expect(igd.calls.get("DeletePinhole")).toBeUndefined();
    },
  );

  test("without CheckPinholeWorking the packets are asked", async () => {
    const igd = await router({ pinholeManner: "no-check", pinholes: [own(0)] });
    expect(await walk(igd.port)).toEqual({ found: [{ uniqueId: 0, packets: 0 }], complete: true });
  });

  test("with none there the walk ends after 32 ids and the one of nobody", async () => {
    const igd = await router({});
    expect(await walk(igd.port)).toEqual({ found: [], complete: true });
    expect(igd.calls.get("CheckPinholeWorking")).toBe(33);
  });

  test("a router that answers alike for all tells nothing", async () => {
    const igd = await router({ pinholeManner: "alike", pinholes: [strangers(1)] });
    expect(await walk(igd.port)).toEqual({ found: [], complete: false });
    expect(igd.calls.get("CheckPinholeWorking")).toBe(2);
  });

  test.each([
    ["allows none", { enabled: true, pinholeAllowed: false }, true],
    ["is off", { enabled: false, pinholeAllowed: true }, false],
  ])("a firewall that %s", async (_name, firewall, complete) => {
    const igd = await router({ firewall, pinholes: [own(1)] });
    expect(await walk(igd.port)).toEqual({ found: [], complete });
  });

  test("a router full of pinholes is left after 256 ids", async () => {
    const igd = await router({ pinholes: Array.from({ length: 400 }, (_, id) => strangers(id)) });
    const { found, complete } = await walk(igd.port, 60_000);
    expect([found.length, complete]).toEqual([256, false]);
  });

  test("a router that stops answering leaves what was found", async () => {
    let asked = 0;
    const server = await loopback(() => {
      asked += 1;
      const code = asked === 3 ? 606 : 704;
      return asked > 8
        ? { body: "" }
        : {
            status: 500,
            body: `<Envelope><Body><Fault><detail><UPnPError><errorCode>${code}</errorCode></UPnPError></detail></Fault></Body></Envelope>`,
          };
    });
    running.push(server);
    expect(await walk(server.port)).toEqual({ found: [{ uniqueId: 1, packets: null }], complete: false });
  });

  test("property: whatever it answers, the walk ends, and what is found is within its bounds", async () => {
    const codes = fc.array(fc.constantFrom(200, 402, 606, 702, 703, 704, 709, 0), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(codes, async (given) => {
        let asked = 0;
        const server = await loopback(({ headers }) => {
          const code = given[asked++ % given.length];
          const action = /#(\w+)/.exec(String(headers.soapaction))?.[1];
          const fault = `<Fault><detail><UPnPError><errorCode>${code}</errorCode></UPnPError></detail></Fault>`;
          const answer = code === 200 ? `<${action}Response/>` : code === 0 ? "" : fault;
          return { status: code === 200 ? 200 : 500, body: `<Envelope><Body>${answer}</Body></Envelope>` };
        });
        const { found } = await walk(server.port, 2000);
        await server.close();
        expect(asked).toBeLessThan(2000);
        const ids = found.map(({ uniqueId }) => uniqueId);
        expect(ids).toEqual([...new Set(ids)].filter((id) => id >= 0 && id < 256));
      }),
      { numRuns: 15 },
    );
  });
});

test("one pinhole is there, absent, or not told", async () => {
  const igd = await router({ pinholeManner: "stale", pinholes: [strangers(4)] });
  const state = (id: number) => pinholeState(localLine(), serviceAt(igd.port), id, timeLeft(10_000));
  expect([await state(4), await state(5), await state(4)]).toEqual(["there", "absent", "there"]);
  await igd.close();
  running.length = 0;
  expect(await state(4)).toBe("not-told");
});
