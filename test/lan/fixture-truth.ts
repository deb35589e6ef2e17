import {
  type Door,
  doorName,
  type Fixture,
  type FixtureHttp,
  type FixtureRtsp,
} from "../../agent/model/index.ts";
import type { MemberTruth } from "./cast-member.ts";

/** What is true of a device that does what its fixture says. */
export function fixtureTruth(fixture: Fixture): MemberTruth {
  const { http, rtsp, onvif, logins, expected } = fixture;
  const open = (login: Fixture["logins"]["http"]) => login === "none" || login === "any";
  const shown = [
    ...http.filter((door) => showsPicture(door, open(logins.http))).map(httpDoor),
    ...rtsp.filter((door) => showsStream(door, open(logins.rtsp))).map(({ port }) => name("rtsp", port)),
  ];
  const byFactory = [
    ...(typeof logins.http === "number" ? http.filter(asksLogin).map(httpDoor) : []),
    ...(typeof logins.rtsp === "number" ? rtsp.filter(asksLogin).map(({ port }) => name("rtsp", port)) : []),
    ...(typeof logins.onvif === "number"
      ? onvif.filter(({ authentication }) => authentication !== "none").map(({ port }) => name("onvif", port))
      : []),
  ];
  return { kind: expected.kind, vendor: expected.vendor, openViews: shown, factoryLogins: byFactory };
}

function name(protocol: Door["protocol"], port: number): string {
  return doorName({ protocol, port });
}

function httpDoor({ tls, port }: FixtureHttp): string {
  return name(tls === undefined ? "http" : "https", port);
}

function asksLogin(door: FixtureHttp | FixtureRtsp): boolean {
  return door.authentication !== undefined;
}

function showsPicture(door: FixtureHttp, open: boolean): boolean {
  return door.routes.some(
    ({ body, login }) => typeof body === "object" && (open || login !== true || !asksLogin(door)),
  );
}

function showsStream(door: FixtureRtsp, open: boolean): boolean {
  return door.paths.length > 0 && (open || !asksLogin(door));
}
