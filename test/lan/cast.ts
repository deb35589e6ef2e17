import { readFileSync } from "node:fs";
import type { Fixture } from "../../agent/model/index.ts";
import type { CastMember, MemberTruth } from "./cast-member.ts";
import { fixtureTruth } from "./fixture-truth.ts";

type Change = (fixture: Fixture) => Fixture;
type Rest = Partial<Pick<CastMember, "real" | "lockAfter" | "mappings" | "truth">>;

function readFixture(file: string): Fixture {
  return JSON.parse(readFileSync(new URL(`../fixtures/${file}.json`, import.meta.url), "utf8")) as Fixture;
}

/** A device as its fixture says, changed or not. Its last address byte also ends its MAC address and its other names. */
export function member(
  name: string,
  host: number,
  story: string,
  file: string,
  change: Change = (fixture) => fixture,
  rest: Rest = {},
): CastMember {
  const fixture = asOwnDevice(change(readFixture(file)), host);
  const mac = fixture.mac.replace(/..(?=.)/g, "$&:");
  return {
    name,
    story,
    address: `192.168.77.${host}`,
    mac,
    fixture,
    truth: fixtureTruth(fixture),
    ...rest,
  };
}

/** Several devices may look like one fixture, but no two have one identity: MAC address, UUIDs, serial number. */
function asOwnDevice(fixture: Fixture, host: number): Fixture {
  const own = `${fixture.mac.slice(0, 6)}0077${String(host).padStart(2, "0")}`;
  const { wsDiscovery, ssdp, ...announces } = withMac(fixture, own).announces;
  return {
    ...withMac(fixture, own),
    announces: {
      ...announces,
      ...(wsDiscovery && {
        wsDiscovery: { ...wsDiscovery, endpoint: wsDiscovery.endpoint.replace(/.{6}$/, own.slice(6)) },
      }),
      ...(ssdp && { ssdp: { ...ssdp, uuid: ssdp.uuid.replace(/.{6}$/, own.slice(6)) } }),
    },
    onvif: fixture.onvif.map((onvif) => ({
      ...onvif,
      information: { ...onvif.information, serial: `${onvif.information.serial}${own.slice(6)}` },
    })),
  };
}

/** Replaces the MAC address wherever the fixture says it: in scopes, TXT records, pages; with or without separators. */
function withMac(fixture: Fixture, mac: string): Fixture {
  const bytes = (text: string): readonly string[] => text.match(/../g) ?? [];
  const anyForm = new RegExp(bytes(fixture.mac).join("([:-]?)"), "gi");
  const text = JSON.stringify(fixture).replace(anyForm, (found: string, separator: string) => {
    const replaced = bytes(mac).join(separator);
    return found === found.toLowerCase() ? replaced.toLowerCase() : replaced;
  });
  return JSON.parse(text) as Fixture;
}

const logins =
  (wanted: Partial<Fixture["logins"]>): Change =>
  (fixture) => ({ ...fixture, logins: { ...fixture.logins, ...wanted } });

const CHANGED = { http: "changed", rtsp: "changed", onvif: "changed" } as const;
const HIKVISION = "hikvision-ds-2cd2142fwd-i";

const clockAnHourOff: Change = (fixture) => ({
  ...fixture,
  onvif: fixture.onvif.map((onvif) => ({ ...onvif, clockOffset: 3600 })),
});

/** Hikvision's newer firmware ships with ONVIF off; it also leaves the two wrong logins a day for the other doors. */
const onvifOff: Change = (fixture) => {
  const { wsDiscovery: _off, ...announces } = fixture.announces;
  return { ...fixture, announces, onvif: [] };
};

const rtspByBasic: Change = (fixture) => ({
  ...fixture,
  rtsp: fixture.rtsp.map((rtsp) => ({ ...rtsp, authentication: { schemes: ["basic"], realm: "camera" } })),
});

/** What gst-rtsp-server and an announcement show, and no maker: the stand-in looks the same. */
const nothingButRtsp: Change = (fixture) => ({
  ...fixture,
  announces: {
    mdns: {
      host: "stream",
      services: [{ type: "_rtsp._tcp", instance: "Piano room", port: 554, txt: { path: "live" } }],
    },
  },
  http: [],
  onvif: [],
  rtsp: [{ port: 554, server: "GStreamer RTSP server", paths: [{ path: "/live", media: ["video H264"] }] }],
  logins: { ...fixture.logins, rtsp: "none" },
  expected: { ...fixture.expected, model: null, outcomes: [] },
});

const openOverUpnp = (externalPort: number, internalPort: number, description: string) => ({
  mappings: [{ protocol: "TCP" as const, externalPort, internalPort, description }],
});

