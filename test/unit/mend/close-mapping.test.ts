import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { closeMapping } from "../../../agent/mend/index.ts";
import { type MappingTarget, MEND_RESULTS, type MendOutcome } from "../../../agent/model/index.ts";
import { DeviceLine } from "../../../agent/net/line.ts";
import type { FakeIgd } from "../../fakes/igd.ts";
import { anyText } from "../net/any-text.ts";
import { localLine, loopback } from "../net/loopback.ts";
import { CAMERA, hintOf, OTHERS, router, stopRouters, targetOf } from "./router.ts";

const DEADLINE_MS = 20_000;
afterEach(stopRouters);

function close(igds: readonly { readonly port: number }[], target: MappingTarget): Promise<MendOutcome> {
  return closeMapping(localLine(), igds.map(hintOf), target, DEADLINE_MS);
}

function deletions({ calls }: FakeIgd): number {
  return calls.get("DeletePortMapping") ?? 0;
}

describe("closing a port mapping", () => {
  test.each([1, 2] as const)("deletes that one entry and reads it back, IGD:%i", async (version) => {
    const igd = await router({ version });
    expect(await close([igd], targetOf(CAMERA))).toEqual({
      result: "done",
      code: null,
      detail: "the router agreed; read back, the entry is gone",
    });
    expect(igd.mappings()).toEqual([OTHERS]);
    expect(deletions(igd)).toBe(1);
  });

  test("a second click finds it done", async () => {
    const igd = await router();
    await close([igd], targetOf(CAMERA));
    expect(await close([igd], targetOf(CAMERA))).toMatchObject({ result: "already", code: null });
    expect(deletions(igd)).toBe(1);
  });

  test.each([
    ["another device", { internalClient: "192.168.77.99" }],
    ["another port", { internalPort: 443 }],
  ])("what leads to %s now is left alone", async (_name, seen) => {
    const igd = await router();
    expect(await close([igd], targetOf(CAMERA, seen))).toMatchObject({ result: "changed", code: null });
    expect(deletions(igd)).toBe(0);
  });

  test("the protocol is part of the key", async () => {
    const igd = await router();
    expect(await close([igd], targetOf(CAMERA, { protocol: "UDP" }))).toMatchObject({ result: "already" });
    expect(igd.mappings()).toHaveLength(2);
  });

  test("a client that the router does not tell is known by its name", async () => {
    const igd = await router({ mappings: [{ ...CAMERA, internalClient: "0.0.0.0" }] });
    expect(await close([igd], targetOf(CAMERA, { description: "other" }))).toMatchObject({
      result: "changed",
    });
    expect(await close([igd], targetOf(CAMERA))).toMatchObject({ result: "done" });
  });

  test("PPPoE", async () => {
    const igd = await router({ connection: "ppp" });
    expect(await close([igd], targetOf(CAMERA))).toMatchObject({ result: "done" });
  });
});

