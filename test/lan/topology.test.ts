import { describe, expect, it } from "vitest";
import { WAYS_CAST } from "./cast-ways.ts";
import { BIN, type Lan, type LanOptions, startLan } from "./lan.ts";
import { mapPorts, openPinhole } from "./router.ts";
import { mapPortsAtSecond } from "./second-router.ts";
import { globalOf, OUTSIDE, SECOND_ROUTER } from "./topology.ts";

const [open, twin] = WAYS_CAST;
if (open === undefined || twin === undefined) throw new Error("the cast is too small");
const PORTS = [80, 554, 8080, 8081, 8443, 8444, 10554];
const TO_WEB = { protocol: "TCP", internalClient: open.address, internalPort: 8080 } as const;
const MAPPING = { ...TO_WEB, externalPort: 8081, description: "open" };

/** Runs `story` on a LAN of its own. */
async function on(options: Omit<LanOptions, "cast">, story: (lan: Lan) => Promise<void>): Promise<void> {
  const lan = await startLan({ cast: WAYS_CAST, ...options });
  try {
    await story(lan);
  } finally {
    await lan.stop();
  }
}

/** Those of `PORTS` that accept a connection from the agent. */
async function fromAgent(lan: Lan, address: string): Promise<readonly number[]> {
  const script = `for port in ${PORTS.join(" ")}; do (: < /dev/tcp/${address}/$port) && echo $port; done; :`;
  const { stdout } = await lan.agent.run(["bash", "-c", script]).done;
  return stdout.split("\n").filter(Boolean).map(Number);
}

