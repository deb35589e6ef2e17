import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Statement } from "../../agent/model/index.ts";
import type { SiteState } from "../../agent/serve/index.ts";
import { finding, HOSTILE, NOW, nursery, outcome } from "../unit/serve/made-up-site.ts";
import { openBrowser, openPage, type Served, serveMadeUp, signIn } from "./browser.ts";
import { misfits, violations } from "./looks.ts";

const FINDING = "findings/open-live-view~aa11";
const MESSAGE = `${FINDING}/message`;

const said = (id: string, deviceId: string | null, words: string): Statement => ({
  id,
  deviceId,
  company: words,
  text: words,
  saidOn: "2025-04-02",
  writtenAt: NOW.toISOString(),
});

/** A nursery where things were said, and one point was mended yesterday. */
function told(words = "外からは見えません。"): SiteState {
  const mended = finding("telnet-open~hh88", "serial:acme:1", outcome("telnet-open", "fail"), {
    resolvedAt: new Date(NOW.getTime() - 86_400_000).toISOString(),
  });
  return nursery({
    findings: [...nursery().findings, mended],
    statements: [said("s-1", "serial:acme:1", words), said("s-2", null, words)],
  });
}

let browser: Browser;
let served: Served;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
afterEach(() => served.server.close());

async function cameraPath(page: Page, name: string): Promise<string> {
  await page.goto(served.address);
  const link = page.locator("main a[href^='/cameras/']").filter({ hasText: name }).first();
  return (await link.getAttribute("href"))?.slice(1) ?? "none";
}

/** Every page of this part. */
async function paths(page: Page): Promise<readonly string[]> {
  const camera = await cameraPath(page, "園庭");
  const still = "findings/default-credentials~bb22?notice=still";
  return [FINDING, still, "findings/telnet-open~hh88", MESSAGE, "statements", camera];
}

describe("every page about a finding, a camera and what was said", () => {
  for (const [locale, colorScheme] of [
    ["ja-JP", "dark"],
    ["en-GB", "light"],
  ] as const) {
    test(`has no accessibility violation (${locale}, ${colorScheme})`, async () => {
      served = await serveMadeUp(told());
      const { page, close } = await openPage(browser, { locale, colorScheme, bypassCSP: true });
      await signIn(page, served.address);
      const wrong: string[] = [];
      for (const path of await paths(page)) {
        await page.goto(served.address + path);
        wrong.push(...(await violations(page)).map((violation) => `${path} ${violation}`));
      }
      expect(wrong).toEqual([]);
      await close();
    });
  }

  test("fits 320 px, also at twice the text size, with targets of 44 px", async () => {
    served = await serveMadeUp(told());
    const { page, close } = await openPage(browser, { viewport: { width: 320, height: 640 } });
    await signIn(page, served.address);
    const all = await paths(page);
    for (const language of ["ja", "en"]) {
      await page.goto(`${served.address}?lang=${language}`);
      for (const path of all) {
        await page.goto(served.address + path);
        await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
        expect(await misfits(page), `${path} ${language}`).toEqual([]);
        const small = await page.evaluate(
          "[...document.querySelectorAll('.links a, textarea')].filter((one) => one.offsetHeight < 44).length",
        );
        expect(small, path).toBe(0);
      }
    }
    await close();
  });

  test("runs no hostile word, in a letter, in what was said or anywhere else", async () => {
    served = await serveMadeUp({ ...told(HOSTILE), place: HOSTILE, contact: HOSTILE });
    const { page, close, troubles } = await openPage(browser, { bypassCSP: true });
    await signIn(page, served.address);
    for (const path of await paths(page)) {
      await page.goto(served.address + path);
      expect(await page.evaluate("window.hit"), path).toBeUndefined();
      expect(await page.locator("main script, main img").count()).toBe(0);
    }
    await page.goto(served.address + MESSAGE);
    expect(await page.locator("#letter").inputValue()).toContain("<script>window.hit=1</script>");
    expect(troubles).toEqual([]);
    await close();
  });
});

