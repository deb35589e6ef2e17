import { gunzipSync } from "node:zlib";
import type { FastifyInstance } from "fastify";
import { afterEach, describe, expect, test } from "vitest";
import { buildApp } from "../../../agent/serve/app.ts";
import { contextOf } from "../../../agent/serve/index.ts";
import { madeUpSite, nursery } from "./made-up-site.ts";

let app: FastifyInstance;
const start = (door: "lan" | "control" = "lan") => {
  const site = madeUpSite(nursery(), { lan: [{ host: "192.168.77.2", port: 8080 }] });
  app = buildApp(contextOf(site.options), door);
  return site;
};
afterEach(() => app.close());

describe("host names", () => {
  test.each([
    "192.168.77.2",
    "192.168.77.2:8080",
    "localhost",
    "LOCALHOST:1234",
    "127.0.0.1",
    "[::1]:8080",
    "[0:0:0:0:0:0:0:1]",
    "kamera-7k3f",
    "Kamera-7K3F.local.",
    "kamera-7k3f.local:80",
  ])("%s is ours", async (host) => {
    start();
    expect((await app.inject({ url: "/", headers: { host } })).statusCode).toBe(200);
  });

  test.each([
    "evil.example",
    "192.168.77.2.evil.example",
    "kamera-7k3f.local.evil.example",
    "localhost.evil.example",
    "192.168.77.3",
    "[fe80::1]",
    "3232255234",
    "0x7f.0.0.1",
    "user@localhost",
    "localhost/x",
    "localhost:99999999",
    " ",
    "[::1",
    "kamera-7k3f,localhost",
  ])("%j gets 421 and no data", async (host) => {
    start();
    for (const url of ["/", "/api/v1/status", "/healthz", "/style.css", "/events", "/none"]) {
      const answer = await app.inject({ url, headers: { host } });
      expect(answer.statusCode).toBe(421);
      expect(answer.body).not.toContain("つくし保育園");
      expect(answer.body).not.toContain("青葉電設");
      expect(answer.body).toContain("allowedHosts");
    }
  });
});

describe("origin of changes", () => {
  const host = "192.168.77.2:8080";
  test.each([
    [{ origin: "http://192.168.77.2:8080" }, true],
    [{ origin: "https://192.168.77.2:8080" }, true],
    [{ "sec-fetch-site": "same-origin" }, true],
    [{ "sec-fetch-site": "none" }, true],
    [{ origin: "http://192.168.77.2:8080", "sec-fetch-site": "same-origin" }, true],
    [{}, false],
    [{ origin: "null" }, false],
    [{ origin: "http://192.168.77.2" }, false],
    [{ origin: "http://evil.example" }, false],
    [{ origin: "http://192.168.77.2:8080.evil.example" }, false],
    [{ origin: "not a url" }, false],
    [{ "sec-fetch-site": "cross-site" }, false],
    [{ "sec-fetch-site": "same-site" }, false],
    [{ origin: "http://192.168.77.2:8080", "sec-fetch-site": "cross-site" }, false],
  ])("%j → %s", async (headers, accepted) => {
    const site = start();
    for (const method of ["POST", "DELETE", "PUT"] as const) {
      const answer = await app.inject({ method, url: "/sign-out", headers: { host, ...headers } });
      expect(answer.statusCode === 403).toBe(!accepted);
    }
    expect(site.calls).toEqual([]);
  });

  test("a default port that the browser leaves out is the same origin", async () => {
    start();
    const headers = { host: "kamera-7k3f.local:80", origin: "http://kamera-7k3f.local" };
    expect((await app.inject({ method: "POST", url: "/sign-out", headers })).statusCode).toBe(303);
  });

  test("looking needs no origin", async () => {
    start();
    expect((await app.inject({ url: "/", headers: { origin: "http://evil.example" } })).statusCode).toBe(200);
  });
});

describe("who is near", () => {
  test.each([
    ["192.168.1.9", 200],
    ["10.1.2.3", 200],
    ["fe80::5", 200],
    ["fd00::7", 200],
    ["::ffff:192.168.1.9", 200],
    ["203.0.113.5", 403],
    ["::ffff:203.0.113.5", 403],
    ["2001:db8::5", 403],
  ])("%s → %i", async (remoteAddress, status) => {
    start();
    expect((await app.inject({ url: "/", remoteAddress })).statusCode).toBe(status);
  });
});

