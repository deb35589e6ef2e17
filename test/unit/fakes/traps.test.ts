import { decode } from "dns-packet";
import { afterEach, describe, expect, test } from "vitest";
import type { FakeDevice } from "../../fakes/fake.ts";
import { manyProbeMatches, pointerLoops, wrongRelatesTo, xmlBomb } from "../../fakes/traps/discovery.ts";
import { startTrap, TRAPS } from "../../fakes/traps/index.ts";
import { HOSTILE } from "../../fakes/traps/xss.ts";
import { httpAsk, rawAsk } from "./plain-clients.ts";
import { SAMPLE, startSample } from "./sample.ts";

let device: FakeDevice | undefined;
afterEach(async () => {
  await device?.close();
  device = undefined;
});

async function start(name: string): Promise<(port: number) => number> {
  const trap = await startTrap(name, { address: "127.0.0.1", ports: "ephemeral" });
  device = trap;
  return (port) => trap.ports.get(port)!;
}

const basic = { authorization: `Basic ${Buffer.from("any:thing").toString("base64")}` };
const RTSP = "DESCRIBE rtsp://127.0.0.1/live RTSP/1.0\r\nCSeq: 1\r\n";

test.each(Object.keys(TRAPS))("%s starts, obeys and ends", async (name) => {
  await start(name);
  device!.announce();
  device!.bye();
  expect(device!.state()).toMatchObject({ wrong: 0, locked: false });
});

test("an unknown trap is an error", async () => {
  await expect(startTrap("none", { address: "127.0.0.1" })).rejects.toThrow("no trap");
});

describe("web", () => {
  test.each([
    ["ok-to-all", 200, "text/html"],
    ["jpeg-to-all", 200, "image/jpeg"],
    ["http-everything-401", 401, "text/html"],
  ])("%s says the same to every path", async (name, status, mediaType) => {
    const port = await start(name);
    for (const path of ["/", "/made-up", "/snapshot.jpg"]) {
      for (const fixturePort of [80, 8080]) {
        const reply = await httpAsk(port(fixturePort), { path });
        expect([reply.status, reply.headers["content-type"]]).toEqual([status, mediaType]);
      }
    }
  });

  test("http-everything-401 takes no login", async () => {
    const port = await start("http-everything-401");
    expect((await httpAsk(port(80), { headers: basic })).status).toBe(401);
    expect(device!.state().wrong).toBe(1);
  });
});

describe("cameras", () => {
  test("accepts-any-password wants a login and takes any, at HTTP, RTSP and ONVIF", async () => {
    const port = await start("accepts-any-password");
    expect((await httpAsk(port(80), { path: "/snap.jpg" })).status).toBe(401);
    expect((await httpAsk(port(80), { path: "/snap.jpg", headers: basic })).status).toBe(200);
    const nonsense = { authorization: 'Digest username="x", response="y"' };
    expect((await httpAsk(port(80), { path: "/snap.jpg", headers: nonsense })).status).toBe(200);
    expect(await rawAsk(port(554), `${RTSP}\r\n`, /\r\n\r\n/)).toMatch(/^RTSP\/1\.0 401/);
    expect(
      await rawAsk(port(554), `${RTSP}Authorization: ${basic.authorization}\r\n\r\n`, /\r\n\r\n/),
    ).toMatch(/^RTSP\/1\.0 200/);
    const soap = (header: string) =>
      httpAsk(port(8000), {
        method: "POST",
        path: "/onvif/device_service",
        body: `<Envelope><Header>${header}</Header><Body><GetProfiles/></Body></Envelope>`,
      });
    expect((await soap("")).status).toBe(400);
    expect((await soap("<Username>x</Username>")).status).toBe(200);
    expect(device!.state().wrong).toBe(0);
  });

  test("a single door of a fixture can take any password", async () => {
    device = await startSample({
      fixture: { ...SAMPLE, logins: { http: "any", rtsp: "none", onvif: 0 } },
    });
    const port = device.ports.get(80)!;
    expect((await httpAsk(port, { path: "/snap.jpg" })).status).toBe(401);
    expect((await httpAsk(port, { path: "/snap.jpg", headers: basic })).status).toBe(200);
  });

  test("sdp-less-200 answers DESCRIBE with nothing", async () => {
    const port = await start("sdp-less-200");
    expect(await rawAsk(port(554), `${RTSP}\r\n`, /\r\n\r\n/)).toMatch(
      /^RTSP\/1\.0 200 OK\r\n[\s\S]*\r\n\r\n$/,
    );
  });

  test("onvif-uris-elsewhere names other hosts", async () => {
    const port = await start("onvif-uris-elsewhere");
    const ask = async (call: string) =>
      (
        await httpAsk(port(8000), {
          method: "POST",
          path: "/onvif/device_service",
          body: `<Envelope><Body><${call}/></Body></Envelope>`,
        })
      ).body.toString();
    expect(await ask("GetSnapshotUri")).toContain("http://127.0.0.1/snap.jpg");
    expect(await ask("GetStreamUri")).toContain("rtsp://203.0.113.5:554/live");
  });
});

