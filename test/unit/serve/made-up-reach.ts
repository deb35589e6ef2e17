import type {
  ConnectionKind,
  Finding,
  InboundPath,
  MendRecord,
  Reach,
  RouterView,
  SiteEvidence,
} from "../../../agent/model/index.ts";
import type { SiteState } from "../../../agent/serve/index.ts";
import { finding, HOSTILE, hostile, known, mend, NOW, nursery, outcome } from "./made-up-site.ts";

export const ROUTER = "mac:02005E770001";
export const YARD = "serial:acme:1";
const hoursAgo = (hours: number): string => new Date(NOW.getTime() - hours * 3_600_000).toISOString();

export function path(more: Partial<InboundPath> = {}): InboundPath {
  return {
    family: 4,
    protocol: "TCP",
    externalPort: 8554,
    externalAddress: "203.0.113.4",
    remoteHost: "",
    routerId: ROUTER,
    deviceId: YARD,
    candidates: [],
    internalAddress: "192.168.77.31",
    internalPort: 554,
    enabled: true,
    grounds: ["listed"],
    description: "MARK-DESCRIPTION",
    closable: "mapping",
    ...more,
  };
}

/** By hand, so that no list shows it: found by asking at the outside address. */
export const HAND = path({
  externalPort: 8080,
  internalPort: 80,
  routerId: null,
  description: "",
  grounds: ["inside", "outside", "search-engine"],
  closable: null,
});
/** As a router tells of it: that it is there, and nothing else. */
export const PINHOLE = path({
  family: 6,
  externalPort: null,
  externalAddress: null,
  deviceId: null,
  internalAddress: null,
  internalPort: null,
  description: "",
  closable: "pinhole",
  uniqueId: 7,
});
export const UNFILTERED = path({
  family: 6,
  protocol: "TCP",
  externalPort: null,
  internalAddress: "2001:db8::31",
  internalPort: null,
  routerId: null,
  grounds: ["outside"],
  description: "",
  closable: null,
});

export function router(more: Partial<RouterView> = {}): RouterView {
  return {
    routerId: ROUTER,
    igdVersion: 2,
    externalAddress: "203.0.113.4",
    connection: "public",
    maybeShared: false,
    portMappingProtocols: [],
    ipv6Firewall: { enabled: true, pinholeAllowed: true },
    doubts: [],
    ...more,
  };
}

const AT = hoursAgo(4);
const asked = <T>(value: T) => ({ asked: true, at: AT, answer: { ok: true, value } }) as const;

/** Every question answered. */
export const ANSWERED: SiteEvidence = {
  ipv6: asked({
    prefixes: ["2001:db8::/64"],
    holders: [{ deviceId: YARD, address: "2001:db8::31", how: "neighbour" }],
  }),
  gateway: asked({
    forwards: [
      {
        source: "nftables",
        family: 4,
        protocol: "TCP",
        externalPorts: { from: 8080, to: 8080 },
        remoteHost: "",
        internalAddress: "192.168.77.31",
        internalPort: 80,
        comment: "",
      },
    ],
    unread: [
      { source: "miniupnpd", because: "not-permitted" },
      { source: "iptables", because: "malformed" },
      { source: "conntrack", because: "too-large" },
    ],
    leases: [{ address: "192.168.77.31", mac: "02:00:5E:77:00:31", name: "MARK-LEASE" }],
    outbound: [
      { address: "192.168.77.31", hosts: 3, connections: 5 },
      { address: "192.168.77.99", hosts: 1, connections: 1 },
    ],
    ipv6: "filtered",
  }),
  hairpin: asked({
    routerId: ROUTER,
    address: "203.0.113.4",
    asked: [
      { port: 80, result: "open", fingerprint: null },
      { port: 554, result: "silent", fingerprint: null },
    ],
    inside: [],
  }),
  vantage: asked({
    looks: [
      {
        family: 4,
        seenAs: "203.0.113.4",
        asked: [{ port: 8554, result: "open", fingerprint: null }],
        inside: [],
        beacon: null,
      },
      { family: 6, seenAs: "2001:db8::2", asked: [], inside: [], beacon: "closed" },
    ],
  }),
  internetdb: asked({
    address: "203.0.113.4",
    ports: [8554],
    tags: ["camera"],
    vulnerabilities: ["CVE-2021-0001"],
  }),
};

/** None put, each for a reason of its own. */
export const NOT_PUT: SiteEvidence = {
  ipv6: { asked: true, at: AT, answer: { ok: false, reason: "timeout" } },
  gateway: { asked: false, because: "not-the-router" },
  hairpin: { asked: false, because: "no-outside-address" },
  vantage: { asked: false, because: "switched-off" },
};

export function withReach(site: SiteState, reach: Partial<Reach>): SiteState {
  const { report } = site;
  if (!report) throw new Error("there is no report");
  return { ...site, report: { ...report, reach: { routers: [], paths: [], questions: {}, ...reach } } };
}

export function closing(more: Partial<MendRecord> = {}): MendRecord {
  return mend("delete-port-mapping", {
    deviceId: YARD,
    mapping: {
      routerId: ROUTER,
      protocol: "TCP",
      externalPort: 8554,
      remoteHost: "",
      internalClient: "192.168.77.31",
      internalPort: 554,
      description: "MARK-DESCRIPTION",
    },
    ...more,
  });
}

