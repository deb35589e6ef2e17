import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, expect, test } from "vitest";
import { obey } from "../../fakes/control.ts";
import type { FakeDevice } from "../../fakes/fake.ts";
import { httpAsk, rawAsk } from "./plain-clients.ts";
import { FACTORY, SAMPLE, startSample } from "./sample.ts";

let device: FakeDevice | undefined;
afterEach(async () => {
  await device?.close();
  device = undefined;
});

const basic = (password: string) => `Basic ${Buffer.from(`admin:${password}`).toString("base64")}`;

test("at the third wrong login over all doors every door refuses every login", async () => {
  device = await startSample({ lockAfter: 3 });
  const [http, rtsp, onvif] = [80, 554, 8000].map((port) => device!.ports.get(port)!);
  const byHttp = (password: string) =>
    httpAsk(http!, { path: "/snap.jpg", headers: { authorization: basic(password) } });
  const describe = (password: string) =>
    rawAsk(
      rtsp!,
      `DESCRIBE rtsp://x/live RTSP/1.0\r\nCSeq: 1\r\nAuthorization: ${basic(password)}\r\n\r\n`,
      /\r\n\r\n/,
    );
  const token =
    "<Envelope><Header><Username>admin</Username><Nonce>AAAA</Nonce><Created>2026-01-01T00:00:00Z</Created></Header><Body><GetProfiles/></Body></Envelope>";
  const byOnvif = () => httpAsk(onvif!, { method: "POST", path: "/onvif/device_service", body: token });

  expect((await byHttp("one")).status).toBe(401);
  expect(await describe("two")).toMatch(/^RTSP\/1\.0 401/);
  expect(device.state()).toMatchObject({ wrong: 2, locked: false });
  const third = await byOnvif();
  expect([third.status, third.body.toString()]).toEqual([403, expect.stringContaining("locked")]);
  expect(device.state()).toMatchObject({ wrong: 3, locked: true });

  expect((await byHttp(FACTORY.password)).status).toBe(403);
  expect(await describe(FACTORY.password)).toMatch(/^RTSP\/1\.0 403/);
  expect((await byOnvif()).status).toBe(403);
  expect((await httpAsk(http!, { path: "/snap.jpg" })).status).toBe(401);
  expect(device.state().wrong).toBe(3);
});

test("an HTTP Digest door of ONVIF counts into the same lock", async () => {
  const onvif = [{ ...SAMPLE.onvif[0]!, authentication: "http-digest" as const }];
  device = await startSample({ lockAfter: 1, fixture: { ...SAMPLE, onvif } });
  const reply = await httpAsk(device.ports.get(8000)!, {
    method: "POST",
    path: "/onvif/device_service",
    headers: { authorization: basic("no") },
    body: "<Envelope><Body><GetProfiles/></Body></Envelope>",
  });
  expect(reply.status).toBe(403);
  expect(device.state().locked).toBe(true);
});

test("obeys the control protocol, and answers nonsense with an error", async () => {
  device = await startSample();
  const say = (command: unknown) => JSON.parse(obey(device!, JSON.stringify(command))) as object;
  expect(say({ do: "state" })).toEqual({
    attempts: [],
    wrong: 0,
    locked: false,
    connections: { total: 0, peak: 0 },
    bytesOut: 0,
  });
  expect(say({ do: "set", logins: { http: "none" } })).toEqual({ ok: true });
  expect(device.login("http")).toBeNull();
  expect(device.login("rtsp")).toEqual(FACTORY);
  expect(say({ do: "announce" })).toEqual({ ok: true });
  expect(say({ do: "bye" })).toEqual({ ok: true });
  expect(say({ do: "set", logins: { http: 9 } })).toMatchObject({ ok: false });
  expect(say({ do: "dance" })).toMatchObject({ ok: false });
  expect(JSON.parse(obey(device, "{"))).toMatchObject({ ok: false });
});

test("a factory login that nobody documented is an error, not an open door", async () => {
  await expect(startSample({ factoryLogins: [] })).rejects.toThrow("no factory login 0");
});

test("as a process it says ready, obeys, and ends with its standard input", async () => {
  const directory = mkdtempSync(join(tmpdir(), "komainu-fake-"));
  try {
    const path = join(directory, "camera.json");
    writeFileSync(
      path,
      JSON.stringify({ ...SAMPLE, logins: { http: "changed", rtsp: "none", onvif: "none" } }),
    );
    const command = JSON.stringify({ fixture: path, address: "127.0.0.1", ports: "ephemeral" });
    const child = spawn(process.execPath, ["--import", "tsx", "test/fakes/device.ts", command], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe("ready");
    child.stdin.write('{"do":"state"}\n');
    expect(JSON.parse((await lines.next()).value)).toMatchObject({ wrong: 0 });
    child.stdin.end();
    expect((await once(child, "exit"))[0]).toBe(0);
  } finally {
    rmSync(directory, { recursive: true });
  }
}, 30_000);
