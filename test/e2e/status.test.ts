import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { localDay } from "../../agent/model/index.ts";
import { crowd, NOW, nursery } from "../unit/serve/made-up-site.ts";
import { openBrowser, openPage, type Served, serveMadeUp, signIn } from "./browser.ts";

let browser: Browser;
let served: Served;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
afterEach(() => served.server.close());

describe("the map", () => {
  test("is read as a list from the internet to each camera, and leads to the camera", async () => {
    served = await serveMadeUp(nursery());
    const { page, close } = await openPage(browser);
    await signIn(page, served.address);
    const stops = await page.locator(".map ol > li").allInnerTexts();
    expect(stops.slice(0, 3).map((text) => text.split("\n")[0])).toEqual([
      "インターネットの誰でも",
      "出入り口（ルーター）",
      "この建物のネットワークの人",
    ]);
    expect(stops[3]).toMatch(/^園庭[\s\S]*インターネットの誰でも見られます。/);
    expect(stops.at(-1)).toMatch(/^こまいぬ/);
    await page.locator(".map a", { hasText: "園庭" }).click();
    await page.waitForURL(/\/cameras\//);
    expect(await page.locator("h1").textContent()).toBe("園庭");
    await close();
  });

  test("draws the open path without a gap, from the globe to the camera", async () => {
    served = await serveMadeUp(nursery());
    const { page, close } = await openPage(browser);
    await signIn(page, served.address);
    // The upright pieces of the line from outside, row by row, in px of the page.
    const pieces = (await page.evaluate(`
      [...document.querySelectorAll(".map line.outside.open")].map((line) => {
        const { top, left, bottom } = line.getBoundingClientRect();
        return line.x1.baseVal.value === line.x2.baseVal.value ? [top, bottom, left] : null;
      }).filter(Boolean)`)) as [number, number, number][];
    expect(pieces.length).toBeGreaterThanOrEqual(4);
    for (const [index, [top, , left]] of pieces.entries()) {
      const before = pieces[index - 1];
      if (before === undefined) continue;
      // Up to the wall that the line goes through.
      expect(top - before[1]).toBeLessThanOrEqual(7);
      expect(left).toBeCloseTo(before[2], 0);
    }
    await close();
  });

  test("stays something to look at with 24 cameras", async () => {
    served = await serveMadeUp(crowd());
    const { page, close } = await openPage(browser);
    await signIn(page, served.address);
    expect(await page.locator(".map .stop").count()).toBe(24);
    const wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
    expect(wide).toBeLessThanOrEqual(0);
    await close();
  });
});

test("a year of each camera is a strip, and the same by date", async () => {
  const day = (ago: number) => localDay(new Date(NOW.getTime() - ago * 86_400_000));
  const changes = {
    "serial:acme:1": [
      { at: new Date(NOW.getTime() - 3 * 86_400_000).toISOString(), state: "danger" as const },
      { at: new Date(NOW.getTime() - 86_400_000).toISOString(), state: "none" as const },
    ],
  };
  served = await serveMadeUp(nursery({ exposure: { days: [3, 2, 1, 0].map(day), changes } }));
  const { page, close } = await openPage(browser);
  await signIn(page, served.address);
  await page.goto(`${served.address}timeline`);
  expect(await page.locator(".card h2").allInnerTexts()).toEqual(["園庭"]);
  expect(await page.locator(".told").textContent()).toContain("危険 3日");
  await page.locator("details summary").click();
  expect(await page.locator("details li").first().textContent()).toContain("問題は見つかりませんでした");
  await close();
});

test("a page that lost its machine says so, and takes it back when it hears of it again", async () => {
  served = await serveMadeUp(nursery());
  const { page, close } = await openPage(browser);
  await signIn(page, served.address);
  await page.clock.install();
  await page.goto(served.address);
  const lost = page.locator("#lost");
  expect(await lost.isVisible()).toBe(false);
  const { port } = new URL(served.address);
  await served.server.close();
  await page.clock.runFor(60_000);
  expect(await lost.isVisible()).toBe(true);
  expect(await lost.textContent()).toContain("連絡がとれません");
  served = await serveMadeUp(nursery(), { lan: [{ host: "127.0.0.1", port: Number(port) }] });
  await expect
    .poll(
      async () => {
        await page.clock.runFor(5_000);
        return lost.isVisible();
      },
      { timeout: 30_000 },
    )
    .toBe(false);
  await close();
});
