import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  chosenInterfaces,
  ipv4Gateways,
  ipv6Gateways,
  isOnLink,
  localInterfaces,
  networkView,
  sameAddress,
} from "../../../agent/net/interfaces.ts";

const MAC = "02:00:00:00:00:01";
function ipv4(cidr: string, mac = MAC) {
  const address = cidr.split("/")[0] ?? "";
  return { address, cidr, family: "IPv4" as const, internal: false, mac, netmask: "" };
}
function ipv6(cidr: string, mac = MAC) {
  const address = cidr.split("/")[0] ?? "";
  return { address, cidr, family: "IPv6" as const, internal: false, mac, netmask: "", scopeid: 2 };
}
const LAN = {
  lo: [{ ...ipv4("127.0.0.1/8"), internal: true }],
  eth0: [ipv4("192.168.1.5/24"), ipv6("fe80::5/64"), ipv6("2001:db8:1::5/64")],
  "eth0:1": [ipv4("10.0.0.5/30")],
  docker0: [ipv4("172.17.0.1/16")],
  "br-0123456789ab": [ipv4("172.18.0.1/16")],
  "br-lan": [ipv4("192.168.8.1/24")],
  wg0: [ipv4("10.8.0.2/24", "00:00:00:00:00:00")],
  wan0: [ipv4("128.66.0.2/16")],
  wan1: [ipv4("100.64.3.2/10")],
};

describe("local interfaces", () => {
  const all = localInterfaces(LAN);
  const reasons = Object.fromEntries(all.map(({ name, skipped }) => [name, skipped]));

  it("leaves out loopback and says why others are skipped", () => {
    expect(reasons).toEqual({
      eth0: null,
      docker0: "container-bridge",
      "br-0123456789ab": "container-bridge",
      "br-lan": null,
      wg0: "point-to-point",
      wan0: "public-address",
      wan1: "public-address",
    });
  });

  it("counts an alias as an address of its interface", () => {
    const eth0 = all.find(({ name }) => name === "eth0")!;
    expect(eth0.addresses.map(({ subnet }) => subnet)).toEqual([
      "192.168.1.0/24",
      "fe80::/64",
      "2001:db8:1::/64",
      "10.0.0.4/30",
    ]);
  });

  it("looks at a skipped interface only when it was named", () => {
    expect(chosenInterfaces(all, undefined).map(({ name }) => name)).toEqual(["eth0", "br-lan"]);
    expect(chosenInterfaces(all, ["docker0", "absent"]).map(({ name }) => name)).toEqual(["docker0"]);
  });

  it("shows the zone of link-local addresses and the reason of what is skipped", () => {
    const [eth0, docker] = all;
    expect(networkView(eth0!, true).addresses).toContain("fe80::5%eth0");
    expect(networkView(docker!, false)).toMatchObject({
      subnets: [],
      skipped: [{ subnet: "172.17.0.0/16", because: "container-bridge" }],
    });
  });
});

describe("on-link test", () => {
  const eth0 = localInterfaces(LAN).find(({ name }) => name === "eth0")!;
  it.each([
    ["192.168.1.77", true],
    ["192.168.1.0", false],
    ["192.168.1.255", false],
    ["192.168.2.1", false],
    ["8.8.8.8", false],
    ["127.0.0.1", false],
    ["0.0.0.0", false],
    ["239.255.255.250", false],
    ["fe80::9%eth0", true],
    ["fe80::9%eth1", false],
    ["fe80::9", false],
    ["2001:db8:1::9", true],
    ["2001:db8:2::9", false],
    ["::1", false],
    ["::ffff:192.168.1.77", false],
    ["ff02::1%eth0", false],
    ["camera.local", false],
    ["", false],
  ])("%s: %s", (address, expected) => {
    expect(isOnLink(address, eth0)).toBe(expected);
  });

  it("never throws and never lets a foreign IPv4 address pass", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()), (address) => {
        if (isOnLink(address, eth0)) expect(address).toMatch(/^192\.168\.1\.|^10\.0\.0\.[56]$|^2001:db8:1:/i);
      }),
    );
  });
});

describe("sameAddress", () => {
  it.each([
    ["fe80::1%eth0", "FE80:0:0:0:0:0:0:1", true],
    ["::ffff:192.168.1.5", "192.168.1.5", true],
    ["192.168.1.5", "192.168.1.50", false],
    ["x", "x", false],
  ])("%s %s: %s", (left, right, expected) => {
    expect(sameAddress(left, right)).toBe(expected);
  });
});

describe("gateways", () => {
  it("reads the IPv4 table", () => {
    const table = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask
eth0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
eth0\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
ppp0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0
`;
    expect(ipv4Gateways(table)).toEqual(["192.168.1.1"]);
  });

  it("reads the IPv6 table, with the zone", () => {
    const zero = "0".repeat(32);
    const table = `${zero} 00 ${zero} 00 fe800000000000000000000000000001 00000400 00000002 00000000 00000003     eth0
fe800000000000000000000000000000 40 ${zero} 00 ${zero} 00000100 00000001 00000000 00000001     eth0
${zero} 00 ${zero} 00 ${zero} ffffffff 00000001 00000000 00200200       lo
`;
    expect(ipv6Gateways(table)).toEqual(["fe80::1%eth0"]);
  });

  it("takes any text for a table without throwing", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(Array.isArray([...ipv4Gateways(text), ...ipv6Gateways(text)])).toBe(true);
      }),
    );
  });
});