const CAMERAS: readonly CastMember[] = [
  member(
    "entrance",
    31,
    "an old camera without any password, which has opened a door to the Internet",
    "panasonic-bb-bl-c131",
    undefined,
    openOverUpnp(8081, 80, "BL-C131 HTTP"),
  ),
  member(
    "hall",
    32,
    "the factory login on web and RTSP; its RTSP is open to the Internet",
    HIKVISION,
    onvifOff,
    openOverUpnp(10554, 554, "RTSP"),
  ),
  member(
    "playroom",
    33,
    "the factory login on the web only",
    HIKVISION,
    logins({ rtsp: "changed", onvif: "changed" }),
  ),
  member("office", 34, "the web password was changed, and ONVIF kept the factory's", "dahua-ipc-hdw4631c-a"),
  member("kitchen", 35, "an OEM camera: open stream, factory login, Telnet", "goahead-oem-hipcam"),
  member("garden", 36, "the page wants a password, the stream none", "iodata-ts-wrlp"),
  member("gate", 37, "the factory login on the web", "sony-snc-ch140"),
  member("corridor", 38, "every password changed", "axis-m1065-l"),
  member("stairs", 39, "every password changed, HTTPS only", "panasonic-ipro-wv-s2136l"),
  member("nap-room", 40, "a cloud camera with a password of its own", "tplink-tapo-c200"),
  member("meadow", 41, "the factory login is a name without a password", "reolink-rlc-410w"),
  member("car-park", 42, "every password changed, firmware of 2019", "dahua-ipc-hfw3441"),
  member("roof", 43, "of no known maker, its clock an hour ahead", "synthetic-onvif-clock-hour-off"),
  member("terrace", 44, "of no known maker, no login anywhere", "synthetic-onvif-no-login"),
  member(
    "locker",
    45,
    "every password changed, and it locks after three wrong ones",
    HIKVISION,
    logins(CHANGED),
    { lockAfter: 3 },
  ),
  member("clock", 46, "the factory login on ONVIF only, its clock an hour ahead", HIKVISION, (fixture) =>
    clockAnHourOff(logins({ ...CHANGED, onvif: 0 })(fixture)),
  ),
  member(
    "recorder",
    47,
    "a recorder with a changed password that is open to the Internet",
    "hikvision-ds-7608ni-k2",
    undefined,
    openOverUpnp(8000, 80, "NVR"),
  ),
  member(
    "piano-room",
    51,
    "streams to everybody; nothing tells its maker",
    "synthetic-onvif-open-stream",
    nothingButRtsp,
    { real: ["gstreamer", "avahi"] },
  ),
  member(
    "bus-stop",
    52,
    "the factory login on RTSP only, by Basic",
    "sony-snc-ch140",
    (fixture) => rtspByBasic(logins({ ...CHANGED, rtsp: 0 })(fixture)),
    { real: ["gstreamer"] },
  ),
  member(
    "sandpit",
    53,
    "the factory login on RTSP only, by Digest",
    HIKVISION,
    (fixture) => onvifOff(logins({ ...CHANGED, rtsp: 0 })(fixture)),
    { real: ["gstreamer"] },
  ),
  member("pi-window", 54, "a Raspberry Pi with ustreamer", "ustreamer-4.9", undefined, {
    real: ["ustreamer"],
  }),
  member("pi-shed", 55, "a Raspberry Pi with motion", "motion-motioneye-motion-4.5.1", undefined, {
    real: ["motion", "avahi"],
  }),
];

const ORDINARY: readonly CastMember[] = [
  member("printer", 61, "a printer", "other-printer", undefined, { real: ["avahi"] }),
  member(
    "nas",
    62,
    "photographs of cameras and a mapping that speaks of one, and no camera",
    "other-nas",
    undefined,
    openOverUpnp(5001, 5000, "Camera photos"),
  ),
  member("tv", 63, "a television", "other-tv"),
  { ...member("phone", 64, "a telephone", "other-phone"), mac: "DA:5C:13:00:77:64" },
  member("decoder", 65, "a camera maker's decoder: no camera", "axis-t8705"),
  {
    name: "laptop",
    story: "has an address and nothing else",
    address: "192.168.77.66",
    mac: "6E:1F:20:00:77:66",
    truth: { kind: "unknown", vendor: null, openViews: [], factoryLogins: [] },
  },
];

function trap(
  name: string,
  host: number,
  kind: MemberTruth["kind"],
  rest: Partial<CastMember> = {},
): CastMember {
  return {
    name: `t${host}`,
    story: name,
    address: `192.168.77.${host}`,
    mac: `02:00:5E:00:77:${host}`,
    trap: name,
    truth: { kind, vendor: null, openViews: [], factoryLogins: [], ...rest.truth },
    ...rest,
  };
}

const unmade = (kind: MemberTruth["kind"], openViews: readonly string[]): MemberTruth => ({
  kind,
  vendor: null,
  openViews,
  factoryLogins: [],
});

const TRAPS: readonly CastMember[] = [
  trap("ok-to-all", 71, "other"),
  trap("jpeg-to-all", 72, "other"),
  trap("http-everything-401", 73, "debatable"),
  trap("tarpit", 74, "unknown"),
  trap("drops", 75, "unknown", { firewall: "drop" }),
  trap("endless", 76, "camera"),
  trap("drip", 77, "camera"),
  trap("xss", 78, "camera"),
  trap("ssdp-loopback", 79, "other"),
  trap("xaddrs-elsewhere", 80, "camera"),
  trap("many-probe-matches", 81, "camera"),
  trap("wrong-relates-to", 82, "camera"),
  trap("xml-bomb", 83, "camera"),
  trap("mdns-flood", 84, "unknown"),
  trap("mdns-pointer-loop", 85, "unknown"),
  trap("onvif-uris-elsewhere", 86, "camera", { truth: unmade("camera", ["http:80", "rtsp:554"]) }),
  trap("sdp-less-200", 87, "debatable"),
  member(
    "any-password",
    88,
    "every password opens it",
    HIKVISION,
    logins({ http: "any", rtsp: "any", onvif: "any" }),
  ),
];

/** A nursery: cameras of many makers and what else is plugged in there. Shown by the demo. */
export const NURSERY: readonly CastMember[] = [...CAMERAS, ...ORDINARY];

/** The nursery with everything that can deceive, stall or attack a scanner. */
export const CAST: readonly CastMember[] = [...NURSERY, ...TRAPS];
