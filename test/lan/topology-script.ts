import { forwardRules, leakCounter, type ManualForward, routerRules } from "./packet-filters.ts";
import {
  globalOf,
  OUTER,
  OUTSIDE,
  portOf,
  ROUTER,
  SECOND_ROUTER,
  type Site,
  type Station,
  ulaOf,
} from "./topology.ts";

const WAN_V6 = "2001:db8:66";
const WAN_GLOBAL_V6 = "3fff:66";

/** One network interface in a namespace of its own, plugged into a bridge. */
interface Plug {
  readonly namespace: string;
  readonly interface: "eth0" | "wan0";
  readonly bridge: "br-lan" | "br-mid" | "br-wan";
  readonly mac: string;
  readonly addresses: readonly string[];
}

function plugs(stations: readonly Station[], site: Site): Plug[] {
  const global = site.ipv6 !== "ula";
  const wan6 = (host: number) => [
    `${WAN_V6}::${host}/64`,
    ...(global ? [`${WAN_GLOBAL_V6}::${host}/64`] : []),
  ];
  const lan = [`${ROUTER.lan}/24`, "fd77::1/64", ...(global ? ["3fff:77::1/64"] : [])];
  const { outer } = site;
  return [
    plug(ROUTER.name, "eth0", "br-lan", "02:77:00:00:00:01", lan),
    plug(
      ROUTER.name,
      "wan0",
      outer === null ? "br-wan" : "br-mid",
      "02:66:00:00:00:02",
      outer === null ? [`${site.wan}/24`, ...wan6(2)] : [`${site.wan}/24`],
    ),
    plug(OUTSIDE.name, "eth0", "br-wan", "02:66:00:00:00:09", [`${OUTSIDE.address}/24`, ...wan6(9)]),
    ...(outer === null ? [] : outerPlugs(outer.inside)),
    ...(site.secondRouter ? secondPlugs() : []),
    ...stations.map((station) => stationPlug(station, global)),
  ];
}

function outerPlugs(inside: string): readonly Plug[] {
  return [
    plug(OUTER.name, "eth0", "br-mid", "02:99:00:00:00:01", [`${inside}/24`]),
    plug(OUTER.name, "wan0", "br-wan", "02:66:00:00:00:01", [`${OUTER.wan}/24`]),
  ];
}

function secondPlugs(): readonly Plug[] {
  const { name, lan, wan } = SECOND_ROUTER;
  return [
    plug(name, "eth0", "br-lan", "02:77:00:00:00:FE", [`${lan}/24`]),
    plug(name, "wan0", "br-wan", "02:66:00:00:00:03", [`${wan}/24`]),
  ];
}

function stationPlug(station: Station, global: boolean): Plug {
  const addresses = [`${station.address}/24`, `${ulaOf(station.address)}/64`];
  if (global) addresses.push(`${globalOf(station)}/64`);
  return plug(station.name, "eth0", "br-lan", station.mac, addresses);
}

function plug(
  namespace: string,
  device: Plug["interface"],
  bridge: Plug["bridge"],
  mac: string,
  addresses: readonly string[],
): Plug {
  return { namespace, interface: device, bridge, mac, addresses };
}

/** The script that builds bridges, namespaces, addresses, routes and packet filters. */
export function topologyScript(stations: readonly Station[], site: Site): string {
  const all = plugs(stations, site);
  const namespaces = [...new Set(all.map((each) => each.namespace))];
  const bridges = [...new Set(all.map((each) => each.bridge))];
  // Wires and switches have no addresses: nobody shall find them on the LAN.
  return `
    if test -d /proc/sys/net/ipv6; then echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6; fi
    ip -batch - <<'END'
    link set lo up
    ${bridges.map((name) => `link add ${name} type bridge forward_delay 0 mcast_snooping 0`).join("\n    ")}
    ${bridges.map((name) => `link set ${name} up`).join("\n    ")}
    ${namespaces.map((name) => `netns add ${name}`).join("\n    ")}
    ${all.map(linkCommands).join("\n    ")}
END
    ${namespaces.map((name) => namespaceScript(name, all, site)).join("")}
    ${namespaces
      .filter((name) => isRouter(name))
      .map((name) => routerScript(name, site))
      .join("")}
    nsenter --net=/run/netns/${site.seat.name} nft -f - <<'END'
    ${leakCounter(site)}
END
    `;
}

