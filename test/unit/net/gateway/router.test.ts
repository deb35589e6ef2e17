import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ipv4WaysOut, ipv6WaysOut, routerSeat } from "../../../../agent/net/gateway/router.ts";
import type { LocalInterface } from "../../../../agent/net/interfaces.ts";
import { localInterface } from "./helpers.ts";

const HEADER = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n";
const ROUTE4 = `${HEADER}wan0\t00000000\t01004280\t0003\t0\t0\t0\t00000000\t0\t0\t0
eth0\t004DA8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n`;
const ROUTE6 = `${"0".repeat(32)} 00 ${"0".repeat(32)} 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003     ppp0
${"0".repeat(32)} 00 ${"0".repeat(32)} 00 ${"0".repeat(32)} ffffffff 00000001 00000000 00200200       lo\n`;

describe("ways out", () => {
  it("are the interfaces of default routes, with a gateway or without", () => {
    expect(ipv4WaysOut(ROUTE4)).toEqual(["wan0"]);
    expect(ipv4WaysOut(`${HEADER}ppp0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0\n`)).toEqual([
      "ppp0",
    ]);
    expect(ipv4WaysOut(`${HEADER}*\t00000000\t00000000\t0200\t0\t0\t0\t00000000\t0\t0\t0\n`)).toEqual([]);
    expect(ipv6WaysOut(ROUTE6)).toEqual(["ppp0"]);
  });

  it("survive any table", () => {
    fc.assert(
      fc.property(fc.string(), (text) =>
        [...ipv4WaysOut(text), ...ipv6WaysOut(text)].every((name) => name !== ""),
      ),
    );
  });
});

describe("the router", () => {
  const LAN = localInterface("eth0", ["192.168.77.1", "192.168.77.0/24"]);
  const WAN = localInterface("wan0", ["128.66.0.2", "128.66.0.0/24"]);
  let proc: string;
  beforeEach(() => {
    proc = mkdtempSync(join(tmpdir(), "komainu-proc-"));
    put("sys/net/ipv4/ip_forward", "1\n");
    put("sys/net/ipv6/conf/all/forwarding", "0\n");
    put("net/route", ROUTE4);
  });
  afterEach(() => rmSync(proc, { recursive: true, force: true }));
  function put(path: string, text: string): void {
    mkdirSync(dirname(join(proc, path)), { recursive: true });
    writeFileSync(join(proc, path), text);
  }
  const seat = (...interfaces: readonly LocalInterface[]) =>
    routerSeat({ proc, interfaces: () => interfaces });

  it("has a LAN on another interface than the way out", () => {
    expect(seat(LAN, WAN)).toEqual({ outside: ["wan0"], lan: [LAN], forwards: { 4: true, 6: false } });
  });

  it("is none that forwards nothing, has no way out, or one LAN that is the way out", () => {
    expect(seat(WAN)).toBeNull();
    expect(seat(WAN, { ...LAN, name: "docker0", skipped: "container-bridge" })).toBeNull();
    put("sys/net/ipv4/ip_forward", "0\n");
    expect(seat(LAN, WAN)).toBeNull();
    put("sys/net/ipv6/conf/all/forwarding", "1\n");
    expect(seat(LAN, WAN)?.forwards).toEqual({ 4: false, 6: true });
    put("net/route", HEADER);
    expect(seat(LAN, WAN)).toBeNull();
  });

  it("is none where the kernel tells nothing", () => {
    expect(routerSeat({ proc: join(proc, "nowhere"), interfaces: () => [LAN, WAN] })).toBeNull();
  });
});
