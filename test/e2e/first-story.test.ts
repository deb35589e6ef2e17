import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CAST } from "../lan/cast.ts";
import { ask } from "../lan/komainu.ts";
import {
  allow,
  choosePin,
  enterCode,
  handOver,
  inviteContractor,
  nameCameras,
  openStage,
  openWatched,
  PATIENCE,
  PEOPLE,
  type Stage,
  send,
  signSheet,
  tellPlace,
} from "./story.ts";

const WANTED = ["hall", "gate", "garden", "corridor", "printer"];
/** One slow camera keeps the check going for long enough to be watched. */
const cast = CAST.filter(({ name }) => WANTED.includes(name)).map((one) =>
  one.name === "hall" ? { ...one, answersAfterMs: 250 } : one,
);

// From the sticker's code to the hand-over, as the installer and the director do it: each test begins where the one
// before it ended.
describe("the first run", { shuffle: false }, () => {
  let stage: Stage;
  let page: Page;
  let origin: string;
  const mishaps: string[] = [];

  beforeAll(async () => {
    stage = await openStage(cast);
    ({ page } = stage);
    ({ origin } = stage.daemon);
  });
  afterAll(() => stage?.close());

  const path = () => new URL(page.url()).pathname;
  const main = () => page.locator("main").textContent();
  const isSame = () => page.evaluate("window.same === true");

  test("shows what the search found, and names none of it to whoever has no code", async () => {
    await page.goto(`${origin}/`);
    await page.evaluate("window.same = true");
    await stage.daemon.idle();
    const { cameras } = await stage.daemon.get<{ cameras: number }>("/api/v1/status");
    expect(cameras).toBeGreaterThan(2);
    await expect.poll(main, PATIENCE).toContain(`カメラ${cameras}台`);
    expect(await isSame()).toBe(true);
    const content = (await page.content()).toLowerCase();
    const names = cast.flatMap(({ address, mac, fixture }) => [address, mac, fixture?.expected.model ?? mac]);
    expect(names.filter((name) => content.includes(name.toLowerCase()))).toEqual([]);
  });

  test("begins with the sticker's code, the place and the names of the cameras", async () => {
    await enterCode(page, origin, stage.daemon.start.claimCode ?? "");
    expect(path()).toBe("/setup");
    await tellPlace(page, origin);
    expect(path()).toBe("/setup/cameras");
    expect(await page.locator("header").textContent()).toContain(PEOPLE.place);
    expect(await nameCameras(page, origin)).toBeGreaterThan(2);
    expect(path()).toBe("/setup/consent");
  });

  test("follows the first check live, camera by camera, once the director allows it", async () => {
    await page.click("main a[href='/consent']");
    await page.waitForURL(`${origin}/consent`);
    await allow(page, origin);
    expect(path()).toBe("/setup/scan");
    await page.evaluate(WATCH_LIVE);
    await page.evaluate("window.same = true");
    await expect.poll(main, PATIENCE).toMatch(/終わりました/);
    expect(await isSame()).toBe(true);
    const told = (await page.evaluate("window.told")) as string[];
    expect(told.some((text) => /\d台のうち|\d台中/.test(text))).toBe(true);
    expect(told.some((text) => text.includes("名前"))).toBe(true);
    expect(await page.locator("main li.card a[href^='/cameras/']").count()).toBeGreaterThan(2);
  });

  test("ends with a PIN, a list of who does what by when, and a sheet that both sign", async () => {
    await choosePin(page, origin);
    expect(path()).toBe("/setup/end");
    const remaining = page.locator("main ol.remains > li");
    expect(await remaining.count()).toBeGreaterThan(1);
    for (const one of await remaining.all()) {
      expect(await one.locator("a").getAttribute("href")).toMatch(/^\//);
      expect(await one.locator(".actor").count()).toBeGreaterThan(0);
    }
    await page.click("main a[href='/report']");
    await page.waitForURL(`${origin}/report`);
    const sheet = (await main()) ?? "";
    expect(sheet).toContain("名前1");
    expect(sheet).toContain(PEOPLE.director.person);
    const addresses = cast.flatMap(({ address, mac }) => [address, mac]);
    expect(addresses.filter((one) => sheet.includes(one))).toEqual([]);
    await signSheet(page, origin);
    expect(await main()).toContain(`${PEOPLE.contractor.company} ${PEOPLE.contractor.person}`);
  });

  test("the sheet is one page of paper", async () => {
    await page.goto(`${origin}/report`);
    expect(pagesOf(await page.pdf({ preferCSSPageSize: true }))).toBe(1);
  });

  test("after the hand-over the installer's code opens nothing, and the PIN does", async () => {
    const before = await openWatched(stage.browser, origin, mishaps);
    await enterCode(before, origin, stage.daemon.start.claimCode ?? "");
    expect(await before.locator("form[action='/sign-out']").count()).toBe(1);

    await handOver(page, origin);
    expect(path()).toBe("/claim");
    // Whoever came in with that code is out, on every screen.
    await before.goto(`${origin}/`);
    expect(await before.locator("form[action='/sign-out']").count()).toBe(0);
    await before.context().close();

    await page.goto(`${origin}/claim`);
    await page.fill("[name=code]", stage.daemon.start.claimCode ?? "");
    await send(page, "form[action='/claim'] button");
    expect(await page.locator("main [role=alert]").count()).toBe(1);
    await enterCode(page, origin, PEOPLE.director.pin);
    expect(path()).toBe("/");
    expect(await main()).toContain("名前1");
    expect((await ask(stage.lan, ["claim"])).stdout).not.toContain(stage.daemon.start.claimCode);
  });

  test("a contractor with a code sees and works, decides nothing, and is out when the place says so", async () => {
    const code = await inviteContractor(page, origin);
    const theirs = await openWatched(stage.browser, origin, mishaps);
    await enterCode(theirs, origin, code);
    const text = () => theirs.locator("main").textContent();
    expect(await text()).toContain("名前1");
    expect(await theirs.locator("form[action='/scan']").count()).toBe(1);
    await theirs.goto(`${origin}/consent`);
    expect(await theirs.locator("main form").count()).toBe(0);
    for (const decision of ["/access", "/setup/pin", "/setup/place"]) {
      await theirs.goto(`${origin}${decision}`);
      expect(await theirs.locator("main form").count(), decision).toBe(0);
    }
    const refused = await theirs.evaluate(
      "fetch('/access/contractor', { method: 'POST', body: new URLSearchParams({ company: 'x', days: '7' }) }).then(({ status }) => status)",
    );
    expect(refused).toBe(403);

    await page.goto(`${origin}/access`);
    await send(page, "form[action='/access/contractor/end'] button");
    await theirs.goto(`${origin}/`);
    expect(await text()).not.toContain("名前1");
    await enterCode(theirs, origin, code);
    expect(await theirs.locator("main [role=alert]").count()).toBe(1);
    await theirs.context().close();
  });

  test("met no dialog, no foreign request and no error but the refusals in all this", () => {
    const refusals = /status of (403|404)/;
    expect([...stage.mishaps, ...mishaps].filter((one) => !refusals.test(one))).toEqual([]);
  });
});

/** Keeps everything that was told of the check while it ran. */
const WATCH_LIVE = `(() => {
  const tell = () => ["live", "steps"].map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
  window.told = [tell()];
  new MutationObserver(() => window.told.push(tell())).observe(document.body, { childList: true, subtree: true });
})()`;

/** PDF 1.7, 7.7.3.2: the root of the page tree counts its pages. */
function pagesOf(pdf: Buffer): number {
  const counts = [...pdf.toString("latin1").matchAll(/\/Type\s*\/Pages\b[^>]*?\/Count\s+(\d+)/g)];
  return Math.max(0, ...counts.map(([, count]) => Number(count)));
}