function isRouter(name: string): boolean {
  return [ROUTER.name, SECOND_ROUTER.name, OUTER.name].some((router) => router === name);
}

function linkCommands({ namespace, interface: device, bridge, mac }: Plug): string {
  const port = device === "wan0" ? `${portOf(namespace)}-wan` : portOf(namespace);
  return `link add ${port} type veth peer name ${device} address ${mac} netns ${namespace}
    link set ${port} master ${bridge} up`;
}

/** Duplicate address detection takes two seconds and nobody else has these addresses. */
function namespaceScript(name: string, all: readonly Plug[], site: Site): string {
  const own = all.filter((each) => each.namespace === name);
  const devices = own.map((each) => each.interface).join(" ");
  return `
    nsenter --net=/run/netns/${name} sh -c 'if test -d /proc/sys/net/ipv6; then for device in ${devices}; do
      echo 0 > /proc/sys/net/ipv6/conf/$device/accept_dad
      echo 0 > /proc/sys/net/ipv6/conf/$device/accept_ra
      echo 0 > /proc/sys/net/ipv6/conf/$device/router_solicitations
    done; fi'
    ip -n ${name} -batch - <<'END'
    link set lo up
    ${own.map(interfaceCommands).join("\n    ")}
    ${routeCommands(name, site)}
END`;
}

function interfaceCommands(own: Plug): string {
  const addresses = own.addresses.map((address) => `addr add ${address} dev ${own.interface} nodad`);
  return [`link set ${own.interface} up`, ...addresses].join("\n    ");
}

function routeCommands(name: string, { outer }: Site): string {
  const via = (v4: string, v6: string | null) =>
    [v4, v6].flatMap((next) => (next === null ? [] : [`route add default via ${next}`])).join("\n    ");
  if (name === OUTSIDE.name) return via(ROUTER.wan, outer === null ? `${WAN_V6}::2` : null);
  if (name === OUTER.name || name === SECOND_ROUTER.name) return via(OUTSIDE.address, null);
  if (name !== ROUTER.name) return via(ROUTER.lan, "fd77::1");
  return outer === null ? via(OUTSIDE.address, `${WAN_V6}::9`) : via(outer.inside, null);
}

function routerScript(name: string, site: Site): string {
  const everything: readonly ManualForward[] = (["TCP", "UDP"] as const).map((protocol) => ({
    protocol,
    externalPort: null,
    internalClient: site.wan,
    internalPort: null,
    hairpin: false,
  }));
  const dmz = name === OUTER.name && site.outer?.dmz === true;
  return `
    nsenter --net=/run/netns/${name} sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward
      if test -d /proc/sys/net/ipv6; then echo 1 > /proc/sys/net/ipv6/conf/all/forwarding; fi'
    nsenter --net=/run/netns/${name} nft -f - <<'END'
    ${routerRules(name === ROUTER.name ? site.ipv6 : "ula", name === SECOND_ROUTER.name)}
    ${dmz ? forwardRules(everything, OUTER.wan) : ""}
END`;
}

/** `ip -batch` commands that give a station another address. */
export function readdressCommands(from: string, to: string): string {
  return `addr del ${from}/24 dev eth0
    addr del ${ulaOf(from)}/64 dev eth0
    addr add ${to}/24 dev eth0
    addr add ${ulaOf(to)}/64 dev eth0 nodad
    route replace default via ${ROUTER.lan}
    route replace default via fd77::1
    `;
}
