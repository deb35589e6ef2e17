import { afterEach, describe, expect, test } from "vitest";
import {
  CONNECTION_KINDS,
  SITE_QUESTION_IDS,
  SITE_REFUSALS,
  type SiteEvidence,
} from "../../../agent/model/index.ts";
import { en } from "../../../web-ui/locales/en/index.ts";
import { ja } from "../../../web-ui/locales/ja/index.ts";
import { ANSWERED, everything, hostileReach, path, reached, router, withReach } from "./made-up-reach.ts";
import { CONTRACTOR_CODE, HOSTILE, mend, NOW, nursery, SITE_PIN, state } from "./made-up-site.ts";
import { type SignedIn, signedIn } from "./signed-in.ts";

const FORM = { hairpin: "yes", by: "佐藤", vantage: "" };
const GUARD = {
  because: null,
  applied: null,
  preview: "table inet komainu { }",
} as const;

let page: SignedIn;
afterEach(() => page.close());
const body = async (language: "ja" | "en" = "ja") => (await page.get("/outside", language)).body;
const card = (html: string, question: string) =>
  new RegExp(`data-question="${question}"(.*?)(?=data-question|</article>)`, "s").exec(html)?.[1] ?? "";

describe("the ways", () => {
  test("all stand there with their findings, those that are switched off apart", async () => {
    page = await signedIn(everything());
    const html = await body();
    expect(html).toContain(ja.outside.open(7));
    expect(html).toContain(ja.outside.offTitle(1));
    for (const way of ["8554（TCP）", "8080（TCP）", ja.ways.hole("7"), "9000（TCP）"])
      expect(html).toContain(way);
    expect(html).toContain('href="/findings/port-mapping-to-camera~aa12"');
    expect(html.indexOf("8554（TCP）")).toBeLessThan(html.indexOf("8080（TCP）"));
  });

  test("an entry tells how long it lasts, where the router told", async () => {
    const lasting = [path({ leaseSeconds: 3601 }), path({ externalPort: 81, leaseSeconds: 0 })];
    page = await signedIn(withReach(nursery(), { paths: lasting, routers: [router()] }));
    const html = await body();
    expect(html).toContain(ja.ways.lease(2));
    expect(html).toContain(ja.ways.lease(0));
    page = await signedIn(withReach(nursery(), { paths: [path()], routers: [router()] }));
    expect(await body()).not.toContain(ja.ways.lease(0));
  });

  test("that none was found never reads as if there were none", async () => {
    page = await signedIn(reached([]));
    const html = await body();
    expect(html).toContain(ja.outside.noneFound);
    expect(html).toContain(ja.outside.questionsTitle);
    expect(html).not.toContain(ja.marks.none);
  });

  test("hundreds are counted and not all shown", async () => {
    const many = Array.from({ length: 300 }, (_, index) => path({ externalPort: 10_000 + index }));
    page = await signedIn(withReach(nursery(), { paths: many, routers: [router()] }));
    const html = await body();
    expect(html).toContain(ja.outside.open(300));
    expect(html).toContain(ja.ways.more(260));
    expect(html.length).toBeLessThan(150_000);
  });

  test.each([state({ report: null }), nursery()])("before any look at it the page says so", async (site) => {
    page = await signedIn(site);
    const html = await body();
    expect(html).toContain(ja.outside.notLooked);
    expect(html).not.toContain(ja.outside.noneFound);
  });
});

