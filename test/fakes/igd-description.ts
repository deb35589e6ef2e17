/** The description of the router's stand-in (UPnP Device Architecture 1.1, 2.3). */

/** Which service bears the mappings. */
export interface DescriptionOptions {
  readonly version: 1 | 2;
  /** `ppp`: WANPPPConnection:1 (PPPoE), of which there is no second version. */
  readonly connection: "ip" | "ppp";
  /**
   * True = a WANPPPConnection as well, in a WANConnectionDevice of its own and not in use: what home routers describe that
   * could dial in by PPPoE and do not.
   */
  readonly idlePpp: boolean;
  /** Where the mappings are controlled; default on this host. */
  readonly controlUrl?: string;
}

export const PATHS = {
  description: "/rootDesc.xml",
  connection: "/ctl/IPConn",
  idle: "/ctl/PPPConn",
  firewall: "/ctl/IP6FCtl",
} as const;

export const UUID = "7e2d1c0a-77aa-4b1e-9a01-00000000007a";
export const FIREWALL_TYPE = "urn:schemas-upnp-org:service:WANIPv6FirewallControl:1";
export const IDLE_TYPE = "urn:schemas-upnp-org:service:WANPPPConnection:1";

export function connectionType({
  version,
  connection,
}: Pick<DescriptionOptions, "version" | "connection">): string {
  return connection === "ppp" ? IDLE_TYPE : `urn:schemas-upnp-org:service:WANIPConnection:${version}`;
}

export function deviceType(name: string, version: 1 | 2): string {
  return `urn:schemas-upnp-org:device:${name}:${version}`;
}

export function description(options: DescriptionOptions): string {
  const { version, idlePpp, controlUrl = PATHS.connection } = options;
  const service = (type: string, id: string, control: string) =>
    `<service><serviceType>${type}</serviceType><serviceId>urn:upnp-org:serviceId:${id}</serviceId><SCPDURL>/scpd.xml</SCPDURL><controlURL>${control}</controlURL><eventSubURL>/evt</eventSubURL></service>`;
  const firewall = version === 2 ? service(FIREWALL_TYPE, "WANIPv6Firewall1", PATHS.firewall) : "";
  const device = (name: string, last: string, inner: string) =>
    `<device><deviceType>${deviceType(name, version)}</deviceType><friendlyName>Home router</friendlyName><manufacturer>Komainu test LAN</manufacturer><modelName>Stand-in IGD</modelName><UDN>uuid:${UUID.slice(0, -1)}${last}</UDN>${inner}</device>`;
  const connection = (last: string, services: string) =>
    device("WANConnectionDevice", last, `<serviceList>${services}</serviceList>`);
  const idle = idlePpp ? connection("d", service(IDLE_TYPE, "WANPPPConn1", PATHS.idle)) : "";
  const main = connection("c", service(connectionType(options), "WANIPConn1", controlUrl) + firewall);
  const wan = device("WANDevice", "b", `<deviceList>${idle}${main}</deviceList>`);
  const root = device("InternetGatewayDevice", "a", `<deviceList>${wan}</deviceList>`);
  return `<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><specVersion><major>1</major><minor>${version === 2 ? 1 : 0}</minor></specVersion>${root}</root>`;
}
