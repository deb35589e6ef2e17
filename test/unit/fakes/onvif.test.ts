import { createHash, randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import { afterEach, expect, test } from "vitest";
import type { Fixture, FixtureOnvif } from "../../../agent/model/index.ts";
import type { FakeDevice } from "../../fakes/fake.ts";
import { httpAsk } from "./plain-clients.ts";
import { FACTORY, SAMPLE, startSample } from "./sample.ts";

interface IndependentCam {
  getDeviceInformation(done: (error: Error | null, information: Record<string, unknown>) => void): void;
  getSnapshotUri(done: (error: Error | null, answer: { uri: string }) => void): void;
  getStreamUri(options: object, done: (error: Error | null, answer: { uri: string }) => void): void;
}
// The package has no types and speaks CommonJS.
const { Cam } = createRequire(import.meta.url)("onvif") as {
  Cam: new (options: object, done: (this: IndependentCam, error: Error | null) => void) => IndependentCam;
};

let device: FakeDevice | undefined;
afterEach(async () => {
  await device?.close();
  device = undefined;
});

async function start(change: Partial<FixtureOnvif> = {}): Promise<number> {
  const fixture: Fixture = { ...SAMPLE, onvif: [{ ...SAMPLE.onvif[0]!, ...change }] };
  device = await startSample({ fixture });
  return device.ports.get(8000)!;
}

function connect(port: number, login: object): Promise<IndependentCam> {
  return new Promise((resolve, reject) => {
    new Cam(
      { hostname: "127.0.0.1", port, path: "/onvif/device_service", timeout: 10_000, ...login },
      function (error) {
        if (error) reject(error);
        else resolve(this);
      },
    );
  });
}

function informationOf(camera: IndependentCam): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    camera.getDeviceInformation((error, value) => (error ? reject(error) : resolve(value)));
  });
}
const right = { username: FACTORY.user, password: FACTORY.password };

function soap(port: number, operation: string, token = "") {
  const body = `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header>${token}</s:Header><s:Body><${operation} xmlns="http://www.onvif.org/ver10/device/wsdl"/></s:Body></s:Envelope>`;
  return httpAsk(port, { method: "POST", path: "/onvif/device_service", body });
}

/** UsernameToken Profile 1.0, 3.1. */
function token(password: string, created: Date, nonce = randomBytes(16)): string {
  const at = created.toISOString();
  const digest = createHash("sha1").update(nonce).update(at).update(password).digest("base64");
  return `<Security><UsernameToken><Username>admin</Username><Password>${digest}</Password><Nonce>${nonce.toString("base64")}</Nonce><Created>${at}</Created></UsernameToken></Security>`;
}

const HOUR_MS = 3_600_000;

test.each([
  ["right clock", 0],
  ["an hour ahead", 3600],
  ["a day behind", -86_400],
])("an independent client logs in: %s", async (_name, clockOffset) => {
  const port = await start({ clockOffset });
  const camera = await connect(port, right);
  const information = await informationOf(camera);
  expect(information).toMatchObject({
    manufacturer: "Nobody",
    model: "S-1",
    firmwareVersion: "V1.0 build 240131",
  });
  expect(device!.state().wrong).toBe(0);
});

test("an independent client finds the picture and the stream, on the ports really served", async () => {
  const camera = await connect(await start(), right);
  const snapshot = await new Promise<{ uri: string }>((resolve, reject) => {
    camera.getSnapshotUri((error, value) => (error ? reject(error) : resolve(value)));
  });
  const stream = await new Promise<{ uri: string }>((resolve, reject) => {
    camera.getStreamUri({ protocol: "RTSP" }, (error, value) => (error ? reject(error) : resolve(value)));
  });
  expect(snapshot.uri).toBe(`http://127.0.0.1:${device!.ports.get(80)}/snap.jpg`);
  expect(stream.uri).toBe(`rtsp://127.0.0.1:${device!.ports.get(554)}/live?channel=1`);
});

test("an independent client logs in by HTTP Digest, and not with a wrong password", async () => {
  const port = await start({ authentication: "http-digest" });
  const camera = await connect(port, { ...right, useWSSecurity: false });
  const information = await informationOf(camera);
  expect(information).toMatchObject({ manufacturer: "Nobody" });
  expect(device!.state().wrong).toBe(0);
  const stranger = await connect(port, { username: "admin", password: "no", useWSSecurity: false });
  await expect(informationOf(stranger)).rejects.toThrow("Digest authentication failed");
  expect(device!.state().wrong).toBeGreaterThan(0);
});

test("an independent client with a wrong password is refused", async () => {
  await expect(connect(await start(), { username: "admin", password: "no" })).rejects.toThrow(
    /not Authorized/,
  );
  expect(device!.state().attempts.every((attempt) => attempt.door === "onvif:8000" && !attempt.right)).toBe(
    true,
  );
});

test("calls of class PRE_AUTH need no login, the others fault with ter:NotAuthorized", async () => {
  const port = await start();
  for (const operation of ["GetSystemDateAndTime", "GetServices", "GetCapabilities", "GetHostname"]) {
    expect((await soap(port, operation)).status, operation).toBe(200);
  }
  for (const operation of [
    "GetDeviceInformation",
    "GetProfiles",
    "GetSnapshotUri",
    "GetStreamUri",
    "GetUsers",
  ]) {
    const reply = await soap(port, operation);
    expect(reply.status, operation).toBe(400);
    expect(reply.body.toString()).toContain("ter:NotAuthorized");
  }
  expect(device!.state().attempts).toEqual([]);
});

test("a call named in anonymousCalls is answered to anybody, the rest is not", async () => {
  const port = await start({ anonymousCalls: ["GetDeviceInformation"] });
  expect((await soap(port, "GetDeviceInformation")).body.toString()).toContain("<tds:Model>S-1</tds:Model>");
  expect((await soap(port, "GetProfiles")).status).toBe(400);
});

test("a token counts by the camera's own clock, five minutes either way", async () => {
  const port = await start({ clockOffset: 3600 });
  const now = Date.now();
  const call = async (created: number) =>
    (await soap(port, "GetDeviceInformation", token(FACTORY.password, new Date(created)))).status;
  expect(await call(now + HOUR_MS)).toBe(200);
  expect(await call(now + HOUR_MS - 4 * 60_000)).toBe(200);
  expect(await call(now + HOUR_MS + 6 * 60_000)).toBe(400);
  expect(await call(now)).toBe(400);
});

test("a nonce is good once", async () => {
  const port = await start();
  const header = token(FACTORY.password, new Date(), Buffer.from("0123456789abcdef"));
  expect((await soap(port, "GetDeviceInformation", header)).status).toBe(200);
  expect((await soap(port, "GetDeviceInformation", header)).status).toBe(400);
});

test("without a login everything is answered; an unknown call is a fault; another path is not ONVIF", async () => {
  const port = await start({ authentication: "none" });
  expect((await soap(port, "GetProfiles")).status).toBe(200);
  expect((await soap(port, "SystemReboot")).body.toString()).toContain("ter:ActionNotSupported");
  expect((await httpAsk(port, { method: "POST", path: "/elsewhere", body: "x" })).status).toBe(404);
  expect((await httpAsk(port, { method: "POST", path: "/onvif/device_service", body: "x" })).status).toBe(
    400,
  );
});
