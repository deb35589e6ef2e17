import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import type { IgdFact } from "../../../agent/model/index.ts";
import { type MappingList, walkMappings } from "../../../agent/net/igd/lists.ts";
import { timeLeft } from "../../../agent/probes/asking.ts";
import { igdProbe } from "../../../agent/probes/igd.ts";
import { crossCheck } from "../../../agent/probes/igd-cross-check.ts";
import { type FakeIgd, type IgdMapping, type IgdOptions, startIgd } from "../../fakes/igd.ts";
import { contextFor } from "../helpers/context.ts";
import { mapping } from "../helpers/igd-mapping.ts";
import { type Given, type Loopback, localLine, loopback } from "../net/loopback.ts";
import miniupnpd from "../net/miniupnpd-2.3.1.json" with { type: "json" };

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.close()));
});

async function ask(port: number): Promise<IgdFact> {
  const services = [{ protocol: "igd", port, path: "/rootDesc.xml" }] as const;
  const answer = await igdProbe.ask(contextFor({ services }));
  if (!answer.ok) throw new Error(answer.reason);
  return answer.value;
}

async function router(options: Partial<IgdOptions>): Promise<FakeIgd> {
  const igd = await startIgd({
    address: "127.0.0.1",
    ports: "ephemeral",
    port: 2189,
    external: "128.66.0.2",
    ...options,
  });
  running.push(igd);
  return igd;
}

/** miniupnpd as it was recorded. */
async function recorded(
  version: "version1" | "version2",
  state: "empty" | "withMappings",
): Promise<Loopback> {
  const { description, withMappings, [state]: answers } = miniupnpd[version];
  const server = await loopback(({ path, headers, body }): Given => {
    if (path === "/rootDesc.xml") return { body: description };
    const action = /#(\w+)/.exec(String(headers.soapaction))?.[1];
    const fits = ({ action: name, input }: (typeof withMappings)[number]) =>
      name === action &&
      Object.entries(input).every(([argument, value]) =>
        body.includes(`<${argument}>${value}</${argument}>`),
      );
    const all: typeof withMappings = [...answers, ...withMappings];
    return all.find(fits) ?? { status: 500 };
  });
  running.push(server);
  return server;
}

describe("miniupnpd 2.3.1", () => {
  test("IGD:2, both lists agree", async () => {
    const { port } = await recorded("version2", "withMappings");
    expect(await ask(port)).toEqual({
      version: 2,
      externalAddress: "128.66.0.2",
      connectionStatus: "Connected",
      complete: true,
      doubts: [],
      connectionType: "ip",
      ipv6Firewall: { enabled: true, pinholeAllowed: true },
      // No pinhole was asked for when it was recorded, so the answer is nothing that says anything.
      pinholes: { found: [], complete: false },
      mappings: [
        {
          ...mapping(554, { internalClient: "192.168.77.30", internalPort: 554, description: "園庭カメラ" }),
          leaseSeconds: 604_800,
          seenIn: ["v1", "v2"],
        },
        {
          ...mapping(34_567, { protocol: "UDP", internalPort: 34_567, description: "media" }),
          leaseSeconds: 3599,
          seenIn: ["v1", "v2"],
        },
        {
          ...mapping(8080, { description: "Camera WEB <b>" }),
          leaseSeconds: 604_799,
          seenIn: ["v1", "v2"],
        },
      ],
    });
  });

  test("IGD:1", async () => {
    const { port } = await recorded("version1", "withMappings");
    const fact = await ask(port);
    expect(fact).toMatchObject({ version: 1, complete: true, ipv6Firewall: null, pinholes: null });
    expect(fact.mappings.map(({ externalPort, seenIn }) => [externalPort, seenIn])).toEqual([
      [554, ["v1"]],
      [34_567, ["v1"]],
      [8080, ["v1"]],
    ]);
  });
});

