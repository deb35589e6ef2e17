import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Answer,
  type Evidence,
  failure,
  type RtspDoorFact,
  success,
  type VendorFile,
} from "../../../agent/model/index.ts";
import type { RtspAnswer } from "../../../agent/net/rtsp.ts";
import { RTSP_PORTS } from "../../../agent/probes/port-numbers.ts";
import { judgeDescribe, rtspProbe } from "../../../agent/probes/rtsp.ts";
import { contextFor, openPorts, portStates } from "../helpers/context.ts";
import {
  httpServer,
  lineTo,
  type RtspReply,
  rtspAnswer,
  rtspServer,
  type TestServer,
  tcpServer,
  VIDEO_SDP,
} from "../helpers/servers.ts";

const SOURCE = { source: "test", checked: "2026-11-21" };
const VENDOR: Partial<VendorFile> = { rtspPaths: [{ path: "/maker?channel=1", ...SOURCE }] };
const OPTIONS: RtspReply = { status: 200, headers: { Server: "Camera RTSP", Public: "OPTIONS, DESCRIBE" } };
const LOGIN: RtspReply = { status: 401, headers: { "WWW-Authenticate": 'Digest realm="cam", nonce="n"' } };

/** A server whose DESCRIBE answers by path; notes the paths asked. */
async function camera(reply: (path: string) => RtspReply) {
  const paths: string[] = [];
  const server = await rtspServer((method, path) => {
    if (method === "OPTIONS") return OPTIONS;
    paths.push(path);
    return reply(path);
  });
  return { server, paths };
}

async function askDoors(server: TestServer, evidence: Evidence = {}): Promise<readonly RtspDoorFact[]> {
  const services = [{ protocol: "rtsp", port: server.port, path: "/" }] as const;
  const line = lineTo();
  const context = contextFor({
    services,
    vendor: VENDOR,
    line,
    evidence: { ...openPorts(server.port), ...evidence },
  });
  const answer = await rtspProbe.ask(context);
  if (!answer.ok) throw new Error(answer.reason);
  expect(line.traffic.peakConnections).toBeLessThanOrEqual(2);
  return answer.value.doors;
}

test("finds the maker's open stream on one connection and stops there", async () => {
  const { server, paths } = await camera((path) =>
    path === "/maker?channel=1" ? { status: 200, sdp: VIDEO_SDP } : { status: 404 },
  );
  expect(await askDoors(server)).toEqual([
    {
      door: { protocol: "rtsp", port: server.port },
      server: "Camera RTSP",
      realm: null,
      schemes: [],
      describes: [
        {
          path: "/maker?channel=1",
          origin: "vendor",
          result: "open",
          status: 200,
          media: ["video H264"],
          because: null,
        },
      ],
    },
  ]);
  expect(paths).toEqual([expect.stringMatching(/^\/[\w-]{36}$/), "/maker?channel=1"]);
  expect(server.connections()).toBe(1);
  await server.idle();
});

test("goes on to the generic paths where the server looks at paths", async () => {
  const { server } = await camera((path) =>
    path === "/live" ? { status: 200, sdp: VIDEO_SDP } : { status: 404 },
  );
  const [door] = await askDoors(server);
  expect(door?.describes.at(-1)).toMatchObject({ path: "/live", origin: "generic", result: "open" });
  expect(door?.describes.slice(0, -1).every(({ result }) => result === "absent")).toBe(true);
});

test("where every path wants a login, few are asked", async () => {
  const { server, paths } = await camera(() => LOGIN);
  expect(await askDoors(server)).toMatchObject([
    {
      realm: "cam",
      schemes: ["digest"],
      describes: [
        { path: "/maker?channel=1", result: "protected", status: 401 },
        { path: "/", result: "protected" },
      ],
    },
  ]);
  expect(paths).toHaveLength(3);
});

test("one open path among protected ones is found when ONVIF or the maker names it", async () => {
  const { server } = await camera((path) =>
    path === "/maker?channel=1" ? { status: 200, sdp: VIDEO_SDP } : LOGIN,
  );
  expect(await askDoors(server)).toMatchObject([{ describes: [{ result: "open" }] }]);
});

test("a camera that brings its video on every path is open", async () => {
  const { server } = await camera(() => ({ status: 200, sdp: VIDEO_SDP }));
  expect(await askDoors(server)).toMatchObject([{ describes: [{ result: "open" }] }]);
});

test("200 to everything without video proves nothing", async () => {
  const { server } = await camera(() => ({ status: 200 }));
  const [door] = await askDoors(server);
  expect(door?.describes.length).toBeGreaterThan(2);
  for (const describe of door?.describes ?? []) {
    expect(describe).toMatchObject({ result: "unclear", because: "answers-everything", media: [] });
  }
});

test("what is not RTSP is no door; silence on an announced port is a doubt", async () => {
  const http = await httpServer(() => ({ status: 400 }));
  expect(await askDoors(http)).toEqual([]);
  const closing = await tcpServer((socket) => socket.once("data", () => socket.end()));
  expect(await askDoors(closing)).toMatchObject([{ describes: [{ result: "unclear", because: "closed" }] }]);
});