describe("slow", () => {
  test("endless never ends: page, header, SOAP, RTSP", async () => {
    const port = await start("endless");
    expect((await httpAsk(port(80), { atMost: 200_000 })).body.length).toBe(200_000);
    expect((await httpAsk(port(8000), { atMost: 200_000 })).body.toString()).toContain("<Envelope>");
    expect(await rawAsk(port(8080), "GET / HTTP/1.1\r\n\r\n", /X-Long: .{100000}/)).not.toContain("\r\n\r\n");
    expect(await rawAsk(port(554), `${RTSP}\r\n`, /\r\n\r\nv=0\r\ns=.{100000}/)).toMatch(/^RTSP\/1\.0 200/);
  });

  test("drip gives its bytes one by one", async () => {
    const port = await start("drip");
    const pieces = await rawAsk(port(80), "GET / HTTP/1.1\r\n\r\n", /<title>aa/);
    expect(pieces.endsWith("<title>aa")).toBe(true);
  }, 20_000);

  test("tarpit takes the connection and the request", async () => {
    const port = await start("tarpit");
    const asked = rawAsk(port(80), "GET / HTTP/1.1\r\n\r\n", /./);
    await expect.poll(() => device!.state().connections.total).toBe(1);
    await device!.close();
    expect(await asked.catch((error: NodeJS.ErrnoException) => error.code)).toMatch(/^(ECONNRESET)?$/);
  });
});

describe("xss", () => {
  test("is an ONVIF camera that tells its hostile model to anybody, and guards the rest", async () => {
    const port = await start("xss");
    const ask = (call: string) =>
      httpAsk(port(8000), {
        method: "POST",
        path: "/onvif/device_service",
        body: `<Envelope><Body><${call}/></Body></Envelope>`,
      });
    const information = (await ask("GetDeviceInformation")).body.toString();
    expect(information).toContain(
      "<tds:Manufacturer>&lt;script&gt;alert(1)&lt;/script&gt;</tds:Manufacturer>",
    );
    expect((await ask("GetProfiles")).status).toBe(400);
  });

  test("says it in headers, realm, title and raw bytes", async () => {
    const port = await start("xss");
    const front = await httpAsk(port(80));
    expect(front.headers.server).toContain(HOSTILE.image);
    expect(front.body.toString()).toContain(HOSTILE.reversed);
    expect((await httpAsk(port(80), { path: "/private" })).headers["www-authenticate"]).toContain("<script>");
    const raw = await rawAsk(port(8080), "GET / HTTP/1.1\r\n\r\n", /<title>/);
    expect(raw).toContain(HOSTILE.terminal);
    expect(raw).toContain("\r\nSet-Cookie: owned=1\nlast");
  });
});

describe("discovery", () => {
  const probe =
    "<Envelope><Header><MessageID>urn:uuid:1</MessageID></Header><Body><Probe><Types>dn:NetworkVideoTransmitter</Types></Probe></Body></Envelope>";
  const endpoint = SAMPLE.announces.wsDiscovery!;

  test("many-probe-matches: one answer, three endpoints", () => {
    const [answer = "", ...more] = manyProbeMatches([endpoint], probe);
    expect(more).toEqual([]);
    expect(answer.match(/<d:ProbeMatch>/g)).toHaveLength(3);
    expect(answer).toContain("http://203.0.113.5/");
  });

  test("wrong-relates-to never names the question", () => {
    const answers = wrongRelatesTo([endpoint], probe);
    expect(answers).toHaveLength(2);
    for (const answer of answers) expect(answer).not.toContain("<a:RelatesTo>urn:uuid:1</a:RelatesTo>");
    expect(wrongRelatesTo([endpoint], "<Envelope><Body><Hello/></Body></Envelope>")).toEqual([]);
  });

  test("xml-bomb fits its datagrams and answers only a Probe", () => {
    const answers = xmlBomb([endpoint], probe);
    for (const answer of answers) expect(answer.length).toBeLessThan(65_507);
    expect(answers[0]).toMatch(/<!DOCTYPE[\s\S]*&l9;onvif:/);
    expect(xmlBomb([endpoint], "<Envelope/>")).toEqual([]);
  });

  test("no packet of mdns-pointer-loop can be read", () => {
    for (const packet of pointerLoops().slice(0, -1)) expect(() => decode(packet)).toThrow();
  });
});
