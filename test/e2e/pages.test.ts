import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { CONTRACTOR_CODE, crowd, hostile, NOW, nursery, SITE_PIN } from "../unit/serve/made-up-site.ts";
import { allPaths, openBrowser, openPage, type Served, serveMadeUp, signIn } from "./browser.ts";
import { misfits, violations } from "./looks.ts";
import { STATE_NAMES, STATES } from "./states.ts";

/** As the narrowest phone has it, where nothing moves. */
const SMALL = { viewport: { width: 320, height: 640 }, reducedMotion: "reduce", bypassCSP: true } as const;
const MAX_BYTES = 40 * 1024;

let browser: Browser;
let served: Served;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
afterEach(() => served.server.close());

async function flawsOf(page: Page, path: string): Promise<readonly string[]> {
  await page.goto(new URL(path, served.address).href);
  const found = [...(await violations(page)), ...(await misfits(page))];
  return found.map((flaw) => `${path} ${flaw}`);
}

/** Besides those that the status page and the menu lead to. */
const FURTHER = [
  "/claim",
  "/setup/place",
  "/setup/cameras",
  "/setup/scan",
  "/setup/end",
  "/report/evidence",
  "/none",
];

describe("every page", () => {
  for (const [who, code, locale, colorScheme] of [
    ["the person in charge", SITE_PIN, "ja-JP", "dark"],
    ["the contractor", CONTRACTOR_CODE, "en-GB", "light"],
  ] as const) {
    test(`is whole for ${who}: nothing hinders anybody, and all fits 320 px (${locale}, ${colorScheme})`, async () => {
      served = await serveMadeUp(nursery());
      const { page, close } = await openPage(browser, { ...SMALL, locale, colorScheme });
      await signIn(page, served.address, code);
      const paths = [...(await allPaths(page, served.address)), ...FURTHER];
      expect(paths.length).toBeGreaterThan(20);
      const wrong: string[] = [];
      for (const path of new Set(paths)) wrong.push(...(await flawsOf(page, path)));
      expect(wrong).toEqual([]);
      await close();
    }, 180_000);
  }

  for (const [locale, colorScheme, code] of [
    ["ja-JP", "light", SITE_PIN],
    ["en-GB", "dark", SITE_PIN],
    ["en-GB", "light", null],
  ] as const) {
    const how = code ? "to whoever has a code" : "to everybody";
    test(`is whole under every headline, as it is shown ${how} (${locale}, ${colorScheme})`, async () => {
      served = await serveMadeUp();
      const { page, close } = await openPage(browser, { ...SMALL, locale, colorScheme });
      if (code) await signIn(page, served.address, code);
      const wrong: string[] = [];
      for (const name of STATE_NAMES) {
        served.site.set(STATES[name]);
        wrong.push(...(await flawsOf(page, "/")).map((flaw) => `${name} ${flaw}`));
      }
      expect(wrong).toEqual([]);
      await close();
    }, 180_000);
  }

  test("costs at most 40 KB over the wire, asks nobody else and reports no error", async () => {
    served = await serveMadeUp(crowd());
    const { page, close, troubles } = await openPage(browser);
    const foreign: string[] = [];
    page.on("request", (request) => {
      if (!request.url().startsWith(served.address)) foreign.push(request.url());
    });
    await signIn(page, served.address);
    const bytesOf =
      "performance.getEntries().filter(({ entryType }) => entryType === 'navigation' || entryType === 'resource').reduce((sum, one) => sum + one.encodedBodySize + 1000, 0)";
    for (const path of (await allPaths(page, served.address)).slice(0, 12)) {
      await page.goto(new URL(path, served.address).href, { waitUntil: "load" });
      const bytes = (await page.evaluate(bytesOf)) as number;
      expect(bytes, path).toBeGreaterThan(5000);
      expect(bytes, path).toBeLessThanOrEqual(MAX_BYTES);
    }
    expect(await page.locator("main").count()).toBe(1);
    expect(foreign).toEqual([]);
    expect(troubles).toEqual([]);
    await close();
  });

  test("never runs a hostile name", async () => {
    served = await serveMadeUp(hostile());
    const { page, close, troubles } = await openPage(browser, { bypassCSP: true });
    await signIn(page, served.address);
    const paths = await allPaths(page, served.address);
    expect(paths.length).toBeGreaterThan(5);
    for (const path of paths) {
      await page.goto(new URL(path, served.address).href);
      expect(await page.evaluate("window.hit")).toBeUndefined();
      expect(await page.locator("main script, main img").count()).toBe(0);
      const width = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      expect(width, path).toBeLessThanOrEqual(0);
    }
    expect(troubles).toEqual([]);
    await close();
  });
});

