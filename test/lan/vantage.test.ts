import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readInvitation, type VantageFact, type VantageSettings } from "../../agent/model/index.ts";
import { SMALL_CAST } from "./cast-small.ts";
import { program } from "./komainu.ts";
import { type Lan, startLan } from "./lan.ts";
import { Service } from "./service.ts";
import { askSite, type SiteParts, siteContext } from "./site-question.ts";
import { OUTSIDE, ROUTER } from "./topology.ts";

const CAMERA = "192.168.77.51";
const PORT = 8790;
const KEYS = "/run/lan/vantage-keys";
/** Global addresses for the gateway and its way out: a home LAN has them, and no translation of IPv6. */
const PREFIX = "3fff:77:77";
const IPV6_OF = {
  agent: `addr replace ${PREFIX}::2/64 dev eth0 nodad
    route replace default via ${PREFIX}::1`,
  [ROUTER.name]: `addr replace ${PREFIX}::1/64 dev eth0 nodad
    addr replace 3fff:66:66::2/64 dev wan0 nodad
    route replace default via 3fff:66:66::9`,
  [OUTSIDE.name]: `addr replace 3fff:66:66::9/64 dev eth0 nodad
    route replace ${PREFIX}::/64 via 3fff:66:66::2`,
};
const NO_IPV6_TRANSLATION = "insert rule inet filter postrouting meta nfproto ipv6 accept";
const LET_IPV6_IN = "insert rule inet filter forward meta nfproto ipv6 accept";

