import type { FastifyInstance } from "fastify";
import { afterEach, describe, expect, test } from "vitest";
import { buildApp } from "../../../agent/serve/app.ts";
import type { ServeOptions, SiteState } from "../../../agent/serve/index.ts";
import { contextOf } from "../../../agent/serve/index.ts";
import {
  CONSENT,
  finding,
  HOSTILE,
  hostile,
  madeUpSite,
  NOW,
  nursery,
  outcome,
  SITE_PIN,
  state,
} from "./made-up-site.ts";

let app: FastifyInstance;
afterEach(() => app.close());

const ORIGIN = { origin: "http://localhost" };
const start = (first?: SiteState, more: Partial<ServeOptions> = {}) => {
  const site = madeUpSite(first, more);
  app = buildApp(contextOf(site.options), "lan");
  return site;
};
const post = (url: string, form: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  app.inject({
    method: "POST",
    url,
    headers: { ...ORIGIN, "content-type": "application/x-www-form-urlencoded", ...headers },
    payload: new URLSearchParams(form).toString(),
  });
const signIn = async () => {
  const answer = await post("/claim", { code: SITE_PIN });
  return String(answer.headers["set-cookie"]).split(";")[0] ?? "";
};
const SECRETS = [
  "MARK-",
  "192.168.77.",
  "02:00:5E",
  "園庭",
  "玄関",
  "職員室",
  "gateway",
  "serial:acme",
  "~aa11",
  "山田花子",
  "rtsp:554",
  "8554",
];

describe("the open view", () => {
  test.each(["ja", "en"])("names nothing (%s)", async (language) => {
    start(
      nursery({
        scanning: {
          done: 1,
          total: 4,
          steps: [
            {
              type: "device",
              deviceId: "q",
              label: "MARK-STEP",
              kind: "camera",
              vendor: null,
              at: NOW.toISOString(),
            },
          ],
        },
      }),
    );
    for (const url of [
      "/",
      "/about",
      "/claim",
      "/consent",
      "/findings/open-live-view~aa11",
      "/cameras/x",
      "/none",
    ]) {
      const answer = await app.inject({ url, headers: { "accept-language": language } });
      for (const secret of SECRETS) {
        expect(answer.body, `${url} ${secret}`).not.toContain(secret);
      }
    }
    for (const url of ["/api/v1/status", "/api/v1/openapi.json", "/healthz"]) {
      const { body } = await app.inject({ url });
      for (const secret of SECRETS) expect(body).not.toContain(secret);
    }
  });

  test("says headline, counts, times and contact", async () => {
    start(nursery());
    const { body } = await app.inject({ url: "/", headers: { "accept-language": "ja" } });
    expect(body).toContain('<html lang="ja">');
    expect(body).toContain("いますぐ対応が必要です");
    expect(body).toContain("カメラ1台の映像が、つくし保育園の外から見られる設定になっています");
    expect(body).toContain("カメラ4台");
    expect(body).toContain("青葉電設 03-0000-0000");
    expect(body).toContain("くわしく見る（番号を入力）");
  });

  test("sends to the code and from there back", async () => {
    start(nursery());
    const first = await app.inject({ url: "/findings/open-live-view~aa11" });
    expect(first.statusCode).toBe(303);
    const claim = await app.inject({ url: String(first.headers.location) });
    expect(claim.body).toContain('value="/findings/open-live-view~aa11"');
    const answer = await post("/claim", { code: SITE_PIN, next: "/findings/open-live-view~aa11" });
    expect(answer.headers.location).toBe("/findings/open-live-view~aa11?notice=signed-in");
  });

  test.each([
    "//evil.example",
    "https://evil.example/",
    "/\\evil.example",
    "/findings/../../x",
    "javascript:x",
  ])("never leads to %s", async (next) => {
    start();
    const { body } = await app.inject({ url: `/claim?next=${encodeURIComponent(next)}` });
    expect(body).toContain('name="next" value="/"');
    const answer = await post("/claim", { code: SITE_PIN, next });
    expect(answer.headers.location).toBe("/?notice=signed-in");
  });

  test.each([
    "/scan",
    "/consent",
    "/findings/open-live-view~aa11/recheck",
    "/cameras/x/name",
    "/consent/consent-1/withdraw",
  ])("%s does nothing", async (url) => {
    const site = start(nursery());
    expect((await post(url, { name: "x" })).headers.location).toBe("/claim");
    expect(site.calls).toEqual([]);
  });
});

describe("the claim code", () => {
  test.each([SITE_PIN, " 4071-8293 ", "4071 8293", "４０７１８２９３", "4071ー8293", "4071–8293"])(
    "%j signs in",
    async (code) => {
      start();
      const answer = await post("/claim", { code });
      expect(answer.statusCode).toBe(303);
      const cookie = String(answer.headers["set-cookie"]);
      expect(cookie).toMatch(/; Path=\/; Max-Age=7776000; HttpOnly; SameSite=Strict$/);
      expect(cookie).not.toContain(SITE_PIN);
    },
  );

  test("five wrong tries, then a pause that says how long", async () => {
    let now = NOW;
    start(undefined, { now: () => now });
    for (let i = 0; i < 5; i += 1) expect((await post("/claim", { code: "00000000" })).statusCode).toBe(403);
    const blocked = await post("/claim", { code: SITE_PIN });
    expect(blocked.statusCode).toBe(429);
    expect(blocked.headers["retry-after"]).toBe("900");
    expect(blocked.headers["set-cookie"]).toBeUndefined();
    now = new Date(NOW.getTime() + 15 * 60_000);
    expect((await post("/claim", { code: SITE_PIN })).statusCode).toBe(303);
  });

  test("many callers together are stopped as well", async () => {
    start();
    const statuses = [];
    for (let i = 0; i < 21; i += 1) {
      const answer = await app.inject({
        method: "POST",
        url: "/claim",
        remoteAddress: `10.0.0.${i}`,
        headers: { ...ORIGIN, "content-type": "application/x-www-form-urlencoded" },
        payload: "code=00000000",
      });
      statuses.push(answer.statusCode);
    }
    expect(statuses.slice(0, 20).every((status) => status === 403)).toBe(true);
    expect(statuses[20]).toBe(429);
  });

  test("what is no code costs no try", async () => {
    start();
    for (let i = 0; i < 20; i += 1) expect((await post("/claim", { code: "1234" })).statusCode).toBe(403);
    expect((await post("/claim", { code: SITE_PIN })).statusCode).toBe(303);
  });

  test("a session ends by time, by signing out, and by any change to it", async () => {
    let now = NOW;
    start(nursery(), { now: () => now });
    const cookie = await signIn();
    const sees = async (value: string) =>
      (await app.inject({ url: "/", headers: { cookie: value } })).body.includes("園庭");
    expect(await sees(cookie)).toBe(true);
    expect(await sees(`a=b; ${cookie}; lang=en`)).toBe(true);
    expect(await sees(`${cookie.slice(0, -1)}${cookie.endsWith("A") ? "B" : "A"}`)).toBe(false);
    expect(await sees(cookie.replace("=", "=z"))).toBe(false);
    now = new Date(NOW.getTime() + 91 * 86_400_000);
    expect(await sees(cookie)).toBe(false);
    now = NOW;
    const out = await post("/sign-out", {}, { cookie });
    expect(out.headers["set-cookie"]).toContain("Max-Age=0");
    expect(await sees(cookie)).toBe(false);
  });
});

describe("signed in", () => {
  const get = async (url: string, language = "ja") =>
    app.inject({ url, headers: { cookie: await signIn(), "accept-language": language } });

  test("one row a camera, the worst first, names and findings", async () => {
    start(nursery());
    const { body } = await get("/");
    const order = ["園庭", "玄関", "職員室"].map((name) => body.indexOf(`<bdi>${name}</bdi>`));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(order[0]).toBeGreaterThan(0);
    expect(body).toContain("「園庭」の映像が、つくし保育園の外から見られる設定になっています");
    expect(body).toContain('href="/findings/default-credentials~bb22"');
    expect(body).toContain("確認できていません 1");
    expect(body).toContain("許可待ち 1");
  });

  test("a finding answers its questions in their order", async () => {
    start(nursery());
    const { body } = await get("/findings/open-live-view~aa11");
    const headings = [
      "何が起きていますか",
      "だれに見えますか",
      "いつからですか",
      "いまやること",
      "直ったか確かめる",
      "くわしい記録",
    ];
    const order = headings.map((heading) => body.indexOf(heading));
    expect(order.every((place) => place > 0)).toBe(true);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(body).toMatch(/<li aria-current="true">インターネットの誰でも/);
    expect(body).toContain("少なくとも 2026年11月3日 から（19日目）");
    expect(body).not.toMatch(/\{\w+\}/);
  });

  test.each(["/findings/none~0", "/cameras/none", "/findings/__proto__", "/cameras/%00"])(
    "%s is not there",
    async (url) => {
      start(nursery());
      expect((await get(url)).statusCode).toBe(404);
    },
  );

  test("every finding and camera page renders in both languages with every placeholder filled", async () => {
    start(nursery());
    for (const language of ["ja", "en"]) {
      const { body } = await get("/", language);
      const links = [...body.matchAll(/href="(\/(?:findings|cameras)\/[^"]+)"/g)].map(
        ([, link]) => link ?? "",
      );
      expect(links.length).toBeGreaterThan(8);
      for (const link of links) {
        const page = await get(link, language);
        expect(page.statusCode).toBe(200);
        expect(page.body).not.toMatch(/\{\w+\}|undefined|\[object|NaN/);
      }
    }
  });

  test("while we can be reached from outside, only that finding is shown", async () => {
    const exposed = outcome("agent-exposed", "fail", { severity: "critical", audience: "internet" });
    const site = nursery();
    start({
      ...site,
      findings: [...site.findings, finding("agent-exposed~dd44", "mac:02005E770001", exposed)],
    });
    const { body } = await get("/");
    expect(body).toContain("この点検の機械が、外から見える状態です");
    expect(body).not.toContain("園庭");
    expect((await get("/findings/agent-exposed~dd44")).statusCode).toBe(200);
    expect((await get("/findings/open-live-view~aa11")).statusCode).toBe(404);
    expect((await get("/api/v1/report")).statusCode).toBe(403);
  });

  test("hostile names stay text everywhere", async () => {
    start(hostile());
    const home = await get("/");
    const links = [...home.body.matchAll(/href="(\/(?:findings|cameras)\/[^"]+)"/g)].map(
      ([, link]) => link ?? "",
    );
    expect(links.length).toBeGreaterThan(1);
    for (const url of ["/", "/about", "/consent", "/claim", ...links]) {
      for (const language of ["ja", "en"]) {
        const { body } = await get(url, language);
        expect(body).not.toContain("<script>window");
        expect(body).not.toContain("<img src=x");
        expect(body).not.toContain(HOSTILE.slice(0, 9));
      }
    }
    const answer = await get("/api/v1/devices");
    expect(answer.headers["content-type"]).toContain("application/json");
  });
});

