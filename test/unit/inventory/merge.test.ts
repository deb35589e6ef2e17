import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { merge } from "../../../agent/inventory/merge.ts";
import type { Observation } from "../../../agent/model/index.ts";
import { endpoint, mac, seen, serial } from "./sightings.ts";

const A = "00408CAA0001";
const B = "00408CAA0002";
const X = "11111111-2222-4333-8444-555555555555";
const Y = "99999999-2222-4333-8444-555555555555";
const addresses = (device: { addresses: readonly { address: string }[] } | undefined) =>
  device?.addresses.map(({ address }) => address);

describe("one device", () => {
  it("is what answers at one address, whatever the protocol", () => {
    const [device, ...others] = merge([
      seen("192.0.2.10", [mac(A)]),
      seen("192.0.2.10", [endpoint(X)], { source: "ws-discovery", fields: { "onvif.name": ["Garden"] } }),
      seen("192.0.2.10", [], { source: "mdns", fields: { "mdns.host": ["cam"] } }),
    ]);
    expect(others).toEqual([]);
    expect(device).toMatchObject({
      id: `endpoint:urn:uuid:${X}`,
      aliases: [`mac:${A}`],
      mac: "00:40:8C:AA:00:01",
      names: ["Garden", "cam"],
      fields: { mac: [A], "onvif.name": ["Garden"], "mdns.host": ["cam"] },
    });
  });

  it("may have several addresses and interfaces", () => {
    const devices = merge([
      seen("192.0.2.20", [mac(A)], { interface: "wlan0" }),
      seen("192.0.2.9", [mac(A)]),
      seen("192.0.2.10", [mac(A)]),
      seen("fe80::1%eth0", [mac(A)]),
      seen("2001:db8::1", [endpoint(X)], { source: "ws-discovery" }),
      seen("192.0.2.9", [endpoint(X)], { source: "ws-discovery" }),
    ]);
    expect(devices).toHaveLength(1);
    expect(addresses(devices[0])).toEqual([
      "192.0.2.9",
      "192.0.2.10",
      "192.0.2.20",
      "2001:db8::1",
      "fe80::1%eth0",
    ]);
    expect(devices[0]?.addresses.map((place) => place.interface)).toContain("wlan0");
  });

  it("is first of all where it spoke itself: the kernel still knows where it was before", () => {
    const devices = merge([
      seen("192.0.2.9", [mac(A)]),
      seen("192.0.2.40", [mac(A)]),
      seen("192.0.2.40", [endpoint(X)], { source: "ws-discovery" }),
    ]);
    expect(addresses(devices[0])).toEqual(["192.0.2.40", "192.0.2.9"]);
  });

  it("may be a UPnP host with several devices inside", () => {
    expect(merge([seen("192.0.2.1", [endpoint(X)]), seen("192.0.2.1", [endpoint(Y)])])).toHaveLength(1);
  });

  it("is ourselves at all our addresses", () => {
    const own = ["192.0.2.1", "198.51.100.1", "fe80::5"];
    const devices = merge(
      [
        seen("192.0.2.1", []),
        seen("198.51.100.1", [], { interface: "eth1" }),
        seen("fe80::5%eth0", []),
        seen("192.0.2.2", []),
      ],
      { selfAddresses: own },
    );
    expect(devices.map(({ self }) => self)).toEqual([true, undefined]);
    expect(addresses(devices[0])).toHaveLength(3);
  });
});

