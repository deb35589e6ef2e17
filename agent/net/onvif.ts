import { cleanText, type FailureReason } from "../model/index.ts";
import type { DeviceLine } from "./line.ts";
import { element, type Markup } from "./markup.ts";
import { type SoapFault, type SoapReply, soapCall } from "./soap.ts";
import { elements, textAt, type XmlElement } from "./xml.ts";

/** Where one ONVIF service of the device listens. */
export interface OnvifService {
  readonly port: number;
  readonly tls: boolean;
  readonly path: string;
  /** Milliseconds that the next call may take. */
  readonly patience: () => number;
}

/** What a call may carry to log in: a WS-Security header or an HTTP `Authorization` field. */
export interface OnvifLogin {
  readonly security?: Markup;
  readonly authorization?: string;
}

/** What became of one call. `reply` is there whenever something came back over HTTP. */
export type OnvifReply<T> =
  | { readonly outcome: "answered"; readonly value: T; readonly reply: SoapReply }
  | { readonly outcome: "refused"; readonly by: "usernametoken" | "http-digest"; readonly reply: SoapReply }
  | { readonly outcome: "fault"; readonly reply: SoapReply }
  | { readonly outcome: "failed"; readonly reason: FailureReason; readonly reply: SoapReply }
  | { readonly outcome: "failed"; readonly reason: FailureReason; readonly reply: null };

export const DEVICE = "http://www.onvif.org/ver10/device/wsdl";
export const MEDIA = "http://www.onvif.org/ver10/media/wsdl";
export const MEDIA2 = "http://www.onvif.org/ver20/media/wsdl";
const SCHEMA = "http://www.onvif.org/ver10/schema";
const MAX_SERVICES = 32;

// ONVIF Core, table of generic faults; the wsse names are those of WS-Security SOAP Message Security 1.1, 12.
const REFUSAL_CODES = new Set([
  "NotAuthorized",
  "SenderNotAuthorized",
  "FailedAuthentication",
  "InvalidSecurity",
  "InvalidSecurityToken",
  "SecurityTokenUnavailable",
  "Unauthorized",
]);
const REFUSAL_WORDS =
  /not\s*authori[sz]ed|unauthori[sz]ed|authori[tz]y failure|authentication|requires authori[sz]ation/i;

/** One call of the ONVIF services, SOAP 1.2. */
export async function onvifCall(
  line: DeviceLine,
  service: OnvifService,
  namespace: string,
  operation: string,
  parameters: readonly Markup[] = [],
  login: OnvifLogin = {},
): Promise<OnvifReply<XmlElement>> {
  const { patience, ...place } = service;
  const answer = await soapCall(line, {
    ...place,
    version: "1.2",
    action: `${namespace}/${operation}`,
    ...(login.security === undefined ? {} : { header: login.security }),
    ...(login.authorization === undefined ? {} : { authorization: login.authorization }),
    body: element(operation, { xmlns: namespace }, ...parameters),
    deadlineMs: patience(),
  });
  if (!answer.ok) return { outcome: "failed", reason: answer.reason, reply: null };
  const reply = answer.value;
  if (reply.status === 401 || reply.status === 403 || (reply.fault !== null && isRefusal(reply.fault))) {
    const digest = reply.challenges.some(({ scheme }) => scheme === "digest");
    return { outcome: "refused", by: digest ? "http-digest" : "usernametoken", reply };
  }
  if (reply.fault !== null) return { outcome: "fault", reply };
  const value = reply.body === null ? undefined : responseElement(reply.body, `${operation}Response`);
  if (value === undefined) return { outcome: "failed", reason: "malformed", reply };
  return { outcome: "answered", value, reply };
}

/** An element without children reads as text: an empty response is an answer too. */
function responseElement(body: XmlElement, name: string): XmlElement | undefined {
  return elements(body, name)[0] ?? (textAt(body, [name]) === null ? undefined : {});
}

function isRefusal(fault: SoapFault): boolean {
  return fault.codes.some((code) => REFUSAL_CODES.has(code)) || REFUSAL_WORDS.test(fault.reason);
}

function map<T>(reply: OnvifReply<XmlElement>, read: (value: XmlElement) => T): OnvifReply<T> {
  return reply.outcome === "answered" ? { ...reply, value: read(reply.value) } : reply;
}

/** UTC of the device; null when neither UTCDateTime nor the HTTP Date field tells a believable time. */
export async function getSystemDateAndTime(
  line: DeviceLine,
  service: OnvifService,
): Promise<OnvifReply<Date | null>> {
  const reply = await onvifCall(line, service, DEVICE, "GetSystemDateAndTime");
  return map(reply, (value) => utcDateTime(value) ?? httpDate(reply.reply));
}

