import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GatewayFact, GatewayForward } from "../../agent/model/index.ts";
import { findProgram } from "./available.ts";
import type { CastMember } from "./cast-member.ts";
import type { GatewayAnswers, GatewayCommand } from "./inside/gateway.ts";
import type { Reach } from "./inside/reach.ts";
import { type Lan, startLan } from "./lan.ts";
import { Service } from "./service.ts";
import { OUTSIDE, ROUTER, ulaOf } from "./topology.ts";

const BIN = "/run/lan/bin";
const CAMERA: CastMember = {
  name: "camera",
  story: "has opened a door to the internet, and holds a connection to its maker's server",
  address: "192.168.77.51",
  mac: "02:00:5E:00:77:51",
  mappings: [{ protocol: "TCP", externalPort: 7077, internalPort: 7000, description: "Camera's door" }],
  truth: { kind: "camera", vendor: null, openViews: [], factoryLogins: [] },
};
const NEIGHBOUR: CastMember = {
  name: "neighbour",
  story: "looks at the camera from inside",
  address: "192.168.77.52",
  mac: "02:00:5E:00:77:52",
  truth: { kind: "other", vendor: null, openViews: [], factoryLogins: [] },
};

/** Sends back what it gets. */
const ECHO = `require("node:net").createServer((socket) => socket.pipe(socket).on("error", () => undefined))
  .listen(7000, "::", () => console.log("ready"))`;
/** Holds one connection: each line of its input comes back through it. */
const HOLD = `const socket = require("node:net").connect(Number(process.argv[2]), process.argv[1], () => console.log("ready"));
  process.stdin.pipe(socket).pipe(process.stdout)`;
/** An ordinary program's rights but for the one capability that the drop-in gives. */
const WITH_NET_ADMIN = [
  "setpriv",
  "--inh-caps=-all,+net_admin",
  "--ambient-caps=-all,+net_admin",
  "--bounding-set=-all,+net_admin",
  "--no-new-privs",
];

let lan: Lan;
beforeAll(async () => {
  lan = await startLan({ cast: [CAMERA, NEIGHBOUR] });
  const echo = [process.execPath, "-e", ECHO];
  await Promise.all(
    [CAMERA.name, OUTSIDE.name].map((name) => Service.start(lan.world, name, echo, { line: /^ready$/ })),
  );
});
afterAll(() => lan?.stop());

async function onRouter<C extends GatewayCommand>(
  command: C,
  rights = WITH_NET_ADMIN,
): Promise<GatewayAnswers[C["do"]]> {
  const argv = [...rights, process.execPath, `${BIN}/gateway.mjs`, JSON.stringify(command)];
  return JSON.parse(await lan.world.run(ROUTER.name, argv)) as GatewayAnswers[C["do"]];
}

const READ = {
  do: "read",
  miniupnpdLeases: "/run/lan/upnp.leases",
  dnsmasqLeases: "/run/lan/dnsmasq.leases",
} as const;
async function read(): Promise<GatewayFact> {
  const answer = await onRouter(READ);
  if (!answer.ok) throw new Error(answer.reason);
  return answer.value;
}

const hold = (from: string, address: string, port: number) =>
  Service.start(lan.world, from, [process.execPath, "-e", HOLD, address, String(port)], { line: /^ready$/ });

async function reaches(from: string, address: string, port: number): Promise<boolean> {
  const request = JSON.stringify({ address, ports: [port], timeoutMs: 3000, get: null });
  const printed = await lan.world.run(from, [process.execPath, `${BIN}/reach.mjs`, request]);
  return (JSON.parse(printed) as readonly Reach[])[0]?.connected === true;
}

/** The router's rules without counters and without the guard. */
async function ownRules(): Promise<string> {
  const all = await lan.world.run(ROUTER.name, ["nft", "--stateless", "--handle", "list", "ruleset"]);
  return all.replace(/^table inet komainu_guard \{[\s\S]*?^\}\n?/m, "");
}

const MAPPED = {
  family: 4,
  protocol: "TCP",
  externalPorts: { from: 7077, to: 7077 },
  internalAddress: CAMERA.address,
  internalPort: 7000,
};
const to = (forwards: readonly GatewayForward[], port: number) =>
  forwards.filter(({ externalPorts }) => externalPorts?.from === port);

