import { afterEach, describe, expect, test } from "vitest";
import type { Evidence, Fixture, OnvifFact, ServiceHint } from "../../../agent/model/index.ts";
import { onvifProbe } from "../../../agent/probes/onvif.ts";
import type { FakeDevice } from "../../fakes/fake.ts";
import { SAMPLE, startSample } from "../fakes/sample.ts";
import { asked, contextFor } from "../helpers/context.ts";
import { hastyLineTo, httpServer, tcpServer } from "../helpers/servers.ts";
import { type Given, loopback } from "../net/loopback.ts";

const PATH = "/onvif/device_service";
const NO_WEB: Evidence = asked("web", { doors: [] });

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.close()));
});

/** The sample camera with its ONVIF door alone and its login as told. */
async function camera(
  parts: Partial<Fixture["onvif"][number]>,
  login: "none" | "changed",
): Promise<FakeDevice> {
  const fixture: Fixture = {
    ...SAMPLE,
    http: SAMPLE.http.filter(({ tls }) => tls === undefined),
    onvif: SAMPLE.onvif.map((door) => ({ ...door, ...parts })),
    logins: { http: "none", rtsp: "none", onvif: login },
  };
  const device = await startSample({ fixture });
  running.push(device);
  return device;
}

async function ask(
  services: readonly ServiceHint[],
  evidence: Evidence = NO_WEB,
): Promise<readonly OnvifFact[]> {
  const answer = await onvifProbe.ask(contextFor({ services, evidence }));
  if (!answer.ok) throw new Error(answer.reason);
  return answer.value;
}

function announced(port: number | undefined): readonly ServiceHint[] {
  return [{ protocol: "onvif", port: port ?? 0, path: PATH }];
}

function webOn(...ports: readonly number[]): Evidence {
  const doors = ports.map((port) => ({
    door: { protocol: "http", port } as const,
    status: 200,
    server: null,
    title: null,
    realm: null,
    schemes: [],
    certificate: null,
    answersEverything: false,
    asksPassword: false,
  }));
  return asked("web", { doors });
}

describe("a camera", () => {
  test("without a login tells everything, and offers picture and stream", async () => {
    const device = await camera({}, "none");
    const [fact] = await ask(announced(device.ports.get(8000)));
    expect(fact).toEqual({
      door: { protocol: "onvif", port: device.ports.get(8000) },
      path: PATH,
      clockOffset: expect.any(Number),
      services: ["http://www.onvif.org/ver10/device/wsdl", "http://www.onvif.org/ver10/media/wsdl"],
      mediaPath: "/onvif/media_service",
      anonymous: {
        GetDeviceInformation: "answered",
        GetProfiles: "answered",
        GetSnapshotUri: "answered",
        GetStreamUri: "answered",
      },
      authentication: null,
      information: { manufacturer: "Nobody", model: "S-1", firmware: "V1.0 build 240131", serial: "S1-0001" },
      snapshot: { port: device.ports.get(80), path: "/snap.jpg", tls: false },
      stream: { port: device.ports.get(554), path: "/live?channel=1" },
      foreignHosts: [],
    });
    expect(Math.abs(fact?.clockOffset ?? Number.NaN)).toBeLessThanOrEqual(2);
  });

  test.each(["usernametoken", "http-digest"] as const)(
    "with a login refuses by %s",
    async (authentication) => {
      const device = await camera({ authentication, clockOffset: 3600 }, "changed");
      const [fact] = await ask(announced(device.ports.get(8000)));
      expect(fact).toMatchObject({
        authentication,
        information: null,
        snapshot: null,
        stream: null,
        anonymous: {
          GetDeviceInformation: "refused",
          GetProfiles: "refused",
          GetSnapshotUri: "refused",
          GetStreamUri: "refused",
        },
      });
      expect(Math.abs((fact?.clockOffset ?? 0) - 3600)).toBeLessThanOrEqual(2);
      expect(device.state().attempts).toEqual([]);
    },
  );

  test("may answer some calls and refuse others", async () => {
    const device = await camera({ anonymousCalls: ["GetDeviceInformation"] }, "changed");
    const [fact] = await ask(announced(device.ports.get(8000)));
    expect(fact).toMatchObject({
      information: { model: "S-1" },
      authentication: "usernametoken",
      anonymous: { GetDeviceInformation: "answered", GetProfiles: "refused" },
    });
  });

  test("is found on a web port that nobody announced", async () => {
    const device = await camera({}, "none");
    const facts = await ask([], webOn(device.ports.get(8000) ?? 0));
    expect(facts).toHaveLength(1);
  });

  test("that names other hosts is noted, and they are not asked", async () => {
    const device = await startSample({
      fixture: { ...SAMPLE, logins: { http: "none", rtsp: "none", onvif: "none" } },
      quirks: { uriHosts: { snapshot: "192.0.2.7", stream: "203.0.113.9:8554" } },
    });
    running.push(device);
    const [fact] = await ask(announced(device.ports.get(8000)));
    expect(fact).toMatchObject({
      snapshot: null,
      stream: null,
      foreignHosts: ["192.0.2.7", "203.0.113.9"],
      anonymous: { GetSnapshotUri: "answered", GetStreamUri: "answered" },
    });
  });
});

