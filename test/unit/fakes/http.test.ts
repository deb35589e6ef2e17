import { createHash, X509Certificate } from "node:crypto";
import { connect as tlsConnect } from "node:tls";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { FakeDevice } from "../../fakes/fake.ts";
import type { Credentials } from "../../fakes/gate.ts";
import { httpAsk } from "./plain-clients.ts";
import { FACTORY, SAMPLE, startSample } from "./sample.ts";

let device: FakeDevice;
let port: number;
beforeEach(async () => {
  device = await startSample();
  port = device.ports.get(80)!;
});
afterEach(() => device.close());

const basic = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

/** RFC 7616, 3.4.1, written apart from the fake's own. */
function digest(challenge: string, password: string, path: string, count = "00000001"): string {
  const hash = challenge.includes("algorithm=SHA-256") ? "sha256" : "md5";
  const h = (text: string) => createHash(hash).update(text).digest("hex");
  const nonce = /nonce="([^"]+)"/.exec(challenge)![1];
  const realm = 'Sample "S-1"';
  const response = h(
    `${h(`admin:${realm}:${password}`)}:${nonce}:${count}:0a4f113b:auth:${h(`GET:${path}`)}`,
  );
  return `Digest username="admin", realm="Sample \\"S-1\\"", nonce="${nonce}", uri="${path}", algorithm=${hash === "md5" ? "MD5" : "SHA-256"}, response="${response}", qop=auth, nc=${count}, cnonce="0a4f113b"`;
}

async function challenges(): Promise<{ sha256: string; md5: string }> {
  const { headers, status } = await httpAsk(port, { path: "/snap.jpg" });
  expect(status).toBe(401);
  const all = headers["www-authenticate"]!;
  const [, sha256 = "", md5 = ""] = /^(Digest .*SHA-256), (Digest .*MD5), Basic /.exec(all) ?? [];
  return { sha256, md5 };
}

test("serves a route, its headers, HEAD, and 404 with the same server name", async () => {
  const front = await httpAsk(port);
  expect(front.status).toBe(200);
  expect(front.headers.server).toBe("Sample/1.0");
  expect(front.body.toString()).toContain("Sample");
  const head = await httpAsk(port, { method: "HEAD" });
  expect(head.headers["content-length"]).toBe(String(front.body.length));
  expect(head.body.length).toBe(0);
  const missing = await httpAsk(port, { path: "/nothing" });
  expect([missing.status, missing.headers.server]).toEqual([404, "Sample/1.0"]);
});

test("Basic: right is let in, wrong is refused and counted", async () => {
  const path = "/snap.jpg";
  const right = await httpAsk(port, {
    path,
    headers: { authorization: basic(FACTORY.user, FACTORY.password) },
  });
  expect(right.status).toBe(200);
  expect(right.headers["content-type"]).toBe("image/jpeg");
  expect(right.body.subarray(0, 2).toString("hex")).toBe("ffd8");
  expect(right.body.subarray(-2).toString("hex")).toBe("ffd9");
  const wrong = await httpAsk(port, { path, headers: { authorization: basic("admin", "no") } });
  expect(wrong.status).toBe(401);
  expect(device.state()).toMatchObject({ wrong: 1, locked: false });
  expect(device.state().attempts.map(({ door, user, right }) => [door, user, right])).toEqual([
    ["http:80", "admin", true],
    ["http:80", "admin", false],
  ]);
});

test.each(["sha256", "md5"] as const)("Digest %s: right once a nonce count, wrong refused", async (kind) => {
  const path = "/snap.jpg?size=1";
  const challenge = (await challenges())[kind];
  const authorization = digest(challenge, FACTORY.password, path);
  expect((await httpAsk(port, { path, headers: { authorization } })).status).toBe(200);
  const replayed = await httpAsk(port, { path, headers: { authorization } });
  expect(replayed.status).toBe(401);
  expect(replayed.headers["www-authenticate"]).toContain("stale=true");
  expect(device.state().wrong).toBe(0);
  const next = digest(challenge, FACTORY.password, path, "00000002");
  expect((await httpAsk(port, { path, headers: { authorization: next } })).status).toBe(200);
  const wrong = digest(challenge, "no", path, "00000003");
  expect((await httpAsk(port, { path, headers: { authorization: wrong } })).status).toBe(401);
  const elsewhere = await httpAsk(port, { path: "/snap.jpg", headers: { authorization: next } });
  expect(elsewhere.status).toBe(400);
  expect(device.state().wrong).toBe(1);
});

test("a digest for a nonce that the camera never gave is stale, not wrong", async () => {
  const authorization = digest('Digest nonce="made-up", algorithm=MD5', FACTORY.password, "/snap.jpg");
  const reply = await httpAsk(port, { path: "/snap.jpg", headers: { authorization } });
  expect(reply.status).toBe(401);
  expect(reply.headers["www-authenticate"]).toContain("stale=true");
  expect(device.state().wrong).toBe(0);
});

test("sends pictures without end, and counts what it sent", async () => {
  const reply = await httpAsk(port, { path: "/video.mjpg", atMost: 600 });
  expect(reply.headers["content-type"]).toBe("multipart/x-mixed-replace; boundary=frame");
  expect(reply.body.toString("latin1").split("--frame\r\nContent-Type: image/jpeg").length).toBeGreaterThan(
    2,
  );
  expect(device.state().bytesOut).toBeGreaterThan(600);
  expect(device.state().connections).toEqual({ total: 1, peak: 1 });
});

test("presents a self-signed certificate with the fixture's subject", async () => {
  const certificate = await new Promise<X509Certificate>((resolve, reject) => {
    const socket = tlsConnect({ port: device.ports.get(443)!, host: "127.0.0.1", rejectUnauthorized: false });
    socket.on("error", reject);
    socket.on("secureConnect", () => {
      resolve(new X509Certificate(socket.getPeerCertificate(true).raw));
      socket.destroy();
    });
  });
  expect(certificate.subject).toBe("CN=sample-camera\nO=Nobody");
  expect(certificate.issuer).toBe(certificate.subject);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
});

test("a changed login replaces the factory's, and no login opens the door", async () => {
  const path = "/snap.jpg";
  const factory = { authorization: basic(FACTORY.user, FACTORY.password) };
  device.setLogins({ http: "changed" });
  expect((await httpAsk(port, { path, headers: factory })).status).toBe(401);
  const { user, password } = device.login("http") as Credentials;
  expect((await httpAsk(port, { path, headers: { authorization: basic(user, password) } })).status).toBe(200);
  device.setLogins({ http: "none" });
  expect((await httpAsk(port, { path })).status).toBe(200);
});

test("serves the UPnP description with the names escaped", async () => {
  const { body, headers } = await httpAsk(port, { path: SAMPLE.announces.ssdp!.path });
  expect(headers["content-type"]).toContain("text/xml");
  expect(body.toString()).toContain("<friendlyName>Sample &lt;1&gt;</friendlyName>");
});
