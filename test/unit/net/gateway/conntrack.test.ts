import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OutboundCount, type OutboundSides, parseFlow } from "../../../../agent/net/gateway/conntrack.ts";

/** As `conntrack -L -o extended` 1.4.7 prints them. */
const tcp = (from: string, to: string, state = "ESTABLISHED", marks = "[ASSURED] ") =>
  `ipv4     2 tcp      6 431999 ${state} src=${from} dst=${to} sport=47918 dport=443 src=${to} dst=128.66.0.2 sport=443 dport=47918 ${marks}mark=0 use=1`;
const udp = (from: string, to: string, marks: string) =>
  `ipv4     2 udp      17 29 src=${from} dst=${to} sport=47918 dport=53 ${marks}src=${to} dst=128.66.0.2 sport=53 dport=47918 mark=0 use=1`;

const SIDES: OutboundSides = {
  isDevice: (address) => address.startsWith("192.168.77.") && address !== "192.168.77.1",
  isInside: (address) => address.startsWith("192.168.77."),
};

function counted(lines: readonly string[], cut = 1000) {
  const count = new OutboundCount(SIDES);
  const text = lines.map((line) => `${line}\n`).join("");
  for (let at = 0; at < text.length; at += cut) count.take(text.slice(at, at + cut));
  return count.result;
}

describe("the connection table", () => {
  it("counts what devices hold to hosts outside", () => {
    const lines = [
      tcp("192.168.77.51", "203.0.113.5"),
      tcp("192.168.77.51", "203.0.113.5"),
      tcp("192.168.77.51", "203.0.113.6"),
      tcp("192.168.77.51", "203.0.113.7", "TIME_WAIT"),
      tcp("192.168.77.51", "203.0.113.8", "SYN_SENT", "[UNREPLIED] "),
      udp("192.168.77.51", "203.0.113.9", "[UNREPLIED] "),
      `${udp("192.168.77.52", "203.0.113.9", "")} [ASSURED]`,
      tcp("192.168.77.51", "192.168.77.52"),
      tcp("192.168.77.1", "203.0.113.5"),
      tcp("203.0.113.5", "128.66.0.2"),
      "conntrack v1.4.7 (conntrack-tools): 1 flow entries have been shown.",
    ];
    const expected = [
      { address: "192.168.77.51", hosts: 2, connections: 3 },
      { address: "192.168.77.52", hosts: 1, connections: 1 },
    ];
    expect(counted(lines)).toEqual(expected);
    expect(counted(lines, 1)).toEqual(expected);
  });

  it("reads IPv6", () => {
    const line =
      "ipv6     10 tcp      6 431999 ESTABLISHED src=fd77::51 dst=2001:db8::1 sport=1 dport=2 src=2001:db8::1 dst=fd77::51 sport=2 dport=1 [ASSURED] mark=0 use=1";
    expect(parseFlow(line)).toEqual({ from: "fd77::51", to: "2001:db8::1" });
  });

  it("survives any text, and keeps no line without an end", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.integer({ min: 1, max: 50 }), (lines, cut) => {
        expect(counted(lines, cut)).toEqual([]);
      }),
    );
    expect(counted(["x".repeat(3_000_000), tcp("192.168.77.51", "203.0.113.5")], 65_536)).toHaveLength(1);
  });

  it("counts a hundred thousand connections in bounded memory", () => {
    const lines = Array.from({ length: 100_000 }, (_, index) =>
      tcp(
        `192.168.77.${(index % 100) + 2}`,
        `203.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`,
      ),
    );
    const result = counted(lines, 65_536);
    expect(result).toHaveLength(100);
    expect(result[0]).toEqual({ address: "192.168.77.2", hosts: 1000, connections: 1000 });
  });
});
