import {
  type Device,
  type Evidence,
  factOf,
  type GatewayForward,
  type InboundPath,
  type Ipv6Fact,
  PATH_GROUNDS,
  type PathGround,
  type RouterView,
  type SiteEvidence,
  type SiteMapping,
  siteFactOf,
} from "../model/index.ts";
import { doorsSeen, type Look, looksOf } from "./looks.ts";

export interface PathInput {
  readonly devices: readonly Device[];
  readonly evidence: Readonly<Record<string, Evidence>>;
  readonly mappings: readonly SiteMapping[];
  readonly routers: readonly RouterView[];
  readonly questions: SiteEvidence;
}

/** Every way in that anything speaks of, each once, however many sources know of it. Pure. */
export function inboundPaths(input: PathInput): readonly InboundPath[] {
  const paths = new Map<string, InboundPath>();
  const add = (path: InboundPath) => {
    const key = keyOf(path);
    const known = paths.get(key);
    paths.set(key, known ? merged(known, path) : path);
  };
  for (const mapping of input.mappings) add(listedPath(mapping, input.routers));
  for (const forward of siteFactOf(input.questions, "gateway")?.forwards ?? []) {
    for (const path of forwardPaths(forward, input)) add(path);
  }
  for (const look of looksOf(input)) {
    for (const path of measuredPaths(look, [...paths.values()])) add(path);
  }
  for (const path of indexedPaths(input, [...paths.values()])) add(path);
  for (const path of [...ipv6Paths(input), ...pagePaths(input)]) add(path);
  return [...paths.values()];
}

/** Two routers may each hold an entry for one door: each can be deleted, so each counts. */
function keyOf(path: InboundPath): string {
  const { family, protocol, externalPort, remoteHost, routerId, internalAddress, internalPort } = path;
  const target = path.uniqueId ?? [internalAddress ?? path.deviceId, internalPort, ...path.candidates];
  return JSON.stringify([family, protocol, externalPort, remoteHost, path.closable && routerId, target]);
}

function merged(one: InboundPath, other: InboundPath): InboundPath {
  const first = one.closable === null && other.closable !== null ? other : one;
  return {
    ...first,
    enabled: one.enabled || other.enabled,
    grounds: sorted([...one.grounds, ...other.grounds]),
  };
}

function sorted(grounds: readonly PathGround[]): readonly PathGround[] {
  return PATH_GROUNDS.filter((ground) => grounds.includes(ground));
}

const PLAIN = { remoteHost: "", candidates: [], enabled: true, description: "", closable: null } as const;

function listedPath(mapping: SiteMapping, routers: readonly RouterView[]): InboundPath {
  const { protocol, externalPort, remoteHost, routerId, deviceId, internalClient, internalPort } = mapping;
  return {
    ...PLAIN,
    family: 4,
    protocol,
    externalPort,
    externalAddress: routers.find((view) => view.routerId === routerId)?.externalAddress ?? null,
    remoteHost,
    routerId,
    deviceId,
    internalAddress: internalClient,
    internalPort,
    enabled: mapping.enabled,
    grounds: ["listed"],
    description: mapping.description,
    closable: "mapping",
    leaseSeconds: mapping.leaseSeconds,
  };
}

/** A rule for a whole range is one way in a door that answers within it; none that answers leaves the rule itself. */
function forwardPaths(forward: GatewayForward, { devices, evidence }: PathInput): readonly InboundPath[] {
  const device = holderOf(forward.internalAddress, devices);
  const self = devices.find(({ self }) => self);
  const base = {
    ...PLAIN,
    family: forward.family,
    protocol: forward.protocol,
    externalAddress: null,
    remoteHost: forward.remoteHost,
    routerId: self?.id ?? null,
    deviceId: device?.id ?? null,
    internalAddress: forward.internalAddress,
    grounds: ["rule"],
    description: forward.comment,
  } as const;
  const { externalPorts, internalPort } = forward;
  if (externalPorts !== null && externalPorts.from === externalPorts.to) {
    const externalPort = externalPorts.from;
    return [{ ...base, externalPort, internalPort: internalPort ?? externalPort }];
  }
  const states = factOf(evidence[device?.id ?? ""] ?? {}, "ports")?.states ?? {};
  const doors = Object.entries(states)
    .filter(([port, state]) => state === "open" && isWithin(Number(port), externalPorts))
    .map(([port]) => Number(port));
  if (forward.protocol !== "TCP" || internalPort !== null || doors.length === 0)
    return [{ ...base, externalPort: externalPorts?.from ?? null, internalPort }];
  return doors.map((port) => ({ ...base, externalPort: port, internalPort: port }));
}

function isWithin(port: number, range: GatewayForward["externalPorts"]): boolean {
  return range === null || (port >= range.from && port <= range.to);
}

