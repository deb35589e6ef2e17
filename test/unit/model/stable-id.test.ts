import fc from "fast-check";
import { expect, test } from "vitest";
import { macDigits, macOfAddress } from "../../../agent/model/index.ts";
import { eui64LinkLocal } from "../../../agent/net/neighbours.ts";

test.each([
  ["fe80::240:8cff:feaa:1%eth0", "00408CAA0001"],
  ["2001:db8::240:8cff:feaa:1", "00408CAA0001"],
  ["fe80::2ff:fe00:1", null],
  ["fe80::1234:56ff:fe78:9abc", "103456789ABC"],
  ["fe80::1:2:3:4", null],
  ["192.0.2.1", null],
  ["::", null],
  ["", null],
])("the MAC in %s", (address, mac) => {
  expect(macOfAddress(address)).toBe(mac);
});

test("each usable MAC is read back from the address that it forms", () => {
  const octet = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(fc.array(octet, { minLength: 6, maxLength: 6 }), (octets) => {
      const mac = macDigits(Buffer.from(octets).toString("hex"));
      // A first group of nothing is written "::" and reads as no address of this form.
      fc.pre(mac !== null && !/^0[02]00/.test(mac));
      expect(macOfAddress(eui64LinkLocal(mac ?? "", "eth0"))).toBe(mac);
    }),
  );
});

test("no text from the network is too odd", () => {
  fc.assert(
    fc.property(fc.string(), (text) => macOfAddress(text) === null || macOfAddress(text)?.length === 12),
  );
});
