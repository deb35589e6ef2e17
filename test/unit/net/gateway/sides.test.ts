import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sidesOf } from "../../../../agent/net/gateway/sides.ts";
import { localInterface } from "./helpers.ts";

const LAN = localInterface("eth0", ["192.168.77.1", "192.168.77.0/24"], ["fd77::1", "fd77::/64"]);
const VPN = localInterface("wg0", ["10.9.0.1", "10.9.0.0/24"]);
const WAN = localInterface("wan0", ["128.66.0.2", "128.66.0.0/24"]);
const SIDES = sidesOf({ outside: ["wan0"], lan: [LAN], forwards: { 4: true, 6: true } }, [LAN, VPN, WAN]);

describe("the two sides of the router", () => {
  it.each([
    { address: "192.168.77.51", device: true, inside: true },
    { address: "fd77::51", device: true, inside: true },
    { address: "192.168.77.1", device: false, inside: true },
    { address: "128.66.0.2", device: false, inside: true },
    { address: "10.9.0.5", device: false, inside: true },
    { address: "224.0.0.251", device: false, inside: true },
    { address: "128.66.0.9", device: false, inside: false },
    { address: "2001:db8::1", device: false, inside: false },
  ])("have $address where it belongs", ({ address, device, inside }) => {
    expect({ device: SIDES.isDevice(address), inside: SIDES.isInside(address) }).toEqual({ device, inside });
  });

  it("have no place for what is no address", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9a-f.:]{0,45}$/), (text) => {
        expect(SIDES.isDevice(text)).toBe(SIDES.isDevice(text) && SIDES.isInside(text));
      }),
    );
  });
});
