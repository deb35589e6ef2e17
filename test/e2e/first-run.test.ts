import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ConsentRecord, ProgressEvent } from "../../agent/model/index.ts";
import type { SiteState } from "../../agent/serve/index.ts";
import { openStore, type Store } from "../../agent/store/index.ts";
import { madeUpSite, NOW, nursery, SITE_PIN, state } from "../unit/serve/made-up-site.ts";
import { openBrowser, openPage, type Served, serveMadeUp } from "./browser.ts";
import { misfits, violations } from "./looks.ts";

const PATIENCE = { timeout: 30_000, interval: 300 };
const AT = NOW.toISOString();
const PLACES = ["園庭", "玄関", "保育室", "職員室"];
/** What the network shows; people's words about it are in the store. */
const SEEN = { ...nursery().report, startedAt: AT, finishedAt: AT } as NonNullable<SiteState["report"]>;
const UNASKED = { ...SEEN, devices: SEEN.devices.map((one) => ({ ...one, outcomes: [] })) };

interface Check {
  steps: ProgressEvent[] | null;
}

/** A site as its daemon keeps it, but for the network: a check runs until the test ends it. */
class FirstDay {
  readonly served: Served;
  readonly store: Store;
  readonly #check: Check;
  readonly #directory: string;

  private constructor(served: Served, store: Store, check: Check, directory: string) {
    this.served = served;
    this.store = store;
    this.#check = check;
    this.#directory = directory;
  }

  static async begin(): Promise<FirstDay> {
    const directory = await mkdtemp(join(tmpdir(), "komainu-first-"));
    const store = await openStore(directory, (problem) => expect.fail(problem));
    await store.takeReport(UNASKED);
    const check: Check = { steps: null };
    const scan = async () => {
      check.steps ??= [];
    };
    const view = (): SiteState => {
      const { devices: known, place, contact, report, findings, consents, lastCompleteScanAt } = store.state;
      const scanning = check.steps && { done: 0, total: SEEN.devices.length, steps: check.steps };
      const people = { known, place, contact, consents };
      return state({ ...people, report, findings, lastCompleteScanAt, scanning, access: store.access });
    };
    const served = await serveMadeUp(undefined, {
      site: { view },
      access: store,
      commands: {
        ...madeUpSite().options.commands,
        ...store,
        scan,
        giveConsent: async ({ months: _months, ...input }): Promise<ConsentRecord> => {
          const until = new Date(NOW.getTime() + 365 * 86_400_000).toISOString();
          const record = await store.giveConsent({ ...input, devices: "all", from: AT, until });
          await scan();
          return record;
        },
        withdrawConsent: async (id) => {
          await store.withdrawConsent(id, AT);
        },
      },
    });
    return new FirstDay(served, store, check, directory);
  }

  get address(): string {
    return this.served.address;
  }

  /** The check goes on: it has put this question to this camera. */
  asked(deviceId: string, question: string): void {
    const event = { type: "question", deviceId, question, done: 1, total: 8, at: AT } as const;
    this.#check.steps?.push(event);
    this.served.site.tell(event);
  }

  async checked(): Promise<void> {
    await this.store.takeReport(SEEN);
    this.#check.steps = null;
  }

  async close(): Promise<void> {
    await this.served.server.close();
    await this.store.close();
    await rm(this.#directory, { recursive: true, force: true });
  }
}

let browser: Browser;
let day: FirstDay;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  day = await FirstDay.begin();
});
afterEach(() => day.close());

const path = (page: Page) => new URL(page.url()).pathname;
const heading = (page: Page) => page.locator("h1").textContent();
const main = (page: Page) => page.locator("main").textContent();

async function enter(page: Page, code: string): Promise<void> {
  await page.goto(`${day.address}claim`);
  await page.fill("[name=code]", code);
  await page.press("[name=code]", "Enter");
  await page.waitForURL((url) => url.pathname !== "/claim");
}

async function tellPlace(page: Page): Promise<void> {
  await page.fill("[name=place]", "つくし保育園");
  await page.fill("[name=contact]", "青葉電設 03-0000-0000");
  await page.press("[name=contact]", "Enter");
  await page.waitForURL("**/setup/cameras?**");
}

