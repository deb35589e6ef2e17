import { describe, expect, it } from "vitest";
import { routerViews } from "../../../agent/audit/connection.ts";
import { siteView } from "../../../agent/audit/site.ts";
import type { Evidence, NetworkView } from "../../../agent/model/index.ts";
import { answered, device, failed, router } from "../checks/builders.ts";
import { DEVICES, igdEvidence, type igdFact, OUTSIDE } from "./site-builders.ts";

const IPV4_ONLY: NetworkView = { interface: "eth0", addresses: ["192.0.2.5"], subnets: [], skipped: [] };
const WITH_IPV6: NetworkView = { ...IPV4_ONLY, addresses: ["192.0.2.5", "3fff:77::5"] };

function views(evidence: Evidence, network = IPV4_ONLY, devices = DEVICES, ownAddress = false) {
  return routerViews(devices, { [router.id]: evidence }, [network], ownAddress);
}

describe("what a router tells of its outside", () => {
  it("is nothing where it told nothing", () => {
    expect(views({})).toEqual([]);
    expect(views({ igd: failed("timeout") })).toEqual([]);
  });

  it.each([
    ["198.51.100.7", "public"],
    ["192.168.1.5", "private"],
    ["100.64.3.2", "cgnat"],
    ["192.0.0.2", "ds-lite"],
    ["0.0.0.0", "none"],
  ])("%s: %s", (externalAddress, connection) => {
    expect(views(igdEvidence({ externalAddress }))).toMatchObject([{ externalAddress, connection }]);
  });

  it("comes from NAT-PMP where there is no UPnP", () => {
    const portControl = answered<"portControl">({
      natPmp: { externalAddress: OUTSIDE },
      pcp: { resultCode: 0 },
    });
    expect(views({ portControl })).toMatchObject([
      { igdVersion: null, connection: "public", portMappingProtocols: ["nat-pmp", "pcp"] },
    ]);
  });

  it("may be a shared address wherever there is IPv6 and no PPP", () => {
    expect(views(igdEvidence())[0]?.maybeShared).toBe(false);
    expect(views(igdEvidence(), WITH_IPV6)[0]?.maybeShared).toBe(true);
    expect(views(igdEvidence({ connectionType: "ppp" }), WITH_IPV6)[0]?.maybeShared).toBe(false);
    expect(views(igdEvidence({ externalAddress: "192.168.1.5" }), WITH_IPV6)[0]?.maybeShared).toBe(false);
    expect(views(igdEvidence(), WITH_IPV6, DEVICES, true)[0]?.maybeShared).toBe(false);
    const withGlobal = device({ addresses: [{ address: "3fff:77::10", interface: "eth0" }] });
    expect(views(igdEvidence(), IPV4_ONLY, [withGlobal, router])[0]?.maybeShared).toBe(true);
  });
});

describe("the lists together", () => {
  const context = {
    now: "2026-11-22T00:00:00.000Z",
    known: [],
    firstScan: false,
    self: { addresses: [], ports: [] },
    mends: [],
    ownAddress: false,
  };
  const gateway = (unread: readonly { source: "nftables"; because: "not-permitted" }[]) => ({
    asked: true as const,
    at: context.now,
    answer: {
      ok: true as const,
      value: { forwards: [], unread, leases: [], outbound: [], ipv6: "unknown" as const },
    },
  });
  const state = (evidence: Evidence, questions = {}) =>
    siteView(DEVICES, { [router.id]: evidence }, [IPV4_ONLY], { ...context, questions }).mappingLists;

  it.each<[string, Evidence, object, string]>([
    ["nobody asked", {}, {}, "notchecked"],
    ["a whole list", igdEvidence(), {}, "complete"],
    ["a list with doubts", igdEvidence({ complete: false }), {}, "partial"],
    ["no UPnP", { igd: failed("unsupported") }, {}, "no-igd"],
    ["no answer", { igd: failed("timeout") }, {}, "none"],
    ["own rules read", {}, { gateway: gateway([]) }, "complete"],
    [
      "own rules unread",
      {},
      { gateway: gateway([{ source: "nftables", because: "not-permitted" }]) },
      "partial",
    ],
    [
      "own rules read, nobody else has UPnP",
      { igd: failed("unsupported") },
      { gateway: gateway([]) },
      "complete",
    ],
    [
      "own rules unread, another's list whole",
      igdEvidence(),
      { gateway: gateway([{ source: "nftables", because: "not-permitted" }]) },
      "partial",
    ],
  ])("%s", (_what, evidence, questions, expected) => {
    expect(state(evidence, questions)).toBe(expected);
  });

  it("know the pinholes only where every filter let them be counted", () => {
    const known = (part: Parameters<typeof igdFact>[0]) =>
      siteView(DEVICES, { [router.id]: igdEvidence(part) }, [IPV4_ONLY], { ...context, questions: {} })
        .pinholesKnown;
    const ipv6Firewall = { enabled: true, pinholeAllowed: true };
    expect(known({})).toBe(true);
    expect(known({ ipv6Firewall })).toBe(false);
    expect(known({ ipv6Firewall, pinholes: { found: [], complete: false } })).toBe(false);
    expect(known({ ipv6Firewall, pinholes: { found: [], complete: true } })).toBe(true);
  });
});
