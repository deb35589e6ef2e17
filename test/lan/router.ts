import type { MappingRequest } from "./inside/map-port.ts";
import { Service } from "./service.ts";
import { ROUTER } from "./topology.ts";
import type { World } from "./world.ts";

const PORT = 2189;

/** miniupnpd 2.3 with the nftables backend: its three chains live in the router's one `inet` table. */
const MINIUPNPD_CONF = `ext_ifname=wan0
listening_ip=eth0
http_port=${PORT}
enable_upnp=yes
enable_natpmp=yes
secure_mode=no
system_uptime=yes
lease_file=/run/lan/upnp.leases
notify_interval=60
upnp_table_name=filter
upnp_nat_table_name=filter
upnp_forward_chain=miniupnpd
upnp_nat_chain=prerouting_miniupnpd
upnp_nat_postrouting_chain=postrouting_miniupnpd
friendly_name=Home router
uuid=7e2d1c0a-77aa-4b1e-9a01-000000000077
allow 1-65535 192.168.77.0/24 1-65535
deny 0-65535 0.0.0.0/0 0-65535
`;

/** Starts the router's IGD: Debian's miniupnpd, or the stand-in. */
export async function startIgd(
  world: World,
  real: boolean,
  bin: string,
  misbehaves: string | undefined,
): Promise<Service> {
  if (real && misbehaves === undefined) {
    world.write("/run/lan/miniupnpd.conf", MINIUPNPD_CONF);
    const argv = ["miniupnpd", "-d", "-f", "/run/lan/miniupnpd.conf", "-P", "/run/lan/miniupnpd.pid"];
    return await Service.start(world, ROUTER.name, argv, { tcp: PORT });
  }
  const options = {
    address: ROUTER.lan,
    interface: "eth0",
    port: PORT,
    external: ROUTER.wan,
    wan: "wan0",
    ...(misbehaves !== undefined && { misbehaves }),
  };
  const argv = [process.execPath, `${bin}/igd.mjs`, JSON.stringify(options)];
  return await Service.start(world, ROUTER.name, argv, { line: /^ready$/ });
}

/** Adds mappings as the devices' own "UPnP port forwarding" would, without an end. */
export async function mapPorts(
  world: World,
  bin: string,
  mappings: readonly MappingRequest[],
): Promise<void> {
  const url = `http://${ROUTER.lan}:${PORT}/rootDesc.xml`;
  const argv = [process.execPath, `${bin}/map-port.mjs`, url, JSON.stringify(mappings)];
  await world.run(ROUTER.name, argv);
}