describe("the virtual LAN's routers", () => {
  it("let IPv6 in or not, to addresses made from MAC addresses and to others", async () => {
    const addresses = [globalOf(open), globalOf(twin)];
    expect(addresses).toEqual(["3fff:77::5eff:fe00:7741", "3fff:77::42"]);
    await on({ ipv6: "open" }, async (lan) => {
      expect(await lan.outside.reachable(PORTS, addresses[0])).toEqual([554, 8080]);
      expect(await lan.outside.reachable(PORTS, addresses[1])).toEqual([80, 554]);
      expect(await lan.outside.reachable(PORTS)).toEqual([]);
      expect(await fromAgent(lan, globalOf(open))).toEqual([554, 8080]);
      expect(await lan.offLanPackets()).toBe(0);
    });
    await on({ ipv6: "filtered" }, async (lan) => {
      for (const address of addresses) expect(await lan.outside.reachable(PORTS, address)).toEqual([]);
      const pinhole = { protocol: "TCP", internalClient: globalOf(open), internalPort: 8080 } as const;
      await openPinhole(lan.world, BIN, "open", pinhole);
      expect(await lan.outside.reachable(PORTS, globalOf(open))).toEqual([8080]);
      expect(await lan.outside.reachable(PORTS, globalOf(twin))).toEqual([]);
    });
  });

  it("hold the owner's forwards, with and without a way back in from inside", async () => {
    await on({}, async (lan) => {
      const to = { internalClient: open.address, internalPort: 8080 };
      await lan.setForwards([
        { ...to, externalPort: 8443, hairpin: true },
        { ...to, externalPort: 8444, hairpin: false },
      ]);
      expect(await lan.outside.reachable(PORTS)).toEqual([8443, 8444]);
      expect(await fromAgent(lan, lan.site.wan)).toEqual([8443]);
      const every = { internalClient: open.address, externalPort: null, internalPort: null };
      await lan.setForwards([{ ...every, hairpin: true }]);
      expect(await lan.outside.reachable(PORTS)).toEqual([554, 8080]);
      expect(await fromAgent(lan, lan.site.wan)).toEqual([554, 8080]);
      await lan.setForwards([]);
      expect(await lan.outside.reachable(PORTS)).toEqual([]);
      const { ownWan, offLan, all } = await lan.agent.sent();
      expect(ownWan).toBeGreaterThan(0);
      expect(offLan).toBe(0);
      expect(all.connections).toBe(2 * PORTS.length);
    });
  });

  it("stand behind another, which passes nothing on unless it is told to", async () => {
    for (const { wan, reached, ...options } of [
      { upstream: "double-nat", wan: "10.99.0.2", reached: [] },
      { upstream: "double-nat", outerDmz: true, wan: "10.99.0.2", reached: [8081] },
      { upstream: "cgnat", wan: "100.64.7.2", reached: [] },
    ] as const) {
      await on(options, async (lan) => {
        await mapPorts(lan.world, BIN, [MAPPING]);
        expect(lan.site.wan).toBe(wan);
        expect(await lan.outside.reachable(PORTS)).toEqual(reached);
        // The way out works: the carrier and the outer router translate.
        const out = lan.outside.run([process.execPath, "-e", SAYS_WHO], {
          stdio: ["pipe", "pipe", "inherit"],
        });
        await new Promise((resolve) => out.child.stdout?.once("data", resolve));
        const { stdout } = await lan.agent.run(["bash", "-c", `cat < /dev/tcp/${OUTSIDE.address}/9009`]).done;
        expect(stdout).toBe("::ffff:128.66.0.2");
        out.kill("SIGTERM");
        await out.done;
      });
    }
  });

  it("are two where one more is plugged in, each with a line and a list of its own", async () => {
    await on({ secondRouter: true }, async (lan) => {
      await mapPorts(lan.world, BIN, [MAPPING], "open");
      await mapPortsAtSecond(lan.world, BIN, [{ ...MAPPING, externalPort: 8443 }], "open");
      expect(await lan.outside.reachable(PORTS)).toEqual([8081]);
      expect(await lan.outside.reachable(PORTS, SECOND_ROUTER.wan)).toEqual([8443]);
    });
  });

  it("may be the machine that Komainu runs on, with just the capability that it is given", async () => {
    await on({ seat: "router", capabilities: ["net_admin"] }, async (lan) => {
      const script = "grep CapEff /proc/self/status; nft list table inet filter > /dev/null && echo read";
      const { stdout } = await lan.agent.run(["bash", "-c", script]).done;
      expect(stdout).toMatch(/CapEff:\s0+1000\nread/);
      expect(lan.agent.address).toBe("192.168.77.1");
      expect(await lan.outside.reachable(PORTS)).toEqual([]);
      expect(await lan.agent.offLanAddresses()).toEqual([]);
      await lan.agent.run(["bash", "-c", `: < /dev/tcp/${OUTSIDE.address}/9`]).done;
      expect(await lan.agent.offLanAddresses()).toEqual([OUTSIDE.address]);
    });
    await on({ seat: "router" }, async (lan) => {
      expect((await lan.agent.run(["nft", "list", "table", "inet", "filter"]).done).code).not.toBe(0);
    });
  });

  it("count what goes to the named vantage point apart, and nothing else that goes there", async () => {
    await on({ vantagePort: 8088, ipv6: "filtered" }, async (lan) => {
      const knock = (port: number) => `: < /dev/tcp/${OUTSIDE.address}/${port}`;
      await lan.agent.run(["bash", "-c", knock(8088)]).done;
      await lan.agent.run(["bash", "-c", `: < /dev/tcp/${OUTSIDE.addresses6[1]}/8088`]).done;
      expect(await lan.agent.sent()).toMatchObject({ vantage: 2, offLan: 0 });
      await lan.agent.run(["bash", "-c", knock(8089)]).done;
      expect(await lan.agent.sent()).toMatchObject({ vantage: 2, offLan: 1 });
    });
  });
});

/** Tells each caller the address that it came from. */
const SAYS_WHO = `require("node:net").createServer((socket) => socket.end(socket.remoteAddress))
  .listen(9009, () => console.log("up"))`;