async function nameCameras(page: Page): Promise<void> {
  const names = page.locator("main [name^='name:']");
  expect(await names.count()).toBe(PLACES.length);
  for (const [index, place] of PLACES.entries()) await names.nth(index).fill(place);
  const managers = page.locator("main select");
  for (const [index, manager] of ["site", "site", "contractor", "unknown"].entries())
    await managers.nth(index).selectOption(manager);
  await page.click("form[action='/setup/cameras'] button");
  await page.waitForURL("**/setup/consent?**");
}

async function allow(page: Page): Promise<void> {
  await page.click("main a[href='/consent']");
  await page.waitForURL("**/consent");
  for (const box of await page.locator("main [type=checkbox]").all()) await box.check();
  await page.fill("[name=person]", "山田花子");
  await page.fill("[name=role]", "園長");
  await page.click("[name=levels][value=try]");
  await page.waitForURL("**/setup/scan?**");
}

async function choosePin(page: Page, pin: string, notice = "pin-set"): Promise<void> {
  await page.fill("[name=pin]", pin);
  await page.fill("[name=again]", pin);
  await page.press("[name=again]", "Enter");
  await page.waitForURL(`**?notice=${notice}`);
}

async function handOver(page: Page): Promise<void> {
  await page.click("main a[href='/access']");
  await page.waitForURL("**/access");
  await page.check("[name=sure]");
  await page.click("form[action='/access/hand-over'] button");
  await page.waitForURL("**/claim?**");
}

describe("the first run", () => {
  test("from the setup code to the hand-over, live, on a phone", async () => {
    const { page, close, troubles } = await openPage(browser);
    const installersCode = day.store.state.claim.code;
    await enter(page, installersCode);
    expect(path(page)).toBe("/setup");
    expect(await heading(page)).toBe("この施設の名前は何ですか");
    await tellPlace(page);
    await nameCameras(page);
    await allow(page);
    expect(day.store.state.consents.at(-1)?.managers).toEqual({
      "serial:acme:1": "site",
      "serial:acme:2": "site",
      "serial:acme:3": "contractor",
      "serial:acme:4": "unknown",
    });

    await page.evaluate("window.same = true");
    expect(await page.locator("#live").textContent()).toContain("点検中");
    await expect
      .poll(() => {
        day.asked("serial:acme:2", "logins");
        return page.locator("#steps").textContent();
      }, PATIENCE)
      .toContain("4台中2台目：玄関 … パスワードの確認");
    expect(await page.locator("#steps").textContent()).toContain("この画面は閉じてかまいません");
    await day.checked();
    await expect
      .poll(() => {
        day.served.site.tell({ type: "stage", stage: "done", at: AT });
        return main(page);
      }, PATIENCE)
      .toContain("に点検が終わりました");
    expect(await page.evaluate("window.same")).toBe(true);
    expect(await page.locator("#steps").textContent()).toBe("");

    await page.click(".onward a");
    await choosePin(page, "123456", "pin-simple");
    expect(await page.locator("#live").textContent()).toContain("当てられやすい");
    await choosePin(page, SITE_PIN);
    expect(await heading(page)).toBe("残りの仕事");
    expect(await page.locator(".remains > li").first().textContent()).toContain("いますぐ");
    expect(await page.locator(".trail .done").count()).toBe(5);

    await handOver(page);
    expect(await page.locator("#live").textContent()).toContain("これからは、暗証番号で開いてください");
    await page.fill("[name=code]", installersCode);
    await page.click("main button");
    expect(await page.locator("main [role=alert]").textContent()).toContain("番号が違います");
    await page.fill("[name=code]", SITE_PIN);
    await page.click("main button");
    await page.waitForURL((url) => url.pathname === "/");
    expect(await main(page)).toContain("園庭");
    expect(await page.locator(".go-on").count()).toBe(0);
    // The browser notes down each wrong code that the server refuses (403).
    expect(troubles.filter((trouble) => !trouble.includes("403"))).toEqual([]);
    await close();
  });

  test("works without JavaScript", async () => {
    const { page, close } = await openPage(browser, { javaScriptEnabled: false });
    await enter(page, day.store.state.claim.code);
    await tellPlace(page);
    await nameCameras(page);
    await allow(page);
    day.asked("serial:acme:1", "pictures");
    await page.goto(`${day.address}setup`);
    expect(await page.locator("#steps").textContent()).toContain(
      "4台中1台目：園庭 … パスワードなしの映像の確認",
    );
    await day.checked();
    await page.goto(`${day.address}setup/scan`);
    expect(await main(page)).toContain("に点検が終わりました");
    await page.click(".onward a");
    await choosePin(page, SITE_PIN);
    expect(await heading(page)).toBe("残りの仕事");
    await handOver(page);
    await enter(page, SITE_PIN);
    expect(await main(page)).toContain("園庭");
    await close();
  });

  test("whoever is interrupted goes on where they were, on another phone too", async () => {
    const first = await openPage(browser);
    await enter(first.page, day.store.state.claim.code);
    await tellPlace(first.page);
    await nameCameras(first.page);
    await first.close();
    const { page, close } = await openPage(browser);
    await enter(page, day.store.state.claim.code);
    expect(await heading(page)).toBe("責任者の方の許可をもらう");
    // Back to what is done, and from the first page on again.
    await page.click(".trail a[href='/setup/place']");
    await page.waitForURL("**/setup/place");
    expect(await page.inputValue("[name=place]")).toBe("つくし保育園");
    await page.goto(day.address);
    await page.click(".go-on a");
    await page.waitForURL("**/setup");
    expect(await heading(page)).toBe("責任者の方の許可をもらう");
    await close();
  });

  test("a permission is withdrawn in the middle of the check with one press", async () => {
    const { page, close } = await openPage(browser);
    await enter(page, day.store.state.claim.code);
    await tellPlace(page);
    await nameCameras(page);
    await allow(page);
    await page.click("footer a[href='/consent']");
    await page.waitForURL("**/consent");
    await page.click("form[action$='/withdraw'] button");
    await page.waitForURL("**/consent?**");
    expect(day.store.state.consents.at(-1)?.revokedAt).toBe(AT);
    await page.goto(`${day.address}setup/scan`);
    expect(await main(page)).toContain("責任者の方の許可が必要です");
    await close();
  });
});

