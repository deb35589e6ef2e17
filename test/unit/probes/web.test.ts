import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import type { ServiceHint, WebDoorFact } from "../../../agent/model/index.ts";
import { SHARED_WEB_PORTS, WEB_PORTS } from "../../../agent/probes/port-numbers.ts";
import { webProbe } from "../../../agent/probes/web.ts";
import { readPage, resolveTarget } from "../../../agent/probes/web-page.ts";
import { contextFor, openPorts, portStates } from "../helpers/context.ts";
import {
  httpServer,
  JPEG,
  lineTo,
  type Page,
  repeatForEver,
  type TestServer,
  tcpServer,
} from "../helpers/servers.ts";

/** Test servers have no usual ports: some are made usual for the time of a test. */
const WEB_PORTS_HERE = WEB_PORTS as number[];

const hint = (port: number, protocol: ServiceHint["protocol"] = "http"): ServiceHint => ({
  protocol,
  port,
  path: "/",
});

/** Evidence of ports and announcements for the servers: their numbers are not the usual ones. */
function contextOf(...servers: readonly TestServer[]) {
  const ports = servers.map(({ port }) => port);
  return contextFor({ services: ports.map((port) => hint(port)), evidence: openPorts(...ports) });
}

async function lookAt(...servers: readonly TestServer[]): Promise<readonly WebDoorFact[]> {
  const answer = await webProbe.ask(contextOf(...servers));
  if (!answer.ok) throw new Error(answer.reason);
  return answer.value.doors;
}

const NOT_FOUND: Page = { status: 404 };
const only = (path: string, page: Page) => (asked: string) => (asked === path ? page : NOT_FOUND);

test("reads server, title and body of the front page, and asks a made-up path", async () => {
  const paths: string[] = [];
  const server = await httpServer((path) => {
    paths.push(path);
    return path === "/"
      ? { headers: { Server: "Camera/1.0" }, body: "<html><Title>\n Front  door </Title>hello" }
      : NOT_FOUND;
  });
  expect(await lookAt(server)).toEqual([
    {
      door: { protocol: "http", port: server.port },
      status: 200,
      server: "Camera/1.0",
      title: "Front door",
      realm: null,
      schemes: [],
      certificate: null,
      answersEverything: false,
      asksPassword: false,
      bodyText: expect.stringContaining("hello"),
    },
  ]);
  expect(paths).toHaveLength(2);
  expect(paths[1]).toMatch(/^\/[\w-]{36}$/);
  await server.idle();
});

test("a login asked for over plain HTTP is seen in the status and in a form", async () => {
  const challenge = ['Digest realm="玄関", nonce="n"', 'Basic realm="x"'].map((text) =>
    Buffer.from(text).toString("latin1"),
  );
  const byStatus = await httpServer(() => ({ status: 401, headers: { "WWW-Authenticate": challenge } }));
  const byForm = await httpServer(only("/", { body: '<input name=p TYPE="Password">' }));
  expect(await lookAt(byStatus, byForm)).toMatchObject([
    { status: 401, realm: "玄関", schemes: ["digest", "basic"], asksPassword: true },
    { status: 200, realm: null, schemes: [], asksPassword: true },
  ]);
});

test("a server that answers everything is marked", async () => {
  const server = await httpServer(() => ({ body: "<title>yes</title>" }));
  expect(await lookAt(server)).toMatchObject([{ answersEverything: true }]);
});

test("finds TLS behind garbage, behind a hint in plain text, and shows the certificate", async () => {
  const secure = await httpServer(only("/", { body: '<title>S</title><input type="password">' }), {
    tls: "CN=camera",
  });
  expect(await lookAt(secure)).toMatchObject([
    {
      door: { protocol: "https", port: secure.port },
      title: "S",
      certificate: { subject: "CN=camera", selfSigned: true },
      asksPassword: false,
    },
  ]);
  const plain = await httpServer(() => ({ status: 400, body: "this is not an HTTPS port" }));
  expect(await lookAt(plain)).toMatchObject([{ door: { protocol: "http" }, status: 400 }]);
});

test("an announced https door is tried with TLS first", async () => {
  const secure = await httpServer(() => ({ body: "x" }), { tls: "CN=camera" });
  const context = contextFor({
    services: [hint(secure.port, "https")],
    evidence: openPorts(secure.port),
  });
  expect(await webProbe.ask(context)).toMatchObject({
    ok: true,
    value: { doors: [{ door: { protocol: "https" } }] },
  });
  expect(secure.connections()).toBe(2);
});

