/** The nftables rules of the virtual LAN: what its routers let through, and what is counted of the agent's packets. */
import { LAN_GLOBAL_V6, LAN_V4, LAN_V6, OUTSIDE, ROUTER, type Site } from "./topology.ts";

/**
 * A home router: everything out, nothing in but what the IGD adds to its three chains and the owner to `owner_*`, all
 * in one `inet` table: a packet that one table's base chain drops is lost, whatever another says. One that is not its
 * clients' way out hides who called, or their answers would take the other way.
 */
export function routerRules(ipv6: Site["ipv6"], hidesCallers: boolean): string {
  return `
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
    ${ipv6 === "open" ? "meta nfproto ipv6 accept" : ""}
    jump miniupnpd
    jump owner_forward
    ${ipv6 === "filtered" ? REFUSE_IPV6 : ""}
  }
  chain prerouting {
    type nat hook prerouting priority -100; policy accept;
    jump prerouting_miniupnpd
    jump owner_prerouting
  }
  chain postrouting {
    type nat hook postrouting priority 100; policy accept;
    jump postrouting_miniupnpd
    ${hidesCallers ? "" : 'iifname "eth0" '}oifname "eth0" ct status dnat masquerade
    ${ipv6 === "ula" ? "" : "meta nfproto ipv4 "}oifname "wan0" masquerade
  }
  chain miniupnpd { }
  chain prerouting_miniupnpd { }
  chain postrouting_miniupnpd { }
  chain owner_forward { }
  chain owner_prerouting { }
}`;
}

/** At once, so that nobody waits; as at the router's own front. */
const REFUSE_IPV6 = "meta nfproto ipv6 meta l4proto tcp reject with tcp reset";

/** A port forward that the owner made in the router's own page: no UPnP list shows it. */
export interface ManualForward {
  readonly protocol?: "TCP" | "UDP";
  /** Null = every port: the LAN's "DMZ host". */
  readonly externalPort: number | null;
  readonly internalClient: string;
  /** Null = the same as outside. */
  readonly internalPort: number | null;
  /** Whether it also works from inside, at the outside address (NAT loopback). */
  readonly hairpin: boolean;
}

/** Replaces the owner's forwards at the router whose outside address is `wan`. */
export function forwardRules(forwards: readonly ManualForward[], wan: string): string {
  const rules = forwards.flatMap(
    ({ protocol = "TCP", externalPort, internalClient, internalPort, hairpin }) => {
      const name = protocol.toLowerCase();
      const port = externalPort === null ? `meta l4proto ${name}` : `${name} dport ${externalPort}`;
      const to = internalPort === null ? internalClient : `${internalClient}:${internalPort}`;
      const inner = internalPort ?? externalPort;
      const through =
        inner === null
          ? `ip daddr ${internalClient} meta l4proto ${name}`
          : `ip daddr ${internalClient} ${name} dport ${inner}`;
      return [
        `add rule inet filter owner_prerouting iifname "wan0" ip daddr ${wan} ${port} dnat ip to ${to}`,
        `add rule inet filter owner_forward iifname "wan0" ${through} accept`,
        ...(hairpin
          ? [`add rule inet filter owner_prerouting iifname "eth0" ip daddr ${wan} ${port} dnat ip to ${to}`]
          : []),
      ];
    },
  );
  const flush = ["flush chain inet filter owner_prerouting", "flush chain inet filter owner_forward"];
  return `${[...flush, ...rules].join("\n")}\n`;
}

/**
 * Counts what the agent's namespace sends to any address off the LAN, and keeps the addresses for the report. Apart from
 * that: what goes to the router's own outside address, to the vantage point that the owner named (its one port, and
 * answers to what it asked), and answers to whoever else got in. And what is asked at all: opened TCP connections and UDP datagrams, the router's share apart.
 */
export function leakCounter({ ipv6, wan, vantagePort, seat }: Site): string {
  const lan6 = ipv6 === "ula" ? LAN_V6 : `${LAN_V6}, ${LAN_GLOBAL_V6}`;
  // What the router itself sends: announcements of its IGD, who has which address out there.
  const asRouter = `ip6 daddr ff0e::c udp dport 1900 accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, nd-router-advert } accept`;
  const toVantage = [`ip daddr ${OUTSIDE.address}`, `ip6 daddr { ${OUTSIDE.addresses6.join(", ")} }`].flatMap(
    (host) => [
      `${host} tcp dport ${vantagePort} counter name vantage accept`,
      `${host} ct direction reply counter name vantage accept`,
    ],
  );
  return `
table inet leak {
  counter off_lan { }
  counter own_wan { }
  counter vantage { }
  counter answers { }
  counter router_connections { }
  counter router_datagrams { }
  counter connections { }
  counter datagrams { }
  set off_lan_v4 { type ipv4_addr; flags dynamic; }
  set off_lan_v6 { type ipv6_addr; flags dynamic; }
  chain output {
    type filter hook output priority 0; policy accept;
    tcp flags & (syn | ack) == syn counter name connections
    meta l4proto udp counter name datagrams
    ip daddr ${ROUTER.lan} tcp flags & (syn | ack) == syn counter name router_connections
    ip daddr ${ROUTER.lan} meta l4proto udp counter name router_datagrams
    oifname "lo" accept
    ip daddr { ${LAN_V4}, 224.0.0.0/24, 239.0.0.0/8, 255.255.255.255 } accept
    ip6 daddr { ${lan6}, fe80::/10, ff01::/16, ff02::/16, ff05::/16 } accept
    ip daddr ${wan} counter name own_wan accept
    ${vantagePort === null ? "" : toVantage.join("\n    ")}
    ct direction reply counter name answers accept
    ${seat.name === "router" ? asRouter : ""}
    counter name off_lan
    add @off_lan_v4 { ip daddr }
    add @off_lan_v6 { ip6 daddr }
  }
}`;
}

/** A host that drops whatever is sent to it, as a firewall in stealth mode does. It still answers ARP. */
export const DROP_EVERYTHING = `
table inet stealth {
  chain input { type filter hook input priority 0; policy drop; icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept; }
}`;
