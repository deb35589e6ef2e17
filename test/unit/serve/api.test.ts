import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import type { FastifyInstance } from "fastify";
import { afterEach, describe, expect, test } from "vitest";
import { API_ROUTES } from "../../../agent/serve/api.ts";
import { mendsSchema, reachSchema } from "../../../agent/serve/api-schemas.ts";
import { buildApp } from "../../../agent/serve/app.ts";
import { contextOf, openApiDocument } from "../../../agent/serve/index.ts";
import { everything, FOUND, selfReached } from "./made-up-reach.ts";
import { CONSENT, madeUpSite, nursery, state } from "./made-up-site.ts";
import { signedIn } from "./signed-in.ts";

let app: FastifyInstance;
const start = (first = nursery(), door: "lan" | "control" = "control") => {
  const site = madeUpSite(first);
  app = buildApp(contextOf(site.options), door);
  return site;
};
afterEach(() => app?.close());

const ajv = new Ajv2020({ allowUnionTypes: true, strict: false });
formats.default(ajv);
const ID = "open-live-view~aa11";
const BODIES: Readonly<Record<string, object>> = {
  "/api/v1/scan": { consent: { person: "a", role: "b" } },
  "/api/v1/consents": {
    person: "a",
    role: "b",
    levels: ["L1"],
    managers: {},
    months: 3,
    textHash: "0".repeat(64),
  },
  "/api/v1/findings/:id/close": { by: "園長 佐藤" },
  "/api/v1/outside": {
    hairpin: true,
    internetdb: false,
    ownAddress: false,

    vantage: "keep",
    by: "園長 佐藤",
  },
  "/api/v1/guard": { applied: true, by: "園長 佐藤" },
};
const PRESSED: Readonly<Record<string, object | undefined>> = {
  "/api/v1/findings/none/close": { by: "a" },
};
const urlOf = (path: string) =>
  path.replace("/findings/:id", `/findings/${ID}`).replace("/consents/:id", "/consents/consent-1");

test("the command line may wait in silence for a scan's end, a browser may not", async () => {
  start(nursery(), "control");
  expect(app.server.timeout).toBe(0);
  await app.close();
  start(nursery(), "lan");
  expect(app.server.timeout).toBeGreaterThan(0);
});

describe("every route", () => {
  test.each(API_ROUTES.map((route) => [`${route.method} ${route.path}`, route] as const))(
    "%s answers as its schema says, and only to those who may ask",
    async (_name, { method, path, access, answers }) => {
      start();
      const body = method === "POST" ? { payload: BODIES[path] ?? {} } : {};
      const answer = await app.inject({ method, url: urlOf(path), ...body });
      const schema = answers[answer.statusCode];
      expect(answer.statusCode).toBeLessThan(300);
      expect(schema).toBeDefined();
      if (schema) {
        const valid = ajv.validate(schema, answer.json());
        expect(ajv.errors ?? []).toEqual([]);
        expect(valid).toBe(true);
      } else expect(answer.body).toBe("");
      await app.close();

      start(nursery(), "lan");
      const headers = { origin: "http://localhost" };
      const strange = await app.inject({ method, url: urlOf(path), headers, ...body });
      expect(strange.statusCode).toBe(access === "open" ? 200 : 401);
    },
  );

  test.each([
    ["GET", "/api/v1/findings/none"],
    ["POST", "/api/v1/findings/none/recheck"],
    ["DELETE", "/api/v1/consents/none"],
    ["POST", "/api/v1/findings/none/close"],
    ["GET", "/api/v1/none"],
  ] as const)("%s %s is a 404 in JSON", async (method, url) => {
    const site = start();
    const answer = await app.inject({ method, url, payload: PRESSED[url] ?? "" });
    expect([answer.statusCode, answer.json()]).toEqual([404, { error: "not-found" }]);
    expect(site.calls).toEqual([]);
  });

  test("no report yet is a 404", async () => {
    start(state({ report: null }));
    expect((await app.inject({ url: "/api/v1/report" })).statusCode).toBe(404);
  });
});

describe("scans", () => {
  test("a permission for one scan ends with it, also when the scan breaks", async () => {
    const site = madeUpSite();
    const order: string[] = [];
    const commands = {
      ...site.options.commands,
      giveConsent: async (input: object) => {
        order.push(`give ${JSON.stringify(input)}`);
        return CONSENT;
      },
      scan: async () => {
        order.push("scan");
        throw new Error("broken");
      },
      withdrawConsent: async (id: string) => {
        order.push(`withdraw ${id}`);
      },
    };
    app = buildApp(contextOf({ ...site.options, commands }), "control");
    const payload = { consent: { person: "A", role: "B" } };
    const answer = await app.inject({ method: "POST", url: "/api/v1/scan", payload });
    expect(answer.statusCode).toBe(500);
    expect(order.map((line) => line.split(" ")[0])).toEqual(["give", "scan", "withdraw"]);
    expect(order[0]).toContain('"how":"command-line"');
    expect(order[2]).toBe("withdraw consent-1");
  });

  test("without a body it is a scan without a permission", async () => {
    const site = start();
    expect((await app.inject({ method: "POST", url: "/api/v1/scan" })).statusCode).toBe(200);
    expect(site.calls).toEqual([["scan"]]);
  });
});

