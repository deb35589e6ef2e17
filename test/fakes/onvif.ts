/**
 * Device and media service of an ONVIF camera (ONVIF Core and Media specifications). Calls of access class PRE_AUTH
 * need no login (Core, "Access classes for service requests"); the others want a WS-Security UsernameToken digest,
 * checked against the device's own clock, or HTTP Digest. A refused token is status 400 with ter:NotAuthorized, a
 * refused HTTP Digest is 401 (Core 5.9.1, as the independent client `onvif` reads it).
 */
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { FixtureOnvif, OnvifCall } from "../../agent/model/index.ts";
import type { DoorLogin, Gate } from "./gate.ts";
import type { Tenant } from "./http.ts";
import type { Ledger } from "./ledger.ts";
import { elementText, escapeXml, operationOf } from "./soap.ts";
import { hostFor } from "./wire.ts";

export interface OnvifOptions {
  readonly onvif: FixtureOnvif;
  /** For HTTP Digest. */
  readonly gate: Gate;
  readonly login: () => DoorLogin;
  readonly ledger: Ledger;
  /** Real port of a door that URIs name. */
  readonly ports: { readonly onvif: () => number; readonly http: () => number; readonly rtsp: () => number };
  /** A trap: hosts that the URIs name instead of the device's own. */
  readonly uriHosts?: { readonly snapshot: string; readonly stream: string };
}

interface Reply {
  readonly status: number;
  readonly body: string;
}

const PRE_AUTH = [
  "GetSystemDateAndTime",
  "GetServices",
  "GetServiceCapabilities",
  "GetCapabilities",
  "GetWsdlUrl",
  "GetHostname",
  "GetEndpointReference",
];
const DEVICE_NS = "http://www.onvif.org/ver10/device/wsdl";
const MEDIA_NS = "http://www.onvif.org/ver10/media/wsdl";
const WINDOW_MS = 5 * 60_000;
const MAX_REQUEST = 65_536;
const MAX_NONCES = 1000;
const PROFILE_TOKEN = "Profile_1";

export function onvifTenant(options: OnvifOptions): Tenant {
  const { onvif } = options;
  const paths = [onvif.path, mediaPath(onvif)];
  const usedNonces = new Set<string>();
  return (request, response) => {
    if (request.method !== "POST" || !paths.includes((request.url ?? "").split("?")[0] ?? "")) return false;
    const chunks: Buffer[] = [];
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > MAX_REQUEST) request.destroy();
      else chunks.push(chunk);
    });
    request.on("end", () => {
      const envelope = Buffer.concat(chunks).toString("utf8");
      if (onvif.authentication === "http-digest" && refusedByDigest(envelope, request, response, options))
        return;
      send(response, reply(envelope, hostFor(request.socket), options, usedNonces));
    });
    return true;
  };
}

export function mediaPath(onvif: FixtureOnvif): string {
  return onvif.path.replace(/device_service$/i, "media_service");
}

function needsLogin(operation: string | null, { onvif, login }: OnvifOptions): boolean {
  if (onvif.authentication === "none" || login() === null || operation === null) return false;
  return !PRE_AUTH.includes(operation) && !onvif.anonymousCalls?.includes(operation as OnvifCall);
}

/** True when it has answered with a challenge, a fault or a lock-out. */
function refusedByDigest(
  envelope: string,
  request: IncomingMessage,
  response: ServerResponse,
  options: OnvifOptions,
): boolean {
  const { gate } = options;
  if (!gate.closed) return false;
  const verdict = gate.judge("POST", request.url ?? "", request.headers.authorization);
  if (verdict === "right" || (verdict === "absent" && !needsLogin(operationOf(envelope), options)))
    return false;
  if (verdict === "locked") send(response, locked());
  else if (verdict === "malformed") send(response, fault(400, "ter:InvalidArgVal", "Invalid Argument"));
  else {
    response.setHeader("WWW-Authenticate", gate.challenges(verdict === "stale"));
    send(response, fault(401, "ter:NotAuthorized", "Sender not Authorized"));
  }
  return true;
}

