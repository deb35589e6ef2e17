import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Report } from "../../agent/model/index.ts";
import type { Attempt } from "../fakes/ledger.ts";
import { CAST } from "../lan/cast.ts";
import { allPaths } from "./browser.ts";
import {
  allow,
  enterCode,
  nameCameras,
  openStage,
  PATIENCE,
  type ShownFinding,
  type Stage,
  send,
  tellPlace,
} from "./story.ts";

/** `t78` says hostile things wherever a device may name itself. */
const WANTED = ["hall", "playroom", "corridor", "terrace", "t78", "printer"];
/** So slow that its logins are still to come when the first ones have been tried elsewhere. */
const cast = CAST.filter(({ name }) => WANTED.includes(name)).map((one) =>
  one.name === "hall" ? { ...one, answersAfterMs: 400 } : one,
);
const HOSTILE = "<img src=x onerror=alert(1)>";
/** A login that was on its way when the permission ended may still arrive. */
const ON_ITS_WAY_MS = 1000;
// What a terminal would obey, what turns text round, and what hides in it.
const UNPRINTABLE = /[^\n\P{Cc}]|[\u202a-\u202e\u2066-\u2069\u2028\u2029]/u;

// What happens to a place in the weeks after its first run: each test begins where the one before it ended.
describe("the page of a daemon on a LAN", { shuffle: false }, () => {
  let stage: Stage;
  let page: Page;
  let origin: string;

  beforeAll(async () => {
    stage = await openStage(cast, (lan) => lan.host("terrace").stop());
    ({ page } = stage);
    ({ origin } = stage.daemon);
    await stage.daemon.idle();
    await enterCode(page, origin, stage.daemon.start.claimCode ?? "");
    await stage.daemon.claim();
    await tellPlace(page, origin);
    await nameCameras(page, origin, (nth, looks) => (looks.includes("onerror") ? "" : `カメラ${nth}`));
  });
  afterAll(() => stage?.close());

  const host = (name: string) => stage.lan.host(name);
  const main = () => page.locator("main").textContent();
  const shows = (wanted: string) => expect.poll(main, PATIENCE).toContain(wanted);
  const isSame = () => page.evaluate("window.same === true");
  const findings = () => stage.daemon.get<ShownFinding[]>("/api/v1/findings");
  const report = () => stage.daemon.get<Report>("/api/v1/report");

  /** Opens a page and marks it, so that a reload would be noticed. */
  async function stayAt(path: string): Promise<void> {
    await page.goto(`${origin}${path}`);
    await page.evaluate("window.same = true");
  }

  async function attempts(name: string): Promise<readonly Attempt[]> {
    return (await host(name).state()).attempts;
  }

  async function deviceOf(name: string): Promise<Report["devices"][number] | undefined> {
    const { mac, address } = host(name);
    const { devices } = await report();
    // What was only just heard of may have told its address and not yet its network card.
    return devices.find((device) => device.mac === mac || device.addresses.includes(address));
  }

  async function findingsOf(name: string): Promise<readonly ShownFinding[]> {
    const device = await deviceOf(name);
    const ids = device ? [device.id, ...device.aliases] : [];
    return (await findings()).filter(({ deviceId }) => ids.includes(deviceId));
  }

  test("tries no login later than a second after the permission was taken back in mid-check", async () => {
    await allow(page, origin);
    await page.goto(`${origin}/consent`);
    await expect.poll(async () => (await attempts("playroom")).length, PATIENCE).toBeGreaterThan(0);
    const withdrawn = page.waitForResponse((answer) => answer.request().method() === "POST");
    await page.click("form[action$='/withdraw'] button");
    await withdrawn;
    const withdrawnAt = Date.now();
    expect((await stage.daemon.get<{ scanning: unknown }>("/api/v1/status")).scanning).not.toBeNull();
    await stage.daemon.idle();
    const tried = [...(await attempts("playroom")), ...(await attempts("hall"))];
    expect(tried.filter(({ at }) => Date.parse(at) > withdrawnAt + ON_ITS_WAY_MS)).toEqual([]);
    // Something was left to try, or this would prove nothing.
    const left = (await deviceOf("hall"))?.outcomes.find(({ check }) => check === "default-credentials");
    expect(left?.outcome).not.toBe("fail");
    await page.goto(`${origin}/consent`);
    expect(await page.locator("form[action$='/withdraw']").count()).toBe(0);
  });

  test("fills without a reload once it is allowed again", async () => {
    await allow(page, origin);
    await stayAt("/");
    const critical = async () =>
      (await findings()).filter(
        ({ check, severity }) => check === "default-credentials" && severity === "critical",
      ).length;
    await expect.poll(critical, PATIENCE).toBeGreaterThan(0);
    await expect
      .poll(() => page.locator("main a[href^='/findings/default-credentials']").count(), PATIENCE)
      .toBeGreaterThan(0);
    expect(await isSame()).toBe(true);
  });

  test("shows a camera that was plugged in, without a reload, and what is wrong with it", async () => {
    await stage.daemon.idle();
    await stayAt("/");
    const rows = () => page.locator("main a[href^='/cameras/']").count();
    const before = await rows();
    await host("terrace").start();
    await expect.poll(rows, PATIENCE).toBeGreaterThan(before);
    const isOpen = async () => {
      const all = await findingsOf("terrace");
      return all.some(({ check }) => check === "open-live-view");
    };
    await expect.poll(isOpen, PATIENCE).toBe(true);
    const news = page.locator("main a[href^='/findings/unknown-camera']");
    await expect.poll(() => news.count(), PATIENCE).toBeGreaterThan(0);
    expect(await isSame()).toBe(true);
  });

  test("shows what came of a camera that was mended", async () => {
    const finding = (await findingsOf("terrace")).find(
      ({ check, subject }) => check === "open-live-view" && subject === "rtsp:554",
    );
    await stayAt(`/findings/${finding?.id}`);
    const again = () => page.locator("form[action$='/recheck'] button").click();
    const live = () => page.locator("#live").textContent();
    await again();
    await expect.poll(live, PATIENCE).toContain("まだ直っていません");
    await host("terrace").control({ do: "set", logins: { rtsp: "changed" } });
    await again();
    await expect.poll(live, PATIENCE).toContain("直りました。いま確認しました。");
    await shows("直りました（");
    expect(await isSame()).toBe(true);
  });

  test("tells of a camera that is gone", async () => {
    await host("corridor").stop();
    await stage.lan.agent.forgetNeighbour(host("corridor").mac);
    await page.goto(`${origin}/`);
    await send(page, "form[action='/scan'] button");
    await page.evaluate("window.same = true");
    const lost = page.locator("main a[href^='/findings/missing-camera']");
    await expect.poll(() => lost.count(), PATIENCE).toBeGreaterThan(0);
    expect(await isSame()).toBe(true);
    await lost.first().click();
    await page.waitForURL(/missing-camera/);
    expect(await main()).toMatch(/「カメラ\d」/);
  });

  test("shows hostile names as text, on every page, at a phone's width", async () => {
    await stage.daemon.idle();
    const open = (await findings()).filter(({ resolvedAt }) => resolvedAt === null);
    const paths = new Set([
      ...(await allPaths(page, origin)),
      ...["/about", "/report", "/report/evidence", "/visit", "/timeline", "/statements", "/setup/cameras"],
      ...(await findings()).map(({ id }) => `/findings/${id}`),
      ...open.map(({ id }) => `/findings/${id}/message`),
    ]);
    expect(paths.size).toBeGreaterThan(15);
    let seen = "";
    for (const path of paths) {
      const answer = await page.goto(new URL(path, origin).href);
      expect(answer?.status(), path).toBe(200);
      seen += await page.locator("body").textContent();
      const wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      expect(wide, path).toBeLessThanOrEqual(0);
      const strange = await page.evaluate(
        "[...document.querySelectorAll('main script, main img, iframe, [src=x], [onerror], [style], a[href^=javascript]')].map(({ outerHTML }) => outerHTML)",
      );
      expect(strange, path).toEqual([]);
      expect(await page.content(), path).not.toMatch(UNPRINTABLE);
    }
    expect(seen).toContain(HOSTILE);
  });

  test("hands hostile names on as text in JSON and to the terminal", async () => {
    for (const path of ["report", "devices", "findings", "status"]) {
      const answer = await stage.daemon.fetch(`/api/v1/${path}`);
      expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      expect(await answer.text()).not.toMatch(UNPRINTABLE);
    }
    const { stdout, stderr, code } = await stage.daemon.end();
    expect(code).toBe(0);
    expect(stderr).toContain(HOSTILE);
    expect(`${stdout}${stderr}`).not.toMatch(UNPRINTABLE);
  });

  test("met no dialog, no error and nobody else in all this", () => {
    expect(stage.mishaps).toEqual([]);
  });
});