describe("buttons", () => {
  const press = async (url: string, form: Record<string, string> = {}) =>
    post(url, form, { cookie: await signIn() });

  test("recheck tells what came of it", async () => {
    const site = start(nursery());
    const answer = await press("/findings/open-live-view~aa11/recheck");
    expect(answer.headers.location).toBe("/findings/open-live-view~aa11?notice=fixed");
    expect(site.calls).toEqual([["recheck", "open-live-view~aa11"]]);
  });

  test.each([
    [{ ok: true, outcome: "fail" as const }, "still"],
    [{ ok: true, outcome: "unknown" as const }, "unsettled"],
    [{ ok: true, outcome: "notchecked" as const }, "unsettled"],
    [{ ok: false }, "unsettled"],
  ])("recheck %j → %s", async (result, notice) => {
    const site = madeUpSite(nursery());
    start(nursery(), { commands: { ...site.options.commands, recheck: async () => result } });
    const answer = await press("/findings/open-live-view~aa11/recheck");
    expect(answer.headers.location).toBe(`/findings/open-live-view~aa11?notice=${notice}`);
  });

  test("a scan is started and not waited for; its trouble is logged", async () => {
    const site = madeUpSite();
    start(undefined, {
      commands: { ...site.options.commands, scan: () => Promise.reject(new Error("MARK-SCAN")) },
      log: site.options.log ?? (() => undefined),
    });
    expect((await press("/scan")).headers.location).toBe("/?notice=checking");
    expect(site.logged[0]).toContain("MARK-SCAN");
  });

  test("name, retire and accept reach their command", async () => {
    const site = start(nursery());
    const { body } = await app.inject({ url: "/", headers: { cookie: await signIn() } });
    const camera = /\/cameras\/(\w+)"><bdi>園庭/.exec(body)?.[1];
    await press(`/cameras/${camera}/name`, { name: " 中庭\u0007 " });
    await press(`/cameras/${camera}/retire`);
    const accept = { by: "山田", reason: "わざと公開", until: "2026-12-24" };
    await press("/findings/outdated-firmware~bb23/accept", accept);
    expect(site.calls.map(([name, ...rest]) => [name, rest[0]])).toEqual([
      ["nameDevice", "serial:acme:1"],
      ["retireDevice", "serial:acme:1"],
      ["acknowledge", "outdated-firmware~bb23"],
    ]);
    expect(site.calls[0]?.[2]).toBe("中庭");
    expect(site.calls[2]?.[2]).toMatchObject({ by: "山田", reason: "わざと公開" });
  });

  test.each(["2026-11-20", "2027-11-21", "", "tomorrow", "2026-99-99"])(
    "accept until %j is refused",
    async (until) => {
      const site = start(nursery());
      const answer = await press("/findings/outdated-firmware~bb23/accept", { by: "a", reason: "b", until });
      expect(answer.headers.location).toContain("notice=incomplete");
      expect(site.calls).toEqual([]);
    },
  );
});

