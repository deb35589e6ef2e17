import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  configuredPath,
  parseDnsmasqLeases,
  parseMiniupnpdLeases,
} from "../../../../agent/net/gateway/leases.ts";
import { told } from "./helpers.ts";

const NOW = 1_000_000_000;

describe("miniupnpd's lease file", () => {
  it("tells mappings that have not ended, with the name that their maker gave", () => {
    const text = `TCP:8081:192.168.77.51:80:0:Camera (TCP): 8081
UDP:5000:192.168.77.52:5001:1000001:late
TCP:5002:192.168.77.52:80:1000000:over
TCP:0:192.168.77.52:80:0:no port
TCP:99999:192.168.77.52:80:0:no port
TCP:80:example.org:80:0:no address
`;
    const leases = parseMiniupnpdLeases(text, NOW);
    expect(leases.map(told)).toEqual([
      "4 TCP 8081 any > 192.168.77.51 80",
      "4 UDP 5000 any > 192.168.77.52 5001",
    ]);
    expect(leases.map(({ comment }) => comment)).toEqual(["Camera (TCP): 8081", "late"]);
  });

  it("survives any text", () => {
    const line = fc.tuple(
      fc.constantFrom("TCP", "UDP", "X"),
      fc.array(fc.oneof(fc.nat().map(String), fc.string())),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const text = lines.map(([protocol, rest]) => [protocol, ...rest].join(":")).join("\n");
        for (const { comment } of parseMiniupnpdLeases(text, NOW))
          expect(comment.length).toBeLessThanOrEqual(120);
      }),
    );
    expect(parseMiniupnpdLeases("TCP:1:10.0.0.1:1:0:\n".repeat(100_000), NOW)).toHaveLength(4096);
  });
});

describe("dnsmasq's lease file", () => {
  it("tells addresses and the names that devices gave themselves", () => {
    const text = `1763780000 02:77:00:00:00:51 192.168.77.51 front-door 01:02:77:00:00:00:51
0 02:77:00:00:00:52 192.168.77.52 * *
1763780000 06-02:77:00:00:00:53 192.168.77.53 x *
duid 00:01:00:01:2a:bb:cc:dd:02:77:00:00:00:01
1763780000 7799123 fd77::51 front-door 00:01:00:01
`;
    expect(parseDnsmasqLeases(text)).toEqual([
      { address: "192.168.77.51", mac: "027700000051", name: "front-door" },
      { address: "192.168.77.52", mac: "027700000052", name: "" },
      { address: "192.168.77.53", mac: "027700000053", name: "x" },
    ]);
  });

  it("survives any text", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.oneof(fc.string(), fc.constantFrom("0", "02:77:00:00:00:51", "10.0.0.1")))),
        (lines) => {
          for (const { mac } of parseDnsmasqLeases(lines.map((line) => line.join(" ")).join("\n")))
            expect(mac).toMatch(/^[0-9A-F]{12}$/);
        },
      ),
    );
  });
});

describe("where they are", () => {
  it("is what the configuration says last", () => {
    expect(configuredPath("#lease_file=/a\nlease_file=/b\n lease_file = /c  # here\n", "lease_file")).toBe(
      "/c",
    );
    expect(configuredPath("lease_file=relative\nlease_file6=/six\n", "lease_file")).toBeNull();
  });

  it("is a path or nothing, whatever stands there", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const path = configuredPath(`dhcp-leasefile=${text}`, "dhcp-leasefile");
        expect(path === null || path.startsWith("/")).toBe(true);
      }),
    );
  });
});
