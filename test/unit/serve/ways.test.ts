import { afterEach, describe, expect, test } from "vitest";
import type { InboundPath, MendRecord, PathGround } from "../../../agent/model/index.ts";
import { CONNECTION_KINDS, MEND_RESULTS, PATH_GROUNDS } from "../../../agent/model/index.ts";
import { buildApp } from "../../../agent/serve/app.ts";
import { contextOf } from "../../../agent/serve/index.ts";
import { noticeOf } from "../../../agent/serve/routes/ways.ts";
import { en } from "../../../web-ui/locales/en/index.ts";
import { ja } from "../../../web-ui/locales/ja/index.ts";
import {
  cameBack,
  closing,
  FOUND,
  HAND,
  hostileReach,
  PINHOLE,
  path,
  ROUTER,
  reached,
  router,
  selfReached,
  UNFILTERED,
  withReach,
  YARD,
} from "./made-up-reach.ts";
import { CONTRACTOR_CODE, HOSTILE, madeUpSite, mend, nursery, SETUP_CODE, SITE_PIN } from "./made-up-site.ts";
import { type SignedIn, signedIn } from "./signed-in.ts";

const FINDING = `/findings/${FOUND}`;
const CLOSE = `${FINDING}/close`;

let page: SignedIn;
afterEach(() => page.close());
const body = async (at: string, language: "ja" | "en" = "ja") => (await page.get(at, language)).body;
const text = (html: string) => html.replace(/<[^>]+>/g, "");
/** The stops of the first drawing, each as its text. */
const stops = (html: string) => {
  const drawing = /<figure class="map path">(.*?)<\/figure>/s.exec(html)?.[1] ?? "";
  return [...drawing.matchAll(/<li class="[^"]*">(.*?)<\/li>/gs)].map(([, inner = ""]) => text(inner));
};

describe("the drawing", () => {
  test("leads from the internet through router, device and door to who can see, in this order", async () => {
    page = await signedIn(reached());
    const [world = "", gate = "", camera = "", door = "", seen = "", ...more] = stops(await body(FINDING));
    expect(more).toEqual([]);
    expect(world).toBe(`${ja.ways.world}${ja.ways.anyone}外側の番号 8554（TCP）`);
    expect(gate).toContain("gateway");
    expect(gate).toContain("MARK-DESCRIPTION");
    expect(camera).toBe("園庭");
    expect(door).toContain("rtsp:554");
    expect(seen).toBe(`${ja.ways.seen}${ja.ways.ends.open}`);
  });

  test("says how each way is known and since when", async () => {
    page = await signedIn(reached([path({ grounds: PATH_GROUNDS })]));
    for (const [language, words] of [
      ["ja", ja],
      ["en", en],
    ] as const) {
      const html = await body(FINDING, language);
      for (const ground of PATH_GROUNDS) expect(html).toContain(words.ways.grounds[ground]);
      expect(text(html)).toContain(words.ways.since(language === "ja" ? "2026年11月3日" : "3 Nov 2026"));
      expect(html).not.toContain(words.finding.path);
    }
  });

  test.each<[string, Partial<InboundPath>, keyof typeof ja.ways.ends]>([
    ["to a door that showed itself", {}, "open"],
    ["to every door", { internalPort: null, externalPort: null }, "open"],
    ["to a door of which nothing is known", { internalPort: 9999 }, "unknown"],
    ["to a camera that asks", { deviceId: "serial:acme:4", internalPort: 80 }, "asks"],
    ["to a camera that could not be asked", { deviceId: "serial:acme:3", internalPort: 80 }, "unknown"],
    ["to nobody", { deviceId: null }, "unknown"],
    ["switched off", { enabled: false }, "none"],
  ])("%s says how far one gets", async (_name, more, end) => {
    page = await signedIn(reached([path(more)]));
    expect(stops(await body(FINDING)).at(-1)).toBe(`${ja.ways.seen}${ja.ways.ends[end]}`);
  });

  test.each(CONNECTION_KINDS)(
    "a router whose outside is %s says so in a plain sentence",
    async (connection) => {
      const site = reached();
      page = await signedIn(withReach(site, { routers: [router({ connection, maybeShared: true })] }));
      const html = await body(FINDING);
      const behind = connection !== "public" && connection !== "none";
      expect(html.includes(ja.ways.connections[connection])).toBe(connection !== "public");
      expect(html).toContain(ja.ways.shared);
      expect(html.includes(ja.ways.anyone)).toBe(!behind);
      expect(stops(html).at(-1)).toBe(`${ja.ways.seen}${behind ? ja.ways.endLimited : ja.ways.ends.open}`);
    },
  );

  test("what was seen from outside is not talked away by the kind of the line", async () => {
    const seen: readonly PathGround[] = ["listed", "outside"];
    const site = reached([path({ grounds: seen })]);
    page = await signedIn(withReach(site, { routers: [router({ connection: "cgnat" })] }));
    expect(stops(await body(FINDING)).at(-1)).toBe(`${ja.ways.seen}${ja.ways.ends.open}`);
  });

  test("a limit to one host, candidates and a hole are told as they are", async () => {
    const alike = path({
      deviceId: null,
      candidates: [YARD, "serial:acme:2"],
      internalAddress: null,
      internalPort: null,
      remoteHost: "198.51.100.7",
    });
    page = await signedIn(reached([alike]));
    const [world = "", , target = "", door = ""] = stops(await body(FINDING));
    expect(world).toContain(ja.ways.onlyFrom("198.51.100.7"));
    expect(world).not.toContain(ja.ways.anyone);
    expect(target).toBe(ja.ways.oneOf("園庭と玄関"));
    expect(door).toBe(ja.ways.doorUnknown);
    page.site.set(reached([PINHOLE]));
    expect(stops(await body(FINDING))[0]).toContain(ja.ways.hole("7"));
  });

  test("four ways are three drawings and the rest counted", async () => {
    page = await signedIn(reached([1, 2, 3, 4].map((externalPort) => path({ externalPort }))));
    const html = await body(FINDING);
    expect(html.match(/<figure class="map path">/g)).toHaveLength(3);
    expect(html).toContain(ja.ways.more(1));
  });

  test("a finding without any way is as it was", async () => {
    page = await signedIn(nursery());
    const html = await body(FINDING);
    expect(html).not.toContain("map path");
    expect(html).toContain(ja.finding.path);
    expect((await page.get(CLOSE)).statusCode).toBe(404);
  });
});

describe("before closing", () => {
  test("the page tells what goes, from where, what may stop, and that it is written down", async () => {
    page = await signedIn(reached([path(), HAND]));
    expect(await body(FINDING)).toContain(`href="${CLOSE}"`);
    const html = await body(CLOSE);
    for (const part of [
      ja.ways.deleted(1),
      "外側の番号 8554（TCP）",
      "gateway",
      "園庭",
      "MARK-DESCRIPTION",
      ja.ways.kept,
      ...ja.ways.mayStop,
      ja.ways.writtenDown,
    ])
      expect(html).toContain(part);
    const deleted = /<div class="card">(.*?)<\/div>/s.exec(html)?.[1] ?? "";
    expect(deleted).not.toContain("8080");
    expect(page.site.calls).toEqual([]);
  });

  test("what only a person can close says why, with the router's own steps", async () => {
    const rule = path({ grounds: ["rule"], closable: null });
    page = await signedIn(reached([HAND, UNFILTERED, rule]));
    const html = await body(FINDING);
    for (const why of Object.values(ja.ways.byHand)) expect(html).toContain(why);
    for (const step of [...ja.ways.routerSteps, ja.ways.knowledge]) expect(html).toContain(step);
    expect(html).not.toContain(ja.ways.closeTitle);
    const shown = await body(CLOSE);
    expect(shown).toContain(ja.ways.nothingToClose);
    expect(shown).not.toContain('name="by"');
  });

  test("the contractor sees what would go and is told who decides", async () => {
    page = await signedIn(reached(), CONTRACTOR_CODE);
    for (const at of [FINDING, CLOSE]) {
      const html = await body(at);
      expect(html).toContain(ja.ways.closeMayNot);
      expect(html).not.toContain(`action="${CLOSE}"`);
    }
  });

  test("a finding that is mended has nothing to close", async () => {
    const site = reached();
    const findings = site.findings.map((one) => ({ ...one, resolvedAt: one.lastConfirmed }));
    page = await signedIn({ ...site, findings });
    expect((await page.get(CLOSE)).statusCode).toBe(404);
    expect(await body(FINDING)).not.toContain(ja.ways.closeTitle);
  });
});

describe("closing", () => {
  const withRecords = (records: readonly MendRecord[], code = SITE_PIN) =>
    signedIn(reached(), code).then((one) => {
      const { commands } = one.site.options;
      (commands as { closeWays: typeof commands.closeWays }).closeWays = async () => records;
      return one;
    });

  test.each([SITE_PIN, SETUP_CODE])("goes to its command with the name, once (%s)", async (code) => {
    page = await signedIn(reached(), code);
    const answer = await page.post(CLOSE, { by: "  園長\u202E 佐藤 " });
    expect(answer.statusCode).toBe(303);
    expect(answer.headers.location).toBe(`${FINDING}?notice=way-none`);
    expect(page.site.calls).toEqual([["closeWays", FOUND, "園長 佐藤"]]);
  });

  test.each(["", " ", "\u200b"])("without a name (%j) nothing is done", async (by) => {
    page = await signedIn(reached());
    expect((await page.post(CLOSE, { by })).headers.location).toBe(`${CLOSE}?notice=incomplete`);
    expect(page.site.calls).toEqual([]);
  });

  test.each<[MendRecord["result"], boolean | null, string]>([
    ["done", null, "way-closed"],
    ["done", true, "way-confirmed"],
    ["done", false, "way-answers"],
    ["already", null, "way-already"],
    ["refused", null, "way-refused"],
    ["changed", null, "way-changed"],
    ["still-there", null, "way-still-there"],
    ["failed", null, "way-failed"],
  ])("%s, confirmed %s, comes back as %s", async (result, confirmedOutside, notice) => {
    page = await withRecords([closing({ result, confirmedOutside })]);
    const answer = await page.post(CLOSE, { by: "佐藤" });
    expect(answer.headers.location).toBe(`${FINDING}?notice=${notice}`);
    expect(await body(String(answer.headers.location))).toContain(ja.notices[notice as "way-closed"]);
  });

  test("several that fared alike have one word, others are told apart", () => {
    const [done, refused] = [closing(), closing({ result: "refused" })];
    expect(noticeOf([done, done])).toBe("way-closed");
    expect(noticeOf([done, refused])).toBe("way-partly");
    expect(noticeOf([done, closing({ confirmedOutside: false })])).toBe("way-partly");
  });

  test.each([
    [CONTRACTOR_CODE, 403],
    [null, 303],
  ] as const)("is not for %s", async (code, status) => {
    page = await signedIn(reached(), code);
    expect((await page.post(CLOSE, { by: "x" })).statusCode).toBe(status);
    expect(page.site.calls).toEqual([]);
  });

  test("of what is not there is no such page", async () => {
    page = await signedIn(reached());
    expect((await page.post("/findings/none~1/close", { by: "x" })).statusCode).toBe(404);
  });
});

describe("what was pressed", () => {
  test.each(MEND_RESULTS)("%s stands on the finding: when, who, what", async (result) => {
    page = await signedIn(
      reached([path()], { mends: [closing({ result, code: 606, detail: "MARK-DETAIL" })] }),
    );
    const html = await body(FINDING);
    for (const part of ["2026年11月2", "園長 佐藤", "TCP 8554", ja.ways.results[result], ja.ways.code(606)])
      expect(html).toContain(part);
    expect(html.includes(ja.ways.confirmed.notAsked)).toBe(result === "done");
    expect(html).not.toContain("MARK-DETAIL");
    const helped = result === "done" || result === "already";
    expect(html.includes(ja.ways.routerTitle)).toBe(!helped);
  });

  test("what an outside look said is told, and never left out", async () => {
    page = await signedIn(reached([path()], { mends: [closing({ confirmedOutside: true })] }));
    expect(await body(FINDING)).toContain(ja.ways.confirmed.yes);
    page.site.set(reached([path()], { mends: [closing({ confirmedOutside: false })] }));
    expect(await body(FINDING)).toContain(ja.ways.confirmed.no);
  });

  test("the latest comes first; of another entry, router or device there is nothing", async () => {
    const other = closing().mapping;
    page = await signedIn(
      reached([path()], {
        mends: [
          closing({ id: "a", at: "2026-11-01T00:00:00.000Z", by: "一番" }),
          closing({ id: "b", at: "2026-11-05T00:00:00.000Z", by: "二番" }),
          closing({ id: "c", deviceId: "serial:acme:2", by: "MARK-OTHER" }),
          closing({ id: "d", mapping: other && { ...other, routerId: "mac:x" }, by: "MARK-OTHER" }),
          closing({
            id: "e",
            mapping: other && { ...other, externalPort: 1, internalPort: 2 },
            by: "MARK-OTHER",
          }),
          mend("apply-guard", { id: "f", by: "MARK-OTHER" }),
        ],
      }),
    );
    const html = await body(FINDING);
    expect(html.indexOf("二番")).toBeLessThan(html.indexOf("一番"));
    expect(html).toContain("一番");
    expect(html).not.toContain("MARK-OTHER");
  });

  test("it stays on a finding that is mended, and a hole is known by its number", async () => {
    const site = reached([PINHOLE], {
      mends: [
        mend("delete-pinhole", { pinhole: { routerId: ROUTER, uniqueId: 7 } }),
        mend("delete-pinhole", { id: "x", by: "MARK-OTHER", pinhole: { routerId: ROUTER, uniqueId: 8 } }),
      ],
    });
    const findings = site.findings.map((one) => ({ ...one, resolvedAt: one.lastConfirmed }));
    page = await signedIn({ ...site, findings });
    const html = await body(FINDING);
    expect(html).toContain(ja.ways.hole("7"));
    expect(html).not.toContain("MARK-OTHER");
  });

  test("it is in the installer's record of the camera", async () => {
    page = await signedIn(reached([path()], { mends: [closing({ confirmedOutside: true })] }));
    const html = await body("/report/evidence");
    expect(html).toContain(ja.ways.mend(ja.ways.actions["delete-port-mapping"], "園長 佐藤"));
    expect(html).toContain(ja.ways.confirmed.yes);
    expect(html).toContain("203.0.113.4:8554 -> 192.168.77.31:554");
  });
});

test("what came back says who makes it anew and the step that ends it, with the maker's own way", async () => {
  const menus = {
    disableUpnp: {
      text: { ja: "設定 > 接続", en: "Settings > Net" },
      source: "Manual",
      checked: "2026-11-20",
    },
  };
  page = await signedIn(cameBack(), SITE_PIN, {
    vendors: { acme: { name: { ja: "アクメ", en: "Acme" }, menus } },
  });
  const html = await body(FINDING);
  const box = /<section class="box still">(.*?)<\/section>/s.exec(html)?.[1] ?? "";
  for (const part of [ja.ways.cameBack("「園庭」"), ja.ways.cameBackStep("「園庭」"), "設定 > 接続"])
    expect(box).toContain(part);
});

describe("while we can be reached from outside", () => {
  const SELF = "/findings/agent-exposed~dd44";

  test("the way to ourselves can be closed, and nothing else is shown or closed", async () => {
    page = await signedIn(selfReached());
    for (const at of [SELF, `${SELF}/close`]) {
      const html = await body(at);
      expect(html).toContain(ja.ways.self);
      for (const name of ["園庭", "gateway", "MARK-", "/cameras/", 'href="/outside"', "203.0.113."])
        expect(html, `${at} ${name}`).not.toContain(name);
    }
    for (const at of ["/outside", CLOSE, FINDING]) expect((await page.get(at)).statusCode, at).toBe(404);
    expect((await page.post(CLOSE, { by: "x" })).statusCode).toBe(404);
    expect(page.site.calls).toEqual([]);
    await page.post(`${SELF}/close`, { by: "佐藤" });
    expect(page.site.calls).toEqual([["closeWays", "agent-exposed~dd44", "佐藤"]]);
  });

  test("no switch and no guard is touched", async () => {
    page = await signedIn(selfReached());
    for (const at of ["/outside", "/outside/guard/apply", "/outside/guard/remove"])
      expect((await page.post(at, { by: "x" })).statusCode, at).toBe(404);
    expect(page.site.calls).toEqual([]);
  });
});

test("what would change something beyond this machine is only taken from our own page", async () => {
  page = await signedIn(reached());
  const site = madeUpSite(reached());
  const app = buildApp(contextOf(site.options), "lan");
  for (const url of [CLOSE, "/outside", "/outside/guard/apply", "/outside/guard/remove"]) {
    for (const headers of [{}, { origin: "http://evil.example" }, { "sec-fetch-site": "cross-site" }])
      expect((await app.inject({ method: "POST", url, headers })).statusCode, url).toBe(403);
    expect((await app.inject({ url: `${url}?by=x` })).statusCode, url).not.toBe(200);
  }
  expect(site.calls).toEqual([]);
  await app.close();
});

test("the command line's socket may close by the same form", async () => {
  page = await signedIn(reached());
  const site = madeUpSite(reached());
  const app = buildApp(contextOf(site.options), "control");
  const answer = await app.inject({
    method: "POST",
    url: CLOSE,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    payload: "by=tester",
  });
  expect([answer.statusCode, site.calls]).toEqual([303, [["closeWays", FOUND, "tester"]]]);
  await app.close();
});

test("hostile words stay words, wherever ways are told", async () => {
  page = await signedIn(hostileReach());
  for (const at of [
    "/findings/open-live-view~ee55",
    "/findings/open-live-view~ee55/close",
    "/report/evidence",
  ]) {
    const html = await body(at);
    expect(html, at).toContain("&lt;script");
    for (const raw of ["<script>window", "<img src=x", HOSTILE.slice(0, 9)])
      expect(html, at).not.toContain(raw);
  }
});

test("the open view is led to the code, and back to where it was going", async () => {
  page = await signedIn(reached(), null);
  for (const at of [CLOSE, "/outside"]) {
    const answer = await page.get(at);
    expect(answer.headers.location).toBe(`/claim?next=${encodeURIComponent(at)}`);
    const back = await page.post("/claim", { code: SITE_PIN, next: at });
    expect(back.headers.location).toBe(`${at}?notice=signed-in`);
  }
});
