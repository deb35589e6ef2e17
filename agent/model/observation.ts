export const OBSERVATION_SOURCES = ["neighbour", "mdns", "ws-discovery", "ssdp"] as const;
export type ObservationSource = (typeof OBSERVATION_SOURCES)[number];

/**
 * The closed vocabulary of fields that fingerprints may look at. A name is `<protocol>.<part>`, as on the wire.
 * `onvif.service` is a service's namespace; `rtsp.media` a media line (`video H264`), or `unauthorized` where DESCRIBE
 * wants a login. `mdns.txt` values read `key=value`; `mac` is twelve upper-case hex digits without separators.
 * `ipv6.announced` is a global address that a device calls its own: a claim, which nobody follows.
 */
export const FIELD_NAMES = [
  "mac",
  "hostname",
  "http.server",
  "http.title",
  "http.realm",
  "http.body",
  "tls.subject",
  "rtsp.server",
  "rtsp.realm",
  "rtsp.media",
  "mdns.service",
  "mdns.instance",
  "mdns.txt",
  "mdns.host",
  "ipv6.announced",
  "onvif.name",
  "onvif.hardware",
  "onvif.types",
  "onvif.scope",
  "onvif.service",
  "onvif.manufacturer",
  "onvif.model",
  "onvif.firmware",
  "ssdp.server",
  "ssdp.st",
  "upnp.deviceType",
  "upnp.manufacturer",
  "upnp.modelName",
  "upnp.modelNumber",
  "upnp.modelDescription",
  "upnp.friendlyName",
  "upnp.serialNumber",
  "telnet.banner",
  "ftp.banner",
] as const;
export type FieldName = (typeof FIELD_NAMES)[number];

/** Several values may be seen for one field; order of first sight, no duplicates. */
export type Fields = { readonly [Name in FieldName]?: readonly string[] };

/** A name that stays the same when the address changes. Strongest first. */
export const STABLE_ID_KINDS = ["endpoint", "serial", "mac"] as const;
export type StableIdKind = (typeof STABLE_ID_KINDS)[number];
export interface StableId {
  readonly kind: StableIdKind;
  /** endpoint: `urn:uuid:…` lower case; serial: `vendor-or-protocol:serial`; mac: twelve upper-case hex digits. */
  readonly value: string;
}

/** A service that the device itself announced: where to ask, not proof that it answers. */
export interface ServiceHint {
  readonly protocol: "http" | "https" | "rtsp" | "onvif" | "igd";
  readonly port: number;
  /** Absolute path with query, always beginning with "/". */
  readonly path: string;
}

/** One sighting on the wire. Plain JSON. */
export interface Observation {
  readonly source: ObservationSource;
  /** The sender's own address: an IPv4 or IPv6 literal, link-local IPv6 with its zone (`fe80::1%eth0`). */
  readonly address: string;
  readonly interface: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly ids: readonly StableId[];
  readonly fields: Fields;
  readonly services: readonly ServiceHint[];
  /** True for a farewell (WS-Discovery Bye, ssdp:byebye, mDNS TTL 0). */
  readonly leaving?: boolean;
}