test.each([
  ["garbage", Buffer.from("\0\x10garbage")],
  ["a TLS alert", Buffer.from("15030100020228", "hex")],
  ["another protocol's greeting", Buffer.from("220 ready\r\n")],
])("%s is a doubt on whatever port a stream may be", async (_name, bytes) => {
  const server = await tcpServer((socket) => socket.once("data", () => socket.end(bytes)));
  expect(await askDoors(server)).toMatchObject([
    { door: { port: server.port }, describes: [{ result: "unclear", because: "malformed" }] },
  ]);
  expect(server.connections()).toBeLessThanOrEqual(2);
});

test("a stream behind a broken OPTIONS is found", async () => {
  const server = await tcpServer((socket) =>
    socket.once("data", (request) => {
      const cseq = /CSeq: (\d+)/.exec(request.toString("latin1"))?.[1] ?? "";
      const described = request.includes("DESCRIBE");
      socket.write(described ? rtspAnswer(cseq, { status: 200, sdp: VIDEO_SDP }) : "\0garbage");
    }),
  );
  expect(await askDoors(server)).toMatchObject([{ describes: [{ result: "open" }] }]);
});

test("RTSP ports that were not asked, or were too many to ask, are doubts", async () => {
  const evidence = portStates({ 554: "closed", 80: "open" });
  const unasked = RTSP_PORTS.filter((port) => port !== 554);
  const doubt = (port: number) => ({
    door: { protocol: "rtsp", port },
    describes: [{ path: "/", result: "unclear", status: null, because: "timeout" }],
  });
  expect(await rtspProbe.ask(contextFor({ evidence }))).toMatchObject({
    ok: true,
    value: { doors: unasked.map(doubt) },
  });

  const servers = await Promise.all(Array.from({ length: 5 }, () => httpServer(() => ({ status: 400 }))));
  const ports = servers.map(({ port }) => port);
  const services = ports.map((port) => ({ protocol: "rtsp", port, path: "/" }) as const);
  const crowded = await rtspProbe.ask(contextFor({ services, evidence: openPorts(...ports) }));
  expect(crowded).toMatchObject({ ok: true, value: { doors: ports.slice(4).map(doubt) } });
});

test("a server that knows no OPTIONS is still asked", async () => {
  const server = await rtspServer((method) =>
    method === "OPTIONS" ? { status: 501 } : { status: 200, sdp: VIDEO_SDP },
  );
  expect(await askDoors(server)).toMatchObject([{ describes: [{ result: "open" }] }]);
});

test("a port that is not open is not asked", async () => {
  const { server } = await camera(() => ({ status: 404 }));
  expect(await askDoors(server, openPorts())).toHaveLength(1);
  const closed = Object.fromEntries([...RTSP_PORTS, server.port].map((port) => [port, "closed" as const]));
  expect(await askDoors(server, portStates(closed))).toEqual([]);
});

const said = (status: number, media: readonly string[] = []): Answer<RtspAnswer> =>
  success({ status, headers: {}, challenges: [], media });

test.each<[string, Answer<RtspAnswer>, Answer<RtspAnswer>, string, string | null]>([
  ["video", said(200, ["audio PCMU", "video H264"]), said(404), "open", null],
  ["video on every path", said(200, ["video H264"]), said(200, ["video H264"]), "open", null],
  ["sound alone", said(200, ["audio PCMU"]), said(404), "unclear", "no-video"],
  ["no media, as everywhere", said(200), said(200), "unclear", "answers-everything"],
  ["a login", said(401), said(404), "protected", null],
  ["not found", said(404), said(401), "absent", null],
  ["no such session", said(454), said(404), "absent", null],
  ["an option that is not supported", said(551), said(404), "absent", null],
  ["another refusal", said(403), said(404), "unclear", "status-403"],
  ["the refusal that a made-up path gets", said(400), said(400), "absent", null],
  ["a redirect", said(302), failure("timeout"), "unclear", "status-302"],
  ["silence", failure("timeout"), said(404), "unclear", "timeout"],
])("%s", (_name, answer, control, result, because) => {
  expect(judgeDescribe(answer, control)).toMatchObject({ result, because });
});

test("open is said of a 200 with video and of nothing else", () => {
  const media = fc.array(fc.constantFrom("video H264", "audio PCMU", "application"));
  const anyAnswer = fc.oneof(
    fc.tuple(fc.integer({ min: 100, max: 599 }), media).map(([status, lines]) => said(status, lines)),
    fc.constant(failure("reset")),
  );
  fc.assert(
    fc.property(anyAnswer, anyAnswer, (answer, control) => {
      const video =
        answer.ok &&
        answer.value.status === 200 &&
        answer.value.media.some((line) => line.startsWith("video"));
      const { result, because } = judgeDescribe(answer, control);
      expect(result === "open").toBe(video);
      expect(result === "unclear").toBe(because !== null);
    }),
  );
});
