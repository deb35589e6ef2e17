import { describe, expect, it } from "vitest";
import { agentExposed } from "../../../agent/checks/agent-exposed.ts";
import { ipv6Reachable } from "../../../agent/checks/ipv6-reachable.ts";
import { openLiveView } from "../../../agent/checks/open-live-view.ts";
import { portMappingToCamera } from "../../../agent/checks/port-mapping-to-camera.ts";
import { reachableFromInternet } from "../../../agent/checks/reachable-from-internet.ts";
import {
  type Check,
  failure,
  type InboundPath,
  type MendRecord,
  type SiteEvidence,
  type SiteView,
} from "../../../agent/model/index.ts";
import { camera, site as fact, OUTSIDE, twin, view } from "../audit/site-builders.ts";
import { answered, brief, device, input, mapping, router, site } from "./builders.ts";

const run = (check: Check, part: Partial<SiteView> = {}, on = camera) =>
  check.run(input({ device: on, site: site(part) }));

const way = (part: Partial<InboundPath> = {}): InboundPath => ({
  family: 4,
  protocol: "TCP",
  externalPort: 9000,
  externalAddress: OUTSIDE,
  remoteHost: "",
  routerId: router.id,
  deviceId: camera.id,
  candidates: [],
  internalAddress: null,
  internalPort: 80,
  enabled: true,
  grounds: ["inside"],
  description: "",
  closable: null,
  ...part,
});
const vantage = (looks: object[]): SiteEvidence => fact("vantage", { looks } as never);
const look4 = {
  family: 4,
  seenAs: OUTSIDE,
  asked: [{ port: 9000, result: "closed", fingerprint: null }],
  inside: [],
  beacon: null,
};

describe("reachable-from-internet", () => {
  it("fails for a way that no list shows, once a port", () => {
    const outcomes = run(reachableFromInternet, { paths: [way(), way({ grounds: ["outside"] })] });
    expect(brief(outcomes)).toEqual(["fail TCP 9000"]);
    expect(outcomes[0]).toMatchObject({ severity: "high", audience: "internet", values: { port: 9000 } });
    expect(outcomes[0]?.paths).toHaveLength(2);
  });

  it("leaves to the lists what they show", () => {
    const listed = way({ grounds: ["listed", "outside"], closable: "mapping" });
    expect(brief(run(reachableFromInternet, { paths: [listed], questions: vantage([look4]) }))).toEqual([
      "pass",
    ]);
  });

  it("passes when a vantage point has asked, and on the router that could read its rules", () => {
    expect(brief(run(reachableFromInternet, { questions: vantage([look4]) }))).toEqual(["pass"]);
    const rules = { forwards: [], unread: [], leases: [], outbound: [], ipv6: "unknown" as const };
    expect(brief(run(reachableFromInternet, { questions: fact("gateway", rules) }))).toEqual(["pass"]);
  });

  it("does not arise where the carrier lets nobody in", () => {
    const routers = [view({ connection: "ds-lite" })];
    expect(brief(run(reachableFromInternet, { routers }))).toEqual(["notapplicable carrier-blocks"]);
    const two = [...routers, view({ routerId: "mac:020000000002" })];
    expect(brief(run(reachableFromInternet, { routers: two }))).toEqual(["notchecked not-asked"]);
  });

  it("is not settled by silence", () => {
    expect(brief(run(reachableFromInternet))).toEqual(["notchecked not-asked"]);
    const off: SiteEvidence = { vantage: { asked: false, because: "switched-off" } };
    expect(brief(run(reachableFromInternet, { questions: off }))).toEqual(["notchecked outside-check-off"]);
    const late: SiteEvidence = { vantage: { asked: true, at: "", answer: failure("timeout") } };
    expect(brief(run(reachableFromInternet, { questions: late }))).toEqual(["unknown timeout"]);
    const byIpv6 = vantage([{ ...look4, family: 6 }]);
    expect(brief(run(reachableFromInternet, { questions: byIpv6 }))).toEqual(["unknown no-outside-address"]);
    const nothing = vantage([{ ...look4, asked: [] }]);
    expect(brief(run(reachableFromInternet, { questions: nothing }))).toEqual(["unknown no-outside-address"]);
    const routers = [view({ maybeShared: true })];
    expect(brief(run(reachableFromInternet, { questions: vantage([look4]), routers }))).toEqual([
      "unknown address-maybe-shared",
    ]);
  });

  it("is the router's where nobody can tell which device answered", () => {
    const unclear = way({ deviceId: null, candidates: [camera.id, twin.id], grounds: ["outside"] });
    const part = { paths: [unclear], devices: [camera, twin, router] };
    expect(brief(run(reachableFromInternet, part))).toEqual(["notchecked not-asked"]);
    const [outcome] = run(reachableFromInternet, part, router);
    expect(outcome).toMatchObject({ outcome: "fail", severity: "high", subject: "TCP 9000" });
    expect(outcome?.evidence).toContain("answers alike: 192.0.2.11");
    const nobody = way({ deviceId: null, grounds: ["search-engine"] });
    expect(run(reachableFromInternet, { paths: [nobody] }, router)[0]).toMatchObject({ severity: "medium" });
  });

  it("is said by one router of several", () => {
    const second = device({ ...router, id: "mac:02AABBCCDD98", addresses: [] });
    const part = { paths: [way({ deviceId: null })], devices: [camera, router, second] };
    expect(brief(run(reachableFromInternet, part, router))).toEqual(["fail TCP 9000"]);
    expect(brief(run(reachableFromInternet, part, second))).toEqual(["notapplicable not-applicable"]);
  });
});

