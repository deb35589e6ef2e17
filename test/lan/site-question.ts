import {
  type Answer,
  type Device,
  type DeviceKind,
  type IgdFact,
  NOTHING_OUTSIDE,
  type PortMappingFact,
  type PortState,
  type RouterView,
  type SiteFacts,
  type SiteQuestionId,
  success,
} from "../../agent/model/index.ts";
import type { SiteContext } from "../../agent/probes/site/index.ts";
import type { Lan } from "./lan.ts";
import { ROUTER } from "./topology.ts";

const AT = "2026-11-21T00:00:00.000Z";

/** Puts one question about the site on the gateway, `times` in one process. */
export async function askSite<Q extends SiteQuestionId>(
  lan: Lan,
  question: Q,
  context: Omit<SiteContext, "signal">,
  { env = {}, times = 1 }: { readonly env?: NodeJS.ProcessEnv; readonly times?: number } = {},
): Promise<Answer<SiteFacts[Q]>> {
  const argv = [
    process.execPath,
    "/run/lan/bin/site-probe.mjs",
    JSON.stringify({ question, context, times }),
  ];
  const { stdout, stderr } = await lan.agent.run(argv, { env }).done;
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as Answer<SiteFacts[Q]>;
}

export function deviceAt(id: string, kind: DeviceKind, address: string): Device {
  return {
    id,
    aliases: [],
    stableIds: [],
    addresses: [{ address, interface: "eth0" }],
    mac: null,
    names: [],
    fields: {},
    services: [],
    kind,
    vendor: null,
    model: null,
    firmware: null,
    certainty: 1,
  };
}

export interface SiteParts {
  readonly router?: Partial<RouterView>;
  readonly mappings?: readonly Partial<PortMappingFact>[];
  /** Cameras by address with the ports that are open inside. */
  readonly cameras?: Readonly<Record<string, readonly number[]>>;
  readonly settings?: Partial<SiteContext["settings"]>;
  readonly ownPorts?: readonly number[];
}

/** What a scan would know of the LAN before it asks about the site. */
export function siteContext({
  router = {},
  mappings = [],
  cameras = {},
  settings = {},
  ownPorts = [],
}: SiteParts): Omit<SiteContext, "signal"> {
  const view: RouterView = {
    routerId: "router",
    igdVersion: 2,
    externalAddress: ROUTER.wan,
    connection: "public",
    maybeShared: false,
    portMappingProtocols: [],
    ipv6Firewall: null,
    doubts: [],
    ...router,
  };
  const askable = Object.keys(cameras).map((address) => deviceAt(`camera-${address}`, "camera", address));
  const ports = askable.map(({ id, addresses }) => {
    const open = cameras[addresses[0]?.address ?? ""] ?? [];
    const states = Object.fromEntries(open.map((port) => [port, "open" as PortState]));
    return [id, { ports: { asked: true as const, at: AT, answer: success({ states }) } }] as const;
  });
  const igd: IgdFact = {
    version: 2,
    externalAddress: view.externalAddress,
    connectionStatus: "Connected",
    mappings: mappings.map((mapping) => ({
      protocol: "TCP",
      externalPort: 0,
      remoteHost: "",
      internalClient: "",
      internalPort: 0,
      enabled: true,
      leaseSeconds: 0,
      description: "",
      seenIn: ["v1"],
      ...mapping,
    })),
    complete: true,
    doubts: [],
    ipv6Firewall: null,
  };
  return {
    devices: [deviceAt("router", "router", ROUTER.lan), ...askable],
    evidence: {
      ...Object.fromEntries(ports),
      router: { igd: { asked: true, at: AT, answer: success(igd) } },
    },
    routers: [view],
    networks: [],
    settings: { ...NOTHING_OUTSIDE, ...settings },
    ownPorts,
    askable,
  };
}
