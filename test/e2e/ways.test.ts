import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  closing,
  FOUND,
  hostileReach,
  path,
  reached,
  router,
  selfReached,
  withReach,
} from "../unit/serve/made-up-reach.ts";
import { CONTRACTOR_CODE, SITE_PIN } from "../unit/serve/made-up-site.ts";
import { openBrowser, openPage, type Served, serveMadeUp, signIn } from "./browser.ts";
import { misfits, violations } from "./looks.ts";
import { WAYS, WAYS_NAMES } from "./states.ts";

const FINDING = `findings/${FOUND}`;
const SMALL = { viewport: { width: 320, height: 640 }, reducedMotion: "reduce", bypassCSP: true } as const;

let browser: Browser;
let served: Served;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
afterEach(() => served.server.close());

async function flawsOf(page: Page, at: string, scene: string): Promise<readonly string[]> {
  await page.goto(served.address + at);
  expect(await page.locator("h1").count(), `${scene} ${at}`).toBe(1);
  const found = [...(await violations(page)), ...(await misfits(page))];
  const small = await page.evaluate(
    "[...document.querySelectorAll('.links a')].filter((one) => one.offsetHeight < 44).length",
  );
  return [...found, ...(small === 0 ? [] : ["small links"])].map((flaw) => `${scene} ${at} ${flaw}`);
}

describe("every page about ways in", () => {
  for (const [who, code, locale, colorScheme] of [
    ["the person in charge", SITE_PIN, "ja-JP", "dark"],
    ["the contractor", CONTRACTOR_CODE, "en-GB", "light"],
  ] as const) {
    test(`is whole for ${who}: nothing hinders anybody, and all fits 320 px (${locale}, ${colorScheme})`, async () => {
      served = await serveMadeUp();
      const { page, close, troubles } = await openPage(browser, { ...SMALL, locale, colorScheme });
      await signIn(page, served.address, code);
      const wrong: string[] = [];
      for (const name of WAYS_NAMES) {
        served.site.set(WAYS[name]);
        wrong.push(...(await flawsOf(page, FINDING, name)), ...(await flawsOf(page, "outside", name)));
      }
      for (const name of ["open", "everything", "by-hand"] as const) {
        served.site.set(WAYS[name]);
        wrong.push(...(await flawsOf(page, `${FINDING}/close`, name)));
      }
      served.site.set(selfReached());
      for (const at of ["", "/close"])
        wrong.push(...(await flawsOf(page, `findings/agent-exposed~dd44${at}`, "self")));
      expect(wrong).toEqual([]);
      expect(troubles).toEqual([]);
      await close();
    }, 180_000);
  }

  test("never runs a hostile word, and none makes it wider than the window", async () => {
    served = await serveMadeUp(hostileReach());
    const { page, close, troubles } = await openPage(browser, SMALL);
    await signIn(page, served.address);
    const finding = "findings/open-live-view~ee55";
    for (const at of [finding, `${finding}/close`, "outside", "report/evidence"]) {
      await page.goto(served.address + at);
      await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
      expect(await page.evaluate("window.hit"), at).toBeUndefined();
      expect(await page.locator("main script, main img").count(), at).toBe(0);
      const width = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      expect(width, at).toBeLessThanOrEqual(0);
    }
    expect(troubles).toEqual([]);
    await close();
  });

  test("costs at most 40 KB over the wire where a router lists hundreds", async () => {
    const many = Array.from({ length: 300 }, (_, index) =>
      path({ externalPort: 10_000 + index, description: `MARK ${index} ${"x".repeat(index % 60)}` }),
    );
    const site = reached(many);
    served = await serveMadeUp(withReach(site, { paths: many, routers: [router()] }));
    const { page, close } = await openPage(browser);
    await signIn(page, served.address);
    for (const at of [FINDING, "outside"]) {
      await page.goto(served.address + at, { waitUntil: "load" });
      const bytes = (await page.evaluate(
        "performance.getEntries().filter(({ entryType }) => entryType === 'navigation' || entryType === 'resource').reduce((sum, one) => sum + one.encodedBodySize + 1000, 0)",
      )) as number;
      expect(bytes, at).toBeGreaterThan(5000);
      expect(bytes, at).toBeLessThanOrEqual(40 * 1024);
    }
    await close();
  });
});

describe("closing a way in", () => {
  /** Whose router refuses. */
  async function serveRefusal(): Promise<void> {
    const refused = closing({ result: "refused", code: 606 });
    const first = await serveMadeUp(reached());
    const commands = {
      ...first.site.options.commands,
      closeWays: async () => {
        served.site.set(reached([path()], { mends: [refused] }));
        return [refused];
      },
    };
    await first.server.close();
    served = await serveMadeUp(reached(), { commands });
  }

  for (const javaScriptEnabled of [true, false]) {
    test(`goes from the finding over what is deleted to what came of it (${javaScriptEnabled ? "with" : "without"} JavaScript)`, async () => {
      await serveRefusal();
      const { page, close, troubles } = await openPage(browser, { javaScriptEnabled });
      await signIn(page, served.address);
      await page.goto(served.address + FINDING);
      await page.click("#close a");
      expect(await page.locator("main .card").textContent()).toContain("8554");
      await page.fill("[name=by]", "園長 佐藤");
      await page.click("main form button");
      await page.waitForURL((url) => url.searchParams.get("notice") === "way-refused");
      expect(await page.locator("[role=status]").textContent()).toContain("ルーターが断りました");
      expect(await page.locator("#mends").textContent()).toContain("606");
      expect(await page.locator("#router").getAttribute("open")).not.toBeNull();
      expect(await page.locator("#router").textContent()).toContain("8554");
      expect(troubles).toEqual([]);
      await close();
    });
  }

  test("without a name the browser itself asks for it, and nothing is sent", async () => {
    served = await serveMadeUp(reached());
    const { page, close } = await openPage(browser);
    await signIn(page, served.address);
    await page.goto(`${served.address}${FINDING}/close`);
    await page.click("main form button");
    expect(await page.evaluate("document.activeElement.name")).toBe("by");
    expect(served.site.calls).toEqual([]);
    await close();
  });
});

test("the switches and the guard are pressed without JavaScript", async () => {
  served = await serveMadeUp(WAYS.none);
  const { page, close } = await openPage(browser, { javaScriptEnabled: false });
  await signIn(page, served.address);
  await page.goto(`${served.address}outside`);
  await page.check("[name=internetdb]");
  await page.check("[name=ownAddress]");
  await page.fill("[name=vantage]", "komainu-vantage:vantage.example:8443:id:key");
  await page.fill("#switches [name=by]", "園長 佐藤");
  await page.click("#switches button");
  expect(page.url()).toContain("notice=outside-set");
  await page.click("#guard-rules summary");
  expect(await page.locator("#guard pre").textContent()).toContain("table inet komainu");
  await page.fill("#guard [name=by]", "園長 佐藤");
  await page.click("#guard button");
  expect(page.url()).toContain("notice=guard-on");
  expect(served.site.calls).toEqual([
    [
      "setOutside",
      {
        hairpin: true,
        internetdb: true,
        ownAddress: true,
        vantage: "komainu-vantage:vantage.example:8443:id:key",
        by: "園長 佐藤",
      },
    ],
    ["applyGuard", "園長 佐藤"],
  ]);
  await close();
});
