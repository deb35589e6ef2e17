import fc from "fast-check";
import { expect, test } from "vitest";
import { type HttpAnswer, type HttpRequest, httpRequest } from "../../../agent/net/http.ts";
import { headerText, pageText } from "../../../agent/net/http-text.ts";
import { httpServer, lineTo, repeatForEver, type TestServerOptions, tcpServer } from "../helpers/servers.ts";

/** Asks a server that sends `bytes` at the first byte of the request and then ends the connection. */
async function askServerThatSays(bytes: string | Buffer, options?: TestServerOptions) {
  const server = await tcpServer((socket) => socket.once("data", () => socket.end(bytes, "latin1")), options);
  return await ask(server.port);
}

function ask(port: number, request: Partial<HttpRequest> = {}, line = lineTo()) {
  return httpRequest(line, { port, path: "/", deadlineMs: 5_000, ...request });
}

async function answered(...request: Parameters<typeof ask>): Promise<HttpAnswer> {
  const answer = await ask(...request);
  if (!answer.ok) throw new Error(answer.reason);
  return answer.value;
}

test("brings status, fields, challenges and body, and counts the bytes", async () => {
  const server = await httpServer(() => ({
    status: 401,
    headers: {
      Server: "Camera",
      "WWW-Authenticate": ['Digest realm="x", nonce="n"', 'Basic realm="x"'],
      "Content-Length": "2",
    },
    body: "hi",
  }));
  const line = lineTo();
  const answer = await answered(server.port, {}, line);
  expect(answer).toMatchObject({ status: 401, truncated: false, certificate: null });
  expect(answer.headers.server).toBe("Camera");
  expect(answer.challenges.map(({ scheme }) => scheme)).toEqual(["digest", "basic"]);
  expect(answer.body.toString()).toBe("hi");
  expect(line.traffic).toMatchObject({ connections: 1, peakConnections: 1 });
  expect(line.traffic.bytesIn).toBeGreaterThan(100);
  expect(line.traffic.bytesOut).toBeGreaterThan(50);
});

test("sends method, path, fields, body and the literal host, and closes the connection", async () => {
  const heads: string[] = [];
  const server = await httpServer((_path, head) => {
    heads.push(head);
    return { body: "ok" };
  });
  await answered(server.port, { method: "POST", path: "/a?b=c", headers: { "X-One": "1" }, body: "é" });
  expect(heads[0]).toMatch(/^POST \/a\?b=c HTTP\/1\.1\r\n/);
  expect(heads[0]).toContain(`Host: 127.0.0.1:${server.port}\r\n`);
  expect(heads[0]).toContain("X-One: 1\r\n");
  expect(heads[0]).toContain("Content-Length: 2\r\n");
  expect(heads[0]).toContain("Connection: close\r\n");
  await server.idle();
});

test("speaks to IPv6 literals, with brackets and without the zone in Host", async () => {
  let host = "";
  const server = await httpServer(
    (_path, head) => {
      host = /Host: (.*)\r/.exec(head)?.[1] ?? "";
      return {};
    },
    { host: "::1" },
  );
  expect((await answered(server.port, {}, lineTo("::1"))).status).toBe(200);
  expect(host).toBe(`[::1]:${server.port}`);
});

test("resolves no name and takes no path that could break the request line", async () => {
  const line = lineTo("localhost");
  expect(await ask(1, {}, line)).toMatchObject({ ok: false, reason: "error" });
  expect(line.traffic.connections).toBe(0);
  const server = await httpServer(() => ({}));
  for (const path of ["/a b", "/a\r\nX: 1", "/ü\u0100"]) {
    expect(await ask(server.port, { path })).toMatchObject({ ok: false, reason: "malformed" });
  }
  expect(server.connections()).toBe(0);
});

test("follows no redirect", async () => {
  const trap = await httpServer(() => ({}));
  const location = `http://127.0.0.1:${trap.port}/`;
  const server = await httpServer(() => ({ status: 302, headers: { Location: location } }));
  expect(await answered(server.port)).toMatchObject({ status: 302 });
  expect([server.connections(), trap.connections()]).toEqual([1, 0]);
});