/** The nursery whose yard camera is open to the world; its two findings about it carry these ways. */
export function reached(paths: readonly InboundPath[] = [path()], more: Partial<SiteState> = {}): SiteState {
  const site = nursery();
  const leads = (one: Finding) => one.deviceId === YARD;
  const findings = site.findings.map((one) =>
    leads(one) ? { ...one, outcome: { ...one.outcome, paths } } : one,
  );
  return withReach({ ...site, findings, ...more }, { routers: [router()], paths, questions: NOT_PUT });
}

export const FOUND = "port-mapping-to-camera~aa12";

/** All that can be known and done at once. */
export function everything(): SiteState {
  const off = path({ externalPort: 9000, enabled: false, description: "" });
  const strange = path({
    externalPort: 5000,
    deviceId: null,
    internalAddress: "192.168.77.200",
    remoteHost: "198.51.100.7",
  });
  const alike = path({
    externalPort: 81,
    deviceId: null,
    candidates: [YARD, "serial:acme:2"],
    internalAddress: null,
    internalPort: null,
    grounds: ["inside"],
    closable: null,
  });
  const ruled = path({ externalPort: 82, grounds: ["rule"], closable: null });
  const paths = [path(), HAND, PINHOLE, UNFILTERED, off, strange, alike, ruled];
  const site = reached(paths, {
    outside: {
      hairpin: true,
      ownAddress: false,
      vantage: { host: "vantage.example", port: 8443 },
      internetdb: true,
    },
    guard: {
      because: null,
      applied: { at: hoursAgo(2), by: "園長 佐藤" },
      preview: "table inet komainu {\n  chain forward { }\n}",
    },
    mends: [
      closing({ id: "m-1", at: hoursAgo(40), confirmedOutside: true }),
      closing({
        id: "m-2",
        at: hoursAgo(30),
        result: "refused",
        code: 606,
        detail: "606 Action not authorized",
      }),
      mend("apply-guard", { id: "m-3", at: hoursAgo(2) }),
    ],
  });
  const kinds: readonly ConnectionKind[] = ["public", "private", "cgnat", "ds-lite", "none"];
  const routers = kinds.map((connection, index) =>
    router({
      connection,
      routerId: index === 0 ? ROUTER : `mac:02005E77000${index + 1}`,
      igdVersion: index === 4 ? null : index % 2 === 0 ? 2 : 1,
      maybeShared: index === 0,
      portMappingProtocols: index === 1 ? ["nat-pmp", "pcp"] : [],
      doubts: index === 2 ? ["lists-differ", "repeats", HOSTILE] : [],
      ipv6Firewall: index === 3 ? { enabled: false, pinholeAllowed: false } : null,
    }),
  );
  return withReach(site, { routers, paths, questions: ANSWERED });
}

/** It was closed by a click and is there again. */
export function cameBack(): SiteState {
  const site = reached([path()], { mends: [closing({ at: hoursAgo(48) })] });
  const findings = site.findings.map((one) =>
    one.id === FOUND
      ? { ...one, reopened: 1, outcome: { ...one.outcome, because: "mapping-came-back" } }
      : one,
  );
  return { ...site, findings };
}

/** This very page can be reached from outside. */
export function selfReached(): SiteState {
  const paths = [
    path({ externalPort: 8080, deviceId: null, internalAddress: "192.168.77.2", internalPort: 8080 }),
  ];
  const bad = outcome("agent-exposed", "fail", {
    severity: "critical",
    audience: "internet",
    subject: "TCP 8080",
    values: { port: 8080 },
    paths,
  });
  const site = reached([path(), ...paths]);
  return { ...site, findings: [...site.findings, finding("agent-exposed~dd44", ROUTER, bad)] };
}

/** Every text of a way, a router and a click, as bad as it gets. */
export function hostileReach(): SiteState {
  const id = `serial:${HOSTILE}`;
  const bad = path({
    routerId: HOSTILE,
    deviceId: id,
    description: HOSTILE,
    remoteHost: HOSTILE,
    externalAddress: HOSTILE,
    internalAddress: HOSTILE,
  });
  const site = hostile();
  const lost = { ...bad, externalPort: 1, deviceId: null, candidates: [id, HOSTILE], closable: null };
  const findings = site.findings.map((one) => ({
    ...one,
    outcome: { ...one.outcome, because: "mapping-came-back", paths: [bad, lost] },
  }));
  const said = closing({ by: HOSTILE, detail: HOSTILE, result: "refused", code: 606, deviceId: id });
  const mends = [
    { ...said, mapping: said.mapping && { ...said.mapping, routerId: HOSTILE, remoteHost: HOSTILE } },
  ];
  return withReach(
    {
      ...site,
      findings,
      mends,
      known: [known(id)],
      outside: { hairpin: true, ownAddress: false, vantage: { host: HOSTILE, port: 1 }, internetdb: false },
      guard: { because: null, applied: { at: AT, by: HOSTILE }, preview: HOSTILE },
    },
    {
      paths: [bad, lost],
      routers: [router({ routerId: HOSTILE, externalAddress: HOSTILE, doubts: [HOSTILE] })],
      questions: {
        ipv6: asked({
          prefixes: [HOSTILE],
          holders: [{ deviceId: HOSTILE, address: HOSTILE, how: "neighbour" }],
        }),
        gateway: asked({
          forwards: [],
          unread: [],
          leases: [{ address: HOSTILE, mac: HOSTILE, name: HOSTILE }],
          outbound: [],
          ipv6: "unknown",
        }),
        internetdb: asked({ address: HOSTILE, ports: [1], tags: [HOSTILE], vulnerabilities: [HOSTILE] }),
      },
    },
  );
}
