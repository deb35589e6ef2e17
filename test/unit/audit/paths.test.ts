import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inboundPaths, type PathInput } from "../../../agent/audit/paths.ts";
import type { GatewayFact, InboundPath, ReachedPort } from "../../../agent/model/index.ts";
import { router } from "../checks/builders.ts";
import {
  camera,
  DEVICES,
  fingerprint,
  igdEvidence,
  listed,
  OUTSIDE,
  openPorts,
  site,
  twin,
  view,
} from "./site-builders.ts";

function paths(part: Partial<PathInput> = {}): readonly InboundPath[] {
  return inboundPaths({
    devices: DEVICES,
    evidence: {},
    mappings: [],
    routers: [view()],
    questions: {},
    ...part,
  });
}

/** One line a path: how known, family, outside port, where it leads. */
function brief(found: readonly InboundPath[]): readonly string[] {
  const name = (id: string | null) => ({ [camera.id]: "camera", [twin.id]: "twin" })[id ?? ""] ?? "nobody";
  return found.map(
    ({ grounds, family, externalPort, deviceId, internalPort, candidates }) =>
      `${grounds.join("+")} v${family} ${externalPort} -> ${name(deviceId)}:${internalPort}${candidates.length > 0 ? ` (one of ${candidates.length})` : ""}`,
  );
}

const open = (port: number, hash: string | null): ReachedPort => ({
  port,
  result: "open",
  fingerprint: hash === null ? null : fingerprint(hash),
});
const inside = (deviceId: string, port: number, hash: string) => ({
  deviceId,
  port,
  fingerprint: fingerprint(hash),
});
const hairpin = (asked: readonly ReachedPort[], doors = [inside(camera.id, 80, "a")]) =>
  site("hairpin", { routerId: router.id, address: OUTSIDE, asked, inside: doors });
const vantage = (asked: readonly ReachedPort[], doors = [inside(camera.id, 80, "a")]) =>
  site("vantage", { looks: [{ family: 4, seenAs: OUTSIDE, asked, inside: doors, beacon: null }] });
const gateway = (part: Partial<GatewayFact>) =>
  site("gateway", { forwards: [], unread: [], leases: [], outbound: [], ipv6: "unknown", ...part });

describe("what is listed", () => {
  it("is one way an entry, with the router's outside address", () => {
    const [path] = paths({ mappings: [listed()] });
    expect(path).toMatchObject({ grounds: ["listed"], externalAddress: OUTSIDE, closable: "mapping" });
    expect(paths({ mappings: [listed({ leaseSeconds: 3600 })] })[0]?.leaseSeconds).toBe(3600);
    expect(brief(paths({ mappings: [listed(), listed({ routerId: "mac:020000000002" })] }))).toHaveLength(2);
  });

  it("keeps what is switched off as such", () => {
    expect(paths({ mappings: [listed({ enabled: false })] })[0]?.enabled).toBe(false);
  });
});

describe("what was asked at the outside address", () => {
  it("confirms the entry of the same port", () => {
    const questions = { ...hairpin([open(8081, "a")]), ...vantage([open(8081, "a")]) };
    expect(brief(paths({ mappings: [listed()], questions }))).toEqual([
      "listed+inside+outside v4 8081 -> camera:80",
    ]);
  });

  it("is a manual forward where no list holds it, known by its answer", () => {
    expect(brief(paths({ questions: hairpin([open(9000, "a")]) }))).toEqual(["inside v4 9000 -> camera:80"]);
  });

  it("is one way when asked from inside and from outside", () => {
    const questions = { ...hairpin([open(9000, "a")]), ...vantage([open(9000, "a")]) };
    expect(brief(paths({ questions }))).toEqual(["inside+outside v4 9000 -> camera:80"]);
  });

  it("names nobody when two would answer alike", () => {
    const doors = [inside(camera.id, 80, "a"), inside(twin.id, 80, "a")];
    expect(brief(paths({ questions: vantage([open(9000, "a")], doors) }))).toEqual([
      "outside v4 9000 -> nobody:null (one of 2)",
    ]);
  });

  it("does not confirm an entry by an answer of another device", () => {
    const doors = [inside(camera.id, 80, "a"), inside(twin.id, 80, "b")];
    expect(brief(paths({ mappings: [listed()], questions: vantage([open(8081, "b")], doors) }))).toEqual([
      "listed v4 8081 -> camera:80",
      "outside v4 8081 -> twin:80",
    ]);
  });

  it("proves nothing from inside when it is like no camera, and something from outside", () => {
    expect(paths({ questions: hairpin([open(443, "router")]) })).toEqual([]);
    expect(brief(paths({ questions: vantage([open(443, "router")]) }))).toEqual([
      "outside v4 443 -> nobody:null",
    ]);
  });

  it("is nothing where nobody answered", () => {
    const asked = [
      { ...open(9000, null), result: "closed" as const },
      { ...open(9001, null), result: "silent" as const },
    ];
    expect(paths({ questions: { ...hairpin(asked), ...vantage(asked) } })).toEqual([]);
  });
});