describe("a router", () => {
  test("without mappings is complete and empty", async () => {
    for (const version of [1, 2] as const) {
      const { port } = await router({ version });
      expect(await ask(port)).toMatchObject({ version, mappings: [], complete: true, doubts: [] });
    }
  });

  test.each([
    ["fault-in-middle", ["v1-fault"], 4],
    ["lists-differ", ["lists-differ"], 4],
    ["list-fault", ["v2-fault"], 4],
    ["repeats", ["repeats"], 4],
  ] as const)("whose lists have %s is doubted", async (misbehaves, doubts, found) => {
    const mappings = [1, 2, 3, 4].map((port) => mapping(port));
    const { port } = await router({ version: 2, misbehaves, mappings });
    const fact = await ask(port);
    expect(fact).toMatchObject({ complete: false, doubts });
    expect(fact.mappings).toHaveLength(found);
  });

  test("with an endless walk is left after 512 entries", async () => {
    const igd = await router({ version: 1, misbehaves: "endless" });
    const type = "urn:schemas-upnp-org:service:WANIPConnection:1";
    const service = { type, port: igd.port, path: "/ctl/IPConn" };
    const walk = await walkMappings(localLine(), service, timeLeft(120_000));
    expect(walk.doubts).toEqual(["too-many"]);
    expect(walk.mappings).toHaveLength(512);
    expect(igd.calls.get("GetGenericPortMappingEntry")).toBe(512);
  }, 120_000);

  test("that repeats its first entry for ever is left soon", async () => {
    const igd = await router({ version: 1, misbehaves: "repeats", mappings: [mapping(1)] });
    expect(await ask(igd.port)).toMatchObject({
      complete: false,
      doubts: ["repeats"],
      mappings: [{ externalPort: 1 }],
    });
    expect(igd.calls.get("GetGenericPortMappingEntry")).toBeLessThan(10);
  });

  test("with more mappings than one answer holds is asked in halves", async () => {
    const description = "d".repeat(100);
    const mappings = Array.from({ length: 200 }, (_, index) => mapping(1000 + index * 300, { description }));
    // The stand-in ignores the range: its list never fits, so the list is given up, and said to be so.
    const igd = await router({ version: 2, mappings });
    const fact = await ask(igd.port);
    expect(fact.mappings).toHaveLength(200);
    expect(fact.doubts).toEqual(["v2-fault"]);
    expect(igd.calls.get("GetListOfPortMappings")).toBeLessThanOrEqual(32);
  }, 60_000);

  test("that gives ranges their own answer is read whole", async () => {
    const description = "d".repeat(100);
    const all = Array.from({ length: 200 }, (_, index) => mapping(1000 + index * 300, { description }));
    const server = await loopback(({ path, headers, body }) => {
      if (path === "/rootDesc.xml") return { body: miniupnpd.version2.description };
      const [, action = ""] = /#(\w+)/.exec(String(headers.soapaction)) ?? [];
      const number = (name: string) => Number(new RegExp(`<${name}>(\\d+)`).exec(body)?.[1]);
      const inside = (entry: string) =>
        `<Envelope><Body><${action}Response>${entry}</${action}Response></Body></Envelope>`;
      const fields = (each: IgdMapping, text: string) =>
        `<NewExternalPort>${each.externalPort}</NewExternalPort><NewProtocol>TCP</NewProtocol><NewInternalPort>80</NewInternalPort><NewInternalClient>192.168.77.20</NewInternalClient><NewEnabled>1</NewEnabled><${text}>${description}</${text}>`;
      if (action === "GetGenericPortMappingEntry") {
        const found = all[number("NewPortMappingIndex")];
        return found === undefined
          ? { status: 500, body: miniupnpd.version1.empty[0]?.body ?? "" }
          : { body: inside(fields(found, "NewPortMappingDescription")) };
      }
      if (action !== "GetListOfPortMappings") return { status: 500 };
      const chosen = body.includes("TCP")
        ? all.filter(
            ({ externalPort }) =>
              externalPort >= number("NewStartPort") && externalPort <= number("NewEndPort"),
          )
        : [];
      const entries = chosen.map(
        (each) => `<PortMappingEntry>${fields(each, "NewDescription")}</PortMappingEntry>`,
      );
      return {
        body: inside(
          `<NewPortListing><![CDATA[<PortMappingList>${entries.join("")}</PortMappingList>]]></NewPortListing>`,
        ),
      };
    });
    running.push(server);
    const fact = await ask(server.port);
    expect(fact.doubts).toEqual([]);
    expect(fact.mappings.filter(({ seenIn }) => seenIn.length === 2)).toHaveLength(200);
  }, 60_000);

  test("that announced nothing, or has no such service, is not supported", async () => {
    expect(await igdProbe.ask(contextFor({}))).toMatchObject({ ok: false, reason: "unsupported" });
    const server = await loopback(() => ({
      body: "<root><device><deviceType>d</deviceType></device></root>",
    }));
    running.push(server);
    const services = [{ protocol: "igd", port: server.port, path: "/d" }] as const;
    expect(await igdProbe.ask(contextFor({ services }))).toMatchObject({ ok: false, reason: "unsupported" });
  });
});

describe("cross-check", () => {
  const list = (source: "v1" | "v2", mappings: readonly IgdMapping[], exists = true): MappingList => ({
    source,
    exists,
    mappings,
    doubts: [],
  });

  test("a client that only the list names is taken from the list", () => {
    const walk = list("v1", [mapping(80, { internalClient: "0.0.0.0" })]);
    expect(crossCheck([walk, list("v2", [mapping(80)])])).toEqual({
      mappings: [{ ...mapping(80), seenIn: ["v1", "v2"] }],
      doubts: ["lists-differ"],
    });
  });

  test("a list that the router does not have contradicts nothing", () => {
    expect(crossCheck([list("v1", [mapping(80)]), list("v2", [], false)])).toMatchObject({ doubts: [] });
  });

  test("any remote host is the same as none", () => {
    const lists = [list("v1", [mapping(80, { remoteHost: "0.0.0.0" })]), list("v2", [mapping(80)])];
    expect(crossCheck(lists)).toMatchObject({ mappings: [{ seenIn: ["v1", "v2"] }], doubts: [] });
  });

  test("property: no mapping is lost, none is twice, and equal lists raise no doubt", () => {
    const some = fc.uniqueArray(
      fc.record({
        externalPort: fc.integer({ min: 0, max: 20 }),
        protocol: fc.constantFrom("TCP", "UDP"),
        client: fc.constantFrom("0.0.0.0", "10.0.0.1", "10.0.0.2"),
      }),
      { selector: ({ externalPort, protocol }) => `${protocol} ${externalPort}` },
    );
    fc.assert(
      fc.property(some, some, (left, right) => {
        const [one, other] = [left, right].map((entries) =>
          entries.map(({ externalPort, protocol, client }) =>
            mapping(externalPort, { protocol, internalClient: client }),
          ),
        ) as [IgdMapping[], IgdMapping[]];
        const { mappings } = crossCheck([list("v1", one), list("v2", other)]);
        const key = (each: IgdMapping) => `${each.protocol} ${each.externalPort}`;
        expect(mappings.map(key).sort()).toEqual([...new Set([...one, ...other].map(key))].sort());
        const same = crossCheck([list("v1", one), list("v2", one)]);
        expect(same.doubts).toEqual([]);
      }),
    );
  });
});
