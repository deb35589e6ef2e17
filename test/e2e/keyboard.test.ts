import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { everything, FOUND, reached } from "../unit/serve/made-up-reach.ts";
import { nursery, SETUP_CODE, SITE_PIN } from "../unit/serve/made-up-site.ts";
import { openBrowser, openPage, type Served, serveMadeUp } from "./browser.ts";

/** More stops than any page has. */
const MAX_STOPS = 200;

interface Stop {
  readonly html: string;
  readonly wanted: boolean;
  /** Shows where the focus is: an outline of at least 2 px. */
  readonly shown: boolean;
  /** At least a part of it is in the window. */
  readonly inView: boolean;
}

let browser: Browser;
let served: Served;
let page: Page;
let close: () => Promise<void>;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  const access = { claimedAt: null, pinSet: true, handedOverAt: null, contractor: null };
  served = await serveMadeUp(nursery({ consents: [], access }));
  ({ page, close } = await openPage(browser, { viewport: { width: 320, height: 640 } }));
});
afterEach(async () => {
  await close();
  await served.server.close();
});

const path = () => new URL(page.url()).pathname;

/** Presses Tab until the focus is on what `selector` names, and looks at every stop on the way. */
async function tabTo(selector: string): Promise<void> {
  for (let stops = 0; stops < MAX_STOPS; stops += 1) {
    await page.keyboard.press("Tab");
    const stop = await lookAtFocus(selector);
    if (stop === null) continue;
    expect({ shown: stop.shown, inView: stop.inView }, stop.html).toEqual({ shown: true, inView: true });
    if (stop.wanted) return;
  }
  expect.fail(`Tab never came to ${selector} on ${path()}`);
}

async function lookAtFocus(selector: string): Promise<Stop | null> {
  return (await page.evaluate(`(() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const { outlineStyle, outlineWidth } = getComputedStyle(one);
    const { top, bottom, width, height } = one.getBoundingClientRect();
    return {
      html: one.outerHTML.slice(0, 200),
      wanted: one.matches(${JSON.stringify(selector)}),
      shown: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
      inView: width > 0 && height > 0 && bottom > 0 && top < innerHeight,
    };
  })()`)) as Stop | null;
}

async function typeInto(selector: string, text: string): Promise<void> {
  await tabTo(selector);
  await page.keyboard.type(text);
}

/** Enter on a link or button, or in a field. */
async function enter(selector?: string): Promise<void> {
  if (selector !== undefined) await tabTo(selector);
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
}

async function come(code: string): Promise<void> {
  await page.goto(`${served.address}claim`);
  await typeInto("[name=code]", code);
  await enter();
}

test("the first run goes by keyboard alone", async () => {
  const called = (name: string) => served.site.calls.filter(([one]) => one === name);
  await come(SETUP_CODE);
  await enter(".trail a[href='/setup/place']");
  await typeInto("[name=place]", "ひばり保育園");
  await typeInto("[name=contact]", "青葉電設");
  await enter();
  expect(called("setPlace")).toEqual([["setPlace", "ひばり保育園", "青葉電設"]]);

  await enter(".trail a[href='/setup/cameras']");
  await typeInto("[name^='name:']", "ホール");
  await tabTo("[name^='manager:']");
  // The first of the choices: the place itself.
  await page.keyboard.press("Home");
  await enter("form[action='/setup/cameras'] button");
  expect(called("nameDevice")).toContainEqual(["nameDevice", "serial:acme:1", "ホール", "site"]);

  await enter(".trail a[href='/setup/consent']");
  await enter("main a[href='/consent']");
  for (const box of [0, 1, 2]) {
    await tabTo(`[name=box${box}]`);
    await page.keyboard.press("Space");
  }
  await typeInto("[name=person]", "山田花子");
  await typeInto("[name=role]", "園長");
  await enter("button[value=try]");
  expect(called("giveConsent")).toMatchObject([
    ["giveConsent", { person: "山田花子", levels: ["L1", "L2"] }],
  ]);

  await enter(".trail a[href='/setup/pin']");
  await typeInto("[name=pin]", SITE_PIN);
  await typeInto("[name=again]", SITE_PIN);
  await enter();
  expect(called("setPin")).toEqual([["setPin", SITE_PIN]]);

  expect(path()).toBe("/setup/end");
  await enter("main a[href='/report']");
  await typeInto("[name=site]", "山田花子");
  await enter();
  expect(called("signOff")).toMatchObject([["signOff", { site: "山田花子" }]]);

  await enter("footer a[href='/access']");
  await tabTo("[name=sure]");
  await page.keyboard.press("Space");
  await enter("form[action='/access/hand-over'] button");
  expect(called("handOver")).toHaveLength(1);
  expect(path()).toBe("/claim");
});

test("a danger is found, read and checked again by keyboard alone", async () => {
  await come(SITE_PIN);
  await enter(".headline a");
  expect(path()).toBe("/findings/open-live-view~aa11");
  await tabTo("form[action$='/recheck'] button");
  await page.keyboard.press("Enter");
  await expect.poll(() => page.locator("#live").textContent(), { timeout: 30_000 }).toContain("直りました");
  await tabTo("#record summary");
  await page.keyboard.press("Enter");
  expect(await page.locator("#record").getAttribute("open")).not.toBeNull();
});

test("a way in is found, looked at and closed by keyboard alone", async () => {
  served.site.set(reached());
  await come(SITE_PIN);
  await enter("main a[href='/outside']");
  await enter(`main a[href='/findings/${FOUND}']`);
  await enter("#close a");
  expect(path()).toBe(`/findings/${FOUND}/close`);
  await typeInto("[name=by]", "園長 佐藤");
  await tabTo("main form button");
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.searchParams.get("notice") === "way-none");
  expect(served.site.calls).toEqual([["closeWays", FOUND, "園長 佐藤"]]);
});

test("the focus comes to everything and stays nowhere", async () => {
  served.site.set(everything());
  await come(SITE_PIN);
  for (const at of [
    "",
    "findings/open-live-view~aa11",
    "findings/open-live-view~aa11/close",
    "outside",
    "consent",
    "report",
    "visit",
    "access",
  ]) {
    await page.goto(`${served.address}${at}`);
    const all = (await page.evaluate(
      "[...document.querySelectorAll('a[href], button, input, select, textarea, summary')].filter((one) => one.type !== 'hidden' && !one.disabled && one.checkVisibility({ visibilityProperty: true })).length",
    )) as number;
    const seen = new Set<string>();
    for (let stops = 0; stops <= all; stops += 1) {
      await page.keyboard.press("Tab");
      const nth = await page.evaluate(
        "document.activeElement === document.body ? -1 : [...document.querySelectorAll('*')].indexOf(document.activeElement)",
      );
      if (nth !== -1) seen.add(String(nth));
    }
    expect(seen.size, `/${at}`).toBe(all);
  }
});