describe("headers", () => {
  test("every answer carries them, and none allows another origin", async () => {
    start();
    for (const url of [
      "/",
      "/claim",
      "/about",
      "/style.css",
      "/none",
      "/api/v1/status",
      "/api/v1/report",
      "/%",
    ]) {
      const { headers } = await app.inject({ url, headers: { origin: "http://evil.example" } });
      expect(headers["content-security-policy"]).toMatch(
        /default-src 'self'.*frame-ancestors 'none'.*base-uri 'none'.*form-action 'self'/,
      );
      expect(headers["content-security-policy"]).not.toContain("unsafe");
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["x-robots-tag"]).toContain("noindex");
      expect(headers["referrer-policy"]).toBe("same-origin");
      expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
      if (url !== "/style.css") expect(headers["cache-control"]).toBe("no-store");
    }
  });

  test("a preflight is answered like any stranger", async () => {
    start();
    const headers = { origin: "http://evil.example", "access-control-request-method": "POST" };
    const answer = await app.inject({ method: "OPTIONS", url: "/scan", headers });
    expect(answer.statusCode).toBe(403);
  });

  test("assets answer 304 to their ETag", async () => {
    start();
    const first = await app.inject({ url: "/style.css" });
    const etag = String(first.headers.etag);
    expect(first.headers["content-type"]).toContain("text/css");
    const again = await app.inject({ url: "/style.css", headers: { "if-none-match": etag } });
    expect([again.statusCode, again.body]).toEqual([304, ""]);
  });
});

describe("compression", () => {
  test.each([
    ["gzip", true],
    ["br, gzip;q=0.5", true],
    ["gzip;q=0, br", false],
    ["gzip;q=0.0", false],
    ["br", false],
    ["", false],
  ])("%s → %s", async (encoding, compressed) => {
    start();
    for (const url of ["/", "/style.css"]) {
      const { headers, rawPayload } = await app.inject({ url, headers: { "accept-encoding": encoding } });
      expect(headers["content-encoding"]).toBe(compressed ? "gzip" : undefined);
      expect(headers["content-length"]).toBe(String(rawPayload.length));
      const text = compressed ? gunzipSync(rawPayload) : rawPayload;
      expect(text.toString("utf8")).toMatch(url === "/" ? /^<!doctype html>/ : /:root/);
    }
  });
});

describe("trouble", () => {
  test("a bug is logged and not shown", async () => {
    const site = start();
    app = buildApp(
      contextOf({
        ...site.options,
        site: {
          view: () => {
            throw new Error("MARK-INTERNAL");
          },
        },
      }),
      "lan",
    );
    for (const url of ["/api/v1/status", "/healthz"]) {
      const answer = await app.inject({ url });
      expect(answer.statusCode).toBeGreaterThanOrEqual(500);
      expect(answer.body).not.toContain("MARK-INTERNAL");
    }
    expect((await app.inject({ url: "/healthz" })).statusCode).toBe(503);
    expect((await app.inject({ url: "/" })).body).not.toContain("MARK-INTERNAL");
    expect(site.logged.length).toBeGreaterThan(0);
    expect(site.logged[0]).toContain("MARK-INTERNAL");
  });

  test("too much is refused", async () => {
    start();
    const headers = { "sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded" };
    const answer = await app.inject({
      method: "POST",
      url: "/claim",
      headers,
      payload: `code=${"1".repeat(70_000)}`,
    });
    expect(answer.statusCode).toBe(413);
    expect((await app.inject({ url: `/findings/${"x".repeat(400)}` })).statusCode).toBe(400);
  });
});

test("the control door trusts its caller without cookie, origin or host", async () => {
  const site = start("control");
  const answer = await app.inject({
    method: "POST",
    url: "/api/v1/scan",
    payload: {},
    headers: { host: "x" },
  });
  expect(answer.statusCode).toBe(200);
  expect(site.calls).toEqual([["scan"]]);
});

test("no header makes a LAN caller the command line", async () => {
  start();
  const headers = { "x-forwarded-for": "127.0.0.1", "x-role": "control", authorization: "control" };
  expect((await app.inject({ url: "/api/v1/report", headers })).statusCode).toBe(401);
});
