import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { compileVendors, inventory, inventoryInTurns } from "../../../agent/inventory/index.ts";
import { endpoint, mac, seen } from "./sightings.ts";

const options = { vendors: compileVendors([]), gateways: ["192.0.2.1"] };

test("in turns the same devices are found, in the same order", async () => {
  const host = fc.integer({ min: 1, max: 12 });
  const sighting = fc.tuple(host, host, fc.boolean()).map(([place, name, told]) => {
    const id = name.toString(16).padStart(12, "0");
    return seen(`192.0.2.${place}`, [told ? endpoint(`11111111-2222-4333-8444-${id}`) : mac(id)]);
  });
  await fc.assert(
    fc.asyncProperty(fc.array(sighting), async (observations) => {
      expect(await inventoryInTurns(observations, options)).toEqual(inventory(observations, options));
    }),
  );
});

test("others have their turn while a large network is taken stock of", async () => {
  const observations = Array.from({ length: 2000 }, (_, host) =>
    seen(`10.0.${host >> 8}.${host & 255}`, [mac(`0240${host.toString(16).padStart(8, "0")}`)], {
      fields: { "mdns.txt": Array.from({ length: 32 }, (_, key) => `key${key}=${host}`) },
    }),
  );
  let done = false;
  const taking = inventoryInTurns(observations, options).finally(() => {
    done = true;
  });
  let turns = 0;
  while (!done) {
    await nextTurn();
    turns += 1;
  }
  expect(await taking).toHaveLength(2000);
  expect(turns).toBeGreaterThan(2);
});
