import type { DeviceKind } from "./device.ts";
import type { CheckId, OutcomeValue } from "./outcome.ts";

export const FIXTURE_SCHEMA = "komainu/fixture/1";

/** `recorded` = from a real device; never use it for anything else. */
export type Provenance = "recorded" | "vendor-document" | "synthetic";

/** Which login a door wants: none, one that nobody documented, any at all, or the vendor file's factory login by index. */
export type FixtureLogin = "none" | "changed" | "any" | number;

export interface FixtureRoute {
  /** Exact path without query, or "*" for every path that no other route names. */
  readonly path: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text body, or a built-in one: a one-pixel JPEG, an endless multipart/x-mixed-replace of it. */
  readonly body?: string | { readonly builtin: "jpeg" | "mjpeg" };
  /** True when the door's login is wanted first. */
  readonly login?: boolean;
}

export interface FixtureHttp {
  readonly port: number;
  readonly tls?: { readonly subject: string };
  readonly authentication?: {
    readonly schemes: readonly ("basic" | "digest-md5" | "digest-sha-256")[];
    readonly realm: string;
  };
  readonly routes: readonly FixtureRoute[];
}

export interface FixtureRtsp {
  readonly port: number;
  readonly server: string | null;
  readonly authentication?: { readonly schemes: readonly ("basic" | "digest-md5")[]; readonly realm: string };
  readonly paths: readonly { readonly path: string; readonly media: readonly string[] }[];
}

export type OnvifCall = "GetDeviceInformation" | "GetProfiles" | "GetSnapshotUri" | "GetStreamUri";

export interface FixtureOnvif {
  readonly port: number;
  readonly path: string;
  readonly authentication: "usernametoken" | "http-digest" | "none";
  /** Seconds the device's clock is ahead of ours. */
  readonly clockOffset: number;
  /** Calls that it answers without a login although ONVIF wants one; many OEM devices do so for GetDeviceInformation. */
  readonly anonymousCalls?: readonly OnvifCall[];
  readonly information: {
    readonly manufacturer: string;
    readonly model: string;
    readonly firmware: string;
    readonly serial: string;
  };
  readonly snapshotPath?: string;
  readonly streamPath?: string;
}

/** One device as it looks on the wire: drives a fake device, and is what `komainu record` writes (redacted). */
export interface Fixture {
  readonly schema: typeof FIXTURE_SCHEMA;
  readonly provenance: Provenance;
  readonly source: string;
  readonly checked: string;
  /** Twelve upper-case hex digits; in recordings the last six are made up. */
  readonly mac: string;
  readonly announces: {
    readonly wsDiscovery?: {
      readonly endpoint: string;
      readonly types: string;
      readonly scopes: readonly string[] /** `{address}` stands for the device's own. */;
      readonly xaddrs: readonly string[];
    };
    readonly mdns?: {
      readonly host: string;
      readonly services: readonly {
        readonly type: string;
        readonly instance: string;
        readonly port: number;
        readonly txt: Readonly<Record<string, string>>;
      }[];
    };
    readonly ssdp?: {
      readonly server: string;
      readonly uuid: string;
      readonly deviceType: string;
      readonly port: number;
      readonly path: string;
      readonly description: Readonly<Record<string, string>>;
    };
  };
  readonly http: readonly FixtureHttp[];
  readonly rtsp: readonly FixtureRtsp[];
  readonly onvif: readonly FixtureOnvif[];
  /** Greeting after connect, e.g. `login: `. */
  readonly telnet?: { readonly port: number; readonly banner: string };
  readonly logins: { readonly http: FixtureLogin; readonly rtsp: FixtureLogin; readonly onvif: FixtureLogin };
  readonly expected: {
    readonly kind: DeviceKind;
    readonly vendor: string | null;
    readonly model: string | null;
    readonly firmware: string | null;
    readonly outcomes: readonly {
      readonly check: CheckId;
      readonly outcome: OutcomeValue;
      readonly subject?: string;
    }[];
  };
}