describe("on the router itself", () => {
  it("is told from every other machine", async () => {
    expect(await onRouter({ do: "is-gateway" })).toBe(true);
    const elsewhere = [process.execPath, `${BIN}/gateway.mjs`, '{"do":"is-gateway"}'];
    for (const name of ["agent", OUTSIDE.name]) expect(await lan.world.run(name, elsewhere)).toBe("false");
  });

  it("finds the mapping that UPnP made, once, among the rules", async () => {
    const isReal = lan.parts.some(({ part, real }) => part === "miniupnpd" && real);
    const { forwards, unread, ipv6 } = await read();
    expect({ forwards, unread, ipv6 }).toEqual({
      forwards: [
        expect.objectContaining({
          ...MAPPED,
          remoteHost: "",
          ...(isReal && { source: "miniupnpd", comment: "Camera's door" }),
        }),
      ],
      unread: [],
      ipv6: "filtered",
    });
  });

  it("finds a forward that was made by hand, through a map too", async () => {
    const rules = `table ip by_hand {
      map doors { type inet_service : ipv4_addr . inet_service; elements = { 7080 : ${CAMERA.address} . 80 }; }
      chain prerouting { type nat hook prerouting priority -100;
        iifname "wan0" ip saddr 128.66.0.9 tcp dport 7081 dnat to ${CAMERA.address}:81 comment "by hand"
        iifname "eth0" tcp dport 7082 dnat to ${CAMERA.address}:82
        dnat ip addr . port to tcp dport map @doors
      }
    }`;
    await lan.world.run(ROUTER.name, ["nft", "-f", "-"], rules);
    const { forwards } = await read();
    await lan.world.run(ROUTER.name, ["nft", "delete", "table", "ip", "by_hand"]);
    expect(to(forwards, 7080)).toMatchObject([
      { source: "nftables", internalAddress: CAMERA.address, internalPort: 80 },
    ]);
    expect(to(forwards, 7081)).toMatchObject([
      { internalPort: 81, remoteHost: "128.66.0.9", comment: "by hand" },
    ]);
    expect(to(forwards, 7082)).toEqual([]);
  });

  it.runIf(findProgram("iptables-nft") !== null)(
    "finds what iptables made, which nft does not show",
    async () => {
      const rule = [
        "-i",
        "wan0",
        "-p",
        "tcp",
        "--dport",
        "7090",
        "-j",
        "DNAT",
        "--to-destination",
        `${CAMERA.address}:90`,
      ];
      await lan.world.run(ROUTER.name, ["iptables-nft", "-t", "nat", "-A", "PREROUTING", ...rule]);
      const { forwards, unread } = await read();
      await lan.world.run(ROUTER.name, ["nft", "delete", "table", "ip", "nat"]);
      expect(to(forwards, 7090)).toMatchObject([
        { source: "iptables", internalAddress: CAMERA.address, internalPort: 90 },
      ]);
      expect(unread).toEqual([]);
    },
  );

  it("counts the connections that a camera holds to the outside, and no others", async () => {
    const own = await hold(CAMERA.name, OUTSIDE.address, 7000);
    const looking = await hold(OUTSIDE.name, ROUTER.wan, 7077);
    const { outbound } = await read();
    await Promise.all([own.stop(), looking.stop()]);
    expect(outbound).toEqual([{ address: CAMERA.address, hosts: 1, connections: 1 }]);
  });

  it("reads the names that devices gave themselves", async () => {
    lan.world.write(
      "/run/lan/dnsmasq.leases",
      `1999999999 02:00:5e:00:77:51 ${CAMERA.address} front-door *\n`,
    );
    expect((await read()).leases).toEqual([
      { address: CAMERA.address, mac: "02005E007751", name: "front-door" },
    ]);
  });

  it("reads past a list of 42,000 blocked addresses, and says when there are too many rules", async () => {
    const nft = (text: string) => lan.world.run(ROUTER.name, ["nft", "-f", "-"], text);
    // The kernel takes so much at once from a user namespace.
    const blocked = (batch: number) =>
      Array.from({ length: 3000 }, (_, index) => `10.${batch}.${index >> 8}.${index & 255}`).join(", ");
    const rules = (batch: number) =>
      Array.from(
        { length: 500 },
        (_, port) => `add rule ip many forward tcp dport ${batch * 500 + port} accept\n`,
      );
    await nft(`table ip many { set blocked { type ipv4_addr; }
      chain forward { type filter hook forward priority 10; ip saddr @blocked drop; }\n}\n`);
    for (let batch = 0; batch < 14; batch++) await nft(`add element ip many blocked { ${blocked(batch)} }\n`);
    const { forwards, unread } = await read();
    expect({ unread, forwards: forwards.length }).toEqual({ unread: [], forwards: 1 });
    for (let batch = 0; batch < 6; batch++) await nft(rules(batch).join(""));
    const crowded = await read();
    await nft("delete table ip many\n");
    expect(crowded).toMatchObject({
      unread: [{ source: "nftables", because: "too-large" }],
      ipv6: "unknown",
    });
  });

  it("says that it may not, without the capability", async () => {
    const rights = ["setpriv", "--bounding-set=-all", "--no-new-privs"];
    const bare = { ...READ, miniupnpdLeases: "/run/none", dnsmasqLeases: "/run/none" };
    expect(await onRouter(bare, rights)).toEqual({ ok: false, reason: "not-permitted" });
    expect(await onRouter({ do: "obstacle" }, rights)).toBe("not-permitted");
    expect(await onRouter({ do: "apply-guard", cameras: [CAMERA.address] }, rights)).toMatchObject({
      result: "failed",
    });
  });
});

