import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { localInterfaces } from "../../../agent/net/interfaces.ts";
import { hostAddresses, planSweep, TableRoom } from "../../../agent/net/neighbour-sweep.ts";
import { eui64LinkLocal, parseArpTable, parseIpv6Neighbours } from "../../../agent/net/neighbours.ts";

const HEADER = "IP address       HW type     Flags       HW address            Mask     Device\n";

describe("/proc/net/arp", () => {
  it("keeps resolved rows with a usable MAC only", () => {
    const table = `${HEADER}192.168.1.1      0x1         0x2         02:fc:00:00:00:05     *        eth0
192.168.1.2      0x1         0x0         00:00:00:00:00:00     *        eth0
192.168.1.3      0x1         0x2         00:00:00:00:00:00     *        eth0
192.168.1.4      0x1         0x0         02:fc:00:00:00:06     *        eth0
192.168.1.5      0x1         0x6         02:fc:00:00:00:07     *        br0
192.168.1.6      0x1         0x2         01:00:5e:00:00:01     *        eth0
`;
    expect(parseArpTable(table)).toEqual([
      { address: "192.168.1.1", interface: "eth0", mac: "02FC00000005" },
      { address: "192.168.1.5", interface: "br0", mac: "02FC00000007" },
    ]);
  });

  it("survives any text", () => {
    fc.assert(fc.property(fc.string(), (text) => Array.isArray(parseArpTable(HEADER + text))));
  });
});

describe("ip -j -6 neigh", () => {
  it("keeps live states and adds the zone to link-local addresses", () => {
    const json = JSON.stringify([
      { dst: "fe80::1", dev: "eth0", lladdr: "02:fc:00:00:00:05", router: null, state: ["STALE"] },
      { dst: "2001:db8::2", dev: "eth0", lladdr: "02:fc:00:00:00:06", state: ["REACHABLE"] },
      { dst: "fe80::3", dev: "eth0", state: ["FAILED"] },
      { dst: "fe80::4", dev: "eth0", lladdr: "02:fc:00:00:00:07", state: ["FAILED"] },
      { dst: "ff02::1", dev: "eth0", lladdr: "33:33:00:00:00:01", state: ["NOARP"] },
      null,
      7,
    ]);
    expect(parseIpv6Neighbours(json)).toEqual([
      { address: "fe80::1%eth0", interface: "eth0", mac: "02FC00000005" },
      { address: "2001:db8::2", interface: "eth0", mac: "02FC00000006" },
    ]);
  });

  it("takes no output for an empty table and other text for a failure", () => {
    expect(parseIpv6Neighbours("")).toEqual([]);
    expect(parseIpv6Neighbours("Usage: ip")).toBeNull();
    expect(parseIpv6Neighbours("{}")).toBeNull();
  });

  it("survives any JSON", () => {
    fc.assert(fc.property(fc.json(), (json) => void parseIpv6Neighbours(json)));
  });
});

describe("EUI-64", () => {
  it("forms the link-local address of RFC 4291, appendix A", () => {
    expect(eui64LinkLocal("34567890ABCD", "eth0")).toBe("fe80::3656:78ff:fe90:abcd%eth0");
  });
});

describe("sweep plan", () => {
  const address = (cidr: string) => ({
    address: cidr.split("/")[0]!,
    cidr,
    family: "IPv4" as const,
    internal: false,
    mac: "02:00:00:00:00:01",
    netmask: "",
  });
  const [local] = localInterfaces({
    eth0: ["192.168.1.5/24", "10.0.0.1/16", "10.9.0.7/32", "172.16.0.1/22"].map(address),
  });

  it("leaves out what is larger than the limit, and says so", () => {
    expect(planSweep(local!, 1022)).toEqual({
      subnets: ["192.168.1.0/24", "172.16.0.0/22"],
      skipped: [
        { subnet: "10.0.0.0/16", because: "larger-than-limit" },
        { subnet: "10.9.0.7/32", because: "point-to-point" },
      ],
    });
    expect(planSweep(local!, 65_534).subnets).toContain("10.0.0.0/16");
  });

  it("counts every host address once, without network and broadcast address", () => {
    expect([...hostAddresses("192.168.1.4/30")]).toEqual(["192.168.1.5", "192.168.1.6"]);
    expect([...hostAddresses("192.168.1.4/31")]).toEqual(["192.168.1.4", "192.168.1.5"]);
    expect([...hostAddresses("255.255.255.252/30")]).toEqual(["255.255.255.253", "255.255.255.254"]);
    expect(new Set(hostAddresses("172.16.0.0/22")).size).toBe(1022);
  });
});

describe("room in the neighbour table", () => {
  it("is shared, shrinks with resolved rows, and comes back with an answer or when the kernel has given up", () => {
    const room = new TableRoom(100);
    for (let host = 0; host < 60; host += 1) room.occupy(`10.0.0.${host}`, 0);
    expect(room.left(30, 1000)).toBe(10);
    room.release("10.0.0.7");
    expect(room.left(31, 1000)).toBe(10);
    expect(room.left(30, 4000)).toBe(70);
  });

  it("keeps a few places when the table is full", () => {
    const room = new TableRoom(100);
    expect(room.left(5000, 0)).toBeGreaterThan(0);
  });
});
