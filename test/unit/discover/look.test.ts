import { describe, expect, it } from "vitest";
import { Collector } from "../../../agent/discover/collector.ts";
import { Look } from "../../../agent/discover/look.ts";
import { localInterfaces } from "../../../agent/net/interfaces.ts";

const [local] = localInterfaces({
  eth0: [
    {
      address: "192.168.1.5",
      cidr: "192.168.1.5/24",
      family: "IPv4",
      internal: false,
      mac: "02:00:00:00:00:01",
      netmask: "255.255.255.0",
    },
  ],
});
function look(signal = new AbortController().signal): Look {
  return new Look({ source: "mdns", local: local!, windowMs: 0, signal, collector: new Collector() });
}
const packet = (sender: string) => ({ sender, data: Buffer.alloc(100) });

describe("one look of one source", () => {
  it("hears the link only, and names a few of those beyond for the installer", () => {
    const one = look();
    expect(one.hears(packet("192.168.1.20"))).toBe(true);
    for (let host = 0; host < 100; host += 1) expect(one.hears(packet(`192.168.0.${host}`))).toBe(false);
    expect(one.status()).toMatchObject({ ok: true });
    expect(one.status().detail).toBe(
      "off this subnet, not asked: 192.168.0.0 192.168.0.1 192.168.0.2 192.168.0.3",
    );
  });

  it("counts senders, not packets", () => {
    const one = look();
    for (const port of [80, 81]) {
      one.tell("192.168.1.20", { ids: [], fields: {}, services: [{ protocol: "http", port, path: "/" }] });
    }
    expect(one.status()).toEqual({
      source: "mdns",
      interface: "eth0",
      ok: true,
      observations: 1,
      detail: null,
    });
    expect(one.collector.observations[0]).toMatchObject({
      source: "mdns",
      address: "192.168.1.20",
      interface: "eth0",
    });
  });

  it("says when there were more senders than are kept", () => {
    const one = look();
    const tell = (host: number) =>
      one.tell(`10.0.${host >> 8}.${host & 255}`, { ids: [], fields: {}, services: [] });
    for (let host = 0; host < 1024; host += 1) tell(host);
    expect(one.status()).toMatchObject({ ok: true, detail: null });
    tell(1024);
    expect(one.status()).toMatchObject({ ok: false, detail: "too many senders, sightings left out: 1" });
  });

  it("hears the packets that waited in the kernel at the end of the window, and a flood not for ever", async () => {
    const one = look();
    let heard = 0;
    const feed = (packets: number) => {
      if (packets === 0) return;
      one.hears(packet("192.168.1.20"));
      heard += 1;
      setImmediate(feed, packets - 1);
    };
    setImmediate(feed, 5);
    await one.hearOut();
    expect(heard).toBe(5);
    setImmediate(feed, 1000);
    await one.hearOut();
    expect(heard).toBeGreaterThan(6);
    expect(heard).toBeLessThan(500);
  });

  it("says what it could not read and what it dropped, which is no failure", () => {
    const one = look();
    one.unreadable();
    while (one.hears(packet("192.168.1.20")));
    expect(one.status().ok).toBe(true);
    expect(one.status().detail).toMatch(/^unreadable packets: 1; packets dropped in a flood: 1$/);
  });

  it("is not ok after trouble, nor when it was cancelled", async () => {
    const troubled = look();
    troubled.trouble("IPv6: EADDRNOTAVAIL");
    expect(troubled.status()).toMatchObject({ ok: false, detail: "IPv6: EADDRNOTAVAIL" });
    const cancelled = look(AbortSignal.abort());
    await cancelled.wait(60_000);
    expect(cancelled.status()).toMatchObject({ ok: false, detail: "cancelled" });
  });
});
