/** What the traps build on: a camera of no known maker, and a port where anything can be said. */
import { createHash } from "node:crypto";
import { createServer, type Socket } from "node:net";
import type { Fixture, FixtureHttp, FixtureRoute } from "../../../agent/model/index.ts";
import { Camera, type Quirks } from "../camera.ts";
import type { BareFake, FakeDevice } from "../fake.ts";
import type { Place } from "../wire.ts";

export interface TrapPlace extends Place {
  /** Address of the LAN's router, for traps that point at it. */
  readonly router?: string;
}
export type Trap = (place: TrapPlace) => Promise<FakeDevice>;

/** Documentation address (RFC 5737): where no packet may ever go. */
export const OFF_THE_LAN = "203.0.113.5";

export function routerOf({ router, address }: TrapPlace): string {
  return router ?? address.replace(/\.\d+$/, ".1");
}

const TRAP_ENDPOINT = "urn:uuid:0d7a1a6e-3c9b-5a52-9f3e-02005e0000ff";

export const TRAP_CAMERA: Fixture = {
  schema: "komainu/fixture/1",
  provenance: "synthetic",
  source: "a trap of the virtual LAN",
  checked: "2026-11-21",
  mac: "02005E0000FF",
  announces: {
    wsDiscovery: {
      endpoint: TRAP_ENDPOINT,
      types: "dn:NetworkVideoTransmitter tds:Device",
      scopes: ["onvif://www.onvif.org/name/Trap", "onvif://www.onvif.org/hardware/T-1"],
      xaddrs: ["http://{address}:8000/onvif/device_service"],
    },
  },
  http: [
    {
      port: 80,
      authentication: { schemes: ["basic", "digest-md5"], realm: "Trap" },
      routes: [
        { path: "/", status: 200, body: "<html><head><title>Trap</title></head></html>", login: true },
        { path: "/snap.jpg", status: 200, body: { builtin: "jpeg" }, login: true },
      ],
    },
  ],
  rtsp: [
    {
      port: 554,
      server: "Trap RTSP",
      authentication: { schemes: ["basic", "digest-md5"], realm: "Trap" },
      paths: [{ path: "/live", media: ["video H264"] }],
    },
  ],
  onvif: [
    {
      port: 8000,
      path: "/onvif/device_service",
      authentication: "usernametoken",
      clockOffset: 0,
      information: { manufacturer: "Trap", model: "T-1", firmware: "1.0", serial: "TRAP-0001" },
      snapshotPath: "/snap.jpg",
      streamPath: "/live",
    },
  ],
  logins: { http: "changed", rtsp: "changed", onvif: "changed" },
  expected: { kind: "camera", vendor: null, model: "T-1", firmware: "1.0", outcomes: [] },
};

export async function startTrapCamera(fixture: Fixture, place: Place, quirks: Quirks = {}): Promise<Camera> {
  const camera = new Camera({ ...place, fixture: individual(fixture, place), factoryLogins: [], quirks });
  await camera.start();
  return camera;
}

/** Gives the device names of its own, so that two traps are never taken for one device. */
function individual(fixture: Fixture, place: Place): Fixture {
  const { wsDiscovery } = fixture.announces;
  const endpoint = `urn:uuid:${uuidFor(place)}`;
  return {
    ...fixture,
    announces: {
      ...fixture.announces,
      ...(wsDiscovery?.endpoint === TRAP_ENDPOINT && { wsDiscovery: { ...wsDiscovery, endpoint } }),
    },
    onvif: fixture.onvif.map((onvif) => ({
      ...onvif,
      information: { ...onvif.information, serial: `${onvif.information.serial}-${place.address}` },
    })),
  };
}

export function uuidFor({ address }: Place): string {
  const digest = createHash("sha256").update(address).digest("hex");
  return [digest.slice(0, 8), digest.slice(8, 12), "5000", "9000", digest.slice(12, 24)].join("-");
}

/** A web server and nothing else, on the two ports where scanners look first. */
export function webOnly(route: FixtureRoute, authentication?: FixtureHttp["authentication"]): Fixture {
  const door = { routes: [route], ...(authentication && { authentication }) };
  return {
    ...TRAP_CAMERA,
    announces: {},
    http: [
      { port: 80, ...door },
      { port: 8080, ...door },
    ],
    rtsp: [],
    onvif: [],
  };
}

/** A port that answers whoever connects in its own way. */
export function rawPort(fake: BareFake, port: number, serve: (socket: Socket) => void): Promise<void> {
  return fake.wire.listen(port, createServer({ allowHalfOpen: false }, serve));
}

/** True where the fake may send to the whole LAN. */
export function mayAnnounce(place: Place): boolean {
  return place.ports !== "ephemeral";
}