/** What answered at the outside address, tied to a listed way by its port, or to a device by the very same answer. */
function measuredPaths(look: Look, known: readonly InboundPath[]): readonly InboundPath[] {
  return look.asked.flatMap((reached): InboundPath[] => {
    if (reached.result !== "open") return [];
    const { port, fingerprint } = reached;
    const inside = doorsSeen(look.inside, fingerprint);
    const listed = known.find(
      (path) =>
        path.family === 4 &&
        path.protocol === "TCP" &&
        path.externalPort === port &&
        path.enabled &&
        (path.deviceId === null ||
          inside.length === 0 ||
          inside.some(({ deviceId }) => deviceId === path.deviceId)),
    );
    if (listed) return [{ ...listed, grounds: [look.ground] }];
    const [only] = inside;
    const devices = [...new Set(inside.map(({ deviceId }) => deviceId))];
    // From inside, the router itself answers at its outside address: what looks like no camera proves nothing.
    if (only === undefined && look.ground === "inside") return [];
    return [
      {
        ...PLAIN,
        family: 4,
        protocol: "TCP",
        externalPort: port,
        externalAddress: look.address,
        routerId: look.routerId,
        deviceId: devices.length === 1 ? (devices[0] ?? null) : null,
        candidates: devices.length > 1 ? devices.toSorted() : [],
        internalAddress: null,
        internalPort: devices.length === 1 ? (only?.port ?? null) : null,
        grounds: [look.ground],
      },
    ];
  });
}

/** Where the address may be shared, a port that no list of ours names may be another subscriber's. */
function indexedPaths(input: PathInput, known: readonly InboundPath[]): readonly InboundPath[] {
  const fact = siteFactOf(input.questions, "internetdb");
  if (fact === null) return [];
  const router = input.routers.find(({ externalAddress }) => externalAddress === fact.address);
  return fact.ports.flatMap((port): InboundPath[] => {
    const ours = known.filter(
      ({ family, externalPort, enabled }) => family === 4 && externalPort === port && enabled,
    );
    if (ours.length > 0) return ours.map((path) => ({ ...path, grounds: ["search-engine"] }));
    if (router?.maybeShared !== false) return [];
    return [
      {
        ...PLAIN,
        family: 4,
        protocol: "TCP",
        externalPort: port,
        externalAddress: fact.address,
        routerId: router.routerId,
        deviceId: null,
        internalAddress: null,
        internalPort: null,
        grounds: ["search-engine"],
      },
    ];
  });
}

/** Pinholes lead we know not where; without a filter every global address is its own way in. */
function ipv6Paths(input: PathInput): readonly InboundPath[] {
  const unfiltered = ipv6Grounds(input);
  const open =
    unfiltered.length === 0 ? [] : globalAddresses(input.devices, siteFactOf(input.questions, "ipv6"));
  const doors = open.map(
    ({ deviceId, address }): InboundPath => ({
      ...PLAIN,
      family: 6,
      protocol: "TCP",
      externalPort: null,
      externalAddress: address,
      routerId: input.routers.find(({ ipv6Firewall }) => ipv6Firewall !== null)?.routerId ?? null,
      deviceId,
      internalAddress: address,
      internalPort: null,
      grounds: unfiltered,
    }),
  );
  return [...doors, ...input.devices.flatMap((device) => pinholePaths(device, input.evidence))];
}

/** Our own page, where a vantage point reached it at this machine's own address. */
function pagePaths({ questions, devices }: PathInput): readonly InboundPath[] {
  const looks = siteFactOf(questions, "vantage")?.looks.filter(({ family }) => family === 6) ?? [];
  return looks.flatMap(({ seenAs, asked }) =>
    asked
      .filter(({ result }) => result === "open")
      .map(
        ({ port }): InboundPath => ({
          ...PLAIN,
          family: 6,
          protocol: "TCP",
          externalPort: port,
          externalAddress: seenAs,
          routerId: null,
          deviceId: devices.find(({ self }) => self)?.id ?? null,
          internalAddress: seenAs,
          internalPort: port,
          grounds: ["outside"],
        }),
      ),
  );
}

function pinholePaths(router: Device, evidence: PathInput["evidence"]): readonly InboundPath[] {
  return (factOf(evidence[router.id] ?? {}, "igd")?.pinholes?.found ?? []).map(({ uniqueId }) => ({
    ...PLAIN,
    family: 6,
    protocol: "TCP",
    externalPort: null,
    externalAddress: null,
    routerId: router.id,
    deviceId: null,
    internalAddress: null,
    internalPort: null,
    grounds: ["listed"],
    closable: "pinhole",
    uniqueId,
  }));
}

/** How we know that new IPv6 connections from outside are let through to the LAN; empty = we do not. */
function ipv6Grounds({ routers, questions }: PathInput): readonly PathGround[] {
  const beacon = siteFactOf(questions, "vantage")?.looks.find(({ family }) => family === 6)?.beacon;
  return sorted([
    ...(routers.some(({ ipv6Firewall }) => ipv6Firewall?.enabled === false) ? (["listed"] as const) : []),
    ...(siteFactOf(questions, "gateway")?.ipv6 === "open" ? (["rule"] as const) : []),
    ...(beacon === "open" ? (["inferred"] as const) : []),
  ]);
}

/** Who holds an address that is valid on the internet. */
function globalAddresses(
  devices: readonly Device[],
  fact: Ipv6Fact | null,
): readonly { readonly deviceId: string; readonly address: string }[] {
  const ids = new Set(devices.filter(({ self }) => !self).map(({ id }) => id));
  return (fact?.holders ?? []).filter(({ deviceId }) => ids.has(deviceId));
}

/** Who has this address now. */
export function holderOf(address: string, devices: readonly Device[]): Device | undefined {
  return devices.find((device) => device.addresses.some((own) => own.address === address));
}