describe("every page of it", () => {
  for (const [locale, colorScheme] of [
    ["ja-JP", "light"],
    ["en-GB", "dark"],
  ] as const) {
    test(`has no accessibility violation and fits 320 px (${locale}, ${colorScheme})`, async () => {
      const { page, close } = await openPage(browser, {
        locale,
        colorScheme,
        reducedMotion: "reduce",
        bypassCSP: true,
        viewport: { width: 320, height: 640 },
      });
      const wrong: string[] = [];
      const look = async () => {
        const found = [...(await violations(page)), ...(await misfits(page))];
        wrong.push(...found.map((one) => `${path(page)} ${one}`));
      };
      const lookAt = async (...paths: readonly string[]) => {
        for (const one of paths) {
          await page.goto(day.address + one);
          await look();
        }
      };
      await enter(page, day.store.state.claim.code);
      await lookAt("setup/cameras", "setup/scan", "setup/pin", "access", "setup/place");
      await tellPlace(page);
      await nameCameras(page);
      await lookAt("consent", "setup/consent");
      await allow(page);
      day.asked("serial:acme:1", "onvif");
      await lookAt("setup/scan");
      await day.checked();
      await page.goto(`${day.address}setup/pin`);
      await choosePin(page, SITE_PIN);
      await lookAt("setup/consent", "setup/scan", "setup/end", "consent", "access");
      await page.fill("[name=company]", "青葉電設");
      await page.click("form[action='/access/contractor'] button");
      await page.waitForURL("**/access/contractor");
      expect(await page.locator(".shown-code").textContent()).toMatch(/^\d{4} \d{4}$/);
      await look();
      await lookAt("claim?notice=handed-over");
      expect(wrong).toEqual([]);
      await close();
    }, 180_000);
  }
});