function reply(envelope: string, host: string, options: OnvifOptions, usedNonces: Set<string>): Reply {
  const { onvif, ledger, login } = options;
  const operation = operationOf(envelope);
  if (operation === null) return fault(400, "ter:WellFormed", "Well-formed Error");
  const expected = login();
  if (onvif.authentication === "usernametoken" && expected !== null) {
    const deviceNow = Date.now() + onvif.clockOffset * 1000;
    const token = checkToken(envelope, expected, deviceNow, usedNonces);
    if (token !== null && ledger.locked) return locked();
    if (token !== null) ledger.note(`onvif:${onvif.port}`, token.user, token.right);
    if (token?.right === false && ledger.locked) return locked();
    if (token?.right === false || (token === null && needsLogin(operation, options))) {
      return fault(400, "ter:NotAuthorized", "Sender not Authorized");
    }
  }
  const content = operationContent(operation, host, options);
  if (content === null) return fault(500, "ter:ActionNotSupported", "Optional Action Not Implemented");
  return { status: 200, body: `<SOAP-ENV:Body>${content}</SOAP-ENV:Body>` };
}

/** WS-Security UsernameToken Profile 1.0, 3.1: Base64(SHA-1(nonce + created + password)). Null when none was sent. */
function checkToken(
  envelope: string,
  expected: Exclude<DoorLogin, null>,
  deviceNow: number,
  usedNonces: Set<string>,
): { readonly user: string; readonly right: boolean } | null {
  const user = elementText(envelope, "Username");
  if (user === null) return null;
  if (expected === "any") return { user, right: true };
  const nonce = elementText(envelope, "Nonce") ?? "";
  const created = elementText(envelope, "Created") ?? "";
  const digest = createHash("sha1")
    .update(Buffer.concat([Buffer.from(nonce, "base64"), Buffer.from(created + expected.password)]))
    .digest("base64");
  const fresh = Math.abs(Date.parse(created) - deviceNow) <= WINDOW_MS && !usedNonces.has(nonce);
  const right = fresh && user === expected.user && elementText(envelope, "Password") === digest;
  if (right) usedNonces.add(nonce);
  const oldest = usedNonces.values().next().value;
  if (usedNonces.size > MAX_NONCES && oldest !== undefined) usedNonces.delete(oldest);
  return { user, right };
}

function operationContent(operation: string, host: string, options: OnvifOptions): string | null {
  const { onvif, ports, uriHosts } = options;
  const deviceUrl = `http://${host}:${ports.onvif()}${onvif.path}`;
  const mediaUrl = `http://${host}:${ports.onvif()}${mediaPath(onvif)}`;
  switch (operation) {
    case "GetSystemDateAndTime":
      return systemDateAndTime(new Date(Date.now() + onvif.clockOffset * 1000));
    case "GetServices":
      return `<tds:GetServicesResponse>${service(DEVICE_NS, deviceUrl)}${service(MEDIA_NS, mediaUrl)}</tds:GetServicesResponse>`;
    case "GetCapabilities":
      return `<tds:GetCapabilitiesResponse><tds:Capabilities><tt:Device><tt:XAddr>${escapeXml(deviceUrl)}</tt:XAddr></tt:Device><tt:Media><tt:XAddr>${escapeXml(mediaUrl)}</tt:XAddr></tt:Media></tds:Capabilities></tds:GetCapabilitiesResponse>`;
    case "GetHostname":
      return "<tds:GetHostnameResponse><tds:HostnameInformation><tt:FromDHCP>false</tt:FromDHCP><tt:Name>camera</tt:Name></tds:HostnameInformation></tds:GetHostnameResponse>";
    case "GetDeviceInformation":
      return deviceInformation(onvif);
    case "GetProfiles":
      return `<trt:GetProfilesResponse><trt:Profiles token="${PROFILE_TOKEN}" fixed="true"><tt:Name>mainStream</tt:Name><tt:VideoSourceConfiguration token="VideoSource_1"><tt:Name>VideoSource</tt:Name><tt:UseCount>1</tt:UseCount><tt:SourceToken>VideoSource_1</tt:SourceToken><tt:Bounds x="0" y="0" width="1920" height="1080"/></tt:VideoSourceConfiguration><tt:VideoEncoderConfiguration token="VideoEncoder_1"><tt:Name>VideoEncoder</tt:Name><tt:UseCount>1</tt:UseCount><tt:Encoding>H264</tt:Encoding><tt:Resolution><tt:Width>1920</tt:Width><tt:Height>1080</tt:Height></tt:Resolution></tt:VideoEncoderConfiguration></trt:Profiles></trt:GetProfilesResponse>`;
    case "GetVideoSources":
      return `<trt:GetVideoSourcesResponse><trt:VideoSources token="VideoSource_1"><tt:Framerate>25</tt:Framerate><tt:Resolution><tt:Width>1920</tt:Width><tt:Height>1080</tt:Height></tt:Resolution></trt:VideoSources></trt:GetVideoSourcesResponse>`;
    case "GetSnapshotUri":
      if (onvif.snapshotPath === undefined) return null;
      return mediaUri(
        operation,
        `http://${uriHosts?.snapshot ?? `${host}:${ports.http()}`}${onvif.snapshotPath}`,
      );
    case "GetStreamUri":
      if (onvif.streamPath === undefined) return null;
      return mediaUri(
        operation,
        `rtsp://${uriHosts?.stream ?? `${host}:${ports.rtsp()}`}${onvif.streamPath}`,
      );
    default:
      return null;
  }
}

