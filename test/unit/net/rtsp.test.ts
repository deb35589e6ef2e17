import fc from "fast-check";
import { expect, test } from "vitest";
import type { Answer } from "../../../agent/model/index.ts";
import { authorize } from "../../../agent/net/authentication.ts";
import { type AskRtsp, type RtspAnswer, rtspSession, rtspUri } from "../../../agent/net/rtsp.ts";
import { sdpMedia } from "../../../agent/net/sdp.ts";
import { lineTo, repeatForEver, rtspAnswer, rtspServer, tcpServer, VIDEO_SDP } from "../helpers/servers.ts";

const LIMITS = { deadlineMs: 5_000, answerMs: 5_000 };

function session<T>(port: number, work: (ask: AskRtsp) => Promise<T>, limits = LIMITS, line = lineTo()) {
  return rtspSession(line, { port }, limits, work);
}

/** One DESCRIBE to a server that says `bytes` and keeps the connection. */
async function describeFrom(bytes: string | Buffer, end = false): Promise<Answer<RtspAnswer>> {
  const server = await tcpServer((socket) =>
    socket.once("data", () => (end ? socket.end(bytes, "latin1") : socket.write(bytes, "latin1"))),
  );
  const limits = { deadlineMs: 5_000, answerMs: 300 };
  const answer = await session(server.port, (ask) => ask({ method: "DESCRIBE", path: "/" }), limits);
  await server.idle();
  return answer;
}

test("asks several questions on one connection", async () => {
  const requests: string[] = [];
  const server = await rtspServer((method, path, request) => {
    requests.push(request);
    if (method === "OPTIONS") return { status: 200, headers: { Server: "Camera" } };
    return path === "/live?x=1" ? { status: 200, sdp: VIDEO_SDP } : { status: 404 };
  });
  const line = lineTo();
  const answers = await session(
    server.port,
    async (ask) => [
      await ask({ method: "OPTIONS", path: "/" }),
      await ask({ method: "DESCRIBE", path: "/none" }),
      await ask({ method: "DESCRIBE", path: "/live?x=1" }),
    ],
    LIMITS,
    line,
  );
  expect(answers).toMatchObject([
    { ok: true, value: { status: 200, headers: { server: "Camera" }, media: [] } },
    { ok: true, value: { status: 404 } },
    { ok: true, value: { status: 200, media: ["video H264"] } },
  ]);
  expect(requests[2]).toMatch(
    new RegExp(`^DESCRIBE rtsp://127\\.0\\.0\\.1:${server.port}/live\\?x=1 RTSP/1\\.0\r\n`),
  );
  expect(requests[2]).toContain("CSeq: 3\r\n");
  expect(requests[2]).toContain("Accept: application/sdp");
  expect(requests.join()).not.toMatch(/SETUP|PLAY|Authorization/);
  expect(server.connections()).toBe(1);
  expect(line.traffic).toMatchObject({ connections: 1, peakConnections: 1 });
  await server.idle();
});

test("goes on with a new connection where the server closes after each answer", async () => {
  const server = await tcpServer((socket) =>
    socket.once("data", (bytes) => {
      const cseq = /CSeq: (\d+)/.exec(bytes.toString())?.[1] ?? "";
      socket.end(rtspAnswer(cseq, { status: 200, sdp: VIDEO_SDP }));
    }),
  );
  const line = lineTo();
  const ask3 = async (ask: AskRtsp) => {
    const answers = [];
    for (const path of ["/a", "/b", "/c"]) answers.push(await ask({ method: "DESCRIBE", path }));
    return answers;
  };
  const answers = await session(server.port, ask3, LIMITS, line);
  expect(answers.map((answer) => answer.ok)).toEqual([true, true, true]);
  expect(line.traffic.peakConnections).toBe(1);
});

test("a connection that dies on reuse is tried once more, a fresh one is not", async () => {
  const dying = await tcpServer((socket) => {
    let served = false;
    socket.on("data", (bytes) => {
      if (served) socket.destroy();
      else socket.write(rtspAnswer(/CSeq: (\d+)/.exec(bytes.toString())?.[1] ?? "", { status: 200 }));
      served = true;
    });
  });
  const twice = async (ask: AskRtsp) => [
    await ask({ method: "OPTIONS", path: "/" }),
    await ask({ method: "OPTIONS", path: "/" }),
  ];
  expect(await session(dying.port, twice)).toMatchObject([{ ok: true }, { ok: true }]);
  const dead = await tcpServer((socket) => socket.once("data", () => socket.end()));
  expect(await session(dead.port, twice)).toMatchObject([{ reason: "closed" }, { reason: "closed" }]);
  expect(dead.connections()).toBe(2);
});

