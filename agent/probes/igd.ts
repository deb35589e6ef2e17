import { cleanText, failure, type IgdFact, success } from "../model/index.ts";
import {
  type IgdService,
  IPV6_FIREWALL,
  igdAction,
  isConnection,
  isPpp,
  serviceVersion,
  upnpBoolean,
} from "../net/igd/igd.ts";
import { listMappings, walkMappings } from "../net/igd/lists.ts";
import { walkPinholes } from "../net/igd/pinholes.ts";
import { findIgdServices } from "../net/igd/services.ts";
import type { DeviceLine } from "../net/line.ts";
import { textAt } from "../net/xml.ts";
import { type TimeLeft, timeLeft } from "./asking.ts";
import { type CrossChecked, crossCheck, merge } from "./igd-cross-check.ts";
import type { Probe } from "./probe.ts";

const DEADLINE_MS = 25_000;
/** Kept back for the IPv6 firewall, however long the lists are. */
const FIREWALL_MS = 6000;
const ANSWER_MS = 3000;
const MAX_CONNECTIONS = 4;

/** Reads what the router tells everybody on the LAN: its mappings, its outside address, its IPv6 firewall. */
export const igdProbe: Probe<"igd"> = {
  question: "igd",
  deadlineMs: DEADLINE_MS,
  async ask({ device, line }) {
    const left = timeLeft(DEADLINE_MS);
    const services = await findIgdServices(line, device.services, left);
    if (!services.ok) return services;
    const connections = services.value.filter(isConnection).slice(0, MAX_CONNECTIONS);
    const views: ConnectionView[] = [];
    for (const connection of connections) {
      const share = (left(DEADLINE_MS) - FIREWALL_MS) / (connections.length - views.length);
      views.push(await readConnection(line, connection, timeLeft(share)));
    }
    const main = mainConnection(views);
    if (main === undefined) return failure("unsupported", "no connection service");
    const { mappings, doubts } = merge(views.map(({ lists }) => lists));
    const firewall = services.value.find(({ type }) => type === IPV6_FIREWALL);
    return success({
      version: connections.some((connection) => serviceVersion(connection) === 2) ? 2 : 1,
      externalAddress: main.externalAddress,
      connectionStatus: main.status,
      connectionType: isPpp(main.service) ? "ppp" : "ip",
      mappings,
      complete: doubts.length === 0,
      doubts,
      ipv6Firewall: firewall === undefined ? null : await firewallStatus(line, firewall, left),
      pinholes: firewall === undefined ? null : await walkPinholes(line, firewall, left),
    });
  },
};

/** One of the router's ways out. */
interface ConnectionView {
  readonly service: IgdService;
  readonly status: string | null;
  readonly externalAddress: string | null;
  readonly lists: CrossChecked;
}

async function readConnection(
  line: DeviceLine,
  service: IgdService,
  left: TimeLeft,
): Promise<ConnectionView> {
  const externalAddress = await ask(line, service, "GetExternalIPAddress", "NewExternalIPAddress", left);
  const status = await ask(line, service, "GetStatusInfo", "NewConnectionStatus", left);
  const lists = [await walkMappings(line, service, left)];
  if (serviceVersion(service) === 2) lists.push(await listMappings(line, service, left));
  return { service, status, externalAddress, lists: crossCheck(lists) };
}

/** The one that is connected, has an address and bears mappings, as far as there is such a one. */
function mainConnection(views: readonly ConnectionView[]): ConnectionView | undefined {
  const rank = ({ status, externalAddress, lists }: ConnectionView): number =>
    (status === "Connected" ? 4 : 0) +
    (externalAddress === null ? 0 : 2) +
    (lists.mappings.length > 0 ? 1 : 0);
  return [...views].sort((one, other) => rank(other) - rank(one))[0];
}

/** One text argument; null when the router did not tell. */
async function ask(
  line: DeviceLine,
  service: IgdService,
  action: string,
  argument: string,
  left: TimeLeft,
): Promise<string | null> {
  const reply = await igdAction(line, service, action, {}, left(ANSWER_MS));
  if (reply.outcome !== "answered") return null;
  return cleanText(textAt(reply.value, [argument]) ?? "", 64) || null;
}

/** WANIPv6FirewallControl:1, 2.4.1. */
async function firewallStatus(
  line: DeviceLine,
  service: IgdService,
  left: TimeLeft,
): Promise<IgdFact["ipv6Firewall"]> {
  const reply = await igdAction(line, service, "GetFirewallStatus", {}, left(ANSWER_MS));
  if (reply.outcome !== "answered") return null;
  const enabled = textAt(reply.value, ["FirewallEnabled"], 8);
  const pinholes = textAt(reply.value, ["InboundPinholeAllowed"], 8);
  if (enabled === null || pinholes === null) return null;
  return { enabled: upnpBoolean(enabled), pinholeAllowed: upnpBoolean(pinholes) };
}