describe("what could not be known", () => {
  test("each kind of line, each doubt and each filter has its words", async () => {
    page = await signedIn(everything());
    for (const [language, words] of [
      ["ja", ja],
      ["en", en],
    ] as const) {
      const html = await body(language);
      for (const kind of CONNECTION_KINDS) expect(html).toContain(words.ways.connections[kind]);
      const { outside } = words;
      for (const part of [
        outside.whole,
        outside.notWhole,
        outside.doubts["lists-differ"],
        outside.doubts.repeats,
        outside.otherDoubt,
        outside.upnp.one,
        outside.upnp.two,
        outside.upnp.none,
        outside.protocols("NAT-PMP, PCP"),
        outside.firewall.off,
        outside.firewall.unknown,
        outside.pinholes(1),
      ])
        expect(html).toContain(part);
      expect(html).not.toContain("&lt;script");
    }
  });

  test.each(SITE_REFUSALS)("a question that was not put, %s, says why in words", async (because) => {
    const questions: SiteEvidence = Object.fromEntries(
      SITE_QUESTION_IDS.map((question) => [question, { asked: false, because }]),
    );
    page = await signedIn(withReach(nursery(), { questions }));
    const html = await body();
    for (const question of SITE_QUESTION_IDS)
      expect(card(html, question)).toContain(ja.outside.refusals[because]);
  });

  test("what a person can do to know stands with it", async () => {
    page = await signedIn(reached());
    const html = await body();
    expect(card(html, "vantage")).toContain(ja.outside.toKnowBy.switch);
    expect(card(html, "hairpin")).toContain(ja.outside.toKnowBy.carrier);
    expect(card(html, "ipv6")).toContain("時間内に返事がありませんでした。");
    expect(card(html, "internetdb")).toContain(ja.outside.notPut);
  });

  test("answers are told in sentences, addresses stay in the record", async () => {
    page = await signedIn(everything());
    const html = await body();
    const { told } = ja.outside;
    for (const part of [
      told.prefixes,
      told.holders(1),
      told.forwards(1),
      told.ipv6.filtered,
      told.unread(told.sources.miniupnpd),
      told.unreadNotPermitted,
      told.unreadMalformed,
      told.unreadTooLarge,
      told.answered(1, 2),
      told.beacon.closed,
      told.indexed(1),
    ])
      expect(html).toContain(part);
    const folded = html.replace(/<details(?! [^>]*open)[^>]*>.*?<\/details>/gs, "");
    for (const address of ["203.0.113.4", "2001:db8::", "MARK-LEASE", "CVE-2021-0001"])
      expect(folded).not.toContain(address);
    for (const address of ["203.0.113.4", "2001:db8::/64", "MARK-LEASE", "CVE-2021-0001"])
      expect(html).toContain(address);
  });

  test("silence is no proof, and it is said", async () => {
    const { hairpin } = ANSWERED;
    if (!hairpin?.asked || !hairpin.answer.ok) throw new Error("made up otherwise");
    const asked = hairpin.answer.value.asked.map((one) => ({ ...one, result: "silent" as const }));
    const silent = { ...hairpin, answer: { ok: true as const, value: { ...hairpin.answer.value, asked } } };
    page = await signedIn(withReach(nursery(), { questions: { hairpin: silent } }));
    const told = card(await body(), "hairpin");
    expect(told).toContain(ja.outside.told.noneAnswered(2));
    expect(told).toContain(ja.outside.told.noProof);
  });

  test("the home gateway's levels are marked as knowledge, whatever was measured", async () => {
    page = await signedIn(reached([]));
    const box = /<aside class="box" id="knowledge">(.*?)<\/aside>/s.exec(await body())?.[1] ?? "";
    for (const sentence of ja.outside.knowledge) expect(box).toContain(sentence);
    expect(box.indexOf(ja.outside.knowledge[0])).toBeLessThan(box.indexOf("標準"));
  });

  test("which cameras talk to the outside is told, to how many hosts, and nobody else's traffic", async () => {
    page = await signedIn(everything());
    const html = await body();
    expect(html).toContain(ja.outside.outbound(5, 3));
    expect(html).not.toContain(ja.outside.outbound(1, 1));
    expect(html).not.toContain("192.168.77.99");
    page.site.set(reached());
    expect(await body()).not.toContain(ja.outside.outboundWhat);
  });
});

describe("the owner's switches", () => {
  test("say what is told to whom before they are on, to everybody", async () => {
    for (const code of [SITE_PIN, CONTRACTOR_CODE]) {
      page = await signedIn(reached(), code);
      const html = await body();
      for (const one of ["hairpin", "vantage", "internetdb"] as const)
        expect(html).toContain(ja.outside[one].disclosed);
      await page.close();
    }
  });

  test.each([
    [{ ...FORM, vantage: "komainu-vantage:x:1:a:b" }, { vantage: "komainu-vantage:x:1:a:b" }],
    [FORM, { vantage: "keep" }],
    [{ ...FORM, "vantage-stop": "yes" }, { vantage: null }],
    [
      { by: "佐藤", internetdb: "yes" },
      { hairpin: false, internetdb: true, ownAddress: false, vantage: "keep" },
    ],
  ])("%j goes to its command", async (form, wanted) => {
    page = await signedIn(everything());
    const answer = await page.post("/outside", form as Record<string, string>);
    expect(answer.headers.location).toBe("/outside?notice=outside-set");
    const usual = { hairpin: true, internetdb: false, ownAddress: false, by: "佐藤" };
    expect(page.site.calls).toEqual([["setOutside", { ...usual, ...wanted }]]);
  });

  test("nothing pasted where there was nothing stays nothing", async () => {
    page = await signedIn(reached());
    await page.post("/outside", FORM);
    expect(page.site.calls[0]?.[1]).toMatchObject({ vantage: null });
  });

  test("a name is needed", async () => {
    page = await signedIn(reached());
    expect((await page.post("/outside", { ...FORM, by: " " })).headers.location).toBe(
      "/outside?notice=incomplete",
    );
    expect(page.site.calls).toEqual([]);
  });

  test("a line that cannot be read changes nothing, and it is said", async () => {
    page = await signedIn(reached());
    const { commands } = page.site.options;
    (commands as { setOutside: typeof commands.setOutside }).setOutside = async () => false;
    const answer = await page.post("/outside", { ...FORM, vantage: "x" });
    expect(answer.headers.location).toBe("/outside?notice=vantage-bad");
  });

  test("the host is shown and never a key", async () => {
    const vantage = { host: "2001:db8::9", port: 8443, key: "MARK-KEY" };
    page = await signedIn(
      reached([], { outside: { hairpin: true, ownAddress: false, vantage, internetdb: false } }),
    );
    const html = await body();
    expect(html).toContain(ja.outside.vantage.at("[2001:db8::9]:8443"));
    expect(html).not.toContain("MARK-KEY");
  });
});

