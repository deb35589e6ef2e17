import { afterEach, describe, expect, test } from "vitest";
import type { Answer, IgdFact } from "../../../agent/model/index.ts";
import { listMappings, walkMappings } from "../../../agent/net/igd/lists.ts";
import { timeLeft } from "../../../agent/probes/asking.ts";
import { igdProbe } from "../../../agent/probes/igd.ts";
import { merge } from "../../../agent/probes/igd-cross-check.ts";
import { type FakeIgd, type IgdOptions, startIgd } from "../../fakes/igd.ts";
import { contextFor } from "../helpers/context.ts";
import { mapping } from "../helpers/igd-mapping.ts";
import { localLine } from "../net/loopback.ts";

const running: FakeIgd[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.close()));
});

async function router(options: Partial<IgdOptions> = {}): Promise<FakeIgd> {
  const place = { address: "127.0.0.1", ports: "ephemeral", port: 2189 } as const;
  const igd = await startIgd({ ...place, external: "128.66.0.2", ...options });
  running.push(igd);
  return igd;
}

function ask(...igds: readonly FakeIgd[]): Promise<Answer<IgdFact>> {
  const services = igds.map(({ port }) => ({ protocol: "igd", port, path: "/rootDesc.xml" }) as const);
  return igdProbe.ask(contextFor({ services }));
}

async function factOf(...igds: readonly FakeIgd[]): Promise<IgdFact> {
  const answer = await ask(...igds);
  if (!answer.ok) throw new Error(answer.reason);
  return answer.value;
}

describe("what a router passes on from its devices", () => {
  test.each([
    ["a change of direction", "\u202Ecam\u202C", "cam"],
    ["terminal commands", "\u001B[31mcam\u001B[0m\u0007", "[31mcam[0m"],
    ["new lines", "cam\r\nport 80 closed", "cam port 80 closed"],
    ["markup", "<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"],
    ["markup inside markup", "]]></NewPortMappingDescription>&lt;", "]]></NewPortMappingDescription>&lt;"],
    ["a zero", "cam\u0000era", "camera"],
  ])("%s in a name is text", async (_name, description, shown) => {
    const igd = await router({ version: 1, mappings: [mapping(80, { description })] });
    expect(await factOf(igd)).toMatchObject({ complete: true, mappings: [{ description: shown }] });
  });

  test.each([
    ["a host name as client", { internalClient: "camera.lan" }],
    ["no client", { internalClient: "0.0.0.0" }],
    ["an odd remote host", { remoteHost: "anybody; or not" }],
    ["the highest ports", { externalPort: 65_535, internalPort: 0 }],
  ])("%s is told as it is", async (_name, parts) => {
    const igd = await router({ mappings: [mapping(80, parts)] });
    expect(await factOf(igd)).toMatchObject({ complete: true, mappings: [{ ...mapping(80), ...parts }] });
  });

  test.each([
    ["a negative port", { externalPort: -1 }],
    ["a huge port", { internalPort: 70_000 }],
    ["a name of 100 kB", { description: "x".repeat(100_000) }],
  ])("%s is no mapping, and hides none of the others", async (_name, parts) => {
    const mappings = [mapping(1), mapping(2, parts), mapping(3)];
    const fact = await factOf(await router({ mappings }));
    expect(fact.mappings.map(({ externalPort }) => externalPort)).toEqual([1, 3]);
    expect(fact).toMatchObject({ complete: false, doubts: ["v1-fault", "v2-fault"] });
  });

  test("a list of five thousand entries is left soon, and said to be so", async () => {
    const igd = await router({ mappings: Array.from({ length: 5_000 }, (_, index) => mapping(index + 1)) });
    const service = {
      type: "urn:schemas-upnp-org:service:WANIPConnection:2",
      port: igd.port,
      path: "/ctl/IPConn",
    };
    const list = await listMappings(localLine(), service, timeLeft(60_000));
    expect(list).toMatchObject({ exists: true, mappings: [] });
    expect(list.doubts).toHaveLength(1);
    expect(igd.calls.get("GetListOfPortMappings")).toBeLessThanOrEqual(32);
  });

  test("names in another character set leave the rest whole", async () => {
    const mappings = [mapping(80, { description: "園庭" }), mapping(81)];
    const igd = await router({ version: 1, mappings, misbehaves: "shift-jis" });
    const fact = await factOf(igd);
    expect(fact.complete).toBe(true);
    expect(fact.mappings.map(({ externalPort }) => externalPort)).toEqual([80, 81]);
  });
});