describe("consent", () => {
  const form = async (cookie: string) => {
    const { body } = await app.inject({ url: "/consent", headers: { cookie, "accept-language": "ja" } });
    const text = /name="text" value="(\w{64})"/.exec(body)?.[1] ?? "";
    return {
      text,
      box0: "yes",
      box1: "yes",
      box2: "yes",
      person: "山田花子",
      role: "園長",
      months: "6",
      levels: "try",
    };
  };

  test("records who, what, how long and which text", async () => {
    const site = start(nursery({ consents: [] }));
    const cookie = await signIn();
    const filled = {
      ...(await form(cookie)),
      "manager:serial:acme:1": "site",
      "manager:serial:acme:2": "nobody",
    };
    const answer = await post("/consent", filled, { cookie });
    expect(answer.headers.location).toBe("/?notice=allowed");
    expect(site.calls[0]).toEqual([
      "giveConsent",
      {
        person: "山田花子",
        role: "園長",
        levels: ["L1", "L2"],
        managers: {
          "serial:acme:1": "site",
          "serial:acme:2": "unknown",
          "serial:acme:3": "unknown",
          "serial:acme:4": "unknown",
        },
        months: 6,
        how: "page",
        textHash: filled.text,
      },
    ]);
    // The permission's own scan; a second one would spend the cameras' few login tries of the day twice.
    expect(site.calls).toHaveLength(1);
  });

  test("look only tries no password", async () => {
    const site = start(nursery({ consents: [] }));
    const cookie = await signIn();
    await post("/consent", { ...(await form(cookie)), levels: "ask" }, { cookie });
    expect(site.calls[0]?.[1]).toMatchObject({ levels: ["L1"] });
  });

  test.each([
    ["box0", ""],
    ["box2", "no"],
    ["person", "  "],
    ["role", ""],
    ["months", "13"],
    ["months", "0.5"],
    ["text", "0".repeat(64)],
  ])("%s = %j is not enough, and what was typed stays", async (name, value) => {
    const site = start(nursery({ consents: [] }));
    const cookie = await signIn();
    const answer = await post("/consent", { ...(await form(cookie)), [name]: value }, { cookie });
    expect(answer.statusCode).toBe(400);
    expect(site.calls).toEqual([]);
    if (name !== "person") expect(answer.body).toContain('value="山田花子"');
  });

  test("withdrawing", async () => {
    const site = start(nursery());
    const cookie = await signIn();
    await post("/consent/consent-1/withdraw", {}, { cookie });
    expect(site.calls).toEqual([["withdrawConsent", "consent-1"]]);
    site.set(nursery({ consents: [{ ...CONSENT, revokedAt: NOW.toISOString() }] }));
    const { body } = await app.inject({ url: "/consent", headers: { cookie, "accept-language": "ja" } });
    expect(body).toContain("に取り消しました");
    expect(body).not.toContain("/consent/consent-1/withdraw");
  });
});