function service(namespace: string, url: string): string {
  return `<tds:Service><tds:Namespace>${namespace}</tds:Namespace><tds:XAddr>${escapeXml(url)}</tds:XAddr><tds:Version><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></tds:Version></tds:Service>`;
}

function mediaUri(operation: string, uri: string): string {
  return `<trt:${operation}Response><trt:MediaUri><tt:Uri>${escapeXml(uri)}</tt:Uri><tt:InvalidAfterConnect>false</tt:InvalidAfterConnect><tt:InvalidAfterReboot>false</tt:InvalidAfterReboot><tt:Timeout>PT0S</tt:Timeout></trt:MediaUri></trt:${operation}Response>`;
}

function deviceInformation({ information }: FixtureOnvif): string {
  const fields: readonly (readonly [string, string])[] = [
    ["Manufacturer", information.manufacturer],
    ["Model", information.model],
    ["FirmwareVersion", information.firmware],
    ["SerialNumber", information.serial],
    ["HardwareId", information.model],
  ];
  const content = fields.map(([name, value]) => `<tds:${name}>${escapeXml(value)}</tds:${name}>`).join("");
  return `<tds:GetDeviceInformationResponse>${content}</tds:GetDeviceInformationResponse>`;
}

function systemDateAndTime(now: Date): string {
  const time = `<tt:Time><tt:Hour>${now.getUTCHours()}</tt:Hour><tt:Minute>${now.getUTCMinutes()}</tt:Minute><tt:Second>${now.getUTCSeconds()}</tt:Second></tt:Time>`;
  const date = `<tt:Date><tt:Year>${now.getUTCFullYear()}</tt:Year><tt:Month>${now.getUTCMonth() + 1}</tt:Month><tt:Day>${now.getUTCDate()}</tt:Day></tt:Date>`;
  return `<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>Manual</tt:DateTimeType><tt:DaylightSavings>false</tt:DaylightSavings><tt:TimeZone><tt:TZ>JST-9</tt:TZ></tt:TimeZone><tt:UTCDateTime>${time}${date}</tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>`;
}

function fault(status: number, subcode: string, reason: string): Reply {
  const code = status >= 500 ? "Receiver" : "Sender";
  return {
    status,
    body: `<SOAP-ENV:Body><SOAP-ENV:Fault><SOAP-ENV:Code><SOAP-ENV:Value>SOAP-ENV:${code}</SOAP-ENV:Value><SOAP-ENV:Subcode><SOAP-ENV:Value>${subcode}</SOAP-ENV:Value></SOAP-ENV:Subcode></SOAP-ENV:Code><SOAP-ENV:Reason><SOAP-ENV:Text xml:lang="en">${reason}</SOAP-ENV:Text></SOAP-ENV:Reason></SOAP-ENV:Fault></SOAP-ENV:Body>`,
  };
}

function locked(): Reply {
  return fault(403, "ter:OperationProhibited", "The account is locked");
}

function send(response: ServerResponse, { status, body }: Reply): void {
  const document = `<?xml version="1.0" encoding="UTF-8"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope" xmlns:ter="http://www.onvif.org/ver10/error" xmlns:tds="${DEVICE_NS}" xmlns:trt="${MEDIA_NS}" xmlns:tt="http://www.onvif.org/ver10/schema">${body}</SOAP-ENV:Envelope>`;
  response.writeHead(status, {
    "Content-Type": "application/soap+xml; charset=utf-8",
    "Content-Length": Buffer.byteLength(document),
  });
  response.end(document);
}