describe("is no ONVIF", () => {
  const envelope = (content: string) => `<Envelope><Body>${content}</Body></Envelope>`;
  test.each([
    [
      "a server that answers a page to everything",
      { body: "<html><title>GetSystemDateAndTime</title></html>" },
    ],
    [
      "a server that wants a login for everything",
      { status: 401, headers: { "WWW-Authenticate": 'Digest realm="r", nonce="n"' } },
    ],
    [
      "a SOAP server of another trade",
      {
        status: 500,
        body: envelope(
          "<Fault><faultcode>Client</faultcode><faultstring>Invalid Action</faultstring></Fault>",
        ),
      },
    ],
    ["an XML bomb", { body: `<!DOCTYPE a [<!ENTITY b "${"c".repeat(1000)}">]><a>&b;</a>` }],
  ] as const)("%s, asked once", async (_name, given: Given) => {
    const server = await loopback(() => given);
    running.push(server);
    expect(await ask([], webOn(server.port))).toEqual([]);
    expect(server.asked).toHaveLength(1);
  });

  test("a device without doors", async () => {
    expect(await ask([])).toEqual([]);
  });
});

test("a door that was announced and asks for a login before it says a word is one", async () => {
  const headers = { "WWW-Authenticate": 'Digest realm="r", nonce="n"' };
  const server = await loopback(() => ({ status: 401, headers }));
  running.push(server);
  const [fact] = await ask(announced(server.port));
  expect(fact).toMatchObject({
    clockOffset: null,
    authentication: "http-digest",
    services: [],
    mediaPath: null,
  });
  expect(fact?.anonymous.GetStreamUri).toBe("refused");
});

test("a door that was announced and is gone is a failure, not an absence", async () => {
  const server = await loopback(() => ({}));
  await server.close();
  const answer = await onvifProbe.ask(contextFor({ services: announced(server.port), evidence: NO_WEB }));
  expect(answer).toMatchObject({ ok: false, reason: "refused" });
});

test("where HTTP is spoken could not be seen: nothing is claimed", async () => {
  const web = { asked: true, at: "2026-11-21T00:00:00Z", answer: { ok: false, reason: "timeout" } } as const;
  const answer = await onvifProbe.ask(contextFor({ evidence: { web } }));
  expect(answer).toEqual({ ok: false, reason: "timeout", detail: "web" });
});

test("media version 2 is spoken where version 1 is missing, older devices by GetCapabilities", async () => {
  const envelope = (content: string) => ({ body: `<Envelope><Body>${content}</Body></Envelope>` });
  const clock = envelope("<GetSystemDateAndTimeResponse/>");
  const server = await loopback(({ body, path }) => {
    const operation = /<s:Body><(\w+)/.exec(body)?.[1] ?? "";
    const own = (name: string) => `<XAddr>http://0.0.0.0:${server.port}/${name} </XAddr>`;
    if (operation === "GetSystemDateAndTime") return clock;
    if (operation === "GetServices" && path === "/new") {
      return envelope(
        `<GetServicesResponse><Service><Namespace>http://www.onvif.org/ver20/media/wsdl</Namespace>${own("media2")}</Service></GetServicesResponse>`,
      );
    }
    if (operation === "GetCapabilities") {
      return envelope(
        `<GetCapabilitiesResponse><Capabilities><Media>${own("media")}</Media></Capabilities></GetCapabilitiesResponse>`,
      );
    }
    if (operation === "GetProfiles")
      return envelope('<GetProfilesResponse><Profiles token="a&amp;b"/></GetProfilesResponse>');
    if (operation === "GetStreamUri") {
      const uri = "<Uri>rtsp://0.0.0.0:8554/live</Uri>";
      const version2 = body.includes("<Protocol>RTSP</Protocol><ProfileToken>a&amp;b");
      return envelope(
        `<GetStreamUriResponse>${version2 ? uri : `<MediaUri>${uri}</MediaUri>`}</GetStreamUriResponse>`,
      );
    }
    return { status: 500, ...envelope("<Fault/>") };
  });
  running.push(server);
  for (const [path, mediaPath] of [
    ["/new", "/media2"],
    ["/old", "/media"],
  ] as const) {
    const [fact] = await ask([{ protocol: "onvif", port: server.port, path }]);
    expect(fact).toMatchObject({ mediaPath, stream: { port: 8554, path: "/live" }, snapshot: null });
    expect(fact?.anonymous).toMatchObject({ GetProfiles: "answered", GetStreamUri: "answered" });
  }
});

test("a device that keeps everybody waiting is asked at few doors, and its silence is a doubt", async () => {
  const doors = await Promise.all(Array.from({ length: 4 }, () => tcpServer(() => {})));
  const line = await hastyLineTo();
  const answer = await onvifProbe.ask(
    contextFor({ evidence: webOn(...doors.map(({ port }) => port)), line }),
  );
  expect(answer).toMatchObject({ ok: false, reason: "timeout" });
  expect(line.traffic.connections).toBe(2);
});

test("a door that the device announced and the web question saw is asked once", async () => {
  const server = await httpServer(() => ({ status: 404 }));
  const evidence = webOn(server.port);
  expect(await ask(announced(server.port), evidence)).toEqual([]);
  expect(server.connections()).toBe(1);
});