describe("ipv6-reachable", () => {
  const holders = (addresses: readonly string[], prefixes = ["3fff:77::/64"]) =>
    fact("ipv6", {
      prefixes,
      holders: addresses.map((address) => ({ deviceId: camera.id, address, how: "neighbour" as const })),
    });
  const open = way({ family: 6, externalPort: null, externalAddress: "3fff:77::10", internalPort: null });
  const firewall = (pinholeAllowed: boolean) => [view({ ipv6Firewall: { enabled: true, pinholeAllowed } })];

  it("fails for an address that nothing filters", () => {
    const outcomes = run(ipv6Reachable, { paths: [open], questions: holders(["3fff:77::10"]) });
    expect(brief(outcomes)).toEqual(["fail IPv6"]);
    expect(outcomes[0]).toMatchObject({ severity: "high", audience: "internet" });
  });

  it("passes behind a filter: by the vantage point, by our own rules, by the router's word", () => {
    const questions = holders(["3fff:77::10"]);
    const beacon = vantage([{ ...look4, family: 6, beacon: "silent" }]);
    const rules = { forwards: [], unread: [], leases: [], outbound: [], ipv6: "filtered" as const };
    const judged = (part: Partial<SiteView>) => brief(run(ipv6Reachable, { questions, ...part }));
    expect(judged({ questions: { ...questions, ...beacon } })).toEqual(["pass"]);
    expect(judged({ questions: { ...questions, ...fact("gateway", rules) } })).toEqual(["pass"]);
    expect(judged({ routers: firewall(false) })).toEqual(["pass"]);
    expect(judged({ routers: firewall(true), pinholesKnown: true })).toEqual(["pass"]);
  });

  it("is not settled while nobody knows what the router does", () => {
    const questions = holders(["3fff:77::10"]);
    expect(brief(run(ipv6Reachable, { questions }))).toEqual(["unknown ipv6-filter-unknown"]);
    expect(brief(run(ipv6Reachable, { questions, routers: firewall(true), pinholesKnown: false }))).toEqual([
      "unknown ipv6-holes-not-listed",
    ]);
    expect(brief(run(ipv6Reachable))).toEqual(["notchecked not-asked"]);
    const failed: SiteEvidence = { ipv6: { asked: true, at: "", answer: failure("unsupported") } };
    expect(brief(run(ipv6Reachable, { questions: failed }))).toEqual(["unknown unsupported"]);
  });

  it("does not arise without IPv6, and not seeing an address is no proof", () => {
    expect(brief(run(ipv6Reachable, { questions: holders([], []) }))).toEqual(["notapplicable no-ipv6"]);
    expect(brief(run(ipv6Reachable, { questions: holders([]) }))).toEqual(["notapplicable no-ipv6"]);
    const speaks = device({ addresses: [{ address: "fe80::1%eth0", interface: "eth0" }] });
    expect(brief(run(ipv6Reachable, { questions: holders([]) }, speaks))).toEqual([
      "unknown no-global-address-seen",
    ]);
  });

  it("tells a router's pinholes and a filter that is off", () => {
    const hole = way({ family: 6, externalPort: null, deviceId: null, closable: "pinhole", uniqueId: 3 });
    expect(brief(run(ipv6Reachable, { paths: [hole] }, router))).toEqual(["fail pinhole 3"]);
    const withIpv6 = device({ addresses: [{ address: "3fff:77::10", interface: "eth0" }] });
    const off = [view({ ipv6Firewall: { enabled: false, pinholeAllowed: false } })];
    expect(brief(run(ipv6Reachable, { routers: off, devices: [withIpv6, router] }, router))).toEqual([
      "fail",
    ]);
    expect(brief(run(ipv6Reachable, { routers: off }, router))).toEqual(["notapplicable no-ipv6"]);
    expect(brief(run(ipv6Reachable, { devices: [withIpv6, router] }, router))).toEqual([
      "unknown ipv6-filter-unknown",
    ]);
  });
});

