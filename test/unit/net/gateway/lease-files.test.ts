import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type LeasePaths,
  readDnsmasqLeases,
  readMiniupnpdLeases,
} from "../../../../agent/net/gateway/lease-files.ts";

const MAPPING = "TCP:8081:192.168.77.51:80:0:Camera\n";
const LEASE = "0 02:77:00:00:00:51 192.168.77.51 front-door *\n";

describe("lease files", () => {
  let folder: string;
  let paths: LeasePaths;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "komainu-leases-"));
    mkdirSync(join(folder, "dnsmasq.d"));
    paths = {
      miniupnpdConfigs: [join(folder, "none.conf"), join(folder, "miniupnpd.conf")],
      miniupnpdLeases: [join(folder, "none.leases"), join(folder, "upnp.leases")],
      dnsmasqConfig: join(folder, "dnsmasq.conf"),
      dnsmasqConfigFolder: join(folder, "dnsmasq.d"),
      dnsmasqLeases: join(folder, "dnsmasq.leases"),
    };
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const put = (name: string, text: string) => writeFileSync(join(folder, name), text);

  it("are not there on most machines", async () => {
    expect(await readMiniupnpdLeases(paths, 0)).toMatchObject({ ok: false, reason: "unsupported" });
    expect(await readDnsmasqLeases({ ...paths, dnsmasqConfigFolder: join(folder, "none") })).toMatchObject({
      ok: false,
      reason: "unsupported",
    });
  });

  it("are found in their usual places, and where the configuration says", async () => {
    put("upnp.leases", MAPPING);
    put("dnsmasq.leases", LEASE);
    expect(await readMiniupnpdLeases(paths, 0)).toMatchObject({ ok: true, value: [{ comment: "Camera" }] });
    expect(await readDnsmasqLeases(paths)).toMatchObject({ ok: true, value: [{ name: "front-door" }] });
    put("miniupnpd.conf", `lease_file=${join(folder, "other")}\n`);
    put("dnsmasq.d/lan.conf", `dhcp-leasefile=${join(folder, "other")}\n`);
    put("other", "TCP:8082:192.168.77.52:80:0:Other\n0 02:77:00:00:00:52 192.168.77.52 other *\n");
    expect(await readMiniupnpdLeases(paths, 0)).toMatchObject({ ok: true, value: [{ comment: "Other" }] });
    expect(await readDnsmasqLeases(paths)).toMatchObject({ ok: true, value: [{ name: "other" }] });
  });

  it("are too large from a megabyte on", async () => {
    put("upnp.leases", MAPPING.repeat(40_000));
    expect(await readMiniupnpdLeases(paths, 0)).toMatchObject({ ok: false, reason: "too-large" });
  });
});