test.each([
  ["a redirect", { status: 302, headers: { Location: "/login.htm" }, body: "<title>Moved</title>" }],
  ["a refresh", { body: `<meta http-equiv="refresh" content="0; url=login.htm">` }],
  ["a script", { body: `<script>window.location.href = "/login.htm";</script>` }],
])("follows %s once on the same door", async (_name, front: Page) => {
  const paths: string[] = [];
  const server = await httpServer((path) => {
    paths.push(path);
    if (path === "/") return front;
    const login = { body: '<title>Login</title><input type="password">', headers: { Location: "/next" } };
    return path === "/login.htm" ? login : NOT_FOUND;
  });
  expect(await lookAt(server)).toMatchObject([{ title: "Login", asksPassword: true }]);
  expect(paths.filter((path) => path === "/login.htm")).toHaveLength(1);
  expect(paths).toHaveLength(3);
});

test("a redirect to another port of the device leads to that door", async () => {
  const other = await httpServer(only("/admin/", { body: "<title>Admin</title>" }));
  const server = await httpServer(() => ({
    status: 301,
    headers: { Location: `http://127.0.0.1:${other.port}/admin/` },
  }));
  expect(await lookAt(server)).toMatchObject([
    { door: { port: server.port }, status: 301, title: null },
    { door: { port: other.port }, title: "Admin" },
  ]);
});

test("a redirect to another host is never followed", async () => {
  const trap = await httpServer(() => ({}), { host: "::1" });
  const server = await httpServer((path) => ({
    status: 302,
    headers: { Location: `http://[::1]:${trap.port}${path}` },
  }));
  expect(await lookAt(server)).toMatchObject([{ status: 302 }]);
  expect(trap.connections()).toBe(0);
});

test("a stream at the front door is not read on", async () => {
  const server = await tcpServer((socket) => {
    socket.write("HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=b\r\n\r\n");
    repeatForEver(socket, JPEG, 1);
  });
  expect(await lookAt(server)).toMatchObject([{ status: 200, answersEverything: true }]);
  await server.idle();
});

test("what does not speak HTTP is no door, but where HTTP was announced its silence is told", async () => {
  const ssh = await tcpServer((socket) => socket.end("SSH-2.0-x\r\n"));
  const page = await httpServer(only("/", { body: "x" }));
  const answer = await webProbe.ask(contextOf(ssh, page));
  expect(answer).toMatchObject({
    ok: true,
    value: { doors: [{ door: { port: page.port } }], unanswered: [{ port: ssh.port }] },
  });
  const onvifOnly = contextFor({ services: [hint(ssh.port, "onvif")], evidence: openPorts(ssh.port) });
  expect(await webProbe.ask(onvifOnly)).toEqual({ ok: true, value: { doors: [] } });
  expect(await webProbe.ask(contextOf(ssh))).toMatchObject({ ok: false });
});

test("closed ports and failed port questions are not guessed around", async () => {
  const line = lineTo();
  const services = [hint(80)];
  expect(await webProbe.ask(contextFor({ line, services, evidence: openPorts() }))).toEqual({
    ok: true,
    value: { doors: [] },
  });
  const failed = { ports: { asked: true, at: "", answer: { ok: false, reason: "timeout" } } } as const;
  expect(await webProbe.ask(contextFor({ line, services, evidence: failed }))).toEqual({
    ok: false,
    reason: "timeout",
  });
  expect(line.traffic.connections).toBe(0);
});

/** Whatever is asked on it, there is no answer in time; no packet is sent. */
const silentLine = () => lineTo("127.0.0.1", AbortSignal.abort(new DOMException("", "TimeoutError")));

test.each(WEB_PORTS)(
  "port %i that keeps silent is a doubt unless other services use it too",
  async (port) => {
    const evidence = openPorts(port);
    const doubt = { ok: false, reason: "timeout" };
    const nothing = { ok: true, value: { doors: [] } };
    const unannounced = await webProbe.ask(contextFor({ line: silentLine(), evidence }));
    expect(unannounced).toEqual(SHARED_WEB_PORTS.has(port) ? nothing : doubt);
    const services = [hint(port)];
    expect(await webProbe.ask(contextFor({ line: silentLine(), services, evidence }))).toEqual(doubt);
  },
);

test("a silent web port is told beside the doors that answered", async () => {
  const page = await httpServer(only("/", { body: "x" }));
  const garbage = await tcpServer((socket) => socket.end("\0\0\0\x10"));
  WEB_PORTS_HERE.push(garbage.port);
  onTestFinished(() => void WEB_PORTS_HERE.pop());
  const context = contextFor({ services: [hint(page.port)], evidence: openPorts(page.port, garbage.port) });
  expect(await webProbe.ask(context)).toMatchObject({
    ok: true,
    value: { doors: [{ door: { port: page.port } }], unanswered: [{ port: garbage.port }] },
  });
});

