import type { MappingRequest } from "./inside/map-port.ts";
import type { PinholeRequest } from "./inside/open-pinhole.ts";
import { Service } from "./service.ts";
import { ROUTER, ulaOf } from "./topology.ts";
import type { World } from "./world.ts";

/** Where its description and control are served. */
export const IGD_PORT = 2189;

/** What kind of IGD the router has; the default is an IGD:2 that lets anybody on the LAN change everything. */
export interface IgdChoice {
  /** Plays the stand-in with this fault; see test/fakes/igd.ts. */
  readonly misbehaves?: string;
  /** 1 = describes itself as IGD:1, so without a list of mappings and without IPv6 pinholes. Default 2. */
  readonly version?: 1 | 2;
  /** True = a device may only add and delete what leads to itself. Default false. */
  readonly secureMode?: boolean;
  /**
   * What it tells as its outside address; default: that of its WAN interface. miniupnpd 2.3.1 refuses to map on a
   * private one and to be told one (`ext_allow_private_ipv4` came later), so the stand-in plays a router that has one.
   */
  readonly external?: string;
  /** Where in the world miniupnpd keeps its mappings; its pinholes are in the same name with a 6 at the end. */
  readonly leaseFile?: string;
}

/**
 * miniupnpd 2.3 with the nftables backend: its three chains live in the router's one `inet` table, IPv6 pinholes in
 * `miniupnpd` too.
 */
function miniupnpdConf({ version, secureMode, external, leaseFile }: IgdChoice): string {
  return `ext_ifname=wan0
listening_ip=eth0
http_port=${IGD_PORT}
enable_upnp=yes
enable_natpmp=yes
secure_mode=${secureMode === true ? "yes" : "no"}
force_igd_desc_v1=${version === 1 ? "yes" : "no"}
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
${external === undefined ? "" : `ext_ip=${external}\n`}${leaseFile === undefined ? "" : `lease_file=${leaseFile}\nlease_file6=${leaseFile}6\n`}allow 1-65535 192.168.77.0/24 1-65535
deny 0-65535 0.0.0.0/0 0-65535
`;
}

/** Ranges of which miniupnpd 2.3.1 (getifaddr.c, `addr_is_reserved`) says that nothing can be forwarded there. */
const PRIVATE =
  /^(?:0|10|127|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./;

/** Starts the router's IGD: Debian's miniupnpd, or the stand-in. */
export async function startIgd(
  world: World,
  real: boolean,
  bin: string,
  choice: IgdChoice,
): Promise<Service> {
  const { leaseFile, misbehaves, external = ROUTER.wan } = choice;
  if (real && misbehaves === undefined && !PRIVATE.test(external)) {
    // It adds to the file, and writes to none that is not there.
    if (leaseFile !== undefined) for (const file of [leaseFile, `${leaseFile}6`]) world.write(file, "");
    world.write("/run/lan/miniupnpd.conf", miniupnpdConf(choice));
    const argv = ["miniupnpd", "-d", "-f", "/run/lan/miniupnpd.conf", "-P", "/run/lan/miniupnpd.pid"];
    return await Service.start(world, ROUTER.name, argv, { tcp: IGD_PORT });
  }
  const options = {
    address: ROUTER.lan,
    address6: ulaOf(ROUTER.lan),
    interface: "eth0",
    port: IGD_PORT,
    wan: "wan0",
    firewall: { enabled: true, pinholeAllowed: true },
    ...choice,
    external,
  };
  const argv = [process.execPath, `${bin}/igd.mjs`, JSON.stringify(options)];
  return await Service.start(world, ROUTER.name, argv, { line: /^ready$/ });
}

/** Adds mappings as the devices' own "UPnP port forwarding" would, without an end. `from`: who asks. */
export async function mapPorts(
  world: World,
  bin: string,
  mappings: readonly MappingRequest[],
  from: string = ROUTER.name,
): Promise<void> {
  const url = `http://${ROUTER.lan}:${IGD_PORT}/rootDesc.xml`;
  const argv = [process.execPath, `${bin}/map-port.mjs`, url, JSON.stringify(mappings)];
  await world.run(from, argv);
}

/**
 * Opens an IPv6 pinhole as the device `host` itself would: a router lets nobody else do it. Resolves with its UniqueID.
 * miniupnpd refuses internal ports below 1024.
 */
export async function openPinhole(
  world: World,
  bin: string,
  host: string,
  pinhole: PinholeRequest,
): Promise<number> {
  const url = `http://[${ulaOf(ROUTER.lan)}]:${IGD_PORT}/rootDesc.xml`;
  const argv = [process.execPath, `${bin}/open-pinhole.mjs`, url, JSON.stringify(pinhole)];
  return Number(await world.run(host, argv));
}
