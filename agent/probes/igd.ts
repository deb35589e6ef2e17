import { type Answer, cleanText, failure, type IgdFact, success } from "../model/index.ts";
import {
  type IgdService,
  IPV6_FIREWALL,
  igdAction,
  igdServices,
  isConnection,
  serviceVersion,
  upnpBoolean,
} from "../net/igd.ts";
import type { DeviceLine } from "../net/line.ts";
import { searchIgd } from "../net/ssdp-search.ts";
import { textAt } from "../net/xml.ts";
import { type TimeLeft, timeLeft } from "./asking.ts";
import { crossCheck } from "./igd-cross-check.ts";
import { listMappings, type MappingList, walkMappings } from "./igd-lists.ts";
import type { Probe } from "./probe.ts";

const DEADLINE_MS = 25_000;
const ANSWER_MS = 3000;
const MAX_DESCRIPTIONS = 3;
const MAX_CONNECTIONS = 4;

/** Reads what the router tells everybody on the LAN: its mappings, its outside address, its IPv6 firewall. */
export const igdProbe: Probe<"igd"> = {
  question: "igd",
  deadlineMs: DEADLINE_MS,
  async ask({ device, line }) {
    const left = timeLeft(DEADLINE_MS);
    const announced = device.services.filter(({ protocol }) => protocol === "igd");
    // A lost packet must not hide a router's list: who has not announced one is asked for it.
    const offers = announced.length > 0 ? success(announced) : await searchIgd(line);
    if (!offers.ok) return offers.reason === "timeout" ? failure("unsupported", "no UPnP") : offers;
    const found = await findServices(line, offers.value, left);
    if (!found.ok) return found;
    const connections = found.value.filter(isConnection).slice(0, MAX_CONNECTIONS);
    const [first] = connections;
    if (first === undefined) return failure("unsupported", "no connection service");
    const lists: MappingList[] = [];
    for (const connection of connections) {
      lists.push(await walkMappings(line, connection, left));
      if (serviceVersion(connection) === 2) lists.push(await listMappings(line, connection, left));
    }
    const { mappings, doubts } = crossCheck(lists);
    const firewall = found.value.find(({ type }) => type === IPV6_FIREWALL);
    return success({
      version: connections.some((connection) => serviceVersion(connection) === 2) ? 2 : 1,
      externalAddress: await ask(line, first, "GetExternalIPAddress", "NewExternalIPAddress", left),
      connectionStatus: await ask(line, first, "GetStatusInfo", "NewConnectionStatus", left),
      mappings,
      complete: doubts.length === 0,
      doubts,
      ipv6Firewall: firewall === undefined ? null : await firewallStatus(line, firewall, left),
    });
  },
};

/** The first description that holds a connection service; otherwise why there was none. */
async function findServices(
  line: DeviceLine,
  descriptions: readonly { readonly port: number; readonly path: string }[],
  left: TimeLeft,
): Promise<Answer<readonly IgdService[]>> {
  let last: Answer<readonly IgdService[]> = failure("unsupported", "no description announced");
  for (const { port, path } of descriptions.slice(0, MAX_DESCRIPTIONS)) {
    const services = await igdServices(line, { port, path }, left(ANSWER_MS));
    if (services.ok && services.value.some(isConnection)) return services;
    last = services;
  }
  return last;
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