test("web ports that were not asked, or were too many to ask, are doubts", async () => {
  const page = await httpServer(only("/", { body: "x" }));
  const services = [hint(page.port)];
  const evidence = portStates({ [page.port]: "open", 80: "closed" });
  const answer = await webProbe.ask(contextFor({ services, evidence }));
  const surely = WEB_PORTS.filter((port) => port !== 80 && !SHARED_WEB_PORTS.has(port));
  const unanswered = surely.map((port) => ({ port, reason: "timeout" }));
  expect(answer).toMatchObject({ ok: true, value: { doors: [{}], unanswered } });

  const many = await Promise.all(Array.from({ length: 9 }, () => httpServer(only("/", { body: "x" }))));
  WEB_PORTS_HERE.push(...many.map(({ port }) => port));
  onTestFinished(() => void WEB_PORTS_HERE.splice(-many.length));
  const open = openPorts(...many.map(({ port }) => port));
  const told = await webProbe.ask(contextFor({ evidence: open }));
  expect(told).toMatchObject({
    value: { doors: { length: 8 }, unanswered: [{ port: many[8]?.port, reason: "timeout" }] },
  });
});

test("a door to which a page leads and that keeps silent is told", async () => {
  const mute = await tcpServer((socket) => socket.destroy());
  const server = await httpServer(() => ({
    status: 302,
    headers: { Location: `http://127.0.0.1:${mute.port}/` },
  }));
  expect(
    await webProbe.ask(contextFor({ services: [hint(server.port)], evidence: openPorts(server.port) })),
  ).toMatchObject({ value: { unanswered: [{ port: mute.port }] } });
});

const PLACE = { tls: false, port: 8080, path: "/" };
const resolve = (leadsTo: string) => resolveTarget(leadsTo, PLACE, ["192.0.2.1"]);

test("targets: relative, absolute, another scheme, the same page, somebody else's", () => {
  expect(resolve("/a?b")).toEqual({ tls: false, port: 8080, path: "/a?b" });
  expect(resolve("a.htm")).toEqual({ tls: false, port: 8080, path: "/a.htm" });
  expect(resolve("./a.htm")).toEqual({ tls: false, port: 8080, path: "/a.htm" });
  expect(resolve("https://192.0.2.1/x")).toEqual({ tls: true, port: 443, path: "/x" });
  expect(resolve("//192.0.2.1:81/x")).toEqual({ tls: false, port: 81, path: "/x" });
  expect(resolve("/")).toBeNull();
  for (const foreign of ["http://192.0.2.2/", "//example.com/", "javascript:alert(1)", "ftp://192.0.2.1/"]) {
    expect(resolve(foreign)).toBeNull();
  }
});

const pieces = fc
  .array(
    fc.constantFrom(
      "http",
      "https",
      ":",
      "/",
      "//",
      "192.0.2.1",
      "[",
      "]",
      "@",
      "?",
      "#",
      "..",
      " ",
      "\r\n",
      "99999",
      "é",
    ),
  )
  .map((parts) => parts.join(""));

test("whatever a page leads to, the target is a port and a printable path of this device", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), pieces), (leadsTo) => {
      const target = resolve(leadsTo);
      if (target === null) return;
      expect(target.path).toMatch(/^\/[\x21-\x7e]*$/);
      expect(target.port).toBeGreaterThan(0);
    }),
  );
});

test("a title is all up to its end tag, markup included, in one clean line", () => {
  const titleOf = (html: string) =>
    readPage({
      status: 200,
      headers: {},
      challenges: [],
      truncated: false,
      certificate: null,
      body: Buffer.from(html),
    }).title;
  expect(titleOf("<title>a <b>\n\u202e</TITLE>c")).toBe("a <b>");
  expect(titleOf("<title lang=ja>never closed")).toBe("never closed");
  expect(titleOf("<title> </title>")).toBeNull();
  expect(titleOf("<p>")).toBeNull();
  expect(titleOf(`<title>${"x".repeat(1000)}</title>`)).toHaveLength(120);
});

test("no page takes long to read", () => {
  const answer = { status: 200, headers: {}, challenges: [], truncated: false, certificate: null };
  for (const piece of [
    "<title",
    "<title>",
    "<input ",
    "<input type=",
    '<meta http-equiv="refresh" ',
    "location=",
    "<",
    " ",
  ]) {
    const page = readPage({ ...answer, body: Buffer.from(piece.repeat(65_536 / piece.length)) });
    expect(page.hasPasswordField).toBe(false);
    expect(page.text.length).toBeLessThanOrEqual(1_024);
  }
});
