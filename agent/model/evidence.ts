import type { Answer, FailureReason } from "./answer.ts";

/** Where one can knock: a protocol on a port. Printed as `http:80`. */
export interface Door {
  readonly protocol: "http" | "https" | "rtsp" | "onvif";
  readonly port: number;
}

export function doorName(door: Door): string {
  return `${door.protocol}:${door.port}`;
}

export type PortState = "open" | "closed" | "silent";

export interface PortsFact {
  /** Every port asked, with what it did: open, closed (refused) or silent (no answer in time). */
  readonly states: Readonly<Record<number, PortState>>;
}

export interface CertificateFact {
  readonly subject: string;
  readonly issuer: string;
  readonly validTo: string;
  readonly fingerprint256: string;
  readonly selfSigned: boolean;
}

export interface WebDoorFact {
  readonly door: Door;
  readonly status: number;
  readonly server: string | null;
  readonly title: string | null;
  readonly realm: string | null;
  /** Authentication schemes that the front page asked for, lower case. */
  readonly schemes: readonly string[];
  readonly certificate: CertificateFact | null;
  /** True when a made-up path got a 2xx as well: then a 200 here proves nothing. */
  readonly answersEverything: boolean;
  /** True when the front page or its login form asks for a password over plain HTTP. */
  readonly asksPassword: boolean;
  /** Beginning of the page for fingerprints, at most 2048 characters, untrusted; never shown and never in a report. */
  readonly bodyText?: string;
}
export interface WebFact {
  readonly doors: readonly WebDoorFact[];
  /** Ports that are open, made or announced for web pages, and brought no answer. */
  readonly unanswered?: readonly { readonly port: number; readonly reason: FailureReason }[];
}

/** `open`: a live stream, or a still picture that a made-up path did not bring as well, was offered without a login. */
export type ViewResult = "open" | "protected" | "absent" | "unclear";

export interface PictureFact {
  readonly door: Door;
  readonly path: string;
  readonly origin: "vendor" | "generic" | "onvif";
  readonly result: ViewResult;
  readonly status: number | null;
  readonly mediaType: string | null;
  /** Signature of the first bytes; the bytes themselves are dropped. */
  readonly signature: "jpeg" | "png" | "multipart-jpeg" | "none";
  /** Why `unclear`: e.g. `answers-everything`, or the failure reason. */
  readonly because: string | null;
}
export interface PicturesFact {
  readonly asked: readonly PictureFact[];
}

export interface RtspDoorFact {
  readonly door: Door;
  readonly server: string | null;
  readonly realm: string | null;
  readonly schemes: readonly string[];
  readonly describes: readonly {
    readonly path: string;
    readonly origin: "vendor" | "generic" | "onvif";
    readonly result: ViewResult;
    readonly status: number | null;
    /** Media lines of the SDP, e.g. `video H264`. */
    readonly media: readonly string[];
    readonly because: string | null;
  }[];
}
export interface RtspFact {
  readonly doors: readonly RtspDoorFact[];
}

export type AnonymousCall = "answered" | "refused" | "fault" | "failed";

export interface OnvifFact {
  readonly door: Door;
  readonly path: string;
  /** Device clock minus our clock, seconds; null when it did not tell. */
  readonly clockOffset: number | null;
  /** Namespaces of the services. */
  readonly services: readonly string[];
  readonly mediaPath: string | null;
  readonly anonymous: {
    readonly GetDeviceInformation: AnonymousCall;
    readonly GetProfiles: AnonymousCall;
    readonly GetSnapshotUri: AnonymousCall;
    readonly GetStreamUri: AnonymousCall;
  };
  /** How it asks for a login: WS-Security fault or HTTP Digest challenge; null when it never refused. */
  readonly authentication: "usernametoken" | "http-digest" | null;
  readonly information: {
    readonly manufacturer: string;
    readonly model: string;
    readonly firmware: string;
    readonly serial: string;
  } | null;
  /** Path and port of offered pictures and streams, only where they lead back to this very device. */
  readonly snapshot: { readonly port: number; readonly path: string; readonly tls: boolean } | null;
  readonly stream: { readonly port: number; readonly path: string } | null;
  /** Addresses that the device named and that are not its own: noted, never asked. */
  readonly foreignHosts: readonly string[];
}

export interface TelnetFact {
  /** Ports on which something spoke Telnet (option bytes or a login prompt). */
  readonly ports: readonly number[];
  /** What they said first, cleaned, at most 120 characters each; for fingerprints. */
  readonly banners?: readonly string[];
}

/** `accepted` is proof only with `control: "rejected"` (a made-up password was refused on the same door). */
export type LoginResult = "accepted" | "rejected" | "open-view" | "locked" | "not-tried" | "failed";
export type NotTriedReason =
  | "no-consent"
  | "not-this-manager"
  | "budget"
  | "lock-out"
  | "unknown-vendor"
  | "no-factory-login"
  | "no-door"
  | "no-login-asked"
  | FailureReason;