describe("how far a way reaches", () => {
  const to = (part: Partial<SiteView>) => run(portMappingToCamera, { mappings: [mapping()], ...part })[0];

  it("is the internet where the router has its own address there, or tells none", () => {
    expect(to({})).toMatchObject({ severity: "high", audience: "internet", because: null });
    expect(to({ routers: [view()] })).toMatchObject({ severity: "high", audience: "internet" });
  });

  it("is not known behind a second router or a carrier's", () => {
    expect(to({ routers: [view({ connection: "private" })] })).toMatchObject({
      outcome: "fail",
      severity: "medium",
      audience: "unknown",
      because: "behind-another-router",
    });
    expect(to({ routers: [view({ connection: "cgnat" })] })).toMatchObject({ because: "carrier-blocks" });
  });

  it("is the internet wherever it was measured from outside", () => {
    const seen = way({ grounds: ["listed", "outside"], closable: "mapping" });
    expect(to({ paths: [seen], routers: [view({ connection: "private" })] })).toMatchObject({
      severity: "high",
      audience: "internet",
    });
  });
});

describe("an entry that somebody closed", () => {
  const closed: MendRecord = {
    id: "1",
    at: "2026-11-20T00:00:00.000Z",
    action: "delete-port-mapping",
    by: "A",
    deviceId: camera.id,
    mapping: { ...mapping(), externalPort: 18080 },
    pinhole: null,
    confirmedOutside: null,
    result: "done",
    code: null,
    detail: "",
  };
  const because = (mends: readonly MendRecord[]) =>
    run(portMappingToCamera, { mappings: [mapping()], mends })[0]?.because;

  it("is told apart from a new one, under whatever port it comes back", () => {
    expect(because([closed])).toBe("mapping-came-back");
    expect(because([])).toBeNull();
    expect(because([{ ...closed, mapping: { ...mapping(), internalPort: 554 } }])).toBeNull();
    expect(because([{ ...closed, result: "refused" }])).toBeNull();
  });
});

describe("a door that shows itself", () => {
  const door = { protocol: "http", port: 80 } as const;
  const evidence = {
    ports: answered<"ports">({ states: { 80: "open" } }),
    pictures: answered<"pictures">({
      asked: [
        {
          door,
          path: "/a.jpg",
          origin: "vendor",
          result: "open",
          status: 200,
          mediaType: "image/jpeg",
          signature: "jpeg",
          because: null,
        },
      ],
    }),
  };
  const judged = (paths: readonly InboundPath[], routers = [view()]) =>
    openLiveView.run(input({ device: camera, evidence, site: site({ paths, routers }) }))[0];

  it("is critical by whatever way the internet reaches it, and carries that way", () => {
    expect(judged([way()])).toMatchObject({ severity: "critical", audience: "internet" });
    expect(judged([way()])?.paths).toEqual([way()]);
    const everyDoor = way({ family: 6, externalPort: null, internalPort: null, grounds: ["inferred"] });
    expect(judged([everyDoor])).toMatchObject({ severity: "critical" });
  });

  it("is not while the way ends at another router, leads to another door, or is off", () => {
    expect(judged([way({ grounds: ["listed"] })], [view({ connection: "private" })])).toMatchObject({
      severity: "high",
      audience: "unknown",
    });
    expect(judged([way({ internalPort: 554 })])).toMatchObject({ severity: "high", audience: "building" });
    expect(judged([way({ enabled: false })])).toMatchObject({ severity: "high", audience: "building" });
  });
});

describe("agent-exposed", () => {
  it("fails where a vantage point reached our page over IPv6", () => {
    const page = way({
      family: 6,
      externalPort: 80,
      internalAddress: "192.0.2.5",
      internalPort: 80,
      deviceId: null,
      routerId: null,
      grounds: ["outside"],
    });
    expect(brief(run(agentExposed, { paths: [page] }, router))).toContain("fail TCP 80");
    expect(brief(run(agentExposed, { paths: [{ ...page, internalPort: 22 }] }, router))).not.toContain(
      "fail TCP 80",
    );
  });

  it("is told by this machine itself where it is the router", () => {
    const self = device({ ...router, id: "mac:020000000005", self: true });
    const rule = way({ internalAddress: "192.0.2.5", routerId: self.id, deviceId: null, grounds: ["rule"] });
    const rules = { forwards: [], unread: [], leases: [], outbound: [], ipv6: "unknown" as const };
    const part = { paths: [rule], devices: [camera, self], questions: fact("gateway", rules) };
    expect(brief(run(agentExposed, part, self))).toEqual(["fail TCP 9000"]);
    expect(brief(run(agentExposed, { ...part, paths: [] }, self))).toEqual(["pass"]);
  });
});
