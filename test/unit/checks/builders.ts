import { inboundPaths } from "../../../agent/audit/paths.ts";
import {
  type Asked,
  type CheckInput,
  type Device,
  type Evidence,
  type Facts,
  type FailureReason,
  failure,
  type KnownDevice,
  type LoginFact,
  type NotAsked,
  type NotAskedReason,
  type OnvifFact,
  type Outcome,
  type PictureFact,
  type QuestionId,
  type RtspDoorFact,
  type SiteMapping,
  type SiteView,
  success,
  type VendorFile,
  type ViewResult,
  type WebDoorFact,
} from "../../../agent/model/index.ts";

export const NOW = "2026-11-21T10:00:00.000Z";

export function answered<Q extends QuestionId>(value: Facts[Q]): Asked<Facts[Q]> {
  return { asked: true, at: NOW, answer: success(value) };
}

export function failed(reason: FailureReason = "timeout"): Asked<never> {
  return { asked: true, at: NOW, answer: failure(reason) };
}

export function notAsked(because: NotAskedReason = "no-consent"): NotAsked {
  return { asked: false, because };
}

export function device(part: Partial<Device> = {}): Device {
  return {
    id: "mac:02AABBCCDD01",
    aliases: [],
    stableIds: [],
    kind: "camera",
    vendor: "acme",
    model: "CAM-1",
    firmware: null,
    certainty: 0.9,
    addresses: [{ address: "192.0.2.10", interface: "eth0" }],
    mac: "02:AA:BB:CC:DD:01",
    names: ["Yard"],
    fields: {},
    services: [],
    ...part,
  };
}

export const router = device({
  id: "mac:02AABBCCDD99",
  kind: "router",
  names: [],
  addresses: [{ address: "192.0.2.1", interface: "eth0" }],
  services: [{ protocol: "igd", port: 5000, path: "/rootDesc.xml" }],
});

/** The ways in are those that the mappings make, unless the test says otherwise. */
export function site(part: Partial<SiteView> = {}): SiteView {
  const { devices = [device(), router], mappings = [], routers = [], questions = {} } = part;
  return {
    now: NOW,
    devices: [device(), router],
    mappings: [],
    mappingLists: "complete",
    routers: [],
    paths: inboundPaths({ devices, evidence: {}, mappings, routers, questions }),
    questions: {},
    pinholesKnown: true,
    mends: [],
    known: [],
    firstScan: false,
    self: { addresses: ["192.0.2.5"], ports: [80] },
    ...part,
  };
}

export function mapping(part: Partial<SiteMapping> = {}): SiteMapping {
  return {
    protocol: "TCP",
    externalPort: 8080,
    remoteHost: "",
    internalClient: "192.0.2.10",
    internalPort: 80,
    enabled: true,
    leaseSeconds: 0,
    description: "camera",
    seenIn: ["v1"],
    routerId: router.id,
    deviceId: device().id,
    ...part,
  };
}

export function vendor(part: Partial<VendorFile> = {}): VendorFile {
  return {
    id: "acme",
    name: { ja: "アクメ", en: "Acme" },
    kind: "camera",
    fingerprints: [],
    factoryLogins: [{ user: "admin", password: "1234", source: "manual", checked: "2026-11-01" }],
    picturePaths: [],
    rtspPaths: [],
    menus: {},
    advisories: [],
    ...part,
  };
}

export function picture(result: ViewResult, part: Partial<PictureFact> = {}): PictureFact {
  return {
    door: { protocol: "http", port: 80 },
    path: "/snapshot.jpg",
    origin: "generic",
    result,
    status: result === "open" ? 200 : 401,
    mediaType: result === "open" ? "image/jpeg" : null,
    signature: result === "open" ? "jpeg" : "none",
    because: result === "unclear" ? "answers-everything" : null,
    ...part,
  };
}

export function rtspDoor(results: readonly ViewResult[], part: Partial<RtspDoorFact> = {}): RtspDoorFact {
  return {
    door: { protocol: "rtsp", port: 554 },
    server: null,
    realm: null,
    schemes: ["digest"],
    describes: results.map((result, index) => ({
      path: `/live${index}`,
      origin: "generic",
      result,
      status: result === "open" ? 200 : 401,
      media: result === "open" ? ["video H264"] : [],
      because: result === "unclear" ? "timeout" : null,
    })),
    ...part,
  };
}

export function webDoor(part: Partial<WebDoorFact> = {}): WebDoorFact {
  return {
    door: { protocol: "http", port: 80 },
    status: 401,
    server: null,
    title: null,
    realm: null,
    schemes: ["digest"],
    certificate: null,
    answersEverything: false,
    asksPassword: true,
    ...part,
  };
}

export function onvif(part: Partial<OnvifFact["anonymous"]> = {}): OnvifFact {
  return {
    door: { protocol: "onvif", port: 80 },
    path: "/onvif/device_service",
    clockOffset: 0,
    services: [],
    mediaPath: null,
    anonymous: {
      GetDeviceInformation: "refused",
      GetProfiles: "refused",
      GetSnapshotUri: "refused",
      GetStreamUri: "refused",
      ...part,
    },
    authentication: "usernametoken",
    information: null,
    snapshot: null,
    stream: null,
    foreignHosts: [],
  };
}

export function login(part: Partial<LoginFact> = {}): LoginFact {
  return {
    door: { protocol: "http", port: 80 },
    result: "rejected",
    login: "acme#/factoryLogins/0",
    scheme: "digest-md5",
    control: null,
    because: null,
    ...part,
  };
}

export function known(part: Partial<KnownDevice> = {}): KnownDevice {
  return {
    id: device().id,
    aliases: [],
    kind: "camera",
    name: null,
    registered: true,
    retired: false,
    firstSeen: "2026-11-01T00:00:00.000Z",
    lastSeen: "2026-11-20T00:00:00.000Z",
    ...part,
  };
}

/** A camera whose every door asks for a login: what most tests change one thing of. */
export const guarded: Evidence = {
  ports: answered<"ports">({ states: { 23: "closed", 80: "open", 554: "open", 2323: "closed" } }),
  web: answered<"web">({ doors: [webDoor()] }),
  telnet: answered<"telnet">({ ports: [] }),
  onvif: answered<"onvif">([onvif()]),
  rtsp: answered<"rtsp">({ doors: [rtspDoor(["protected"])] }),
  pictures: answered<"pictures">({ asked: [picture("protected")] }),
  logins: answered<"logins">({ doors: [login()], because: null }),
};

export function input(part: Partial<CheckInput> = {}): CheckInput {
  return { device: device(), evidence: guarded, vendor: vendor(), site: site(), ...part };
}

/** `outcome subject because`, one line an outcome: what most tests compare. */
export function brief(outcomes: readonly Outcome[]): string[] {
  return outcomes.map(({ outcome, subject, because }) =>
    [outcome, subject, because].filter((part) => part !== null && part !== "").join(" "),
  );
}