describe("two devices", () => {
  it("with one cloned UUID stay two, named by their MACs", () => {
    const devices = merge([
      seen("192.0.2.10", [mac(A)]),
      seen("192.0.2.11", [mac(B)]),
      seen("192.0.2.10", [endpoint(X)], { source: "ws-discovery" }),
      seen("192.0.2.11", [endpoint(X)], { source: "ws-discovery" }),
    ]);
    expect(devices.map(({ id }) => id).sort()).toEqual([`mac:${A}`, `mac:${B}`]);
    expect(devices.flatMap(({ stableIds }) => stableIds).map(({ kind }) => kind)).toEqual(["mac", "mac"]);
  });

  it("with one factory serial stay two", () => {
    const devices = merge([
      seen("192.0.2.10", [mac(A), serial("onvif:CAM-4711")]),
      seen("192.0.2.11", [mac(B), serial("onvif:CAM-4711")]),
      seen("192.0.2.12", [serial("onvif:0000000")]),
      seen("192.0.2.13", [serial("onvif:0000000")]),
    ]);
    expect(devices).toHaveLength(4);
  });

  it("behind one MAC, as with a Wi-Fi repeater, stay apart where they name themselves", () => {
    const devices = merge([
      seen("192.0.2.10", [mac(A)]),
      seen("192.0.2.11", [mac(A)]),
      seen("192.0.2.12", [mac(A)]),
      seen("192.0.2.11", [endpoint(X)], { source: "ws-discovery" }),
      seen("192.0.2.12", [endpoint(Y)], { source: "ws-discovery" }),
    ]);
    expect(devices.map(({ id }) => id).sort()).toEqual([
      `endpoint:urn:uuid:${X}`,
      `endpoint:urn:uuid:${Y}`,
      `mac:${A}`,
    ]);
    const named = devices.find(({ id }) => id.endsWith(X));
    expect(named?.fields.mac).toBeUndefined();
    expect(named?.mac).toBe("00:40:8C:AA:00:01");
  });

  it("with one address on two interfaces stay two", () => {
    const devices = merge([
      seen("192.168.1.1", [mac(A)]),
      seen("192.168.1.1", [mac(B)], { interface: "eth1" }),
      seen("192.168.1.2", []),
      seen("192.168.1.2", [], { interface: "eth1" }),
    ]);
    expect(devices.map(({ id }) => id).sort()).toEqual([
      `mac:${A}`,
      `mac:${B}`,
      "seen:192.168.1.2",
      "seen:192.168.1.2@eth1",
    ]);
  });
});

describe("proxy ARP", () => {
  it("for a whole subnet is one device, and the cameras that name themselves are their own", () => {
    const hosts = Array.from({ length: 250 }, (_, host) => seen(`192.0.2.${host + 1}`, [mac(A)]));
    const cameras = [
      seen("192.0.2.7", [endpoint(X)], { source: "ws-discovery" }),
      seen("192.0.2.8", [endpoint(Y)], { source: "ws-discovery" }),
    ];
    const devices = merge([...hosts, ...cameras]);
    expect(devices).toHaveLength(3);
    expect(devices.find(({ id }) => id === `mac:${A}`)?.addresses).toHaveLength(248);
  });
});

describe("a known device", () => {
  const known = [{ id: `endpoint:urn:uuid:${X}`, aliases: [`mac:${A}`] }];

  it("keeps its id when its address changes and its strongest id is silent", () => {
    const [device] = merge([seen("192.0.2.99", [mac(A)])], { known });
    expect(device).toMatchObject({ id: `endpoint:urn:uuid:${X}`, aliases: [`mac:${A}`] });
  });

  it("is one even when its two names were seen apart", () => {
    const observations = [seen("192.0.2.9", [mac(A)]), seen("2001:db8::9", [endpoint(X)])];
    expect(merge(observations)).toHaveLength(2);
    expect(merge(observations, { known })).toHaveLength(1);
  });

  it("keeps the id under which it was first seen when a stronger one turns up", () => {
    const [device] = merge([seen("192.0.2.9", [mac(A), endpoint(X)])], {
      known: [{ id: `mac:${A}`, aliases: [] }],
    });
    expect(device).toMatchObject({ id: `mac:${A}`, aliases: [`endpoint:urn:uuid:${X}`] });
  });

  it("does not lend its name to a second device that took over one of its ids", () => {
    const devices = merge([seen("192.0.2.9", [mac(A)]), seen("192.0.2.10", [mac(B), endpoint(X)])], {
      known,
    });
    expect(new Set(devices.map(({ id }) => id)).size).toBe(2);
  });
});

describe("what is no id", () => {
  it("names nobody", () => {
    const observations = [
      seen("192.0.2.1", [mac("00:00:00:00:00:00"), endpoint("00000000-0000-0000-0000-000000000000")]),
      seen("192.0.2.2", [mac("FFFFFFFFFFFF"), mac("zz"), serial("onvif:12345678"), serial("")]),
    ];
    expect(merge(observations).map(({ id }) => id)).toEqual(["seen:192.0.2.1", "seen:192.0.2.2"]);
  });

  it("a farewell is no device", () => {
    expect(merge([seen("192.0.2.1", [endpoint(X)], { leaving: true })])).toEqual([]);
  });
});