test("Digest works as in HTTP, over the URI of the request line, on the same connection", async () => {
  let seen = "";
  const server = await rtspServer((_method, _path, request) => {
    seen = /Authorization: (.*)/.exec(request)?.[1] ?? "";
    return seen === ""
      ? { status: 401, headers: { "WWW-Authenticate": 'Digest realm="cam", nonce="n"' } }
      : { status: 200, sdp: VIDEO_SDP };
  });
  const line = lineTo();
  const uri = rtspUri(line, server, "/live");
  const answer = await session(server.port, async (ask) => {
    const refused = await ask({ method: "DESCRIBE", path: "/live" });
    const challenges = refused.ok ? refused.value.challenges : [];
    const login = { user: "u", password: "p", method: "DESCRIBE", uri };
    return await ask({
      method: "DESCRIBE",
      path: "/live",
      authorization: authorize(challenges, login)?.header ?? "",
    });
  });
  expect(answer).toMatchObject({ ok: true, value: { status: 200 } });
  expect(seen).toContain(`uri="rtsp://127.0.0.1:${server.port}/live"`);
  expect(server.connections()).toBe(1);
});

test("URIs name the line's host as a literal", () => {
  expect(rtspUri(lineTo("192.0.2.7"), { port: 554 }, "/a")).toBe("rtsp://192.0.2.7/a");
  expect(rtspUri(lineTo("fe80::1%eth0"), { port: 8554 }, "/")).toBe("rtsp://[fe80::1]:8554/");
  expect(rtspUri(lineTo("192.0.2.7"), { port: 322, tls: true }, "/")).toBe("rtsps://192.0.2.7/");
});

test("no path can add a line to the request", async () => {
  const server = await rtspServer(() => ({ status: 200 }));
  for (const path of ["/a\r\nX: 1", "/a b", "a", "*"]) {
    const answer = await session(server.port, (ask) => ask({ method: "DESCRIBE", path }));
    expect(answer).toMatchObject({ ok: false, reason: "malformed" });
  }
  expect(server.connections()).toBe(0);
});

test("answers to other requests are passed over, a missing number is forgiven", async () => {
  const late = rtspAnswer("99", { status: 404 }) + rtspAnswer("1", { status: 200, sdp: VIDEO_SDP });
  expect(await describeFrom(late)).toMatchObject({ ok: true, value: { status: 200 } });
  expect(await describeFrom("RTSP/1.0 401 Unauthorized\r\n\r\n")).toMatchObject({ value: { status: 401 } });
  expect(await describeFrom(rtspAnswer("99", { status: 200 }))).toMatchObject({ reason: "timeout" });
});

test("odd servers are understood", async () => {
  const sdp = VIDEO_SDP.replaceAll("\r\n", "\n");
  const open = { ok: true, value: { status: 200, media: ["video H264"] } };
  expect(
    await describeFrom(`\r\nRTSP/1.0 200\nCSeq:1\nContent-length:${sdp.length}\n\n${sdp}`),
  ).toMatchObject(open);
  expect(await describeFrom(`RTSP/1.0 200 OK\r\nContent-Type: application/sdp\r\n\r\n${sdp}`)).toMatchObject(
    open,
  );
  expect(
    await describeFrom(`RTSP/1.0 200 OK\r\nContent-Type: application/sdp\r\n\r\n${sdp}`, true),
  ).toMatchObject(open);
  const folded =
    'RTSP/1.0 401 No\r\nWWW-Authenticate: Digest realm="x",\r\n nonce="n"\r\nWWW-Authenticate: Basic realm="x"\r\n\r\n';
  expect(await describeFrom(folded)).toMatchObject({
    value: { challenges: [{ parameters: { nonce: "n" } }, { scheme: "basic" }] },
  });
});

test("what is not RTSP, too large or broken ends as a value", async () => {
  expect(await describeFrom("HTTP/1.1 400 Bad Request\r\n\r\n")).toMatchObject({ reason: "malformed" });
  expect(await describeFrom("SSH-2.0-x\r\n")).toMatchObject({ reason: "malformed" });
  expect(await describeFrom("RTSP nonsense\r\n\r\n")).toMatchObject({ reason: "malformed" });
  expect(await describeFrom(`RTSP/1.0 200 OK\r\nX: ${"a".repeat(20_000)}`)).toMatchObject({
    reason: "too-large",
  });
  expect(await describeFrom("RTSP/1.0 200 OK\r\nContent-Length: 70000\r\n\r\n")).toMatchObject({
    reason: "too-large",
  });
  expect(await describeFrom("RTSP/1.0 200 OK\r\nContent-Length: -5\r\n\r\n")).toMatchObject({
    reason: "malformed",
  });
});

