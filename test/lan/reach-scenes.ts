import type { Report } from "../../agent/model/index.ts";
import type { LanOptions } from "./lan.ts";
import type { TruePath } from "./reach-truth.ts";
import { everything, forwarded, mapping, pinhole, unfiltered, type Way } from "./ways.ts";

/** Looks at a LAN until every router was heard, or so often. */
const LOOKS = 3;

/**
 * On a machine under load a router may answer too late for one look. Only that is looked at again: a router that was
 * heard has said all.
 */
export async function untilHeard(
  { options }: Scene,
  look: (again: boolean) => Promise<Report>,
): Promise<Report> {
  const expected = options.seat === "router" ? 0 : options.secondRouter ? 2 : 1;
  for (let n = 1; ; n += 1) {
    const report = await look(n > 1);
    const heard = report.reach?.routers.filter(({ igdVersion }) => igdVersion !== null) ?? [];
    if (n === LOOKS || heard.length >= expected) return report;
  }
}

/** A site with ways in, for the story and for its figures. */
export interface Scene {
  readonly name: string;
  readonly options: Omit<LanOptions, "cast">;
  readonly ways: readonly Way[];
  /** What is in front lets none of them through. */
  readonly sealed?: true;
  /** Where nobody inside can know that the internet gets through, the worst is not said. Default `critical`. */
  readonly worst?: "high";
}

const OPEN_WEB = { device: "open", port: 8080 } as const;
const OPEN_RTSP = { device: "open", port: 554 } as const;
const TWIN_RTSP = { device: "twin-a", port: 554 } as const;
const TWIN_WEB = { device: "twin-b", port: 80 } as const;
const NAS = { device: "nas", port: 5000 } as const;

const BY_UPNP = [mapping(8554, OPEN_RTSP), mapping(10_554, TWIN_RTSP), mapping(5001, NAS)] as const;
const BY_HAND = [
  forwarded(8080, OPEN_WEB, { hairpin: true }),
  forwarded(8000, TWIN_WEB, { hairpin: true, alike: ["twin-a"] }),
  forwarded(8443, OPEN_WEB, { hairpin: false }),
] as const;
const RULE = { grounds: ["rule"] } as const;

/** The story's own: IGD:2, UPnP mappings and the owner's forwards side by side. */
export const ORDINARY: Scene = {
  name: "IGD:2, forwards by hand",
  options: {},
  ways: [...BY_UPNP, ...BY_HAND],
};

/** What only a vantage point sees of `ORDINARY`: the forward without a way back from inside. */
export const HIDDEN: TruePath = {
  family: 4,
  externalPort: 8443,
  leadsTo: ["open"],
  internalPort: 8080,
  grounds: [],
};

/**
 * Nobody at home can tell that the line is open, unless the router's own rules are read or somebody outside asks. Nor
 * does anything on the LAN tell of an address that no MAC address makes: only the router has such neighbours.
 */
export const OPEN_IPV6: Scene = {
  name: "IPv6 open",
  options: { ipv6: "open" },
  ways: [
    ...[OPEN_WEB, NAS].map((door) => unfiltered(door, ["inferred"])),
    ...[TWIN_RTSP, TWIN_WEB].map((door) => unfiltered(door, [])),
  ],
};

export const SECURE: Scene = {
  name: "IGD:2 in secure mode",
  options: { igd: { secureMode: true } },
  ways: BY_UPNP,
};

/** Its own rules tell all; the last way leads to no camera. */
export const ON_ROUTER: Scene = {
  name: "on the router, IPv6 open",
  options: { ipv6: "open", seat: "router", capabilities: ["net_admin"] },
  ways: [
    mapping(8554, OPEN_RTSP, RULE),
    forwarded(8080, OPEN_WEB, { hairpin: false, ...RULE }),
    forwarded(8000, TWIN_WEB, { hairpin: false, ...RULE }),
    ...[OPEN_WEB, TWIN_RTSP, TWIN_WEB, NAS].map((door) => unfiltered(door, ["rule"])),
  ],
};

export const SCENES: readonly Scene[] = [
  ORDINARY,
  { name: "IGD:1", options: { igd: { version: 1 } }, ways: BY_UPNP },
  SECURE,
  {
    name: "IGD:2 whose walk hides an entry",
    options: { igd: { misbehaves: "lists-differ" } },
    ways: BY_UPNP,
  },
  {
    name: "IGD:1 whose walk breaks off",
    options: { igd: { misbehaves: "fault-in-middle", version: 1 } },
    ways: [BY_UPNP[0], BY_UPNP[1], mapping(5001, NAS, { grounds: [] })],
  },
  {
    name: "DMZ",
    options: {},
    ways: [everything("open", [554, 8080])],
  },
  {
    name: "two routers",
    options: { secondRouter: true },
    ways: [mapping(8080, OPEN_WEB), mapping(10_554, OPEN_RTSP, { at: "second" })],
  },
  {
    name: "double NAT",
    options: { upstream: "double-nat" },
    ways: BY_UPNP,
    sealed: true,
    worst: "high",
  },
  {
    name: "double NAT, passed on",
    options: { upstream: "double-nat", outerDmz: true },
    ways: BY_UPNP,
    worst: "high",
  },
  {
    name: "carrier-grade NAT",
    options: { upstream: "cgnat" },
    ways: BY_UPNP,
    sealed: true,
    worst: "high",
  },
  {
    name: "IPv6 with a pinhole",
    options: { ipv6: "filtered" },
    ways: [mapping(8554, OPEN_RTSP), pinhole(OPEN_WEB)],
  },
  ON_ROUTER,
];
