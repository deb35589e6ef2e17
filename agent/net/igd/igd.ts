import {
  type Answer,
  cleanText,
  type Failure,
  failure,
  type PortMappingFact,
  success,
} from "../../model/index.ts";
import { httpRequest } from "../http.ts";
import type { DeviceLine } from "../line.ts";
import { element } from "../markup.ts";
import { soapCall } from "../soap.ts";
import { parseDescription } from "../upnp-description.ts";
import { elements, parseXml, textAt, textsAt, type XmlElement } from "../xml.ts";

/** One UPnP service of the router and where it is controlled. */
export interface IgdService {
  /** E.g. `urn:schemas-upnp-org:service:WANIPConnection:2`. */
  readonly type: string;
  readonly port: number;
  readonly path: string;
}

/** A mapping as one of the lists tells it. */
export type IgdMapping = Omit<PortMappingFact, "seenIn">;

/** What an action brought: output arguments, a UPnP error code, or a failure of the network. */
export type IgdReply =
  | { readonly outcome: "answered"; readonly value: XmlElement }
  | { readonly outcome: "fault"; readonly code: number }
  | { readonly outcome: "failed"; readonly answer: Failure };

export const IPV6_FIREWALL = "urn:schemas-upnp-org:service:WANIPv6FirewallControl:1";
const WANTED =
  /^urn:schemas-upnp-org:service:(?:WANIPConnection:[12]|WANPPPConnection:1|WANIPv6FirewallControl:1)$/;
const MAX_SERVICES = 16;

/** True for a service that lists port mappings. */
export function isConnection({ type }: IgdService): boolean {
  return WANTED.test(type) && type !== IPV6_FIREWALL;
}

/** RFC 2516 and the like: the site has an IPv4 address for itself there. */
export function isPpp({ type }: IgdService): boolean {
  return type.includes(":WANPPPConnection:");
}

/** WANIPConnection and WANPPPConnection carry the version at the end of the type. */
export function serviceVersion({ type }: IgdService): 1 | 2 {
  return type.endsWith(":2") ? 2 : 1;
}

/** The services of the router's device description that this client knows, same host only. */
export async function igdServices(
  line: DeviceLine,
  description: { readonly port: number; readonly path: string },
  deadlineMs: number,
): Promise<Answer<readonly IgdService[]>> {
  const answer = await httpRequest(line, { ...description, deadlineMs });
  if (!answer.ok) return answer;
  if (answer.value.status !== 200) return failure("unsupported", `status ${answer.value.status}`);
  if (answer.value.truncated) return failure("too-large");
  const location = { kind: "own", scheme: "http", ...description } as const;
  const devices = parseDescription(answer.value.body, line.host, location);
  if (!devices.ok) return devices;
  return success(
    devices.value
      .flatMap(({ services }) => services)
      .filter(({ type, control }) => control.scheme === "http" && WANTED.test(type))
      .slice(0, MAX_SERVICES)
      .map(({ type, control }) => ({ type, port: control.port, path: control.path })),
  );
}

/** One action (UPnP Device Architecture 2.0, 3.2), arguments in their documented order. */
export async function igdAction(
  line: DeviceLine,
  service: IgdService,
  action: string,
  input: Readonly<Record<string, string | number>>,
  deadlineMs: number,
): Promise<IgdReply> {
  const parameters = Object.entries(input).map(([name, value]) => element(name, {}, String(value)));
  const answer = await soapCall(line, {
    port: service.port,
    path: service.path,
    version: "1.1",
    action: `${service.type}#${action}`,
    body: element(`u:${action}`, { "xmlns:u": service.type }, ...parameters),
    deadlineMs,
  });
  if (!answer.ok) return { outcome: "failed", answer };
  const { body, fault, status, truncated } = answer.value;
  if (truncated) return { outcome: "failed", answer: failure("too-large") };
  if (fault !== null) return { outcome: "fault", code: fault.upnpError?.code ?? 0 };
  const value = body === null ? undefined : outputOf(body, `${action}Response`);
  return value === undefined
    ? { outcome: "failed", answer: failure("malformed", `status ${status}`) }
    : { outcome: "answered", value };
}

/** An answer without arguments, as to a deletion, reads as text. */
function outputOf(body: XmlElement, name: string): XmlElement | undefined {
  return elements(body, name)[0] ?? (textsAt(body, [name]).length > 0 ? {} : undefined);
}

/** GetGenericPortMappingEntry's answer (WANIPConnection:1, 2.4.14); null when it holds no mapping. */
export function genericEntry(response: XmlElement): IgdMapping | null {
  return mapping(response, "NewPortMappingDescription", "NewLeaseDuration");
}

/** GetSpecificPortMappingEntry's answer (WANIPConnection:1, 2.4.15) to what was asked for; null when it holds no mapping. */
export function specificEntry(
  response: XmlElement,
  asked: Pick<IgdMapping, "protocol" | "externalPort" | "remoteHost">,
): IgdMapping | null {
  const key = {
    NewProtocol: [asked.protocol],
    NewExternalPort: [String(asked.externalPort)],
    NewRemoteHost: [asked.remoteHost],
  };
  return mapping({ ...response, ...key }, "NewPortMappingDescription", "NewLeaseDuration");
}

/** The list inside the string of GetListOfPortMappings (WANIPConnection:2, 2.5.21); null when it is not readable. */
export function portListing(response: XmlElement): readonly IgdMapping[] | null {
  const text = textAt(response, ["NewPortListing"], 65_536);
  const document = text === null ? null : parseXml(text);
  if (!document?.ok) return null;
  const list = elements(document.value, "PortMappingList")[0];
  // An empty list reads as text.
  if (list === undefined) return textsAt(document.value, ["PortMappingList"]).length > 0 ? [] : null;
  const entries = elements(list, "PortMappingEntry").map((entry) =>
    mapping(entry, "NewDescription", "NewLeaseTime"),
  );
  return entries.every((entry) => entry !== null) ? entries : null;
}

function mapping(entry: XmlElement, description: string, lease: string): IgdMapping | null {
  const text = (name: string, maxLength: number) => cleanText(textAt(entry, [name]) ?? "", maxLength);
  const protocol = text("NewProtocol", 8).toUpperCase();
  const externalPort = wholeNumber(text("NewExternalPort", 8), 65_535);
  const internalPort = wholeNumber(text("NewInternalPort", 8), 65_535);
  if ((protocol !== "TCP" && protocol !== "UDP") || externalPort === null || internalPort === null)
    return null;
  return {
    protocol,
    externalPort,
    remoteHost: text("NewRemoteHost", 64),
    internalClient: text("NewInternalClient", 64),
    internalPort,
    enabled: upnpBoolean(text("NewEnabled", 8)),
    leaseSeconds: wholeNumber(text(lease, 12), 4_294_967_295) ?? 0,
    description: text(description, 120),
  };
}

function wholeNumber(text: string, maximum: number): number | null {
  return /^\d{1,10}$/.test(text) && Number(text) <= maximum ? Number(text) : null;
}

/** UPnP Device Architecture 2.0, 2.5: `true`, `yes` and `1` all mean true. */
export function upnpBoolean(text: string): boolean {
  return /^(?:1|true|yes)$/i.test(text.trim());
}
