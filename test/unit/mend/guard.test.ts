import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { guardInput, guardRules } from "../../../agent/mend/guard.ts";
import { guardReading } from "../../../agent/net/gateway/guard-table.ts";
import type { RouterSeat } from "../../../agent/net/gateway/router.ts";
import { localInterface } from "../net/gateway/helpers.ts";

const SEAT: RouterSeat = {
  outside: ["wan0"],
  lan: [localInterface("eth0", ["192.168.77.1", "192.168.77.0/24"], ["2001:db8::1", "2001:db8::/64"])],
  forwards: { 4: true, 6: true },
};

describe("the guard", () => {
  it("is for cameras' own addresses on the LAN", () => {
    const addresses = [
      "192.168.77.52",
      "192.168.77.51",
      "192.168.77.51",
      "2001:DB8:0::51",
      "fe80::51%eth0",
      "192.168.77.1",
      "192.168.77.255",
      "203.0.113.5",
      "224.0.0.1",
      "example.org",
    ];
    expect(guardInput(addresses, SEAT)).toEqual({
      cameras: ["192.168.77.51", "192.168.77.52", "2001:db8::51"],
      outside: ["wan0"],
    });
  });

  it("replaces itself in one transaction and refuses nothing but new connections from outside", () => {
    expect(guardRules({ cameras: ["192.168.77.51", "2001:db8::51"], outside: ["ppp0", "wan0"] })).toBe(
      `table inet komainu_guard
delete table inet komainu_guard
table inet komainu_guard {
  set cameras4 {
    type ipv4_addr
    elements = { 192.168.77.51 }
  }
  set cameras6 {
    type ipv6_addr
    elements = { 2001:db8::51 }
  }
  counter refused { }
  chain forward {
    type filter hook forward priority -10; policy accept;
    iifname != { "ppp0", "wan0" } accept
    ct state != new accept
    ip daddr @cameras4 counter name "refused" drop
    ip6 daddr @cameras6 counter name "refused" drop
  }
}
`,
    );
  });

  it("has no other words than those, whatever addresses and names there are", () => {
    const any = fc.array(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6(), fc.constant('"; flush ruleset; #')));
    const shape = guardRules({ cameras: [], outside: [] }).replace(/\{ {2}\}/, "{  }");
    fc.assert(
      fc.property(any, any, (cameras, outside) => {
        const text = guardRules(guardInput(cameras, { ...SEAT, outside }));
        const without = text
          .replace(/^ {4}elements = \{ [0-9a-f:., ]+ \}\n/gm, "")
          .replace(/\{ "[A-Za-z0-9_.:@-]{1,15}"(, "[A-Za-z0-9_.:@-]{1,15}")* \}/, "{  }");
        expect(without).toBe(shape);
      }),
    );
  });

  it("is read back from what nft prints, and any JSON", () => {
    // As nft 1.0.6 prints a guard for one camera, shortened to what is read.
    const place = { family: "inet", table: "komainu_guard" };
    const wan = { match: { op: "!=", left: { meta: { key: "iifname" } }, right: "wan0" } };
    const objects = [
      { set: { ...place, name: "cameras4", type: "ipv4_addr", elem: ["192.168.77.51"] } },
      { counter: { ...place, name: "refused", packets: 3, bytes: 180 } },
      { rule: { ...place, chain: "forward", expr: [wan, { accept: null }] } },
    ];
    expect(guardReading(objects)).toEqual({
      cameras: ["192.168.77.51"],
      outside: ["wan0"],
      refused: 3,
      rules: 1,
    });
    fc.assert(fc.property(fc.array(fc.jsonValue()), (any) => guardReading(any).rules <= any.length));
  });
});