describe("consents", () => {
  const body = BODIES["/api/v1/consents"] as object;
  test.each([
    { ...body, person: "" },
    { ...body, months: 13 },
    { ...body, months: "3" },
    { ...body, levels: [] },
    { ...body, levels: ["L3"] },
    { ...body, textHash: "x" },
    { ...body, more: 1 },
    { ...body, managers: { a: "nobody" } },
    [],
    null,
  ])("%j is refused", async (payload) => {
    const site = start();
    const headers = { "content-type": "application/json" };
    const answer = await app.inject({
      method: "POST",
      url: "/api/v1/consents",
      headers,
      payload: JSON.stringify(payload),
    });
    expect([answer.statusCode, answer.json()]).toEqual([400, { error: "bad-request" }]);
    expect(site.calls).toEqual([]);
  });

  test("who says that it was the command line must come in by the control socket", async () => {
    const site = start();
    await app.inject({ method: "POST", url: "/api/v1/consents", payload: body });
    expect(site.calls[0]?.[1]).toMatchObject({ how: "command-line-recorded" });
  });
});

describe("ways in", () => {
  test("are told with all that was asked, and with no key", async () => {
    const site = everything();
    start({ ...site, outside: { ...site.outside, vantage: { host: "h", port: 1, ...{ key: "MARK-KEY" } } } });
    const { body } = await app.inject({ url: "/api/v1/reach" });
    const reach = JSON.parse(body);
    expect(ajv.validate(reachSchema, reach)).toBe(true);
    expect(reach.paths).toHaveLength(8);
    expect(Object.keys(reach.questions)).toEqual(["ipv6", "gateway", "hairpin", "vantage", "internetdb"]);
    expect(body).not.toContain("MARK-KEY");
  });

  test("before any look there are none, and that is an answer", async () => {
    start(state({ report: null }));
    const answer = await app.inject({ url: "/api/v1/reach" });
    expect(answer.json()).toMatchObject({ paths: [], routers: [], questions: {} });
  });

  test("a click carries a clean name and answers with its records", async () => {
    const site = start(everything());
    const payload = { by: " 園長\u202E 佐藤 " };
    const url = `/api/v1/findings/${FOUND}/close`;
    const answer = await app.inject({ method: "POST", url, payload });
    expect([answer.statusCode, answer.json()]).toEqual([200, []]);
    const mends = await app.inject({ url: "/api/v1/mends" });
    expect(ajv.validate(mendsSchema, mends.json())).toBe(true);
    expect(mends.json()).toHaveLength(3);
    for (const applied of [true, false])
      await app.inject({ method: "POST", url: "/api/v1/guard", payload: { applied, by: "a" } });
    expect(site.calls).toEqual([
      ["closeWays", FOUND, "園長 佐藤"],
      ["applyGuard", "a"],
      ["removeGuard", "a"],
    ]);
  });

  test.each([
    [`/api/v1/findings/${FOUND}/close`, {}],
    [`/api/v1/findings/${FOUND}/close`, { by: "" }],
    [`/api/v1/findings/${FOUND}/close`, { by: "a", more: 1 }],
    ["/api/v1/guard", { by: "a" }],
    ["/api/v1/guard", { applied: "yes", by: "a" }],
    ["/api/v1/outside", { hairpin: true, internetdb: true, ownAddress: false, by: "a" }],
    ["/api/v1/outside", { hairpin: true, internetdb: true, ownAddress: false, vantage: 1, by: "a" }],
    [
      "/api/v1/outside",
      { hairpin: true, internetdb: true, ownAddress: false, vantage: "x".repeat(401), by: "a" },
    ],
  ])("POST %s %j is refused", async (url, payload) => {
    const site = start(everything());
    const answer = await app.inject({ method: "POST", url, payload });
    expect([answer.statusCode, answer.json()]).toEqual([400, { error: "bad-request" }]);
    expect(site.calls).toEqual([]);
  });

  test("a line for the vantage point that cannot be read is refused", async () => {
    const { options } = madeUpSite(everything());
    const commands = { ...options.commands, setOutside: async () => false };
    app = buildApp(contextOf({ ...options, commands }), "control");
    const payload = { hairpin: true, internetdb: false, ownAddress: false, vantage: "x", by: "a" };
    const answer = await app.inject({ method: "POST", url: "/api/v1/outside", payload });
    expect([answer.statusCode, answer.json()]).toEqual([400, { error: "bad-vantage" }]);
  });

  test("while details are withheld nothing is told and nothing pressed, but on the control socket", async () => {
    const page = await signedIn(selfReached());
    for (const url of ["/api/v1/reach", "/api/v1/mends"])
      expect((await page.get(url)).json()).toEqual({ error: "sealed" });
    await page.close();
    start(selfReached());
    expect((await app.inject({ url: "/api/v1/reach" })).statusCode).toBe(200);
  });
});

test("the committed OpenAPI file is what the routes say", () => {
  const file = readFileSync(new URL("../../../agent/serve/openapi.json", import.meta.url), "utf8");
  expect(JSON.parse(file)).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
});