test("a description that comes half counts as far as it came, and its rest is not the next answer", async () => {
  const server = await tcpServer((socket, index) => {
    socket.once("data", () => socket.write(`RTSP/1.0 200 OK\r\nContent-Length: 900\r\n\r\n${VIDEO_SDP}`));
    if (index === 0)
      socket.once("data", () => socket.once("data", () => socket.write("RTSP/1.0 404 x\r\n\r\n")));
  });
  const limits = { deadlineMs: 5_000, answerMs: 60 };
  const twice = async (ask: AskRtsp) => [
    await ask({ method: "DESCRIBE", path: "/" }),
    await ask({ method: "DESCRIBE", path: "/" }),
  ];
  const half = { ok: true, value: { status: 200, media: ["video H264"] } };
  expect(await session(server.port, twice, limits)).toMatchObject([half, half]);
  expect(server.connections()).toBe(2);
});

test("silence, endless bytes and a byte at a time end within the session's deadline", async () => {
  const servers = [
    await tcpServer(() => {}),
    await tcpServer((socket) => repeatForEver(socket, rtspAnswer("99", { status: 200 }), 1)),
    await tcpServer((socket) => repeatForEver(socket, "R", 5)),
  ];
  for (const { port, idle } of servers) {
    const limits = { deadlineMs: 120, answerMs: 50 };
    const answers = await session(
      port,
      async (ask) => [
        await ask({ method: "OPTIONS", path: "/" }),
        await ask({ method: "DESCRIBE", path: "/" }),
        await ask({ method: "DESCRIBE", path: "/" }),
        await ask({ method: "DESCRIBE", path: "/" }),
      ],
      limits,
    );
    expect(answers.every((answer) => !answer.ok)).toBe(true);
    expect(answers.at(-1)).toMatchObject({ reason: expect.stringMatching(/^(timeout|too-large)$/) });
    await idle();
  }
});

test("a flood of answers to other questions is not looked through to its end", async () => {
  const stray = rtspAnswer("99", { status: 200 });
  const mine = rtspAnswer("1", { status: 200 });
  expect(await describeFrom(stray.repeat(3) + mine)).toMatchObject({ ok: true, value: { status: 200 } });
  expect(await describeFrom(stray.repeat(3_000))).toMatchObject({ ok: false, reason: "too-large" });
});

test("a field's value loses the blanks around it and keeps those inside", async () => {
  const long = `x${" ".repeat(12_000)}x`;
  const answer = await describeFrom(
    `RTSP/1.0 200 OK\r\nCSeq: 1\r\nServer: \t Cam  era \t\r\nX-Long:${long}\r\n\r\n`,
  );
  expect(answer).toMatchObject({ ok: true, value: { headers: { server: "Cam  era", "x-long": long } } });
});

test("RTSP over TLS", async () => {
  const server = await rtspServer(() => ({ status: 200, sdp: VIDEO_SDP }), { tls: "CN=camera" });
  const door = { port: server.port, tls: true };
  const answer = await rtspSession(lineTo(), door, LIMITS, (ask) => ask({ method: "DESCRIBE", path: "/" }));
  expect(answer).toMatchObject({ ok: true, value: { media: ["video H264"] } });
});

test("media lines: static types, maps, ports, the unnamed and the nonsense", () => {
  const lines = [
    "v=0",
    "m=video 0 RTP/AVP 96 97",
    "a=rtpmap:97 JPEG/90000",
    "a=rtpmap:96 H265/90000",
    "m=audio 49170/2 RTP/AVP 0",
    "m=video 0 RTP/AVP 26",
    "m=application 0 RTP/AVP 107",
    "m=nonsense",
    "a=rtpmap:x",
  ];
  const media = ["video H265", "audio PCMU", "video JPEG", "application"];
  expect(sdpMedia(lines.join("\r\n"))).toEqual(media);
  expect(sdpMedia(lines.join("\n"))).toEqual(media);
  expect(sdpMedia("m=video 0 RTP/AVP 96\n".repeat(100))).toHaveLength(16);
});

test("no description yields anything but short words", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `m=video 0 RTP/AVP ${text}`),
          fc.string().map((text) => `a=rtpmap:96 ${text}`),
        ),
      ),
      (lines) => {
        for (const media of sdpMedia(lines.join("\n")))
          expect(media).toMatch(/^[a-z]{1,16}( [\w.+-]{1,32})?$/);
      },
    ),
  );
});

test("whatever a server says, there is an answer and the connection is gone", async () => {
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc
      .array(
        fc.constantFrom(
          "RTSP/1.0 200 OK",
          "CSeq: 1",
          "Content-Length: 5",
          "\r\n",
          "\r\n\r\n",
          "\n",
          ":",
          " x",
          "v=0",
        ),
      )
      .map((parts) => Buffer.from(parts.join(""))),
  );
  let says = Buffer.alloc(0);
  const server = await tcpServer((socket) => socket.once("data", () => socket.end(says)));
  await fc.assert(
    fc.asyncProperty(anything, async (bytes) => {
      says = bytes;
      const answer = await session(server.port, (ask) => ask({ method: "DESCRIBE", path: "/" }));
      expect(typeof answer.ok).toBe("boolean");
      await server.idle();
    }),
    { numRuns: 60 },
  );
});