test("keeps no more of a body than asked, and ends an endless one", async () => {
  const server = await tcpServer((socket) => {
    socket.write("HTTP/1.1 200 OK\r\n\r\n");
    repeatForEver(socket, "x".repeat(50_000), 1);
  });
  expect((await answered(server.port)).body.length).toBe(65_536);
  const short = await answered(server.port, { maxBytes: 10 });
  expect(short).toMatchObject({ truncated: true, body: Buffer.from("xxxxxxxxxx") });
  await server.idle();
});

test("a body as long as the cap is whole", async () => {
  const server = await httpServer(() => ({ body: "12345" }));
  expect(await answered(server.port, { maxBytes: 5 })).toMatchObject({ truncated: false });
  expect(await answered(server.port, { maxBytes: 4 })).toMatchObject({ truncated: true });
});

test("stops as soon as the caller has seen enough", async () => {
  const server = await tcpServer((socket) => {
    socket.write("HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\nabcdef");
  });
  const stopped = await answered(server.port, { stopWhen: (_answer, body) => body.length >= 3 });
  expect(stopped).toMatchObject({ status: 200, truncated: true });
  expect(stopped.body.toString()).toBe("abcdef");
  const atHeader = await answered(server.port, { stopWhen: ({ status }) => status === 200 });
  expect(atHeader.body.length).toBe(0);
  await server.idle();
});

test("a server that never answers costs its deadline and no more", async () => {
  const server = await tcpServer(() => {});
  expect(await ask(server.port, { deadlineMs: 50 })).toEqual({ ok: false, reason: "timeout" });
  await server.idle();
});

test("neither a byte at a time nor endless interim answers or fields outlive the deadline", async () => {
  const slow = await tcpServer((socket) => repeatForEver(socket, "H", 5));
  expect(await ask(slow.port, { deadlineMs: 60 })).toMatchObject({ ok: false });
  const slowHeader = await tcpServer((socket) => {
    socket.write("HTTP/1.1 200 OK\r\nX: ");
    repeatForEver(socket, "a", 5);
  });
  expect(await ask(slowHeader.port, { deadlineMs: 60 })).toEqual({ ok: false, reason: "timeout" });
  const slowBody = await tcpServer((socket) => {
    socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
    repeatForEver(socket, "a", 5);
  });
  expect(await answered(slowBody.port, { deadlineMs: 60 })).toMatchObject({ status: 200, truncated: true });
  const interim = await tcpServer((socket) => repeatForEver(socket, "HTTP/1.1 100 Continue\r\n\r\n", 1));
  expect(await ask(interim.port)).toMatchObject({ ok: false, reason: "malformed" });
  await Promise.all([slow, slowHeader, slowBody, interim].map((server) => server.idle()));
});

test("headers without end, garbage, silence and a reset are values", async () => {
  const huge = `HTTP/1.1 200 OK\r\nX: ${"a".repeat(20_000)}\r\n\r\n`;
  expect(await askServerThatSays(huge)).toMatchObject({ ok: false, reason: "too-large" });
  const many = `HTTP/1.1 200 OK\r\n${"X: 1\r\n".repeat(20_000)}\r\n`;
  expect(await askServerThatSays(many)).toMatchObject({ ok: false, reason: "too-large" });
  expect(await askServerThatSays("SSH-2.0-dropbear\r\n")).toMatchObject({ ok: false, reason: "malformed" });
  expect(await askServerThatSays("")).toMatchObject({ ok: false, reason: "closed" });
  const upgrade = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n";
  expect(await askServerThatSays(upgrade)).toMatchObject({ ok: false });
  const resetting = await tcpServer((socket) => socket.once("data", () => socket.resetAndDestroy()));
  expect(await ask(resetting.port)).toMatchObject({ ok: false, reason: "reset" });
});

