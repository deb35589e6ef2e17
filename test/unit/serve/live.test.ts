import { mkdtemp, rm, stat } from "node:fs/promises";
import { get, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { ProgressEvent } from "../../../agent/model/index.ts";
import { type Server, serve } from "../../../agent/serve/index.ts";
import { madeUpSite, NOW, nursery, SITE_PIN } from "./made-up-site.ts";

const at = NOW.toISOString();
const DEVICE: ProgressEvent = {
  type: "device",
  deviceId: "serial:acme:9",
  label: "MARK-LABEL",
  kind: "camera",
  vendor: "acme",
  at,
};
const STAGE: ProgressEvent = { type: "stage", stage: "probes", at };

let server: Server | null = null;
let folder: string | null = null;
afterEach(async () => {
  await server?.close();
  if (folder) await rm(folder, { recursive: true });
  server = folder = null;
});

const start = async (more: Parameters<typeof madeUpSite>[1] = {}) => {
  const site = madeUpSite(nursery({ scanning: { done: 1, total: 4, steps: [] } }), {
    lan: [{ host: "127.0.0.1", port: 0 }],
    ...more,
  });
  server = await serve(site.options);
  return { site, address: server.addresses[0] ?? "" };
};

/** Opens an event stream; `until` settles with all that came once the text holds `part`. */
function listen(address: string, headers: Record<string, string> = {}) {
  return new Promise<{
    status: number;
    headers: object;
    until(part: string): Promise<string>;
    closed: Promise<void>;
  }>((resolve, reject) => {
    get(`${address}events`, { headers }, (answer) => {
      let all = "";
      const waiting: { part: string; done: (all: string) => void }[] = [];
      const look = () => {
        for (const { part, done } of waiting) if (all.includes(part)) done(all);
      };
      answer.setEncoding("utf8").on("data", (text: string) => {
        all += text;
        look();
      });
      const closed = new Promise<void>((done) => answer.on("close", done));
      resolve({
        status: answer.statusCode ?? 0,
        headers: answer.headers,
        until: (part) =>
          new Promise((done) => {
            waiting.push({ part, done });
            look();
          }),
        closed,
      });
    }).on("error", reject);
  });
}

function signIn(address: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { origin: address.slice(0, -1), "content-type": "application/x-www-form-urlencoded" };
    const call = request(`${address}claim`, { method: "POST", headers }, (answer) => {
      answer.resume();
      resolve(String(answer.headers["set-cookie"]?.[0]).split(";")[0] ?? "");
    });
    call.on("error", reject);
    call.end(`code=${SITE_PIN}`);
  });
}

describe("live events", () => {
  test("strangers hear stages and counts, never a name", async () => {
    const { site, address } = await start();
    const stream = await listen(address);
    expect(stream.headers).toMatchObject({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
    await stream.until("retry:");
    site.tell(DEVICE);
    site.tell(STAGE);
    await stream.until('"stage":"probes"');
    const all = await stream.until('"type":"counts"');
    expect(all).toContain('data: {"type":"counts","done":1,"total":4}\n\n');
    expect(all).not.toContain("MARK-LABEL");
    expect(all).not.toContain("serial:acme");
  });

  test("who is signed in hears everything, as one line of JSON", async () => {
    const { site, address } = await start();
    const stream = await listen(address, { cookie: await signIn(address) });
    await stream.until("retry:");
    site.tell({ ...DEVICE, label: "a\n\ndata: b" });
    const all = await stream.until('"type":"device"');
    expect(all.split("\n").filter((line) => line.startsWith("data:"))).toHaveLength(1);
  });

  test("closing ends the streams and stops listening to the scan", async () => {
    const { site, address } = await start();
    const stream = await listen(address);
    expect(site.listeners()).toBe(1);
    await server?.close();
    server = null;
    await stream.closed;
    expect(site.listeners()).toBe(0);
  });

  test("there is room for 32, and for the next when one has gone", async () => {
    const { address } = await start();
    const streams = await Promise.all(Array.from({ length: 32 }, () => listen(address)));
    expect(streams.every(({ status }) => status === 200)).toBe(true);
    expect((await listen(address)).status).toBe(503);
  });
});

describe("the control socket", () => {
  test("is for its owner alone and needs no sign-in; the page's socket is guarded like the LAN", async () => {
    folder = await mkdtemp(join(tmpdir(), "komainu-"));
    const [control, page] = [join(folder, "control.sock"), join(folder, "page.sock")];
    await start({ lan: [{ path: page }], controlSocket: control });
    expect((await stat(control)).mode & 0o777).toBe(0o600);
    const ask = (socketPath: string) =>
      new Promise<number>((resolve, reject) => {
        get({ socketPath, path: "/api/v1/report", headers: { host: "localhost" } }, (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        }).on("error", reject);
      });
    expect(await ask(control)).toBe(200);
    expect(await ask(page)).toBe(401);
    expect(server?.addresses).toEqual([page]);
  });
});

test("an address that is taken rejects and leaves nothing behind", async () => {
  const { site, address } = await start();
  const port = Number(new URL(address).port);
  const second = serve({ ...site.options, lan: [{ host: "127.0.0.1", port }] });
  await expect(second).rejects.toThrow(/EADDRINUSE/);
  expect(site.listeners()).toBe(1);
});