describe("the guard", () => {
  test("is read before it is put in place, and pressed with a name", async () => {
    page = await signedIn(reached([], { guard: GUARD }));
    const html = await body();
    expect(html).toContain("<pre>table inet komainu { }</pre>");
    expect(html).toContain(ja.outside.guardOff);
    expect((await page.post("/outside/guard/apply", { by: "" })).headers.location).toBe(
      "/outside?notice=incomplete",
    );
    expect((await page.post("/outside/guard/apply", { by: "佐藤" })).headers.location).toBe(
      "/outside?notice=guard-on",
    );
    expect(page.site.calls).toEqual([["applyGuard", "佐藤"]]);
    // What is not in place cannot be taken away.
    expect((await page.post("/outside/guard/remove", { by: "佐藤" })).statusCode).toBe(404);
  });

  test("without rules to show there is nothing to press, and it is said", async () => {
    page = await signedIn(reached([], { guard: { ...GUARD, preview: null } }));
    const html = await body();
    expect(html).toContain(ja.outside.guardNoRules);
    expect(html).not.toContain("/guard/apply");
    expect((await page.post("/outside/guard/apply", { by: "佐藤" })).statusCode).toBe(404);
  });

  test("says who put it there, and goes by one press", async () => {
    const applied = { at: NOW.toISOString(), by: "園長 佐藤" };
    page = await signedIn(reached([], { guard: { ...GUARD, applied } }));
    const html = await body();
    expect(html).toContain("園長 佐藤さんが入れました");
    expect(html).not.toContain("/guard/apply");
    const answer = await page.post("/outside/guard/remove", { by: "佐藤" });
    expect(answer.headers.location).toBe("/outside?notice=guard-off");
    expect(page.site.calls).toEqual([["removeGuard", "佐藤"]]);
  });

  test("what came to nothing is said to be so", async () => {
    page = await signedIn(reached([], { guard: GUARD }));
    const { commands } = page.site.options;
    const failed = async () => mend("apply-guard", { result: "failed" });
    (commands as { applyGuard: typeof commands.applyGuard }).applyGuard = failed;
    const answer = await page.post("/outside/guard/apply", { by: "佐藤" });
    expect(answer.headers.location).toBe("/outside?notice=guard-failed");
  });

  test.each(["not-the-router", "not-permitted"] as const)(
    "%s: why, and what the installer can do",
    async (because) => {
      page = await signedIn(reached([], { guard: { because, applied: null, preview: null } }));
      const html = await body();
      expect(html).toContain(ja.outside.guardBecause[because]);
      expect(html).toContain("install.sh --gateway");
      expect(html).not.toContain("/guard/apply");
      expect((await page.post("/outside/guard/apply", { by: "佐藤" })).statusCode).toBe(404);
      expect(page.site.calls).toEqual([]);
    },
  );
});

test("the contractor sees it all and changes nothing", async () => {
  page = await signedIn(everything(), CONTRACTOR_CODE);
  const html = await body();
  expect(html).toContain(ja.outside.switchesWho);
  expect(html).toMatch(/<details id="question-internetdb" open/);
  for (const action of ["/outside", "/outside/guard/apply", "/outside/guard/remove"]) {
    expect(html).not.toContain(`action="${action}"`);
    expect((await page.post(action, FORM)).statusCode, action).toBe(403);
  }
  expect(page.site.calls).toEqual([]);
});

test("the open view changes nothing", async () => {
  page = await signedIn(everything(), null);
  for (const action of ["/outside", "/outside/guard/apply", "/outside/guard/remove"])
    expect((await page.post(action, FORM)).headers.location).toBe("/claim");
  expect(page.site.calls).toEqual([]);
});

test("hostile words stay words", async () => {
  page = await signedIn(hostileReach());
  const html = await body();
  expect(html).toContain("&lt;script");
  for (const raw of ["<script>window", "<img src=x", HOSTILE.slice(0, 9)]) expect(html).not.toContain(raw);
});