describe("a router that", () => {
  test("redirects is not followed", async () => {
    const fact = await factOf(await router({ misbehaves: "redirects", mappings: [mapping(80)] }));
    expect(fact).toMatchObject({ mappings: [], complete: false, externalAddress: null, ipv6Firewall: null });
  });

  test("is controlled elsewhere is not asked there", async () => {
    const answer = await ask(await router({ version: 1, misbehaves: "controls-elsewhere" }));
    expect(answer).toMatchObject({ ok: false, reason: "unsupported" });
  });

  test("refuses everything is in doubt, not empty", async () => {
    const fact = await factOf(await router({ misbehaves: "refuses-all", mappings: [mapping(80)] }));
    expect(fact).toMatchObject({ mappings: [], complete: false, externalAddress: null });
  });

  test("lets each answer drip ends with the time that it has", async () => {
    const igd = await router({ version: 1, misbehaves: "drips" });
    const service = {
      type: "urn:schemas-upnp-org:service:WANIPConnection:1",
      port: igd.port,
      path: "/ctl/IPConn",
    };
    const began = performance.now();
    const walk = await walkMappings(localLine(), service, timeLeft(800));
    expect(walk).toMatchObject({ mappings: [], doubts: ["v1-fault"] });
    expect(performance.now() - began).toBeLessThan(5000);
  });

  test.each(["100.64.0.9", "192.168.1.2", "0.0.0.0"])("says %s is outside is quoted", async (external) => {
    expect(await factOf(await router({ external }))).toMatchObject({ externalAddress: external });
  });
});

describe("several of everything", () => {
  test("IGD:1 and IGD:2 descriptions of one table show each mapping once", async () => {
    const mappings = [mapping(80), mapping(81)];
    const fact = await factOf(await router({ version: 1, mappings }), await router({ version: 2, mappings }));
    expect(fact).toMatchObject({ version: 2, complete: true });
    expect(fact.mappings.map(({ externalPort, seenIn }) => [externalPort, seenIn])).toEqual([
      [80, ["v1", "v2"]],
      [81, ["v1", "v2"]],
    ]);
  });

  test("what only the second description leads to is read too, without a doubt", async () => {
    const first = await router({ version: 1, mappings: [mapping(80)] });
    const second = await router({ version: 2, mappings: [mapping(80, { internalPort: 81 }), mapping(82)] });
    const fact = await factOf(first, second);
    expect(fact.mappings.map(({ internalPort, externalPort }) => [externalPort, internalPort])).toEqual([
      [80, 80],
      [80, 81],
      [82, 80],
    ]);
    expect(fact).toMatchObject({ complete: true, ipv6Firewall: { enabled: true } });
  });

  test("a description that is gone does not hide the other one", async () => {
    const gone = await router();
    await gone.close();
    running.length = 0;
    expect(await factOf(gone, await router({ mappings: [mapping(80)] }))).toMatchObject({ complete: true });
  });

  test("the connection in use tells the address, not the idle one before it", async () => {
    const fact = await factOf(await router({ idlePpp: true, mappings: [mapping(80)] }));
    expect(fact).toMatchObject({
      externalAddress: "128.66.0.2",
      connectionStatus: "Connected",
      connectionType: "ip",
      complete: true,
    });
  });

  test("PPPoE has the address for itself", async () => {
    const fact = await factOf(await router({ connection: "ppp", mappings: [mapping(80)] }));
    expect(fact).toMatchObject({ version: 1, connectionType: "ppp", mappings: [{ externalPort: 80 }] });
  });

  test("the same way, on and off, is two facts", () => {
    const list = (enabled: boolean) => ({
      mappings: [{ ...mapping(80, { enabled }), seenIn: ["v1"] as const }],
      doubts: [],
    });
    expect(merge([list(true), list(false), list(true)]).mappings).toHaveLength(2);
  });
});