describe("without JavaScript", () => {
  test("signing in, consenting, checking again and signing out all work", async () => {
    served = await serveMadeUp(nursery({ consents: [] }));
    const { page, close } = await openPage(browser, { javaScriptEnabled: false });
    await signIn(page, served.address);
    expect(await page.locator("main").textContent()).toContain("園庭");

    await page.goto(`${served.address}findings/open-live-view~aa11`);
    await page.click("article form button >> nth=0");
    expect(page.url()).toContain("notice=fixed");
    expect(await page.locator("[role=status]").textContent()).toContain("直りました");

    await page.goto(`${served.address}consent`);
    for (const box of await page.locator("[type=checkbox]").all()) await box.check();
    await page.fill("[name=person]", "山田花子");
    await page.fill("[name=role]", "園長");
    await page.click("[name=levels][value=try]");
    expect(page.url()).toContain("notice=allowed");

    await page.click("footer form button");
    expect(await page.locator("main").textContent()).not.toContain("園庭");
    expect(served.site.calls.map(([name]) => name)).toEqual(["recheck", "giveConsent"]);
    await close();
  });

  test("the page reloads itself while a scan runs", async () => {
    served = await serveMadeUp(nursery({ scanning: { done: 1, total: 4, steps: [] } }));
    const { page, close } = await openPage(browser, { javaScriptEnabled: false });
    let loads = 0;
    page.on("load", () => {
      loads += 1;
    });
    await page.goto(served.address);
    await expect.poll(() => loads, { timeout: 30_000 }).toBeGreaterThan(1);
    await close();
  });
});

describe("live", () => {
  test("a page that stays open says by itself that the checks have stopped", async () => {
    let now = NOW;
    served = await serveMadeUp(STATES.none, { now: () => now });
    const { page, close, troubles } = await openPage(browser);
    await signIn(page, served.address);
    await page.clock.install();
    await page.goto(served.address);
    const headline = () => page.locator("[data-posture]").getAttribute("data-posture");
    expect(await headline()).toBe("none");
    await page.evaluate("window.same = true");
    now = new Date(NOW.getTime() + 30 * 3_600_000);
    await expect
      .poll(
        async () => {
          await page.clock.runFor("16:00");
          return headline();
        },
        { timeout: 30_000, interval: 300 },
      )
      .toBe("stale");
    expect(await page.locator("h1").textContent()).toContain("点検が止まっています");
    expect(await page.evaluate("window.same")).toBe(true);
    expect(troubles).toEqual([]);
    await close();
  });

  test("the page follows the scan without a reload and keeps what is open", async () => {
    served = await serveMadeUp(nursery());
    const { page, close, troubles } = await openPage(browser);
    await signIn(page, served.address);
    await page.goto(`${served.address}findings/default-credentials~bb22`);
    await page.click("#record summary");
    await page.evaluate("window.same = true");
    const [found] = nursery().findings.filter(({ check }) => check === "default-credentials");
    const mended = nursery().findings.map((one) =>
      one.id === found?.id ? { ...one, resolvedAt: "2026-11-21T01:04:00.000Z" } : one,
    );
    served.site.set(nursery({ findings: mended }));
    await expect
      .poll(
        async () => {
          served.site.tell({ type: "stage", stage: "done", at: "" });
          return page.locator("main").textContent();
        },
        { timeout: 30_000, interval: 300 },
      )
      .toContain("直りました");
    expect(await page.evaluate("window.same")).toBe(true);
    expect(await page.locator("#record").getAttribute("open")).not.toBeNull();
    expect(troubles).toEqual([]);
    await close();
  });

  test("checking again says that it works and then what came of it", async () => {
    let finish = () => {};
    served = await serveMadeUp(nursery());
    const commands = {
      ...served.site.options.commands,
      recheck: () =>
        new Promise<{ ok: boolean; outcome: "pass" }>((resolve) => {
          finish = () => resolve({ ok: true, outcome: "pass" });
        }),
    };
    await served.server.close();
    served = await serveMadeUp(nursery(), { commands });
    const { page, close } = await openPage(browser);
    await signIn(page, served.address);
    await page.goto(`${served.address}findings/open-live-view~aa11`);
    await page.evaluate("window.same = true");
    await page.click("article form button >> nth=0");
    await expect.poll(() => page.locator("#live").textContent()).toContain("点検中");
    finish();
    await expect.poll(() => page.locator("#live").textContent()).toContain("直りました");
    expect(await page.evaluate("window.same")).toBe(true);
    await close();
  });
});

test("forms carry our own Origin, so that they work on plain HTTP where no Sec-Fetch-Site is sent", async () => {
  served = await serveMadeUp(nursery());
  const { page, close } = await openPage(browser, { javaScriptEnabled: false });
  const origins: (string | undefined)[] = [];
  await page.route("**/claim", async (route) => {
    const headers = await route.request().allHeaders();
    if (route.request().method() === "POST") origins.push(headers.origin);
    await route.continue();
  });
  await signIn(page, served.address);
  expect(origins).toEqual([served.address.slice(0, -1)]);
  await close();
});