describe("the letter", () => {
  test("without JavaScript it is there to be selected, without buttons that do nothing", async () => {
    served = await serveMadeUp(told());
    const { page, close } = await openPage(browser, { javaScriptEnabled: false });
    await signIn(page, served.address);
    await page.goto(served.address + FINDING);
    await page.click("text=業者に送る文面を見る");
    expect(page.url()).toBe(served.address + MESSAGE);
    expect(await page.locator("#letter").inputValue()).toContain("7日以内（");
    expect(await page.locator("[data-copy]").isVisible()).toBe(false);
    expect(await page.locator("[data-print]").isVisible()).toBe(false);
    expect(await page.locator(".without-script").isVisible()).toBe(true);
    await close();
  });

  test("is shown whole: nothing of it has to be scrolled to", async () => {
    served = await serveMadeUp(told());
    for (const width of [320, 1100]) {
      const { page, close } = await openPage(browser, { viewport: { width, height: 800 } });
      await signIn(page, served.address);
      await page.goto(served.address + MESSAGE);
      const hidden = await page.locator("#letter").evaluate((area) => {
        const { scrollHeight, clientHeight } = area as unknown as Record<string, number>;
        return Number(scrollHeight) - Number(clientHeight);
      });
      expect(hidden, `${width} px`).toBeLessThanOrEqual(0);
      await close();
    }
  });

  test("one button copies it, says so to everybody, and it can be pasted", async () => {
    served = await serveMadeUp(told());
    const { page, close, troubles } = await openPage(browser);
    await signIn(page, served.address);
    await page.goto(served.address + MESSAGE);
    expect(await page.locator(".without-script").isVisible()).toBe(false);
    const letter = await page.locator("#letter").inputValue();
    await page.click("[data-copy]");
    await expect.poll(() => page.locator("#letter-copied").textContent()).toContain("コピーしました");
    expect(await page.locator("#letter-copied").getAttribute("role")).toBe("status");
    await page.evaluate(
      "document.body.append(Object.assign(document.createElement('textarea'), { id: 'paste' }))",
    );
    await page.focus("#paste");
    await page.keyboard.press("Control+V");
    await expect.poll(() => page.locator("#paste").inputValue()).toBe(letter);
    expect(troubles).toEqual([]);
    await close();
  });

  test("where copying is refused it says so and leaves the text selected", async () => {
    served = await serveMadeUp(told());
    const { page, close } = await openPage(browser);
    await signIn(page, served.address);
    await page.goto(served.address + MESSAGE);
    await page.evaluate("document.execCommand = () => false");
    await page.click("[data-copy]");
    await expect.poll(() => page.locator("#letter-copied").textContent()).toContain("コピーできませんでした");
    const selected = await page.evaluate(
      "(({ selectionStart, selectionEnd, value }) => [selectionStart, selectionEnd - value.length])(document.getElementById('letter'))",
    );
    expect(selected).toEqual([0, 0]);
    await close();
  });

  test("on paper stands the letter and nothing else", async () => {
    served = await serveMadeUp(told());
    const { page, close } = await openPage(browser);
    await signIn(page, served.address);
    await page.goto(served.address + MESSAGE);
    const letter = await page.locator("#letter").inputValue();
    await page.emulateMedia({ media: "print" });
    const printed = (await page.evaluate("document.body.innerText")) as string;
    expect(printed.trim()).toBe(letter.trim());
    await close();
  });
});

describe("what was said", () => {
  test("is written down and taken away without JavaScript", async () => {
    served = await serveMadeUp(told());
    const { page, close } = await openPage(browser, { javaScriptEnabled: false });
    await signIn(page, served.address);
    const camera = await cameraPath(page, "園庭");
    await page.goto(served.address + camera);
    expect(await page.locator(".said").textContent()).toContain("外からは見えません。");
    expect(await page.locator(".measured").textContent()).toContain("パスワードなしで見られます");
    await page.click("#say summary");
    await page.fill("[name=company]", "青葉電設");
    await page.fill("[name=text]", "パスワードを変えました。");
    await page.fill("[name=saidOn]", "2026-11-20");
    await page.click("#say button");
    expect(page.url()).toBe(`${served.address}${camera}?notice=saved`);
    await page.click(".said button");
    expect(served.site.calls).toEqual([
      [
        "addStatement",
        {
          deviceId: "serial:acme:1",
          company: "青葉電設",
          text: "パスワードを変えました。",
          saidOn: "2026-11-20",
          writtenAt: NOW.toISOString(),
        },
      ],
      ["removeStatement", "s-1"],
    ]);
    await close();
  });

  test("is not lost while it is being typed, whatever happens meanwhile", async () => {
    served = await serveMadeUp(told());
    const { page, close } = await openPage(browser);
    await signIn(page, served.address);
    await page.goto(`${served.address}statements`);
    await page.click("#say summary");
    await page.fill("[name=company]", "青葉電設");
    await page.locator("h1").click();
    // A second window, where nobody types, shows that the page was told and had its time.
    const other = await page.context().newPage();
    await other.goto(`${served.address}statements`);
    served.site.set(told("まったく違う説明"));
    await tellUntil(() => other.locator("main").textContent(), "まったく違う説明");
    expect(await page.inputValue("[name=company]")).toBe("青葉電設");
    expect(await page.locator("main").textContent()).not.toContain("まったく違う説明");
    await close();
  });
});

/** Events are told until the page shows it: one that comes before the page listens is lost. */
async function tellUntil(shown: () => Promise<string | null>, part: string): Promise<void> {
  const look = async () => {
    served.site.tell({ type: "stage", stage: "done", at: "" });
    return shown();
  };
  await expect.poll(look, { timeout: 30_000, interval: 300 }).toContain(part);
}

test("the answer to 'check again' stays on the page when the next event comes", async () => {
  served = await serveMadeUp(told());
  const commands = {
    ...served.site.options.commands,
    recheck: async () => ({ ok: true, outcome: "fail" as const }),
  };
  await served.server.close();
  served = await serveMadeUp(told(), { commands });
  const { page, close } = await openPage(browser);
  await signIn(page, served.address);
  await page.goto(served.address + FINDING);
  await page.click("article form button >> nth=0");
  await expect.poll(() => page.locator("#live").textContent()).toContain("まだ直っていません");
  expect(await page.locator(".still").textContent()).toContain("業者に送る文面を見る");
  served.site.set(told("まったく違う説明"));
  await tellUntil(() => page.locator("main").textContent(), "まったく違う説明");
  expect(await page.locator(".still").count()).toBe(1);
  expect(await page.locator("#live").textContent()).toContain("まだ直っていません");
  await close();
});
