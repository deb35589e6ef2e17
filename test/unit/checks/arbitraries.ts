import fc from "fast-check";
import {
  DEVICE_KINDS,
  type Door,
  type Evidence,
  FAILURE_REASONS,
  type Facts,
  type NotTriedReason,
  QUESTION_IDS,
  type QuestionId,
  type SiteView,
  type VendorFile,
} from "../../../agent/model/index.ts";
import { answered, device, failed, known, mapping, notAsked, router, site, vendor } from "./builders.ts";

const port = fc.constantFrom(23, 80, 443, 554, 2323, 8080, 8554);
const view = fc.constantFrom("open", "protected", "absent", "unclear") as fc.Arbitrary<
  "open" | "protected" | "absent" | "unclear"
>;
const because = fc.option(
  fc.oneof(fc.constantFrom("answers-everything", ...FAILURE_REASONS), fc.string(), fc.constant("__proto__")),
);
const status = fc.option(fc.constantFrom(200, 401, 404));
const schemes = fc.subarray(["basic", "digest"]);
const text = fc.option(fc.string({ maxLength: 20 }));

function door<P extends Door["protocol"]>(...protocols: P[]) {
  return fc.record({ protocol: fc.constantFrom(...protocols), port });
}

const call = fc.constantFrom("answered", "refused", "fault", "failed") as fc.Arbitrary<
  "answered" | "refused" | "fault" | "failed"
>;
const notTried = fc.constantFrom<NotTriedReason>(
  "no-consent",
  "not-this-manager",
  "budget",
  "lock-out",
  "unknown-vendor",
  "no-factory-login",
  "no-door",
  "no-login-asked",
  ...FAILURE_REASONS,
);

const facts: { readonly [Q in QuestionId]: fc.Arbitrary<Facts[Q]> } = {
  ports: fc.record({
    states: fc.dictionary(port.map(String), fc.constantFrom("open", "closed", "silent")),
  }) as fc.Arbitrary<Facts["ports"]>,
  web: fc.record({
    doors: fc.array(
      fc.record({
        door: door("http", "https"),
        status: fc.constantFrom(200, 301, 401),
        server: text,
        title: text,
        realm: text,
        schemes,
        certificate: fc.constant(null),
        answersEverything: fc.boolean(),
        asksPassword: fc.boolean(),
      }),
      { maxLength: 3 },
    ),
  }),
  telnet: fc.record({ ports: fc.array(port, { maxLength: 3 }) }),
  onvif: fc.array(
    fc.record({
      door: door("onvif"),
      path: fc.string({ maxLength: 10 }),
      clockOffset: fc.constant(null),
      services: fc.constant([]),
      mediaPath: fc.constant(null),
      anonymous: fc.record({
        GetDeviceInformation: call,
        GetProfiles: call,
        GetSnapshotUri: call,
        GetStreamUri: call,
      }),
      authentication: fc.constant(null),
      information: fc.constant(null),
      snapshot: fc.constant(null),
      stream: fc.constant(null),
      foreignHosts: fc.constant([]),
    }),
    { maxLength: 3 },
  ),
  rtsp: fc.record({
    doors: fc.array(
      fc.record({
        door: door("rtsp"),
        server: text,
        realm: text,
        schemes,
        describes: fc.array(
          fc.record({
            path: fc.string({ maxLength: 10 }),
            origin: fc.constant("generic" as const),
            result: view,
            status,
            media: fc.array(fc.string({ maxLength: 5 }), { maxLength: 2 }),
            because,
          }),
          { maxLength: 3 },
        ),
      }),
      { maxLength: 3 },
    ),
  }),
  pictures: fc.record({
    asked: fc.array(
      fc.record({
        door: door("http", "https"),
        path: fc.string({ maxLength: 10 }),
        origin: fc.constant("generic" as const),
        result: view,
        status,
        mediaType: text,
        signature: fc.constantFrom("jpeg" as const, "none" as const),
        because,
      }),
      { maxLength: 4 },
    ),
  }),
  logins: fc.record({
    doors: fc.array(
      fc.record({
        door: door("http", "https", "rtsp", "onvif"),
        result: fc.constantFrom(
          "accepted" as const,
          "rejected" as const,
          "open-view" as const,
          "locked" as const,
          "not-tried" as const,
          "failed" as const,
        ),
        login: fc.option(fc.constantFrom("acme#/factoryLogins/0", "acme#/factoryLogins/1")),
        scheme: fc.option(fc.constantFrom("basic" as const, "digest-md5" as const)),
        control: fc.option(fc.constantFrom("rejected" as const, "accepted" as const, "not-tried" as const)),
        because: fc.option(notTried),
      }),
      { maxLength: 4 },
    ),
    because: fc.option(notTried),
  }),
  igd: fc.record({
    version: fc.constantFrom(1 as const, 2 as const),
    externalAddress: text,
    connectionStatus: text,
    mappings: fc.constant([]),
    complete: fc.boolean(),
    doubts: fc.array(fc.string({ maxLength: 10 }), { maxLength: 2 }),
    ipv6Firewall: fc.constant(null),
  }),
  portControl: fc.record({
    natPmp: fc.option(fc.record({ externalAddress: fc.ipV4() })),
    pcp: fc.option(fc.record({ resultCode: fc.integer({ min: 0, max: 13 }) })),
  }),
};

