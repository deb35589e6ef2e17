import { afterEach, describe, expect, test } from "vitest";
import { closePinhole } from "../../../agent/mend/index.ts";
import type { MendOutcome } from "../../../agent/model/index.ts";
import type { FakeIgd, IgdOptions } from "../../fakes/igd.ts";
import type { FakePinhole } from "../../fakes/igd-pinholes.ts";
import { localLine } from "../net/loopback.ts";
import { hintOf, router, stopRouters } from "./router.ts";

afterEach(stopRouters);

const OWN: FakePinhole = {
  uniqueId: 3,
  internalClient: "127.0.0.1",
  internalPort: 8000,
  protocol: 6,
  packets: 0,
};
const STRANGERS: FakePinhole = { ...OWN, uniqueId: 4, internalClient: "fd77::31" };

function gate(options: Partial<IgdOptions> = {}): Promise<FakeIgd> {
  const firewall = { enabled: true, pinholeAllowed: true };
  return router({ pinholes: [OWN, STRANGERS], firewall, ...options });
}

function close(igd: FakeIgd, uniqueId: number): Promise<MendOutcome> {
  return closePinhole(localLine(), [hintOf(igd)], uniqueId, 20_000);
}

function deletions({ calls }: FakeIgd): number {
  return calls.get("DeletePinhole") ?? 0;
}

describe("closing an IPv6 pinhole", () => {
  test.each(["704", "402", "stale", "no-check"] as const)(
    "deletes it and reads back: %s",
    async (pinholeManner) => {
      const igd = await gate({ pinholeManner });
      expect(await close(igd, 3)).toMatchObject({ result: "done", code: null });
      expect(igd.pinholes()).toEqual([STRANGERS]);
      expect(await close(igd, 3)).toMatchObject({ result: "already" });
      expect(deletions(igd)).toBe(1);
    },
  );

  test("of another device is refused, and stays", async () => {
    const igd = await gate();
    expect(await close(igd, 4)).toMatchObject({ result: "refused", code: 606 });
    expect(igd.pinholes()).toHaveLength(2);
    expect(deletions(igd)).toBe(1);
  });

  test("that stays although the router agreed is found out", async () => {
    const igd = await gate({ pinholeManner: "deletes-nothing" });
    expect(await close(igd, 3)).toMatchObject({ result: "still-there", code: null });
    expect(deletions(igd)).toBe(1);
  });

  test.each([
    ["a router that answers alike for all", { pinholeManner: "alike" }],
    ["a router without the service", { version: 1 }],
    ["a router that describes no control of its own", { misbehaves: "redirects" }],
  ] as const)("is not tried at %s", async (_name, options) => {
    const igd = await gate(options);
    expect(await close(igd, 3)).toMatchObject({ result: "failed", code: null });
    expect(deletions(igd)).toBe(0);
  });
});