describe("rules of this machine", () => {
  const forward = {
    source: "nftables",
    family: 4,
    protocol: "TCP",
    externalPorts: { from: 9000, to: 9000 },
    remoteHost: "",
    internalAddress: "192.0.2.10",
    internalPort: 80,
    comment: "by hand",
  } as const;

  it("are facts", () => {
    expect(brief(paths({ questions: gateway({ forwards: [forward] }) }))).toEqual([
      "rule v4 9000 -> camera:80",
    ]);
  });

  it("for all ports lead to the doors that answer", () => {
    const questions = gateway({ forwards: [{ ...forward, externalPorts: null, internalPort: null }] });
    expect(brief(paths({ questions, evidence: { [camera.id]: openPorts(80, 554) } }))).toEqual([
      "rule v4 80 -> camera:80",
      "rule v4 554 -> camera:554",
    ]);
    expect(brief(paths({ questions }))).toEqual(["rule v4 null -> camera:null"]);
  });
});

describe("a search engine's index", () => {
  const known = (ports: readonly number[]) =>
    site("internetdb", { address: OUTSIDE, ports, tags: [], vulnerabilities: [] });

  it("adds to the entry of the same port, and says so of others", () => {
    expect(brief(paths({ mappings: [listed()], questions: known([8081, 9000]) }))).toEqual([
      "listed+search-engine v4 8081 -> camera:80",
      "search-engine v4 9000 -> nobody:null",
    ]);
  });

  it("leaves out what may be another subscriber's where the address may be shared", () => {
    const routers = [view({ maybeShared: true })];
    expect(brief(paths({ mappings: [listed()], routers, questions: known([8081, 9000]) }))).toEqual([
      "listed+search-engine v4 8081 -> camera:80",
    ]);
  });
});

describe("IPv6", () => {
  const holders = site("ipv6", {
    prefixes: ["3fff:77::/64"],
    holders: [{ deviceId: camera.id, address: "3fff:77::10", how: "neighbour" }],
  });
  const beacon = (result: ReachedPort["result"]) =>
    site("vantage", {
      looks: [{ family: 6, seenAs: "3fff:77::2", asked: [], inside: [], beacon: result }],
    });

  it("is a way in without a filter, however that is known", () => {
    const off = [view({ ipv6Firewall: { enabled: false, pinholeAllowed: false } })];
    expect(brief(paths({ routers: off, questions: holders }))).toEqual(["listed v6 null -> camera:null"]);
    expect(brief(paths({ questions: { ...holders, ...gateway({ ipv6: "open" }) } }))).toEqual([
      "rule v6 null -> camera:null",
    ]);
    expect(brief(paths({ questions: { ...holders, ...beacon("open") } }))).toEqual([
      "inferred v6 null -> camera:null",
    ]);
  });

  it("is none behind a filter", () => {
    const on = [view({ ipv6Firewall: { enabled: true, pinholeAllowed: true } })];
    expect(paths({ routers: on, questions: { ...holders, ...beacon("silent") } })).toEqual([]);
  });

  it("tells pinholes, which lead nobody knows where", () => {
    const pinholes = { found: [{ uniqueId: 3, packets: null }], complete: true };
    const [path] = paths({ evidence: { [router.id]: igdEvidence({ pinholes }) } });
    expect(path).toMatchObject({ closable: "pinhole", uniqueId: 3, deviceId: null, routerId: router.id });
  });

  it("leads to our own page where a vantage point reached that", () => {
    const look = {
      family: 6 as const,
      seenAs: "3fff:77::2",
      asked: [open(8080, null)],
      inside: [],
      beacon: null,
    };
    expect(paths({ questions: site("vantage", { looks: [look] }) })).toMatchObject([
      {
        family: 6,
        externalPort: 8080,
        internalAddress: "3fff:77::2",
        internalPort: 8080,
        grounds: ["outside"],
      },
    ]);
  });
});

describe("whatever was answered", () => {
  const anyPort = fc.constantFrom(80, 554, 8081, 9000);
  const anyHash = fc.constantFrom("a", "b", null);
  const anyReached = fc.record({
    port: anyPort,
    result: fc.constantFrom("open" as const, "closed" as const, "silent" as const),
    fingerprint: anyHash.map((hash) => (hash === null ? null : fingerprint(hash))),
  });
  const anyDoor = fc.record({
    deviceId: fc.constantFrom(camera.id, twin.id),
    port: anyPort,
    fingerprint: fc.constantFrom("a", "b").map(fingerprint),
  });
  const anyMapping = fc
    .record({
      externalPort: anyPort,
      internalPort: anyPort,
      enabled: fc.boolean(),
      deviceId: fc.constantFrom(camera.id, null),
    })
    .map(listed);

  it("each way stands once, has a ground, and leads to whom it knows or says whom it could be", () => {
    fc.assert(
      fc.property(
        fc.array(anyMapping, { maxLength: 5 }),
        fc.array(anyReached, { maxLength: 6 }),
        fc.array(anyReached, { maxLength: 6 }),
        fc.array(anyDoor, { maxLength: 5 }),
        (mappings, fromInside, fromOutside, doors) => {
          const questions = { ...hairpin(fromInside, doors), ...vantage(fromOutside, doors) };
          const found = paths({ mappings, questions });
          const names = found.map(({ grounds: _grounds, enabled: _enabled, ...path }) =>
            JSON.stringify(path),
          );
          expect(new Set(names).size).toBe(names.length);
          for (const path of found) {
            expect(path.grounds.length).toBeGreaterThan(0);
            expect(path.deviceId === null || path.candidates.length === 0).toBe(true);
            // Silence confirms nothing.
            const answered = (asked: readonly ReachedPort[]) =>
              asked.some(({ port, result }) => port === path.externalPort && result === "open");
            if (path.grounds.includes("inside")) expect(answered(fromInside)).toBe(true);
            if (path.grounds.includes("outside")) expect(answered(fromOutside)).toBe(true);
          }
        },
      ),
    );
  });
});
