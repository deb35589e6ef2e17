import ipaddr from "ipaddr.js";

/** Addresses of the virtual LAN. They exist only inside its own network namespaces. */
export const LAN_V4 = "192.168.77.0/24";
export const LAN_V6 = "fd77::/64";
/** Documentation space that no list calls reserved by its old name yet (RFC 9637). */
export const LAN_GLOBAL_V6 = "3fff:77::/64";
/** `wan` is its outside address where nothing is in front of it. */
export const ROUTER = { name: "router", lan: "192.168.77.1", wan: "128.66.0.2" } as const;
/** Another router on the same LAN, with a line of its own. */
export const SECOND_ROUTER = { name: "router2", lan: "192.168.77.254", wan: "128.66.0.3" } as const;
/** A router or a carrier in front of the home router. */
export const OUTER = { name: "outer", wan: ROUTER.wan } as const;
export const AGENT = { name: "agent", address: "192.168.77.2", mac: "02:77:00:00:00:02" } as const;
/** Neither private nor reserved for documentation in miniupnpd's eyes: it refuses to map on such an address. */
export const OUTSIDE = {
  name: "outside",
  address: "128.66.0.9",
  addresses6: ["2001:db8:66::9", "3fff:66::9"],
} as const;

export interface TopologyOptions {
  /**
   * `ula`: no global IPv6 addresses on the LAN. `filtered`, `open`: each station also holds one, and the router lets new
   * connections to it in from outside or not. Default `ula`.
   */
  readonly ipv6?: "ula" | "filtered" | "open";
  /** What stands between the home router and the Internet; the two latter give it a private or a shared address (RFC 6598). */
  readonly upstream?: "public" | "double-nat" | "cgnat";
  /** The router in front hands everything that comes in to the home router. */
  readonly outerDmz?: boolean;
  readonly secondRouter?: boolean;
  /** Where Komainu runs: on a host of the LAN, or on the home router itself. Default `agent`. */
  readonly seat?: "agent" | "router";
  /** TCP port of the vantage point that the owner has named on the outside host. Default none. */
  readonly vantagePort?: number;
}

/** The options with everything decided. */
export interface Site {
  readonly ipv6: "ula" | "filtered" | "open";
  /** Outside address of the home router. */
  readonly wan: string;
  /** Who is in front of the home router, and what it has inside; null = nobody. */
  readonly outer: { readonly inside: string; readonly dmz: boolean } | null;
  readonly secondRouter: boolean;
  readonly seat: { readonly name: string; readonly address: string };
  readonly vantagePort: number | null;
}

export function siteOf(options: TopologyOptions): Site {
  const { ipv6 = "ula", upstream = "public", outerDmz = false, secondRouter = false, vantagePort } = options;
  if (upstream !== "public" && ipv6 !== "ula")
    throw new Error("the router in front passes no IPv6 on: give the LAN global addresses without it");
  const between = upstream === "public" ? null : upstream === "cgnat" ? "100.64.7" : "10.99.0";
  return {
    ipv6,
    wan: between === null ? ROUTER.wan : `${between}.2`,
    outer: between === null ? null : { inside: `${between}.1`, dmz: outerDmz },
    secondRouter,
    seat: options.seat === "router" ? { name: ROUTER.name, address: ROUTER.lan } : AGENT,
    vantagePort: vantagePort ?? null,
  };
}

export interface Station {
  readonly name: string;
  readonly address: string;
  /** `AA:BB:CC:DD:EE:FF`. */
  readonly mac: string;
  /** How its global IPv6 address ends, where the LAN has such: from its MAC address (default), or as `ulaOf` does. */
  readonly ipv6?: "eui-64" | "short";
}

/** The unique local address of a station: its last IPv4 byte, as written, in fd77::/64. */
export function ulaOf(address: string): string {
  return `fd77::${lastByte(address)}`;
}

/** The global IPv6 address of a station, on a LAN that has them; RFC 4291, appendix A. */
export function globalOf({ address, mac, ipv6 = "eui-64" }: Station): string {
  if (ipv6 === "short") return `3fff:77::${lastByte(address)}`;
  const [first = 0, ...rest] = mac.split(":").map((byte) => Number.parseInt(byte, 16));
  const bytes = [first ^ 2, ...rest.slice(0, 2), 0xff, 0xfe, ...rest.slice(2)];
  const words = [0, 2, 4, 6].map((at) => (((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)).toString(16));
  return ipaddr.parse(`3fff:77:0:0:${words.join(":")}`).toString();
}

function lastByte(address: string): string {
  return address.split(".")[3] ?? "";
}

/** Name of a namespace's port at the bridge. */
export function portOf(namespace: string): string {
  return `p-${namespace}`;
}