const observation: fc.Arbitrary<Observation> = fc.record({
  source: fc.constantFrom("neighbour", "mdns", "ws-discovery", "ssdp"),
  address: fc.constantFrom("192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "fe80::1%eth0", "2001:db8::2"),
  interface: fc.constantFrom("eth0", "wlan0"),
  at: fc.integer({ min: 0, max: 9 }).map((second) => `2026-11-21T09:00:0${second}.000Z`),
  ids: fc.array(
    fc.oneof(
      fc.constantFrom(A, B, "00408CAA0003").map(mac),
      fc.constantFrom(X, Y).map(endpoint),
      fc.constantFrom("onvif:S-1001", "onvif:S-1002").map(serial),
    ),
    { maxLength: 2 },
  ),
  fields: fc.constantFrom({}, { "onvif.name": ["one"] }, { hostname: ["two"] }),
  services: fc.constantFrom([], [{ protocol: "http", port: 80, path: "/" } as const]),
});
const knownDevices = fc.array(
  fc.record({
    id: fc.constantFrom(`mac:${A}`, `endpoint:urn:uuid:${X}`, `endpoint:urn:uuid:${Y}`, "seen:192.0.2.1"),
    aliases: fc.uniqueArray(fc.constantFrom(`mac:${A}`, `mac:${B}`, "serial:onvif:S-1001"), { maxLength: 2 }),
  }),
  { maxLength: 3 },
);
const observations = fc.array(observation, { maxLength: 14 });

describe("whatever is seen", () => {
  it("no two devices share a name or a stable id, and every address is on exactly one", () => {
    fc.assert(
      fc.property(observations, knownDevices, (all, known) => {
        const devices = merge(all, { known });
        const ids = devices.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        const stable = devices.flatMap(({ stableIds }) => stableIds.map((id) => JSON.stringify(id)));
        expect(new Set(stable).size).toBe(stable.length);
        const places = (list: readonly { interface: string; address: string }[]) =>
          list.map((place) => `${place.interface} ${place.address}`);
        expect(places(devices.flatMap((device) => device.addresses)).sort()).toEqual(
          [...new Set(places(all))].sort(),
        );
      }),
    );
  });

  it("the order of the observations changes nothing", () => {
    const shuffled = observations.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, knownDevices, ([all, other], known) => {
        const byId = (list: readonly Observation[]) =>
          merge(list, { known }).sort((a, b) => (a.id < b.id ? -1 : 1));
        expect(byId(other)).toEqual(byId(all));
      }),
    );
  });

  it("a device with two MACs was seen with both at one address", () => {
    fc.assert(
      fc.property(observations, (all) => {
        for (const device of merge(all)) {
          const macs = device.stableIds.filter(({ kind }) => kind === "mac");
          const together = all.some((one) =>
            all.some(
              (other) =>
                one.address === other.address &&
                one.interface === other.interface &&
                new Set(
                  [...one.ids, ...other.ids].filter(({ kind }) => kind === "mac").map(({ value }) => value),
                ).size > 1,
            ),
          );
          expect(macs.length < 2 || together).toBe(true);
        }
      }),
    );
  });
});

describe("a MAC that a device says of itself", () => {
  const claims = (address: string, ids: Observation["ids"]) => seen(address, ids, { source: "mdns" });

  it("does not make it the device that has this MAC on the wire", () => {
    const devices = merge([
      seen("192.0.2.10", [mac(A)]),
      seen("192.0.2.2", [mac(B)]),
      claims("192.0.2.2", [mac(A)]),
    ]);
    expect(devices.map(({ id, addresses: [first] }) => [id, first?.address])).toEqual([
      [`mac:${B}`, "192.0.2.2"],
      [`mac:${A}`, "192.0.2.10"],
    ]);
  });

  it("counts less than the one in its IPv6 address", () => {
    const own = "fe80::240:8cff:feaa:2%eth0";
    const devices = merge([
      seen("192.0.2.10", [mac(A)]),
      seen("192.0.2.11", [mac(B)]),
      claims(own, [mac(A)]),
    ]);
    expect(devices.map(({ id, addresses: all }) => [id, all.length])).toEqual([
      [`mac:${A}`, 1],
      [`mac:${B}`, 2],
    ]);
  });

  it("names it where nothing else does", () => {
    expect(merge([claims("192.0.2.10", [mac(A)])])[0]?.id).toBe(`mac:${A}`);
  });
});