describe("the guard", () => {
  const cameras = [CAMERA.address, ulaOf(CAMERA.address)];

  it("keeps new connections from outside away from cameras, and nothing else", async () => {
    const lets = `insert rule inet filter forward ip6 daddr ${ulaOf(CAMERA.address)} accept`;
    const printed = await lan.world.run(ROUTER.name, ["nft", "--echo", "--handle", lets]);
    const handle = / # handle (\d+)/.exec(printed)?.[1] ?? "";
    const hole = { family: 6, externalPorts: null, internalAddress: ulaOf(CAMERA.address) };
    expect((await read()).forwards.filter(({ family }) => family === 6)).toMatchObject([hole, hole]);
    const before = await ownRules();
    const watching = await hold(OUTSIDE.name, ROUTER.wan, 7077);
    const ways = async () => ({
      mapping: await reaches(OUTSIDE.name, ROUTER.wan, 7077),
      ipv6: await reaches(OUTSIDE.name, ulaOf(CAMERA.address), 7000),
      fromLan: await reaches(NEIGHBOUR.name, CAMERA.address, 7000),
      ownWayOut: await reaches(CAMERA.name, OUTSIDE.address, 7000),
    });
    const open = { mapping: true, ipv6: true, fromLan: true, ownWayOut: true };
    expect(await ways()).toEqual(open);

    expect(await onRouter({ do: "apply-guard", cameras })).toMatchObject({ result: "done" });
    expect(await ways()).toEqual({ ...open, mapping: false, ipv6: false });
    expect(await watching.control({ still: "here" })).toEqual({ still: "here" });
    const there = await onRouter({ do: "read-guard" });
    expect(there).toMatchObject({ ok: true, value: { cameras: [...cameras].sort(), outside: ["wan0"] } });
    expect(there.ok && there.value?.refused).toBeGreaterThanOrEqual(2);
    expect(await onRouter({ do: "apply-guard", cameras })).toMatchObject({ result: "already" });
    // The way in is still there, and is still told.
    expect(to((await read()).forwards, 7077)).toHaveLength(1);
    expect(await ownRules()).toBe(before);

    expect(await onRouter({ do: "remove-guard" })).toMatchObject({ result: "done" });
    expect(await ways()).toEqual(open);
    expect(await onRouter({ do: "remove-guard" })).toMatchObject({ result: "already" });
    expect(await ownRules()).toBe(before);
    await watching.stop();
    await lan.world.run(ROUTER.name, [
      "nft",
      "delete",
      "rule",
      "inet",
      "filter",
      "forward",
      "handle",
      handle,
    ]);
  });

  it("shows before what it will be", async () => {
    const preview = await onRouter({ do: "preview", cameras });
    await lan.world.run(ROUTER.name, ["nft", "--check", "-f", "-"], preview);
    expect(await onRouter({ do: "read-guard" })).toEqual({ ok: true, value: null });
    expect(preview).toContain(`elements = { ${CAMERA.address} }`);
  });

  it("follows cameras to new addresses, and comes back when somebody emptied it", async () => {
    const sync = (...now: readonly string[]) => onRouter({ do: "sync-guard", cameras: now });
    expect(await sync(CAMERA.address)).toMatchObject({ result: "done" });
    expect(await sync(CAMERA.address)).toMatchObject({ result: "already" });
    expect(await sync(NEIGHBOUR.address)).toMatchObject({ result: "done" });
    await lan.world.run(ROUTER.name, ["nft", "flush", "chain", "inet", "komainu_guard", "forward"]);
    expect(await sync(NEIGHBOUR.address)).toMatchObject({ result: "done" });
    expect(await sync()).toMatchObject({ result: "done" });
    expect(await onRouter({ do: "remove-guard" })).toMatchObject({ result: "done" });
  });
});