function asked<Q extends QuestionId>(question: Q) {
  return fc.oneof(
    { weight: 4, arbitrary: facts[question].map((fact) => answered<Q>(fact)) },
    { weight: 1, arbitrary: fc.constantFrom(...FAILURE_REASONS).map(failed) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom("no-consent", "not-applicable", "deadline", "cancelled")
        .map((reason) => notAsked(reason)),
    },
  );
}

/** Any part of the evidence may be missing, refused, failed or there. */
export const anyEvidence = fc.record(
  Object.fromEntries(QUESTION_IDS.map((question) => [question, asked(question)])),
  { requiredKeys: [] },
) as fc.Arbitrary<Evidence>;

export const anyDevice = fc
  .record({
    kind: fc.constantFrom(...DEVICE_KINDS),
    firmware: fc.option(fc.oneof(fc.string(), fc.constantFrom("1.4.9", "V5 build 170123", "build 991231"))),
    model: fc.option(fc.oneof(fc.string(), fc.constant("CAM-1"))),
    names: fc.array(fc.string(), { maxLength: 2 }),
    services: fc.subarray([...router.services]),
    fields: fc.constantFrom({}, { "ssdp.st": ["x"] }),
  })
  .map((part) => device(part));

const anyMapping = fc
  .record({
    protocol: fc.constantFrom("TCP" as const, "UDP" as const),
    externalPort: port,
    internalPort: port,
    enabled: fc.boolean(),
    description: fc.string(),
    internalClient: fc.constantFrom("192.0.2.10", "192.0.2.5", "192.0.2.77"),
    routerId: fc.constantFrom(router.id, device().id),
    deviceId: fc.option(fc.constantFrom(device().id, router.id, "mac:02AABBCCDD50")),
  })
  .map((part) => mapping(part));

const anyKnown = fc
  .record({
    id: fc.constantFrom(device().id, "serial:x"),
    registered: fc.boolean(),
    retired: fc.boolean(),
  })
  .map((part) => known(part));

export const anySite: fc.Arbitrary<SiteView> = fc
  .record({
    devices: fc.subarray([device(), router]),
    mappings: fc.array(anyMapping, { maxLength: 4 }),
    mappingLists: fc.constantFrom(
      "complete" as const,
      "partial" as const,
      "none" as const,
      "notchecked" as const,
    ),
    known: fc.array(anyKnown, { maxLength: 2 }),
    firstScan: fc.boolean(),
  })
  .map((part) => site(part));

const anyAdvisory = fc.record(
  {
    id: fc.constantFrom("CVE-2000-0001", "CVE-2000-0002"),
    source: fc.constant("test"),
    checked: fc.constant("2026-11-01"),
    knownExploited: fc.boolean(),
    title: fc.constant({ ja: "弱点", en: "weakness" }),
    models: fc.oneof(fc.string(), fc.constantFrom("CAM-*", "*")),
    fixedVersion: fc.oneof(fc.string(), fc.constant("1.5.0")),
    fixedDate: fc.constant("2021-07-02"),
  },
  { requiredKeys: ["id", "source", "checked", "knownExploited", "title"] },
) as fc.Arbitrary<VendorFile["advisories"][number]>;

export const anyVendor: fc.Arbitrary<VendorFile | null> = fc.option(
  fc
    .record({
      factoryLogins: fc.subarray([...vendor().factoryLogins]),
      advisories: fc.array(anyAdvisory, { maxLength: 3 }),
    })
    .map((part) => vendor(part)),
);