describe("a vantage point on the internet's side of the router", () => {
  let lan: Lan;
  let komainu: string;
  let invitation: VantageSettings;
  beforeAll(async () => {
    lan = await startLan({ cast: SMALL_CAST });
    komainu = await program(lan);
    invitation = await newKey(OUTSIDE.address);
    const listen = ["--listen", String(PORT), "--key-file", KEYS];
    const argv = [process.execPath, komainu, "vantage", ...listen];
    await Service.start(lan.world, OUTSIDE.name, argv, { line: /^vantage: port 8790/ });
  });
  afterAll(() => lan?.stop());

  async function newKey(host: string): Promise<VantageSettings> {
    const place = `${host.includes(":") ? `[${host}]` : host}:${PORT}`;
    const argv = [process.execPath, komainu, "vantage", "--key-file", KEYS, "--new-key", place];
    const settings = readInvitation(await lan.world.run(OUTSIDE.name, argv));
    if (settings === null) throw new Error("no invitation was printed");
    return settings;
  }

  async function look(parts: SiteParts, settings = invitation): Promise<VantageFact> {
    const answer = await askSite(lan, "vantage", siteContext({ settings: { vantage: settings }, ...parts }));
    if (!answer.ok) throw new Error(`${answer.reason} ${answer.detail}`);
    return answer.value;
  }

  it("says which listed port leads to which camera", async () => {
    const { looks } = await look({ mappings: [{ externalPort: 8081 }], cameras: { [CAMERA]: [80, 554] } });
    expect(looks).toHaveLength(1);
    const [{ family, seenAs, asked, inside, beacon }] = looks as [VantageFact["looks"][0]];
    expect([family, seenAs, beacon]).toEqual([4, ROUTER.wan, null]);
    const open = asked.filter(({ result }) => result === "open");
    // The other one is the mapping of the NAS, which was not in the list given here: it is a usual port.
    expect(open.map(({ port }) => port).sort()).toEqual([5001, 8081]);
    const camera = open.find(({ port }) => port === 8081)?.fingerprint;
    const alike = inside.filter(({ fingerprint }) => fingerprint.hash === camera?.hash);
    expect(alike.map(({ deviceId, port }) => [deviceId, port])).toEqual([[`camera-${CAMERA}`, 80]]);
  });

  it("is told only listed ports where others may share the address, and none where it is not ours", async () => {
    const cameras = { [CAMERA]: [80] };
    const mappings = [{ externalPort: 8081 }];
    const asked = async (router: SiteParts["router"]) => {
      const { looks } = await look({ router: { ...router }, mappings, cameras });
      return looks.map((one) => [one.seenAs, one.asked.map(({ port }) => port)]);
    };
    expect(await asked({ maybeShared: true })).toEqual([[ROUTER.wan, [8081]]]);
    expect(await asked({ externalAddress: "128.66.0.77" })).toEqual([[ROUTER.wan, []]]);
    expect(await asked({ connection: "private", externalAddress: "10.0.0.2" })).toEqual([[ROUTER.wan, []]]);
    expect(await asked({ connection: "none", externalAddress: null })).toEqual([[ROUTER.wan, []]]);
  });

  it("is not asked by IPv4 behind a carrier's translation, nor without being named", async () => {
    const carrier = siteContext({ router: { connection: "cgnat" }, settings: { vantage: invitation } });
    expect(await askSite(lan, "vantage", carrier)).toMatchObject({ ok: false, reason: "unsupported" });
    const before = await lan.offLanPackets();
    expect(await askSite(lan, "vantage", siteContext({}))).toMatchObject({
      ok: false,
      reason: "unsupported",
    });
    expect(await lan.offLanPackets()).toBe(before);
  });

  it("sends packets to the named host only", async () => {
    expect(await lan.agent.offLanAddresses()).toEqual([OUTSIDE.address]);
  });

  it("takes no other key, and this machine's own filter is told apart from silence", async () => {
    const context = (vantage: VantageSettings) => siteContext({ settings: { vantage } });
    const stranger = { ...invitation, key: `${invitation.key.split(":")[0]}:${"A".repeat(43)}` };
    expect(await askSite(lan, "vantage", context(stranger))).toMatchObject({ reason: "unauthorized" });
    const filter = `table inet sealed {
      chain output { type filter hook output priority 1; ip daddr ${OUTSIDE.address} drop; }
    }`;
    await lan.world.run("agent", ["nft", "-f", "-"], filter);
    try {
      expect(await askSite(lan, "vantage", context(invitation))).toEqual({
        ok: false,
        reason: "not-permitted",
      });
    } finally {
      await lan.world.run("agent", ["nft", "delete", "table", "inet", "sealed"]);
    }
  });

  it("tells by IPv6 whether the router lets anybody in, and whether our page is seen", async () => {
    for (const [name, commands] of Object.entries(IPV6_OF))
      await lan.world.run(null, ["ip", "-n", name, "-batch", "-"], commands);
    await lan.world.run(ROUTER.name, ["nft", NO_IPV6_TRANSLATION]);
    const page = `require("node:http").createServer((request, response) => response.end("<title>page</title>"))
      .listen(8080, "::", () => console.log("ready"))`;
    await Service.start(lan.world, "agent", [process.execPath, "-e", page], { line: /^ready$/ });
    const byIpv6 = { ...invitation, host: "3fff:66:66::9" };
    const seen = async () => {
      const { looks } = await look({ router: { connection: "cgnat" }, ownPorts: [8080] }, byIpv6);
      return looks.map(({ family, seenAs, asked, beacon }) => {
        const results = asked.map(({ port, result }) => `${port} ${result}`);
        return { family, seenAs, results, beacon };
      });
    };
    const here = { family: 6, seenAs: expect.stringMatching(/^3fff:/) };
    expect(await seen()).toEqual([{ ...here, results: ["8080 silent"], beacon: "silent" }]);
    await lan.world.run(ROUTER.name, ["nft", LET_IPV6_IN]);
    expect(await seen()).toEqual([{ ...here, results: ["8080 open"], beacon: "open" }]);
  });

  it("ends when it is told to, keeps its keys to itself, and writes down nothing but counts", async () => {
    const listen = ["--listen", "8791", "--key-file", KEYS];
    const other = lan.world.spawn(OUTSIDE.name, [process.execPath, komainu, "vantage", ...listen]);
    const { stdout } = other.child;
    await new Promise((resolve) => stdout?.once("data", resolve));
    const { looks } = await look({ cameras: { [CAMERA]: [80] } }, { ...invitation, port: 8791 });
    expect(looks).toHaveLength(1);
    other.kill("SIGTERM");
    const end = await other.done;
    expect(end).toMatchObject({ code: 0, stderr: "" });
    expect(end.stdout).toBe("vantage: port 8791, keys: 1\nlooks 2, refused 0, without a key 0\n");
    await lan.world.run(OUTSIDE.name, ["chmod", "644", KEYS]);
    const open = lan.world.spawn(OUTSIDE.name, [process.execPath, komainu, "vantage", ...listen]);
    expect(await open.done).toMatchObject({ code: 64, stderr: expect.stringContaining("chmod 600") });
    await lan.world.run(OUTSIDE.name, ["chmod", "600", KEYS]);
  });
});
