/** Addresses of the virtual LAN. They exist only inside its own network namespaces. */
export const LAN_V4 = "192.168.77.0/24";
export const LAN_V6 = "fd77::/64";
export const ROUTER = { name: "router", lan: "192.168.77.1", wan: "128.66.0.2" } as const;
export const AGENT = { name: "agent", address: "192.168.77.2" } as const;
/** Neither private nor reserved for documentation in miniupnpd's eyes: it refuses to map on such an address. */
export const OUTSIDE = { name: "outside", address: "128.66.0.9" } as const;
const WAN_V6 = "2001:db8:66";

/** One network interface in a namespace of its own, plugged into a bridge. */
interface Plug {
  readonly namespace: string;
  readonly interface: "eth0" | "wan0";
  readonly bridge: "br-lan" | "br-wan";
  readonly mac: string;
  readonly addresses: readonly string[];
}

export interface Station {
  readonly name: string;
  readonly address: string;
  /** `AA:BB:CC:DD:EE:FF`. */
  readonly mac: string;
}

/** The unique local address of a station: its last IPv4 byte, as written, in fd77::/64. */
export function ulaOf(address: string): string {
  return `fd77::${address.split(".")[3]}`;
}

/** Name of a namespace's port at the bridge. */
export function portOf(namespace: string): string {
  return `p-${namespace}`;
}

function plugs(stations: readonly Station[]): Plug[] {
  const router: Plug[] = [
    plug("router", "eth0", "br-lan", "02:77:00:00:00:01", [`${ROUTER.lan}/24`, "fd77::1/64"]),
    plug("router", "wan0", "br-wan", "02:66:00:00:00:02", [`${ROUTER.wan}/24`, `${WAN_V6}::2/64`]),
    plug("outside", "eth0", "br-wan", "02:66:00:00:00:09", [`${OUTSIDE.address}/24`, `${WAN_V6}::9/64`]),
  ];
  return [...router, ...stations.map((station) => stationPlug(station))];
}

function stationPlug(station: Station): Plug {
  const addresses = [`${station.address}/24`, `${ulaOf(station.address)}/64`];
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
export function topologyScript(stations: readonly Station[]): string {
  const all = plugs(stations);
  const namespaces = [...new Set(all.map((each) => each.namespace))];
  const links = all.flatMap(
    ({ namespace, interface: device, bridge, mac }) => `
    link add ${device === "wan0" ? "p-wan" : portOf(namespace)} type veth peer name ${device} address ${mac} netns ${namespace}
    link set ${device === "wan0" ? "p-wan" : portOf(namespace)} master ${bridge} up`,
  );
  return `
    ip -batch - <<'END'
    link set lo up
    link add br-lan type bridge forward_delay 0 mcast_snooping 0
    link add br-wan type bridge forward_delay 0 mcast_snooping 0
    link set br-lan up
    link set br-wan up
    ${namespaces.map((name) => `netns add ${name}`).join("\n    ")}
    ${links.join("")}
END
    ${namespaces.map((name) => namespaceScript(name, all)).join("")}
    nsenter --net=/run/netns/router sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward
      if test -d /proc/sys/net/ipv6; then echo 1 > /proc/sys/net/ipv6/conf/all/forwarding; fi'
    nsenter --net=/run/netns/router nft -f - <<'END'
    ${ROUTER_RULES}
END
    nsenter --net=/run/netns/agent nft -f - <<'END'
    ${LEAK_COUNTER}
END
    `;
}

/** Duplicate address detection takes two seconds and nobody else has these addresses. */
function namespaceScript(name: string, all: readonly Plug[]): string {
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
    ${own.map(interfaceCommands).join("\n")}
    ${routeCommands(name)}
END`;
}

function interfaceCommands(own: Plug): string {
  const addresses = own.addresses.map((address) => `addr add ${address} dev ${own.interface} nodad`);
  return [`link set ${own.interface} up`, ...addresses].join("\n    ");
}

function routeCommands(name: string): string {
  const [v4, v6] =
    name === ROUTER.name
      ? [OUTSIDE.address, `${WAN_V6}::9`]
      : name === OUTSIDE.name
        ? [ROUTER.wan, `${WAN_V6}::2`]
        : [ROUTER.lan, "fd77::1"];
  return `route add default via ${v4}\n    route add default via ${v6}`;
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

/** A home router: everything out, nothing in but what the IGD adds to its three chains, all in one `inet` table. */
const ROUTER_RULES = `
table inet filter {
  chain input {
    type filter hook input priority 0; policy accept;
    iifname "wan0" ct state established,related accept
    iifname "wan0" meta l4proto tcp reject with tcp reset
    iifname "wan0" meta l4proto udp drop
  }
  chain forward {
    type filter hook forward priority 0; policy drop;
    ct state established,related accept
    iifname "eth0" accept
    jump miniupnpd
  }
  chain prerouting { type nat hook prerouting priority -100; policy accept; jump prerouting_miniupnpd; }
  chain postrouting {
    type nat hook postrouting priority 100; policy accept;
    jump postrouting_miniupnpd
    oifname "wan0" masquerade
  }
  chain miniupnpd { }
  chain prerouting_miniupnpd { }
  chain postrouting_miniupnpd { }
}`;

/** Counts what the agent's namespace sends to any address off the LAN, and keeps the addresses for the report. */
const LEAK_COUNTER = `
table inet leak {
  counter off_lan { }
  set off_lan_v4 { type ipv4_addr; flags dynamic; }
  set off_lan_v6 { type ipv6_addr; flags dynamic; }
  chain output {
    type filter hook output priority 0; policy accept;
    oifname "lo" accept
    ip daddr { ${LAN_V4}, 224.0.0.0/24, 239.0.0.0/8, 255.255.255.255 } accept
    ip6 daddr { ${LAN_V6}, fe80::/10, ff01::/16, ff02::/16, ff05::/16 } accept
    counter name off_lan
    add @off_lan_v4 { ip daddr }
    add @off_lan_v6 { ip6 daddr }
  }
}`;

/** A host that drops whatever is sent to it, as a firewall in stealth mode does. It still answers ARP. */
export const DROP_EVERYTHING = `
table inet stealth {
  chain input { type filter hook input priority 0; policy drop; icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept; }
}`;