function utcDateTime(response: XmlElement): Date | null {
  const utc = elements(response, "SystemDateAndTime", "UTCDateTime")[0];
  if (utc === undefined) return null;
  const parts = [
    ...["Year", "Month", "Day"].map((name) => textAt(utc, ["Date", name], 8)),
    ...["Hour", "Minute", "Second"].map((name) => textAt(utc, ["Time", name], 8)),
  ];
  if (!parts.every((part) => part !== null && /^\d{1,4}$/.test(part))) return null;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts.map(Number);
  return believable(Date.UTC(year, month - 1, day, hour, minute, second));
}

function httpDate(reply: SoapReply | null): Date | null {
  return believable(Date.parse(reply?.headers.date ?? ""));
}

/** A camera without a battery starts in 1970; what lies outside a century and a half is no clock. */
function believable(milliseconds: number): Date | null {
  const inRange = milliseconds >= 0 && milliseconds < Date.UTC(2120, 0, 1);
  return inRange ? new Date(milliseconds) : null;
}

export interface OnvifServiceEntry {
  readonly namespace: string;
  readonly xaddr: string;
}

export async function getServices(
  line: DeviceLine,
  service: OnvifService,
): Promise<OnvifReply<readonly OnvifServiceEntry[]>> {
  const parameters = [element("IncludeCapability", {}, "false")];
  return map(await onvifCall(line, service, DEVICE, "GetServices", parameters), (value) =>
    elements(value, "Service")
      .slice(0, MAX_SERVICES)
      .map((entry) => ({
        namespace: cleanText(textAt(entry, ["Namespace"]) ?? "", 120),
        xaddr: textAt(entry, ["XAddr"]) ?? "",
      })),
  );
}

/** The older way to the services, which a few devices offer alone: only media is read. */
export async function getCapabilities(
  line: DeviceLine,
  service: OnvifService,
): Promise<OnvifReply<readonly OnvifServiceEntry[]>> {
  const parameters = [element("Category", {}, "All")];
  return map(await onvifCall(line, service, DEVICE, "GetCapabilities", parameters), (value) => {
    const media = textAt(value, ["Capabilities", "Media", "XAddr"]);
    const device = textAt(value, ["Capabilities", "Device", "XAddr"]);
    return [
      ...(device === null ? [] : [{ namespace: DEVICE, xaddr: device }]),
      ...(media === null ? [] : [{ namespace: MEDIA, xaddr: media }]),
    ];
  });
}

export interface DeviceInformation {
  readonly manufacturer: string;
  readonly model: string;
  readonly firmware: string;
  readonly serial: string;
}

export async function getDeviceInformation(
  line: DeviceLine,
  service: OnvifService,
  login: OnvifLogin = {},
): Promise<OnvifReply<DeviceInformation>> {
  const reply = await onvifCall(line, service, DEVICE, "GetDeviceInformation", [], login);
  return map(reply, (value) => {
    const text = (name: string) => cleanText(textAt(value, [name]) ?? "", 120);
    return {
      manufacturer: text("Manufacturer"),
      model: text("Model"),
      firmware: text("FirmwareVersion"),
      serial: text("SerialNumber"),
    };
  });
}

/** Tokens of the profiles, of the media service in either version. */
export async function getProfiles(
  line: DeviceLine,
  service: OnvifService,
  namespace: string,
  login: OnvifLogin = {},
): Promise<OnvifReply<readonly string[]>> {
  const reply = await onvifCall(line, service, namespace, "GetProfiles", [], login);
  return map(reply, (value) =>
    elements(value, "Profiles")
      .map((profile) => (profile as Record<string, unknown>)["@token"])
      .filter((token): token is string => typeof token === "string")
      .slice(0, MAX_SERVICES)
      .map((token) => token.slice(0, 64)),
  );
}

/** `Uri` of the answer, as the device wrote it; empty when it named none. */
export async function getSnapshotUri(
  line: DeviceLine,
  service: OnvifService,
  namespace: string,
  token: string,
): Promise<OnvifReply<string>> {
  const parameters = [element("ProfileToken", {}, token)];
  return map(await onvifCall(line, service, namespace, "GetSnapshotUri", parameters), mediaUri);
}

export async function getStreamUri(
  line: DeviceLine,
  service: OnvifService,
  namespace: string,
  token: string,
): Promise<OnvifReply<string>> {
  const profile = element("ProfileToken", {}, token);
  const parameters =
    namespace === MEDIA2 ? [element("Protocol", {}, "RTSP"), profile] : [streamSetup(), profile];
  return map(await onvifCall(line, service, namespace, "GetStreamUri", parameters), mediaUri);
}

function streamSetup(): Markup {
  return element(
    "StreamSetup",
    {},
    element("Stream", { xmlns: SCHEMA }, "RTP-Unicast"),
    element("Transport", { xmlns: SCHEMA }, element("Protocol", {}, "RTSP")),
  );
}

/** Media 1 wraps it in MediaUri, media 2 does not. */
function mediaUri(response: XmlElement): string {
  return textAt(response, ["MediaUri", "Uri"], 2048) ?? textAt(response, ["Uri"], 2048) ?? "";
}
