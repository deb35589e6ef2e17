import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { FakeDevice } from "../../fakes/fake.ts";
import { rawAsk } from "./plain-clients.ts";
import { FACTORY, startSample } from "./sample.ts";

let device: FakeDevice;
let port: number;
beforeEach(async () => {
  device = await startSample();
  port = device.ports.get(554)!;
});
afterEach(() => device.close());

const ask = (method: string, path: string, headers = "") =>
  rawAsk(port, `${method} rtsp://127.0.0.1:${port}${path} RTSP/1.0\r\nCSeq: 7\r\n${headers}\r\n`, /\r\n\r\n/);
const status = (reply: string) => Number(/^RTSP\/1\.0 (\d+)/.exec(reply)?.[1]);
const basic = (password: string) =>
  `Authorization: Basic ${Buffer.from(`${FACTORY.user}:${password}`).toString("base64")}\r\n`;

test("OPTIONS needs no login and repeats the CSeq", async () => {
  const reply = await ask("OPTIONS", "/");
  expect(status(reply)).toBe(200);
  expect(reply).toContain("CSeq: 7\r\n");
  expect(reply).toContain("Server: Sample RTSP/1.0\r\n");
  expect(reply).toMatch(/Public: .*DESCRIBE/);
});

test("DESCRIBE asks for the login, by Digest without qop and by Basic", async () => {
  const reply = await ask("DESCRIBE", "/live?channel=1");
  expect(status(reply)).toBe(401);
  expect(reply).toMatch(/WWW-Authenticate: Digest realm="Sample RTSP", nonce="[0-9a-f]{32}"\r\n/);
  expect(reply).toContain('WWW-Authenticate: Basic realm="Sample RTSP"\r\n');
});

test("DESCRIBE with the right Basic login gives the media, and 404 for an unknown path", async () => {
  const reply = await ask("DESCRIBE", "/live?channel=1", basic(FACTORY.password));
  expect(status(reply)).toBe(200);
  expect(reply).toContain("Content-Type: application/sdp");
  const [head = "", body = ""] = reply.split("\r\n\r\n");
  expect(Number(/Content-Length: (\d+)/.exec(head)?.[1])).toBe(body.length);
  expect(body).toMatch(/^v=0\r\n/);
  expect(body).toMatch(/m=video 0 RTP\/AVP 96\r\n[\s\S]*a=rtpmap:96 H264\/90000/);
  expect(body).toMatch(/m=audio 0 RTP\/AVP 0\r\n[\s\S]*a=rtpmap:0 PCMU\/8000/);
  expect(status(await ask("DESCRIBE", "/made-up", basic(FACTORY.password)))).toBe(404);
});

test("Digest: right password 200, wrong 401 and counted", async () => {
  const uri = `rtsp://127.0.0.1:${port}/live?channel=1`;
  const digest = async (password: string) => {
    const nonce = /nonce="(\w+)"/.exec(await ask("DESCRIBE", "/live?channel=1"))![1];
    const h = (text: string) => createHash("md5").update(text).digest("hex");
    const response = h(`${h(`admin:Sample RTSP:${password}`)}:${nonce}:${h(`DESCRIBE:${uri}`)}`);
    return `Authorization: Digest username="admin", realm="Sample RTSP", nonce="${nonce}", uri="${uri}", response="${response}"\r\n`;
  };
  expect(status(await ask("DESCRIBE", "/live?channel=1", await digest(FACTORY.password)))).toBe(200);
  expect(status(await ask("DESCRIBE", "/live?channel=1", await digest("no")))).toBe(401);
  expect(device.state()).toMatchObject({ wrong: 1 });
  expect(device.state().attempts.at(-1)).toMatchObject({ door: "rtsp:554", user: "admin", right: false });
});

test("never plays, and refuses what is no RTSP", async () => {
  expect(status(await ask("SETUP", "/live?channel=1", basic(FACTORY.password)))).toBe(461);
  expect(status(await ask("PLAY", "/live?channel=1", basic(FACTORY.password)))).toBe(455);
  expect(status(await rawAsk(port, "GET / HTTP/1.1\r\n\r\n", /\r\n\r\n/))).toBe(400);
});

test("answers several requests on one connection", async () => {
  const request = (sequence: number) => `OPTIONS * RTSP/1.0\r\nCSeq: ${sequence}\r\n\r\n`;
  const reply = await rawAsk(port, request(1) + request(2), /CSeq: 2/);
  expect(reply.match(/RTSP\/1\.0 200 OK/g)).toHaveLength(2);
});

test("telnet greets with options and its banner, lets nobody in and counts", async () => {
  const telnet = device.ports.get(23)!;
  const text = await rawAsk(telnet, "root\r\nxc3511\r\n", /incorrect/);
  expect(text.startsWith("\xff\xfd\x18\xff\xfb\x03\xff\xfb\x01sample login: Password: ")).toBe(true);
  expect(device.state().attempts).toMatchObject([{ door: "telnet:23", user: "root", right: false }]);
});
