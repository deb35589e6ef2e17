import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "../../agent/model/index.ts";
import { CAST } from "./cast.ts";
import { scanOnce } from "./komainu.ts";
import { type Lan, startLan } from "./lan.ts";
import { AGENT, ROUTER } from "./topology.ts";
import { compare } from "./truth.ts";

/** DESIGN.md, promise 2 and budgets. */
const MAX_WRONG_LOGINS = 2;
const MAX_CONNECTIONS_AT_ONCE = 2;
const IGD_PORT = 2189;

/** Remembers to which ports new TCP connections went: into the router, and from the gateway to itself. */
const CONNECTION_LOG = (chain: string) => `
table inet seen {
  set ports { type inet_service; flags dynamic; }
  chain new {
    ${chain} tcp flags & (syn | ack) == syn add @ports { tcp dport }
  }
}`;

async function loggedPorts(lan: Lan, namespace: string): Promise<readonly number[]> {
  const list = await lan.world.run(namespace, ["nft", "list", "set", "inet", "seen", "ports"]);
  const elements = /elements = \{([^}]*)\}/.exec(list)?.[1] ?? "";
  return elements
    .split(",")
    .filter((port) => port.trim() !== "")
    .map(Number);
}

describe("one scan of the nursery with everything that deceives, stalls or attacks a scanner", () => {
  let lan: Lan;
  let report: Report;
  beforeAll(async () => {
    lan = await startLan({ cast: CAST });
    // The router's outside address is asked on purpose: that is what hairpin.test.ts is about.
    const asked = `ip saddr ${AGENT.address} ip daddr != ${ROUTER.wan}`;
    const incoming = `type filter hook input priority 0; iifname "eth0" ${asked}`;
    const looped = `type filter hook output priority 0; oifname "lo"`;
    await lan.world.run(ROUTER.name, ["nft", "-f", "-"], CONNECTION_LOG(incoming));
    await lan.world.run(AGENT.name, ["nft", "-f", "-"], CONNECTION_LOG(looped));
    report = await scanOnce(lan);
  });
  afterAll(() => lan?.stop());

  it("ends with the truth: all that is there, nothing that is not", () => {
    expect(compare(report, lan.truth)).toEqual({ missed: [], false: [] });
  });

  it("judges each device, the worst as well", () => {
    const errors = report.devices.flatMap(({ addresses, outcomes }) =>
      outcomes.filter(({ outcome }) => outcome === "error").map((outcome) => ({ addresses, ...outcome })),
    );
    expect(errors).toEqual([]);
    const seen = report.devices.flatMap(({ addresses }) => addresses);
    const absent = lan.hosts.filter(({ address }) => !seen.includes(address)).map(({ name }) => name);
    expect(absent).toEqual([]);
  });

  it("locks no camera, and never holds more than two connections to one device", async () => {
    const asked = lan.hosts.filter(({ controllable }) => controllable);
    const states = await Promise.all(asked.map(async (host) => ({ host, ...(await host.state()) })));
    const told = (wrong: typeof states) => wrong.map(({ host }) => `${host.name}: ${host.member.story}`);
    expect(told(states.filter(({ locked }) => locked))).toEqual([]);
    expect(told(states.filter(({ wrong }) => wrong > MAX_WRONG_LOGINS))).toEqual([]);
    expect(told(states.filter(({ connections }) => connections.peak > MAX_CONNECTIONS_AT_ONCE))).toEqual([]);
    expect(states.filter(({ connections }) => connections.peak === MAX_CONNECTIONS_AT_ONCE)).not.toEqual([]);
  });

  it("is led to no other host: not off the LAN, not to the router, not to itself", async () => {
    expect(await lan.agent.offLanAddresses()).toEqual([]);
    expect(await lan.offLanPackets()).toBe(0);
    expect(await loggedPorts(lan, ROUTER.name)).toEqual([IGD_PORT]);
    expect(await loggedPorts(lan, AGENT.name)).toEqual([]);
  });

  it("sees connections into the router and to itself, or the test before proves nothing", async () => {
    const script = `(: < /dev/tcp/${ROUTER.lan}/80) ; (: < /dev/tcp/127.0.0.1/8080) ; :`;
    await lan.agent.run(["bash", "-c", script]).done;
    expect(await loggedPorts(lan, ROUTER.name)).toContain(80);
    expect(await loggedPorts(lan, AGENT.name)).toEqual([8080]);
  });
});