describe("an IPv6 address formed from a MAC", () => {
  it("joins what was heard over IPv6 to the host in the neighbour table", () => {
    const devices = merge([
      seen("192.0.2.10", [mac(A)]),
      seen("fe80::240:8cff:feaa:1%eth0", [endpoint(X)], { source: "ws-discovery" }),
    ]);
    expect(devices.map(({ id, aliases }) => [id, aliases])).toEqual([
      [`endpoint:urn:uuid:${X}`, [`mac:${A}`]],
    ]);
  });
});

describe("a device that was known by its address alone", () => {
  const known = [{ id: "seen:192.0.2.10", aliases: [] }];

  it("takes that name along when it gets a lasting one", () => {
    const [device] = merge([seen("192.0.2.10", [mac(A)])], { known });
    expect(device).toMatchObject({ id: `mac:${A}`, aliases: ["seen:192.0.2.10"] });
  });

  it("keeps the name while it has no other", () => {
    expect(merge([seen("192.0.2.10", [])], { known })[0]).toMatchObject({ id: known[0]?.id, aliases: [] });
  });

  it("is not the next one at this address", () => {
    const learnt = [{ id: `mac:${A}`, aliases: ["seen:192.0.2.10"] }];
    const devices = merge([seen("192.0.2.10", []), seen("192.0.2.11", [mac(A)])], { known: learnt });
    expect(devices.map(({ id }) => id)).toEqual(["seen:192.0.2.10@eth0", `mac:${A}`]);
    expect(merge([seen("192.0.2.10", [])], { known: learnt })[0]?.id).toBe("seen:192.0.2.10@eth0");
    expect(merge([seen("192.0.2.10", [mac(B)])], { known: learnt })[0]).toMatchObject({
      id: `mac:${B}`,
      aliases: [],
    });
  });
});

describe("a UUID that wanders to another MAC", () => {
  const known = [{ id: `endpoint:urn:uuid:${X}`, aliases: [`mac:${A}`] }];

  it("does not take the name along, and no id stands for both", () => {
    const devices = merge([seen("192.0.2.10", [mac(A)]), seen("192.0.2.11", [mac(B), endpoint(X)])], {
      known,
    });
    expect(devices.map(({ id, aliases }) => [id, ...aliases])).toEqual([
      [`endpoint:urn:uuid:${X}`, `mac:${A}`],
      [`mac:${B}`],
    ]);
  });
});

it("no two devices of one scan ever share an id or alias, whatever was known", () => {
  const id = fc.constantFrom(mac(A), mac(B), endpoint(X), endpoint(Y));
  const address = fc.constantFrom("192.0.2.1", "192.0.2.2", "192.0.2.3", "fe80::1%eth0");
  const text = fc.constantFrom(
    ...[`mac:${A}`, `mac:${B}`, `endpoint:urn:uuid:${X}`, `endpoint:urn:uuid:${Y}`],
    ...["seen:192.0.2.1", "seen:192.0.2.2", "seen:192.0.2.3"],
  );
  const names = fc.uniqueArray(text, { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(address, fc.array(id, { maxLength: 2 })), { maxLength: 6 }),
      fc.array(names, { maxLength: 3 }),
      (sightings, earlier) => {
        const known = earlier.map(([first = "", ...aliases]) => ({ id: first, aliases }));
        const devices = merge(
          sightings.map(([where, ids]) => seen(where, ids)),
          { known },
        );
        const all = devices.flatMap((device) => [device.id, ...device.aliases]);
        expect(new Set(all).size).toBe(all.length);
        expect(
          merge(
            sightings.toReversed().map(([where, ids]) => seen(where, ids)),
            { known },
          ),
        ).toEqual(devices);
      },
    ),
    { numRuns: 500 },
  );
});