describe("language", () => {
  test.each([
    [undefined, "ja"],
    ["ja,en;q=0.5", "ja"],
    ["en-US,en;q=0.9,ja;q=0.8", "en"],
    ["en;q=0.2, ja-JP", "ja"],
    ["fr", "en"],
    ["ja;q=0, de", "en"],
    ["*", "en"],
  ])("Accept-Language %s → %s", async (asked, language) => {
    start();
    const headers = asked === undefined ? {} : { "accept-language": asked };
    expect((await app.inject({ url: "/", headers })).body).toContain(`<html lang="${language}">`);
  });

  test("the switch stays on the page and is remembered", async () => {
    start();
    const answer = await app.inject({ url: "/about?lang=en" });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, "/about"]);
    const cookie = String(answer.headers["set-cookie"]).split(";")[0] ?? "";
    const { body } = await app.inject({ url: "/about", headers: { cookie, "accept-language": "ja" } });
    expect(body).toContain('<html lang="en">');
  });

  test.each(["//evil.example?lang=en", "/none?lang=en", "/?lang=xx"])("%s redirects nowhere", async (url) => {
    start();
    expect((await app.inject({ url })).headers.location).toBeUndefined();
  });
});

test("without JavaScript the page reloads itself only while a scan runs", async () => {
  const site = start(state());
  expect((await app.inject({ url: "/" })).body).not.toContain("http-equiv");
  site.set(state({ scanning: { done: 1, total: 4, steps: [] } }));
  const { body } = await app.inject({ url: "/" });
  expect(body).toMatch(/<noscript><meta http-equiv="refresh" content="\d+"\s*\/?><\/noscript>/);
});
