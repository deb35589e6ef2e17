import fc from "fast-check";
import { expect, test } from "vitest";
import { Presence } from "../../../agent/inventory/index.ts";
import { type Device, isSameDevice } from "../../../agent/model/index.ts";

function device(part: Partial<Device>): Device {
  return {
    id: "seen:192.0.2.1",
    aliases: [],
    kind: "unknown",
    vendor: null,
    model: null,
    firmware: null,
    certainty: 0,
    stableIds: [],
    addresses: [],
    mac: null,
    names: [],
    fields: {},
    services: [],
    ...part,
  };
}

const digits = (n: number) => `02000000000${n}`;
const colons = (n: number) => `02:00:00:00:00:0${n}`;

test("who took an address over is somebody else, and a card's second address is nobody new", () => {
  const hall = device({
    id: `mac:${digits(1)}`,
    mac: colons(1),
    stableIds: [{ kind: "mac", value: digits(1) }],
    addresses: [{ address: "192.0.2.1", interface: "eth0" }],
  });
  const silent = device({ id: "x", addresses: [{ address: "192.0.2.2", interface: "eth0" }] });
  const present = new Presence([hall, silent]);
  expect(present.answersAt("192.0.2.1")).toBe(true);
  expect(present.answersAt("192.0.2.9")).toBe(false);
  expect(present.sees("192.0.2.1", null)).toBe(true);
  expect(present.sees("192.0.2.1", digits(1))).toBe(true);
  expect(present.sees("192.0.2.1", digits(2))).toBe(false);
  expect(present.sees("192.0.2.9", digits(1))).toBe(true);
  expect(present.sees("192.0.2.9", null)).toBe(false);
  expect(present.sees("192.0.2.2", digits(2))).toBe(true);
  expect(present.includes({ ...hall, addresses: [] })).toBe(true);
  expect(present.includes(device({ id: "y", mac: colons(3), addresses: hall.addresses }))).toBe(false);
  expect(present.includes(device({ id: "y", addresses: hall.addresses }))).toBe(true);
});

test("answers what a walk over the whole list would", () => {
  const number = fc.integer({ min: 1, max: 4 });
  const some = fc
    .record({ id: number, alias: number, mac: fc.option(number), places: fc.array(number, { maxLength: 3 }) })
    .map(({ id, alias, mac, places }) =>
      device({
        id: `id:${id}`,
        aliases: [`id:${alias}`],
        mac: mac === null ? null : colons(mac),
        stableIds: mac === null ? [] : [{ kind: "mac", value: digits(mac) }],
        addresses: places.map((place) => ({ address: `192.0.2.${place}`, interface: "eth0" })),
      }),
    );
  const holds = (known: Device, address: string, mac: string | null) => {
    const own = known.mac?.replaceAll(":", "") ?? null;
    const isThere = known.addresses.some((place) => place.address === address);
    return isThere && (mac === null || own === null || mac === own);
  };
  fc.assert(
    fc.property(fc.array(some), some, number, fc.option(number), (devices, other, place, card) => {
      const present = new Presence(devices);
      const address = `192.0.2.${place}`;
      const mac = card === null ? null : digits(card);
      const hasMac = (known: Device) => known.stableIds.some(({ value }) => value === mac);
      expect(present.sees(address, mac)).toBe(
        devices.some((known) => holds(known, address, mac) || hasMac(known)),
      );
      const own = other.mac?.replaceAll(":", "") ?? null;
      expect(present.includes(other)).toBe(
        devices.some(
          (known) =>
            isSameDevice(known, other) || other.addresses.some((each) => holds(known, each.address, own)),
        ),
      );
    }),
  );
});