describe("a router", () => {
  test.each(["refuses-delete", undefined] as const)("that refuses (%s) is believed", async (misbehaves) => {
    const igd = await router(misbehaves ? { misbehaves } : { secureMode: true });
    expect(await close([igd], targetOf(CAMERA))).toMatchObject({ result: "refused", code: 606 });
    expect(igd.mappings()).toHaveLength(2);
    expect(deletions(igd)).toBe(1);
  });

  test("that refuses every action is asked to delete nothing", async () => {
    const igd = await router({ misbehaves: "refuses-all" });
    expect(await close([igd], targetOf(CAMERA))).toMatchObject({ result: "refused", code: 501 });
    expect(deletions(igd)).toBe(0);
  });

  test.each(["deletes-nothing", "comes-back"] as const)(
    "that says yes and %s is found out",
    async (misbehaves) => {
      const igd = await router({ misbehaves });
      expect(await close([igd], targetOf(CAMERA))).toMatchObject({ result: "still-there", code: null });
      expect(deletions(igd)).toBe(1);
    },
  );

  test("that denies by key what it lists is closed by its list", async () => {
    const igd = await router({ misbehaves: "denies-by-key" });
    expect(await close([igd], targetOf(CAMERA))).toMatchObject({ result: "done" });
    expect(igd.mappings()).toEqual([OTHERS]);
  });

  test("whose answer is lost after it deleted is read back, not asked again", async () => {
    const igd = await router({ misbehaves: "loses-delete-answer" });
    const outcome = await close([igd], targetOf(CAMERA));
    expect(outcome).toMatchObject({ result: "done", detail: expect.stringContaining("no usable answer") });
    expect(deletions(igd)).toBe(1);
  });

  test("with a connection that is not in use: only the other one matters", async () => {
    const igd = await router({ idlePpp: true });
    expect(await close([igd], targetOf(CAMERA))).toMatchObject({ result: "done" });
    expect(deletions(igd)).toBe(1);
  });

  test("with two tables: the one that holds the entry is asked", async () => {
    const empty = await router({ mappings: [], version: 1 });
    const full = await router();
    expect(await close([empty, full], targetOf(CAMERA))).toMatchObject({ result: "done" });
    expect([deletions(empty), deletions(full)]).toEqual([0, 1]);
  });

  test("of which one table refuses: it is open, whatever the other says", async () => {
    const strict = await router({ misbehaves: "refuses-delete" });
    const lenient = await router();
    expect(await close([lenient, strict], targetOf(CAMERA))).toMatchObject({ result: "refused", code: 606 });
  });

  test.each(["redirects", "controls-elsewhere"] as const)("that %s leads nowhere", async (misbehaves) => {
    const igd = await router({ misbehaves });
    expect(await close([igd], targetOf(CAMERA))).toMatchObject({ result: "failed", code: null });
    expect(igd.mappings()).toHaveLength(2);
  });

  test("that lets everybody wait ends with the deadline", async () => {
    const igd = await router({ misbehaves: "drips" });
    const began = performance.now();
    const outcome = await closeMapping(localLine(), [hintOf(igd)], targetOf(CAMERA), 1500);
    expect(outcome).toMatchObject({ result: "failed" });
    expect(performance.now() - began).toBeLessThan(6000);
    expect(deletions(igd)).toBe(0);
  });

  test("that is gone, or whose line is cut, has failed", async () => {
    const igd = await router();
    const cut = new DeviceLine("127.0.0.1", AbortSignal.abort());
    expect(await closeMapping(cut, [hintOf(igd)], targetOf(CAMERA), DEADLINE_MS)).toMatchObject({
      result: "failed",
    });
    await stopRouters();
    expect(await close([igd], targetOf(CAMERA))).toMatchObject({ result: "failed" });
  });
});

test("property: whatever a router answers, the outcome is one of ours and one line", async () => {
  const status = fc.constantFrom(200, 302, 500);
  await fc.assert(
    fc.asyncProperty(anyText, fc.nat(999), status, async (text, code, answerStatus) => {
      const server = await loopback(({ method, headers }) => {
        if (method === "GET") {
          return {
            body: "<root><device><serviceList><service><serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType><controlURL>/c</controlURL></service></serviceList></device></root>",
          };
        }
        const action = /#(\w+)/.exec(String(headers.soapaction))?.[1];
        const fields = `<NewInternalClient>192.168.77.31</NewInternalClient><NewInternalPort>80</NewInternalPort>${text}`;
        const body =
          answerStatus === 200
            ? `<Envelope><Body><${action}Response>${action?.startsWith("GetS") ? fields : text}</${action}Response></Body></Envelope>`
            : `<Envelope><Body><Fault><detail><UPnPError><errorCode>${code}</errorCode><errorDescription>${text}</errorDescription></UPnPError></detail></Fault></Body></Envelope>`;
        return { status: answerStatus, body };
      });
      const outcome = await closeMapping(localLine(), [hintOf(server)], targetOf(CAMERA), 500);
      await server.close();
      expect(MEND_RESULTS).toContain(outcome.result);
      expect(outcome.detail).toMatch(/^[\x20-\x7e]{1,120}$/);
    }),
    { numRuns: 30 },
  );
});
