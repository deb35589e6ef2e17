import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { connectionKind, ipv4Number, isGlobalIpv6 } from "../../../agent/model/index.ts";

describe("the outside address of a router", () => {
  it.each([
    ["8.8.8.8", "public"],
    ["128.66.0.2", "public"],
    ["10.0.0.1", "private"],
    ["172.15.255.255", "public"],
    ["172.16.0.0", "private"],
    ["172.31.255.255", "private"],
    ["172.32.0.0", "public"],
    ["192.168.1.2", "private"],
    ["100.63.255.255", "public"],
    ["100.64.0.0", "cgnat"],
    ["100.127.255.255", "cgnat"],
    ["100.128.0.0", "public"],
    ["192.0.0.2", "ds-lite"],
    ["192.0.0.7", "ds-lite"],
    ["192.0.0.8", "none"],
    ["0.0.0.0", "none"],
    ["127.0.0.1", "none"],
    ["169.254.3.4", "none"],
    ["224.0.0.1", "none"],
    ["255.255.255.255", "none"],
    ["", "none"],
    ["1.2.3", "none"],
    ["1.2.3.256", "none"],
    ["router.example", "none"],
    ["2001:db8::1", "none"],
  ])("%s is %s", (address, kind) => {
    expect(connectionKind(address)).toBe(kind);
  });

  it("may be missing", () => {
    expect(connectionKind(null)).toBe("none");
  });

  it("is read as a number, whatever it is", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (number) => {
        const address = [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join(".");
        expect(ipv4Number(address)).toBe(number);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        const number = ipv4Number(text);
        expect(number === null || (number >= 0 && number < 2 ** 32)).toBe(true);
      }),
    );
  });
});

describe("a global IPv6 address", () => {
  it.each([
    ["2001:db8::1", true],
    ["3fff:77::2", true],
    ["fe80::1%eth0", false],
    ["fd77::1", false],
    ["ff02::1", false],
    ["::1", false],
    ["20:1::", false],
    ["192.0.2.1", false],
  ])("%s: %s", (address, global) => {
    expect(isGlobalIpv6(address)).toBe(global);
  });
});
