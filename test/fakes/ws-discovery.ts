/**
 * A WS-Discovery target service in ad-hoc mode (WS-Discovery April 2005, the version that ONVIF Core 7 uses): Hello,
 * Bye, and ProbeMatches to each Probe whose types and scopes are ours (rfc3986 matching by path segments).
 */
import { randomInt, randomUUID } from "node:crypto";
import type { Fixture } from "../../agent/model/index.ts";
import { type Announcer, type Group, joinGroup } from "./multicast.ts";
import { elementText, escapeXml, operationOf } from "./soap.ts";
import type { Place } from "./wire.ts";

export const WS_DISCOVERY_GROUP: Group = { port: 3702, address: "239.255.255.250", address6: "ff02::c" };
const NS = "http://schemas.xmlsoap.org/ws/2005/04/discovery";
const ADDRESSING = "http://schemas.xmlsoap.org/ws/2004/08/addressing";
const INSTANCE_ID = randomInt(1, 2 ** 31);

export type Endpoint = NonNullable<Fixture["announces"]["wsDiscovery"]>;
/** Answers to one probe: datagrams, in the order they are sent. Traps have their own. */
export type AnswerProbe = (endpoints: readonly Endpoint[], probe: string) => string[];

export async function wsDiscoveryTarget(
  endpoint: Endpoint,
  place: Place,
  answerProbe: AnswerProbe = probeMatches,
): Promise<Announcer> {
  const local = atPlace(endpoint, place);
  const member = await joinGroup(WS_DISCOVERY_GROUP, place, (message, _from, answer) => {
    for (const text of answerProbe([local], message.toString("utf8"))) answer(Buffer.from(text));
  });
  const tell = (text: string) => member.toGroup(Buffer.from(text));
  return {
    announce: () => tell(greeting("Hello", local)),
    bye: () => tell(greeting("Bye", local)),
    close: () => member.close(),
  };
}

/** Puts the device's own address where the fixture says `{address}` (or `{address6}`). */
export function atPlace(endpoint: Endpoint, { address, address6 }: Place): Endpoint {
  const fill = (text: string) =>
    text.replaceAll("{address}", address).replaceAll("{address6}", address6 ?? "::1");
  return { ...endpoint, scopes: endpoint.scopes.map(fill), xaddrs: endpoint.xaddrs.map(fill) };
}

export function probeMatches(endpoints: readonly Endpoint[], probe: string): string[] {
  const messageId = probeId(probe);
  if (messageId === null) return [];
  const matching = endpoints.filter((endpoint) => matches(endpoint, probe));
  return matching.length === 0 ? [] : [matchesDocument(matching, messageId)];
}

/** MessageID of a Probe, null when the message is something else. */
export function probeId(message: string): string | null {
  return operationOf(message) === "Probe" ? elementText(message, "MessageID") : null;
}

export function matchesDocument(endpoints: readonly Endpoint[], relatesTo: string): string {
  const matched = endpoints
    .map((endpoint) => `<d:ProbeMatch>${description(endpoint)}</d:ProbeMatch>`)
    .join("");
  return envelope("ProbeMatches", `<d:ProbeMatches>${matched}</d:ProbeMatches>`, relatesTo);
}

function matches(endpoint: Endpoint, probe: string): boolean {
  const ours = endpoint.types.split(/\s+/).map(localName);
  const wanted = words(elementText(probe, "Types")).map(localName);
  const scopes = words(elementText(probe, "Scopes"));
  return (
    wanted.every((type) => ours.includes(type)) &&
    scopes.every((scope) =>
      endpoint.scopes.some((own) => own === scope || own.startsWith(`${scope.replace(/\/$/, "")}/`)),
    )
  );
}

function greeting(action: "Hello" | "Bye", endpoint: Endpoint): string {
  return envelope(action, `<d:${action}>${description(endpoint)}</d:${action}>`, null);
}

function description({ endpoint, types, scopes, xaddrs }: Endpoint): string {
  return [
    `<a:EndpointReference><a:Address>${escapeXml(endpoint)}</a:Address></a:EndpointReference>`,
    `<d:Types>${escapeXml(types)}</d:Types>`,
    `<d:Scopes>${escapeXml(scopes.join(" "))}</d:Scopes>`,
    `<d:XAddrs>${escapeXml(xaddrs.join(" "))}</d:XAddrs>`,
    "<d:MetadataVersion>1</d:MetadataVersion>",
  ].join("");
}

function envelope(action: string, body: string, relatesTo: string | null): string {
  const relation = relatesTo === null ? "" : `<a:RelatesTo>${escapeXml(relatesTo)}</a:RelatesTo>`;
  const to =
    relatesTo === null ? "urn:schemas-xmlsoap-org:ws:2005:04:discovery" : `${ADDRESSING}/role/anonymous`;
  return `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="${ADDRESSING}" xmlns:d="${NS}" xmlns:dn="http://www.onvif.org/ver10/network/wsdl" xmlns:tds="http://www.onvif.org/ver10/device/wsdl"><s:Header><a:MessageID>urn:uuid:${randomUUID()}</a:MessageID>${relation}<a:To>${to}</a:To><a:Action>${NS}/${action}</a:Action><d:AppSequence InstanceId="${INSTANCE_ID}" MessageNumber="1"/></s:Header><s:Body>${body}</s:Body></s:Envelope>`;
}

function words(text: string | null): string[] {
  return (text ?? "").split(/\s+/).filter((word) => word !== "");
}

function localName(type: string): string {
  return type.replace(/^.*:/, "");
}
