import {
  connectionKind,
  type Device,
  type Evidence,
  factOf,
  isGlobalIpv6,
  type NetworkView,
  type RouterView,
} from "../model/index.ts";

/** What each router told of its outside; those that told nothing are left out. */
export function routerViews(
  devices: readonly Device[],
  evidence: Readonly<Record<string, Evidence>>,
  networks: readonly NetworkView[],
  ownAddress: boolean,
): readonly RouterView[] {
  const seen = devices.flatMap(({ addresses }) => addresses.map(({ address }) => address));
  const hasIpv6 = [...seen, ...networks.flatMap(({ addresses }) => addresses)].some(isGlobalIpv6);
  return devices.flatMap((device) => {
    const igd = factOf(evidence[device.id] ?? {}, "igd");
    const control = factOf(evidence[device.id] ?? {}, "portControl");
    if (igd === null && control === null) return [];
    const externalAddress = igd?.externalAddress ?? control?.natPmp?.externalAddress ?? null;
    const connection = connectionKind(externalAddress);
    return [
      {
        routerId: device.id,
        igdVersion: igd?.version ?? null,
        externalAddress,
        connection,
        // MAP-E carries shared IPv4 over IPv6: without IPv6, or where PPP brings the address, nobody shares it.
        maybeShared: !ownAddress && connection === "public" && hasIpv6 && igd?.connectionType !== "ppp",
        portMappingProtocols: [
          ...(control?.natPmp ? (["nat-pmp"] as const) : []),
          ...(control?.pcp ? (["pcp"] as const) : []),
        ],
        ipv6Firewall: igd?.ipv6Firewall ?? null,
        doubts: igd?.doubts ?? [],
      },
    ];
  });
}
