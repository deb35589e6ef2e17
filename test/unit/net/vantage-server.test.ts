import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ConnectionOptions, connect as connectTls, createServer } from "node:tls";
import { describe, expect, it, onTestFinished } from "vitest";
import { openBeacon } from "../../../agent/net/outside/beacon.ts";
import { askVantage, type VantageCall } from "../../../agent/net/outside/vantage-client.ts";
import { addKey, readKeyFile } from "../../../agent/net/outside/vantage-keys.ts";
import { VANTAGE_TLS } from "../../../agent/net/outside/vantage-protocol.ts";
import {
  startVantage,
  type VantageOptions,
  type VantageServer,
} from "../../../agent/net/outside/vantage-server.ts";
import { selfSigned } from "../../fakes/certificate.ts";
import { httpServer, tcpServer } from "../helpers/servers.ts";

const PSK = Buffer.alloc(32, 7);
const KEY = `site:${PSK.toString("base64url")}`;
const never = new AbortController().signal;

async function vantage(options: Partial<VantageOptions> = {}): Promise<VantageServer> {
  const server = await startVantage({
    keys: new Map([["site", PSK]]),
    host: "127.0.0.1",
    port: 0,
    mayAsk: (address) => address === "127.0.0.1",
    ...options,
  });
  onTestFinished(() => server.close());
  return server;
}

function ask(port: number, ports: readonly number[], more: Partial<VantageCall> & { key?: string } = {}) {
  const settings = { host: "127.0.0.1", port, key: more.key ?? KEY };
  return askVantage({ settings, family: 4, ports, deadlineMs: 10_000, signal: never, ...more });
}

interface Raw {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: unknown;
}