export interface LoginFact {
  readonly door: Door;
  readonly result: LoginResult;
  /** JSON pointer into the vendor file, e.g. `hikvision#/factoryLogins/0`; never the strings. */
  readonly login: string | null;
  readonly scheme: "basic" | "digest-md5" | "digest-sha-256" | "usernametoken" | null;
  readonly control: "rejected" | "accepted" | "not-tried" | null;
  readonly because: NotTriedReason | null;
  /** When an earlier scan learnt a `rejected` that this one did not try again. */
  readonly triedAt?: string;
}
export interface LoginsFact {
  readonly doors: readonly LoginFact[];
  /** Set when nothing could be tried at all. */
  readonly because: NotTriedReason | null;
}

export interface PortMappingFact {
  readonly protocol: "TCP" | "UDP";
  readonly externalPort: number;
  readonly remoteHost: string;
  readonly internalClient: string;
  readonly internalPort: number;
  readonly enabled: boolean;
  /** Seconds left, 0 = no end. */
  readonly leaseSeconds: number;
  readonly description: string;
  /** Which list showed it: IGD:1 walk, IGD:2 list, or both. */
  readonly seenIn: readonly ("v1" | "v2")[];
}

export interface IgdFact {
  readonly version: 1 | 2;
  readonly externalAddress: string | null;
  readonly connectionStatus: string | null;
  readonly mappings: readonly PortMappingFact[];
  /** False when the list faulted in the middle, never ended or disagreed with itself. */
  readonly complete: boolean;
  /** Plain reasons why not complete: `v1-fault`, `v2-fault`, `too-many`, `lists-differ`, `repeats`. */
  readonly doubts: readonly string[];
  /** WANIPv6FirewallControl GetFirewallStatus; null where the service is missing. */
  readonly ipv6Firewall: { readonly enabled: boolean; readonly pinholeAllowed: boolean } | null;
  /** `ppp`: the site has its IPv4 address for itself. Missing in scans saved before this was asked. */
  readonly connectionType?: "ip" | "ppp";
  /** IPv6 pinholes by asking for one UniqueID after the other; null where the service is missing. */
  readonly pinholes?: PinholesFact | null;
}

export interface PinholesFact {
  /** Of others, seen only by the refusal to tell about them; `packets` is null then. */
  readonly found: readonly { readonly uniqueId: number; readonly packets: number | null }[];
  /** False when the walk could not tell what is there from what is not. */
  readonly complete: boolean;
}

/** The two other protocols by which a device may open a port; neither can list what is open. */
export interface PortControlFact {
  /** RFC 6886, 3.2; the address may be 0.0.0.0. */
  readonly natPmp: { readonly externalAddress: string } | null;
  /** RFC 6887, 8.3: its answer to ANNOUNCE or its version negotiation. */
  readonly pcp: { readonly resultCode: number } | null;
}

/** The questions, in the order they are asked. */
export interface Facts {
  readonly ports: PortsFact;
  readonly web: WebFact;
  readonly telnet: TelnetFact;
  readonly onvif: readonly OnvifFact[];
  readonly rtsp: RtspFact;
  readonly pictures: PicturesFact;
  readonly logins: LoginsFact;
  readonly igd: IgdFact;
  readonly portControl: PortControlFact;
}
export type QuestionId = keyof Facts;
export const QUESTION_IDS = [
  "ports",
  "web",
  "telnet",
  "onvif",
  "rtsp",
  "pictures",
  "logins",
  "igd",
  "portControl",
] as const satisfies readonly QuestionId[];

/** A question that was never put says why; that is never the same as a good answer. */
export interface NotAsked {
  readonly asked: false;
  readonly because: NotAskedReason;
}
export type NotAskedReason = "no-consent" | "not-applicable" | "deadline" | "cancelled";
export interface Asked<T> {
  readonly asked: true;
  readonly at: string;
  readonly answer: Answer<T>;
}
export type Evidence = { readonly [Q in QuestionId]?: Asked<Facts[Q]> | NotAsked };

/** What a question brought, or null when it was not put or not answered. */
export function factOf<Q extends QuestionId>(evidence: Evidence, question: Q): Facts[Q] | null {
  const put: Evidence[Q] = evidence[question];
  return put?.asked && put.answer.ok ? put.answer.value : null;
}

/** Names of the doors that answered as what they are (`http:80`); null when nobody asked. */
export function answeringDoors(evidence: Evidence): readonly string[] | null {
  const asked = ["web", "rtsp", "onvif"] as const;
  if (!asked.some((question) => evidence[question]?.asked)) return null;
  const doors = [
    ...(factOf(evidence, "web")?.doors ?? []),
    ...(factOf(evidence, "rtsp")?.doors ?? []),
    ...(factOf(evidence, "onvif") ?? []),
  ];
  return [...new Set(doors.map(({ door }) => doorName(door)))];
}
