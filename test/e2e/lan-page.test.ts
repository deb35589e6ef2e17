import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CAST } from "../lan/cast.ts";
import { Daemon } from "../lan/komainu.ts";
import { type Lan, startLan } from "../lan/lan.ts";
import { allPaths, openBrowser, openPage } from "./browser.ts";

/** `t78` says hostile things wherever a device may name itself. */
const WANTED = ["hall", "gate", "terrace", "t78", "printer"];
const cast = CAST.filter(({ name }) => WANTED.includes(name));
/** A phone's width. */
const WIDTH = 360;
const PATIENCE = { timeout: 45_000, interval: 100 };

// One person at one page, from the first look to the mended camera: each test begins where the one before it ended.
describe("the page of a daemon on a LAN", { shuffle: false }, () => {
  let lan: Lan;
  let browser: Browser;
  let daemon: Daemon;
  let opened: Awaited<ReturnType<typeof openPage>>;
  let page: Page;
  const foreign: string[] = [];
  const dialogs: string[] = [];
  let scanningAtFirst: unknown;

  beforeAll(async () => {
    [lan, browser] = await Promise.all([startLan({ cast }), openBrowser()]);
    daemon = await Daemon.start(lan, await lan.forward(8080));
    scanningAtFirst = (await daemon.get<{ scanning: unknown }>("/api/v1/status")).scanning;
    opened = await openPage(browser, { viewport: { width: WIDTH, height: 740 } });
    page = opened.page;
    page.on("request", (request) => {
      if (!request.url().startsWith(`${daemon.origin}/`)) foreign.push(request.url());
    });
    page.on("dialog", (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    await page.goto(`${daemon.origin}/`);
    await page.evaluate("window.same = true");
  });
  afterAll(async () => {
    await opened?.close();
    await browser?.close();
    await lan?.stop();
  });

  const text = () => page.locator("main").textContent();
  const shows = (wanted: string) => expect.poll(text, PATIENCE).toContain(wanted);
  const isSame = () => page.evaluate("window.same === true");

  test("opens at once, while the first scan runs, and fills without a reload", async () => {
    expect(scanningAtFirst).not.toBeNull();
    await daemon.idle();
    const { cameras } = await daemon.get<{ cameras: number }>("/api/v1/status");
    expect(cameras).toBeGreaterThan(2);
    await shows(`カメラ${cameras}台`);
    expect(await isSame()).toBe(true);
    const content = (await page.content()).toUpperCase();
    for (const name of cast.flatMap(({ address, mac }) => [address, mac]))
      expect(content).not.toContain(name);
  });

  test("opens with the code, and asks the cameras once the person in charge allows it", async () => {
    await page.goto(`${daemon.origin}/claim`);
    await page.fill("[name=code]", daemon.start.claimCode ?? "");
    await page.click("main button");
    await page.waitForURL((url) => url.pathname === "/");
    await daemon.claim();

    await page.goto(`${daemon.origin}/consent`);
    for (const box of await page.locator("main [type=checkbox]").all()) await box.check();
    for (const manager of await page.locator("select[name^='manager:']").all())
      await manager.selectOption("site");
    await page.fill("[name=person]", "山田花子");
    await page.fill("[name=role]", "園長");
    await page.evaluate("window.same = false");
    await page.click("[name=levels][value=try]");
    await page.waitForURL((url) => url.pathname === "/");
    await page.evaluate("window.same = true");
    const critical = async () =>
      (await daemon.get<{ check: string; severity: string }[]>("/api/v1/findings")).filter(
        ({ check, severity }) => check === "default-credentials" && severity === "critical",
      ).length;
    await expect.poll(critical, PATIENCE).toBeGreaterThan(0);
    await expect
      .poll(() => page.locator("main a[href^='/findings/default-credentials']").count(), PATIENCE)
      .toBeGreaterThan(0);
    expect(await isSame()).toBe(true);
  });

  test("shows hostile names as text, on every page, at a phone's width", async () => {
    await daemon.idle();
    const paths = await allPaths(page, daemon.origin);
    expect(paths.length).toBeGreaterThan(10);
    let seen = "";
    for (const path of [...paths, "/about"]) {
      await page.goto(new URL(path, daemon.origin).href);
      seen += await page.locator("body").textContent();
      const wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      expect(wide, path).toBeLessThanOrEqual(0);
      expect(await page.locator("main script, main img, main iframe").count(), path).toBe(0);
    }
    expect(seen).toContain("<img src=x onerror=alert(1)>");
  });

  test("shows what came of a camera that was mended", async () => {
    const findings = await daemon.get<{ id: string; check: string; subject: string }[]>("/api/v1/findings");
    const finding = findings.find(
      ({ check, subject }) => check === "open-live-view" && subject === "rtsp:554",
    );
    await page.goto(`${daemon.origin}/findings/${finding?.id}`);
    await page.evaluate("window.same = true");
    const again = () => page.locator("form[action$='/recheck'] button").click();
    const live = () => page.locator("#live").textContent();
    await again();
    await expect.poll(live, PATIENCE).toContain("まだ直っていません");
    await lan.host("terrace").control({ do: "set", logins: { rtsp: "changed" } });
    await again();
    await expect.poll(live, PATIENCE).toContain("直りました。いま確認しました。");
    await shows("直りました（");
    expect(await isSame()).toBe(true);
  });

  test("met no dialog, no error and nobody else in all this", () => {
    expect({ dialogs, troubles: opened.troubles, foreign }).toEqual({
      dialogs: [],
      troubles: [],
      foreign: [],
    });
  });
});
