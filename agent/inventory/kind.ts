import type { DeviceKind, FieldName, Fields } from "../model/index.ts";

/** What a protocol itself says about the kind of thing that speaks it: no maker's facts here. */
interface KindRule {
  readonly field: FieldName;
  readonly expression: RegExp;
  readonly kind: DeviceKind;
  readonly certainty: number;
}

function rule(field: FieldName, expression: RegExp, kind: DeviceKind, certainty: number): KindRule {
  return { field, expression, kind, certainty };
}

const service = (names: string) => new RegExp(`^_(?:${names})\\._(?:tcp|udp)$`, "iu");

const RULES: readonly KindRule[] = [
  // ONVIF Core Specification, chapter Device discovery: the device type, as a WS-Discovery type and as a scope.
  rule("onvif.types", /\bNetworkVideoTransmitter\b/iu, "camera", 0.9),
  rule("onvif.types", /\bNetworkVideoStorage\b/iu, "recorder", 0.95),
  rule("onvif.scope", /\/type\/(?:Network_?Video_?Transmitter|video_encoder)\b/iu, "camera", 0.9),
  rule("onvif.scope", /\/type\/Network_?Video_?Storage\b/iu, "recorder", 0.95),
  rule("onvif.scope", /\/Profile\/(?:Streaming|[ST])\b/u, "camera", 0.7),
  // Whoever has the media service sends pictures: ONVIF Media and Media2 Service Specifications, target namespaces.
  rule("onvif.service", /onvif\.org\/ver[12]0\/media\/wsdl/iu, "camera", 0.7),
  // RFC 2326: a stream is described, or is said to need a login.
  rule("rtsp.media", /^(?:video\b|unauthorized$)/iu, "camera", 0.5),
  // Physical access control answers to WS-Discovery too.
  rule("onvif.scope", /\/Profile\/[ACD]\b/u, "other", 0.6),
  // DNS-SD service names, IANA Service Name and Transport Protocol Port Number Registry.
  rule("mdns.service", service("rtsp|onvif|psia"), "camera", 0.6),
  rule("mdns.service", service("ipps?|printer|pdl-datastream|scanner|uscans?"), "other", 0.95),
  rule(
    "mdns.service",
    service("googlecast|airplay|raop|spotify-connect|androidtvremote2?|amzn-wplay"),
    "other",
    0.9,
  ),
  rule("mdns.service", service("smb|afpovertcp|nfs|adisk|companion-link|apple-mobdev2?|daap"), "other", 0.7),
  // HomeKit Accessory Protocol, accessory categories: 17 IP camera, 18 video doorbell.
  rule("mdns.txt", /^ci=1[78]$/u, "camera", 0.6),
  // UPnP device templates.
  rule("upnp.deviceType", /:device:InternetGatewayDevice:/iu, "router", 0.95),
  rule("ssdp.st", /:device:InternetGatewayDevice:/iu, "router", 0.95),
  rule("upnp.deviceType", /:device:(?:MediaRenderer|MediaServer|Printer|Scanner|dial):/iu, "other", 0.9),
  rule("ssdp.st", /:device:(?:MediaRenderer|MediaServer|Printer|Scanner)\b|:service:dial:/iu, "other", 0.9),
  rule("upnp.deviceType", /:device:DigitalSecurityCamera:/iu, "camera", 0.9),
  rule("ssdp.st", /:device:DigitalSecurityCamera:/iu, "camera", 0.9),
];

/** One sign of a kind, from one field. */
export interface KindSign {
  readonly kind: DeviceKind;
  readonly certainty: number;
}

/** The strongest sign per field and kind: repeated announcements of one thing are one sign. */
export function protocolSigns(fields: Fields): readonly KindSign[] {
  const strongest = new Map<string, KindSign>();
  for (const { field, expression, kind, certainty } of RULES) {
    const key = `${field} ${kind}`;
    if ((strongest.get(key)?.certainty ?? 0) >= certainty) continue;
    if (fields[field]?.some((value) => expression.test(value))) strongest.set(key, { kind, certainty });
  }
  return [...strongest.values()];
}
