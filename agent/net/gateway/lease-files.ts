import { type Answer, failure, type GatewayFact, type GatewayForward, success } from "../../model/index.ts";
import { configuredPath, parseDnsmasqLeases, parseMiniupnpdLeases } from "./leases.ts";
import { filesIn, readSmallFile } from "./small-file.ts";

/** Where the two programs keep their files; tests give others. */
export interface LeasePaths {
  /** The first that is there counts. */
  readonly miniupnpdConfigs: readonly string[];
  /** Looked for when no configuration names one. */
  readonly miniupnpdLeases: readonly string[];
  readonly dnsmasqConfig: string;
  readonly dnsmasqConfigFolder: string;
  readonly dnsmasqLeases: string;
}

/** Debian's places, and those that the programs' own examples name. */
export const USUAL_PATHS: LeasePaths = {
  miniupnpdConfigs: ["/etc/miniupnpd/miniupnpd.conf", "/etc/miniupnpd.conf"],
  miniupnpdLeases: ["/var/lib/miniupnpd/upnp.leases", "/var/log/upnp.leases"],
  dnsmasqConfig: "/etc/dnsmasq.conf",
  dnsmasqConfigFolder: "/etc/dnsmasq.d",
  dnsmasqLeases: "/var/lib/misc/dnsmasq.leases",
};

/** miniupnpd's mappings as it remembers them; `unsupported` when it keeps no such file. `now` in milliseconds. */
export async function readMiniupnpdLeases(
  { miniupnpdConfigs, miniupnpdLeases }: LeasePaths,
  now: number,
): Promise<Answer<readonly GatewayForward[]>> {
  const config = await firstOf(miniupnpdConfigs);
  const named = config.ok ? configuredPath(config.value, "lease_file") : null;
  const text = await firstOf(named === null ? miniupnpdLeases : [named]);
  return text.ok ? success(parseMiniupnpdLeases(text.value, now)) : text;
}

/** Names and addresses that dnsmasq has given out; `unsupported` when there is no such file. */
export async function readDnsmasqLeases(paths: LeasePaths): Promise<Answer<GatewayFact["leases"]>> {
  let path = paths.dnsmasqLeases;
  for (const file of [paths.dnsmasqConfig, ...(await filesIn(paths.dnsmasqConfigFolder, ".conf"))]) {
    const config = await readSmallFile(file);
    if (config.ok) path = configuredPath(config.value, "dhcp-leasefile") ?? path;
  }
  const text = await readSmallFile(path);
  return text.ok ? success(parseDnsmasqLeases(text.value)) : text;
}

async function firstOf(paths: readonly string[]): Promise<Answer<string>> {
  for (const path of paths) {
    const text = await readSmallFile(path);
    if (text.ok || text.reason !== "unsupported") return text;
  }
  return failure("unsupported");
}