test("a body that breaks off is an answer that is not whole", async () => {
  const answer = await askServerThatSays("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
  expect(answer).toMatchObject({ ok: true, value: { truncated: true, body: Buffer.from("abc") } });
});

test("odd cameras are understood", async () => {
  const bodies = [
    "HTTP/1.0 200 OK\r\n\r\nx",
    "HTTP/1.1 200\r\n\r\nx",
    "HTTP/1.1 200 OK\nX: 1\n\nx",
    "HTTP/1.2 200 OK\r\nX: \0\r\n\r\nx",
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;ext=1\r\nx\r\n0\r\n\r\n",
  ];
  for (const bytes of bodies) {
    expect(await askServerThatSays(bytes)).toMatchObject({ ok: true, value: { body: Buffer.from("x") } });
  }
});

test("a closed port is refused; a cut line is cancelled or out of time", async () => {
  const server = await tcpServer(() => {});
  const cut = new AbortController();
  const pending = ask(server.port, {}, lineTo("127.0.0.1", cut.signal));
  cut.abort();
  expect(await pending).toEqual({ ok: false, reason: "cancelled" });
  expect(await ask(server.port, {}, lineTo("127.0.0.1", cut.signal))).toMatchObject({ reason: "cancelled" });
  const late = lineTo("127.0.0.1", AbortSignal.timeout(30));
  expect(await ask(server.port, {}, late)).toEqual({ ok: false, reason: "timeout" });
  await server.idle();
  const gone = await tcpServer(() => {}, { host: "::1" });
  expect(await ask(gone.port)).toMatchObject({ ok: false, reason: "refused" });
});

test("no more than two connections are open at once", async () => {
  const server = await httpServer(() => ({ body: "x" }));
  const line = lineTo();
  await Promise.all(Array.from({ length: 8 }, () => answered(server.port, {}, line)));
  expect(line.traffic).toMatchObject({ connections: 8, peakConnections: 2 });
});

test("over TLS the certificate is reported and never judged", async () => {
  const server = await httpServer(() => ({ body: "x" }), { tls: "CN=camera, O=Some Maker" });
  const { certificate, body } = await answered(server.port, { tls: true });
  expect(body.toString()).toBe("x");
  expect(certificate).toMatchObject({ subject: "CN=camera, O=Some Maker", selfSigned: true });
  expect(certificate?.fingerprint256).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
});

test("plain text on a TLS client and TLS on a plain one end as values", async () => {
  const plain = await httpServer(() => ({ status: 400 }));
  expect(await ask(plain.port, { tls: true })).toMatchObject({ ok: false, reason: "tls" });
  const secure = await httpServer(() => ({}), { tls: "CN=x" });
  expect((await ask(secure.port)).ok).toBe(false);
});

test("whatever a server says, there is an answer and the connection is gone", async () => {
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc
      .tuple(fc.integer({ min: 0, max: 999 }), fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 4 }))
      .map(([status, fields]) =>
        Buffer.from(`HTTP/1.1 ${status} x\r\n${fields.map(([a, b]) => `${a}: ${b}\r\n`).join("")}\r\n`),
      ),
  );
  let says = Buffer.alloc(0);
  const server = await tcpServer((socket) => socket.once("data", () => socket.end(says)));
  await fc.assert(
    fc.asyncProperty(anything, async (bytes) => {
      says = bytes;
      const answer = await ask(server.port, { deadlineMs: 2_000 });
      expect(typeof answer.ok).toBe("boolean");
      await server.idle();
    }),
    { numRuns: 60 },
  );
});

const page = (body: Buffer, headers: Record<string, string> = {}): HttpAnswer => ({
  status: 200,
  headers,
  challenges: [],
  body,
  truncated: false,
  certificate: null,
});

test("pages are read in the charset they name, zipped or not", async () => {
  const shiftJis = Buffer.from("834a8381838983", "hex").subarray(0, 6);
  expect(pageText(page(shiftJis, { "content-type": "text/html; charset=Shift_JIS" }))).toBe("カメラ");
  const meta = Buffer.concat([Buffer.from('<meta charset="shift_jis">'), shiftJis]);
  expect(pageText(page(meta))).toContain("カメラ");
  expect(pageText(page(Buffer.from("カメラ"), { "content-type": "text/html; charset=nonsense" }))).toBe(
    "カメラ",
  );
  const zipped = Buffer.from("H4sIAAAAAAAAA8tIzcnJBwCGphA2BQAAAA==", "base64");
  expect(pageText(page(zipped, { "content-encoding": "gzip" })).startsWith("hello")).toBe(true);
  expect(pageText(page(Buffer.from("not zipped"), { "content-encoding": "gzip" }))).toBe("");
  expect(headerText(Buffer.from("玄関").toString("latin1"))).toBe("玄関");
  expect(headerText(shiftJis.toString("latin1"))).toBe("カメラ");
  expect(headerText("\xff\xfe\x80")).toBe("\xff\xfe\x80");
});
