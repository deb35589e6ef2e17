import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SMALL_CAST } from "./cast-small.ts";
import { type Lan, startLan } from "./lan.ts";
import { Service } from "./service.ts";
import { askSite, siteContext } from "./site-question.ts";
import { OUTSIDE, ROUTER } from "./topology.ts";

const CAMERA = "192.168.77.51";
/** As a person types it into a home router, which leads its own LAN back in as well; no UPnP list shows it. */
const MANUAL_FORWARD = `
add rule inet filter prerouting ip daddr ${ROUTER.wan} tcp dport 8082 dnat ip to ${CAMERA}:80
add rule inet filter forward ct status dnat accept
add rule inet filter postrouting oifname "eth0" ct status dnat masquerade`;
/** A page that shows how it was called, and a service that hangs up on whoever does not speak its tongue. */
const ROUTER_SERVICES = `require("node:net").createServer((caller) => caller.destroy()).listen(9000, () =>
  require("node:http").createServer((request, response) =>
    response.end("<title>Router at " + request.headers.host + "</title>")).listen(80, () => console.log("ready")))`;
const COUNT_ALL = `
table inet seen {
  counter heard { }
  chain input { type filter hook input priority 0; meta l4proto { tcp, udp } counter name heard; }
}`;

describe("the outside address, asked from inside", () => {
  let lan: Lan;
  beforeAll(async () => {
    lan = await startLan({ cast: SMALL_CAST });
    await lan.world.run(ROUTER.name, ["nft", "-f", "-"], MANUAL_FORWARD);
    await lan.world.run(OUTSIDE.name, ["nft", "-f", "-"], COUNT_ALL);
    const argv = [process.execPath, "-e", ROUTER_SERVICES];
    await Service.start(lan.world, ROUTER.name, argv, { line: /^ready$/ });
  });
  afterAll(() => lan?.stop());

  async function seenOutside(): Promise<number> {
    const list = await lan.world.run(OUTSIDE.name, ["nft", "list", "counter", "inet", "seen", "heard"]);
    return Number(/packets (\d+)/.exec(list)?.[1]);
  }

  it("shows a forward that no list shows, by the camera's own fingerprint, and not the router's own services", async () => {
    const answer = await askSite(lan, "hairpin", siteContext({ cameras: { [CAMERA]: [80, 554] } }));
    if (!answer.ok) throw new Error(`${answer.reason} ${answer.detail}`);
    const { routerId, address, asked, inside } = answer.value;
    expect([routerId, address]).toEqual(["router", ROUTER.wan]);
    const open = asked.filter(({ result }) => result === "open");
    expect(open.map(({ port }) => port)).toEqual([8082]);
    expect(asked.filter(({ port }) => port === 80 || port === 9000)).toEqual([]);
    const alike = inside.filter(({ fingerprint }) => fingerprint.hash === open[0]?.fingerprint?.hash);
    expect(alike).toEqual([
      { deviceId: `camera-${CAMERA}`, port: 80, fingerprint: { kind: "http", hash: expect.any(String) } },
    ]);
    expect(inside.map(({ port, fingerprint }) => [port, fingerprint.kind])).toEqual([
      [80, "http"],
      [554, "rtsp"],
    ]);
    expect(await seenOutside()).toBe(0);
  });

  it("asks only listed ports where others may share the address", async () => {
    const shared = siteContext({
      router: { maybeShared: true },
      mappings: [
        { externalPort: 8082 },
        { externalPort: 9999, protocol: "UDP" },
        { externalPort: 7, enabled: false },
      ],
      cameras: { [CAMERA]: [80, 554] },
    });
    const answer = await askSite(lan, "hairpin", shared);
    expect(answer).toMatchObject({ ok: true, value: { asked: [{ port: 8082, result: "open" }] } });
    const none = await askSite(lan, "hairpin", { ...shared, evidence: {} });
    expect(none).toMatchObject({ ok: false, reason: "unsupported" });
  });

  it("asks nothing at an address that is not the router's own, whatever the router says", async () => {
    const before = await lan.offLanPackets();
    const liar = siteContext({ router: { externalAddress: OUTSIDE.address }, cameras: { [CAMERA]: [80] } });
    const answer = await askSite(lan, "hairpin", liar);
    expect(answer).toEqual({ ok: false, reason: "unsupported", detail: "outside address not proven" });
    expect(await seenOutside()).toBe(0);
    // The proof itself: three datagrams that died at the router.
    expect((await lan.offLanPackets()) - before).toBe(3);
  });

  it("asks nothing where the router is not the default gateway, or its address is not of the internet", async () => {
    const before = await lan.offLanPackets();
    for (const context of [
      siteContext({ router: { connection: "private", externalAddress: "10.0.0.2" } }),
      siteContext({ router: { connection: "cgnat", externalAddress: "100.64.0.2" } }),
      { ...siteContext({}), devices: [] },
    ])
      expect(await askSite(lan, "hairpin", context)).toMatchObject({ ok: false, reason: "unsupported" });
    expect(await lan.offLanPackets()).toBe(before);
  });

  it("says when this machine's own filter forbids it", async () => {
    const forbid = `table inet sealed {
      chain output { type filter hook output priority 1; ip daddr ${ROUTER.wan} drop; }
    }`;
    await lan.world.run("agent", ["nft", "-f", "-"], forbid);
    try {
      expect(await askSite(lan, "hairpin", siteContext({}))).toEqual({ ok: false, reason: "not-permitted" });
    } finally {
      await lan.world.run("agent", ["nft", "delete", "table", "inet", "sealed"]);
    }
  });
});