/** A request with the right key and anything else wrong. */
function raw(
  port: number,
  {
    method = "POST",
    path = "/v1/look",
    body = "",
    headers = {},
  }: {
    method?: string;
    path?: string;
    body?: string;
    headers?: Readonly<Record<string, string>>;
  },
): Promise<Raw> {
  const options: ConnectionOptions & { method: string; path: string; agent: false; headers: object } = {
    ...VANTAGE_TLS,
    host: "127.0.0.1",
    port,
    method,
    path,
    agent: false,
    headers: { ...headers, "Content-Length": String(Buffer.byteLength(body)) },
    pskCallback: () => ({ psk: PSK, identity: "site" }),
    checkServerIdentity: () => undefined,
  };
  return new Promise((resolve, reject) => {
    const sent = request(options as object, async (answer) => {
      let text = "";
      for await (const piece of answer.setEncoding("utf8")) text += piece;
      const retryAfter = answer.headers["retry-after"];
      resolve({ status: answer.statusCode ?? 0, retryAfter, body: JSON.parse(text) });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

const look = (ports: readonly number[]) => JSON.stringify({ version: 1, ports });

describe("a vantage point", () => {
  it("tells which ports of the asker are open, and what they answer", async () => {
    const page = await httpServer(() => ({ body: "<title>Camera</title>" }));
    const server = await vantage();
    const answer = await ask(server.port, [page.port, 1]);
    expect(answer).toEqual({
      ok: true,
      value: {
        seenAs: "127.0.0.1",
        asked: [
          { port: page.port, result: "open", fingerprint: { kind: "http", hash: expect.any(String) } },
          { port: 1, result: "closed", fingerprint: null },
        ],
      },
    });
    expect(server.counts()).toEqual({ looks: 1, refused: 0, strangers: 0 });
  });

  it("serves nobody without the key, and does not tell which identity there is", async () => {
    const server = await vantage();
    const other = Buffer.alloc(32, 8).toString("base64url");
    const refused = { ok: false, reason: "unauthorized", detail: "the key is not taken" };
    expect(await ask(server.port, [], { key: `site:${other}` })).toEqual(refused);
    expect(await ask(server.port, [], { key: `nobody:${other}` })).toEqual(refused);
    expect(await ask(server.port, [], { key: `nobody:${PSK.toString("base64url")}` })).toEqual(refused);
    expect(await ask(server.port, [], { key: "broken" })).toMatchObject({
      ok: false,
      reason: "unauthorized",
    });
    expect(server.counts()).toEqual({ looks: 0, refused: 0, strangers: 3 });
    // What failed takes no place away.
    for (let index = 0; index < 10; index += 1)
      expect(await ask(server.port, [], { key: `site:${other}` })).toEqual(refused);
    expect((await ask(server.port, [])).ok).toBe(true);
  });

  it("asks back only where the connection came from, whatever header or body say", async () => {
    const page = await tcpServer(() => undefined, { host: "127.0.0.2" });
    const server = await vantage();
    const headers = {
      "X-Forwarded-For": "127.0.0.2",
      Forwarded: "for=127.0.0.2",
      Host: `127.0.0.2:${page.port}`,
    };
    const answer = await raw(server.port, { headers, body: look([page.port]) });
    expect(answer.body).toMatchObject({
      seenAs: "127.0.0.1",
      asked: [{ port: page.port, result: "closed" }],
    });
    expect(page.connections()).toBe(0);
    const withAddress = JSON.stringify({ version: 1, ports: [page.port], address: "127.0.0.2" });
    expect((await raw(server.port, { body: withAddress })).status).toBe(400);
  });

  it("asks no address back that is not of the internet", async () => {
    const { mayAsk: _, ...usual } = { mayAsk: null };
    const server = await startVantage({
      ...usual,
      keys: new Map([["site", PSK]]),
      host: "127.0.0.1",
      port: 0,
    });
    onTestFinished(() => server.close());
    const page = await tcpServer(() => undefined);
    expect((await raw(server.port, { body: look([page.port]) })).status).toBe(403);
    expect(page.connections()).toBe(0);
  });

  it("takes only its one question, of its one shape and size", async () => {
    const server = await vantage();
    const statuses = [];
    for (const wrong of [
      { method: "GET" },
      { path: "/" },
      { path: "/v1/look?x" },
      { body: "" },
      { body: "{}" },
      { body: look([0]) },
      { body: look(Array.from({ length: 65 }, (_, index) => index + 1)) },
      { body: look([1]).padEnd(4_097) },
      { body: look([1]).padEnd(300_000) },
    ])
      statuses.push((await raw(server.port, wrong)).status);
    expect(statuses).toEqual([404, 404, 404, 400, 400, 400, 400, 413, 413]);
    expect((await raw(server.port, { body: look([1]).padEnd(4_096) })).status).toBe(200);
  });

  it("is asked by one address only so often", async () => {
    let now = 0;
    const server = await vantage({ now: () => now });
    for (let index = 0; index < 12; index += 1)
      expect((await raw(server.port, { body: look([]) })).status).toBe(200);
    expect(await raw(server.port, { body: look([]) })).toMatchObject({ status: 429, retryAfter: "300" });
    expect(await ask(server.port, [])).toMatchObject({
      ok: false,
      reason: "unsupported",
      detail: "status 429",
    });
    now = 300_000;
    expect((await raw(server.port, { body: look([]) })).status).toBe(200);
    expect(server.counts()).toEqual({ looks: 13, refused: 2, strangers: 0 });
  });

  it("does no more looks at once than it can", async () => {
    const mute = await tcpServer(() => undefined);
    const server = await vantage({ mayAsk: () => true });
    const askers = [];
    for (let index = 0; index < 8; index += 1) askers.push(new AbortController());
    const looks = askers.map(({ signal }) => ask(server.port, [mute.port], { signal }));
    while (mute.connections() < 8) await new Promise((resolve) => setTimeout(resolve, 10));
    // One address has no more than eight connections; the ninth is cut before the handshake.
    const ninth = await ask(server.port, []);
    expect(ninth.ok ? "taken" : ninth.reason).toMatch(/^(?:reset|closed)$/);
    const another = await ask(server.port, [], { from: "127.0.0.2" });
    expect(another).toMatchObject({ ok: false, reason: "unsupported", detail: "status 503" });
    for (const asker of askers) asker.abort();
    for (const answer of await Promise.all(looks)) expect(answer).toMatchObject({ reason: "cancelled" });
    // Whoever hangs up is no longer looked for.
    await mute.idle();
    expect(server.counts().looks).toBeLessThanOrEqual(8);
  });

  it("gives a slow sender no time", { timeout: 60_000 }, async () => {
    const server = await vantage();
    const slow = async (socket: Socket, first: string | Buffer) => {
      socket.on("error", () => undefined);
      socket.write(first);
      const timer = setInterval(() => socket.write("\0"), 200);
      const startedAt = performance.now();
      socket.resume();
      await once(socket, "close");
      clearInterval(timer);
      return performance.now() - startedAt;
    };
    const knowing: ConnectionOptions = {
      ...VANTAGE_TLS,
      host: "127.0.0.1",
      port: server.port,
      pskCallback: () => ({ psk: PSK, identity: "site" }),
      checkServerIdentity: () => undefined,
    };
    const inHeader = connectTls(knowing);
    const inBody = connectTls(knowing);
    await Promise.all([once(inHeader, "secureConnect"), once(inBody, "secureConnect")]);
    const took = await Promise.all([
      // The beginning of a ClientHello of 512 bytes (RFC 5246, 6.2.1 and 7.4).
      slow(connect(server.port, "127.0.0.1"), Buffer.from("1603010200010001fc0303", "hex")),
      slow(inHeader, "POST /v1/look HTTP/1.1\r\nX: "),
      slow(inBody, "POST /v1/look HTTP/1.1\r\nHost: x\r\nContent-Length: 4000\r\n\r\n"),
    ]);
    expect(Math.max(...took)).toBeLessThan(15_000);
    expect(server.counts().looks).toBe(0);
  });
});

describe("a site that asks a vantage point", () => {
  /** A server with the right key that answers whatever it likes. */
  async function liar(answer: string | ((socket: Socket) => void)): Promise<number> {
    const server = createServer({ ...VANTAGE_TLS, pskCallback: () => PSK }, (socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => (typeof answer === "string" ? socket.end(answer) : answer(socket)));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const open = new Set<Socket>();
    server.on("secureConnection", (socket) => open.add(socket));
    onTestFinished(() => {
      for (const socket of open) socket.destroy();
      server.close();
    });
    return (server.address() as { port: number }).port;
  }
  const http = (body: string, status = "200 OK") => `HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n${body}`;

  it("takes no lie for an answer", async () => {
    const open = (port: number) => ({ port, result: "open", fingerprint: null });
    const answers = {
      other: http(JSON.stringify({ version: 1, seenAs: "128.66.0.2", asked: [open(22)] })),
      types: http(JSON.stringify({ version: 1, seenAs: 1, asked: "all" })),
      nothing: http(""),
      large: http(" ".repeat(40_000)),
      redirect: http("", "302 Found\r\nLocation: http://127.0.0.1:1/"),
      noise: "\0\0\0\0",
      end: "",
    };
    const told: Record<string, string> = {};
    for (const [name, text] of Object.entries(answers)) {
      const answer = await ask(await liar(text), [80]);
      told[name] = answer.ok ? "taken" : answer.reason;
    }
    expect(told).toEqual({
      other: "malformed",
      types: "malformed",
      nothing: "malformed",
      large: "too-large",
      redirect: "unsupported",
      noise: "malformed",
      end: "closed",
    });
  });

  it("waits no longer than allowed, and stops when told", async () => {
    const mute = await liar(() => undefined);
    const startedAt = performance.now();
    expect(await ask(mute, [80], { deadlineMs: 500 })).toMatchObject({ ok: false, reason: "timeout" });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(await ask(mute, [80], { signal: AbortSignal.abort() })).toMatchObject({ reason: "cancelled" });
  });

  it("talks to nobody who does not know the key", async () => {
    const server = createServer(selfSigned("CN=somebody"), (socket) => socket.end(http("{}")));
    server.on("tlsClientError", () => undefined);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    expect(await ask(port, [80])).toMatchObject({ ok: false, reason: "tls" });
    const plain = await httpServer(() => ({ body: "{}" }));
    expect((await ask(plain.port, [80])).ok).toBe(false);
  });

  it("has a name and an address of the family, or does not ask", async () => {
    expect(await ask(1, [], { family: 6 })).toMatchObject({ ok: false, reason: "unreachable" });
    expect(await ask(1, [])).toMatchObject({ ok: false, reason: "refused" });
  });

  it("opens a door for the moment that proves it was reached", async () => {
    const opened = await openBeacon("127.0.0.1");
    if (!opened.ok) throw new Error(opened.reason);
    const beacon = opened.value;
    const server = await vantage();
    const answer = await ask(server.port, [beacon.port]);
    await beacon.close();
    const asked = [{ port: beacon.port, result: "open", fingerprint: beacon.fingerprint }];
    expect(answer).toMatchObject({ ok: true, value: { asked } });
    expect((await openBeacon("192.0.2.1")).ok).toBe(false);
  });
});

describe("the key file", () => {
  it("is made for its owner alone, and read only while nobody else may read it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "komainu-keys-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, "keys");
    const [first, second] = [await addKey(path), await addKey(path)];
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, "utf8")).toBe(`${first}\n${second}\n`);
    const keys = await readKeyFile(path, undefined);
    expect(keys.ok && [...keys.value.keys()]).toEqual([first, second].map((key) => key.split(":")[0]));
    await chmod(path, 0o640);
    expect(await readKeyFile(path, undefined)).toMatchObject({ ok: false, reason: "not-permitted" });
    // systemd gives credentials an access list, which shows as rights of the group.
    expect((await readKeyFile(path, folder)).ok).toBe(true);
    await writeFile(path, "no key");
    expect(await readKeyFile(path, folder)).toMatchObject({ ok: false, reason: "malformed" });
  });
});
