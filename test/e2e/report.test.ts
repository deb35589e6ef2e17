import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { SiteState } from "../../agent/serve/index.ts";
import {
  CONSENT,
  crowd,
  device,
  finding,
  hostile,
  known,
  NOW,
  nursery,
  outcome,
  report,
  state,
  VISIT,
} from "../unit/serve/made-up-site.ts";
import { openBrowser, openPage, type Served, serveMadeUp, signIn } from "./browser.ts";
import { misfits, violations } from "./looks.ts";

let browser: Browser;
let served: Served;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
afterEach(() => served.server.close());

const ago = (hours: number): string => new Date(NOW.getTime() - hours * 3_600_000).toISOString();

/** What one page must still hold: eight long names, long steps, long dates, checks that stopped, many permissions. */
function fullest(): SiteState {
  const checks = ["port-mapping-to-camera", "default-credentials", "outdated-firmware"] as const;
  const outcomes = checks.map((check) => outcome(check, "fail", { subject: "TCP 8080" }));
  const other = outcome("port-mapping-to-other", "fail", { severity: "medium" });
  const cameras = Array.from({ length: 8 }, (_, index) => device(`serial:acme:${index}`, { outcomes }));
  return state({
    place: "社会福祉法人つくし会 つくし第二保育園 分園",
    lastCompleteScanAt: ago(60),
    report: report([...cameras, device("mac:1", { kind: "router", outcomes: [other] })]),
    known: cameras.map(({ id }, index) =>
      known(id, { name: `2階の東側にあるひよこ組の保育室の廊下側カメラその${index}` }),
    ),
    findings: [
      ...cameras.flatMap(({ id }, index) =>
        outcomes.map((one) =>
          // The check with the longest first step comes first.
          finding(`${one.check}~${index}`, id, one, {
            firstSeen: `2026-10-${one.check === "port-mapping-to-camera" ? 10 : 11}T00:00:00.000Z`,
          }),
        ),
      ),
      finding("port-mapping-to-other~r", "mac:1", other),
    ],
    consents: [CONSENT, { ...CONSENT, id: "c2" }, { ...CONSENT, id: "c3" }],
  });
}

/** Chromium writes one such object a page. */
async function pagesOf(page: Page): Promise<number> {
  const pdf = await page.pdf({ preferCSSPageSize: true });
  return pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
}

async function asPrinted<T>(page: Page, look: () => Promise<T>): Promise<T> {
  await page.emulateMedia({ media: "print" });
  try {
    return await look();
  } finally {
    await page.emulateMedia({ media: null });
  }
}

describe("on paper", () => {
  for (const locale of ["ja-JP", "en-GB"]) {
    test.each<[string, SiteState]>([
      ["four cameras", nursery()],
      ["no camera", state({ report: report([]), known: [] })],
      ["eight cameras with all that may be said of them", fullest()],
      ["hostile names", hostile()],
    ])(`the report is one page: %s (${locale})`, async (_what, site) => {
      served = await serveMadeUp(site);
      const { page, close } = await openPage(browser, { locale });
      await signIn(page, served.address);
      await page.goto(`${served.address}report`);
      expect(await pagesOf(page)).toBe(1);
      await close();
    });
  }

  test("more cameras go on over further pages, each with the titles of the columns", async () => {
    served = await serveMadeUp(crowd());
    const { page, close } = await openPage(browser);
    await signIn(page, served.address);
    await page.goto(`${served.address}report`);
    expect(await pagesOf(page)).toBeGreaterThan(2);
    const display = "getComputedStyle(document.querySelector('.rows thead')).display";
    expect(await asPrinted(page, () => page.evaluate(display))).toBe("table-header-group");
    await close();
  });

  test("the installer's record begins on a page of its own", async () => {
    served = await serveMadeUp(nursery());
    const { page, close } = await openPage(browser);
    await signIn(page, served.address);
    await page.goto(`${served.address}report/evidence`);
    const alone = await pagesOf(page);
    await page.goto(`${served.address}report?evidence=1`);
    expect(await pagesOf(page)).toBe(1 + alone);
    await close();
  });

  test("only the sheet is printed, black on white from a dark screen too, in 10.5 points or more", async () => {
    served = await serveMadeUp(nursery());
    const { page, close } = await openPage(browser, { colorScheme: "dark" });
    await signIn(page, served.address);
    await page.goto(`${served.address}report`);
    await asPrinted(page, async () => {
      const shown = await page
        .locator("body > *:visible, main > *:visible")
        .evaluateAll((all) =>
          all.map(
            (one) =>
              (one as unknown as { className: string; id: string }).className ||
              (one as unknown as { id: string }).id,
          ),
        );
      expect(shown).toEqual(["main", "sheet"]);
      const sheet = page.locator(".sheet");
      const style = (of: string) =>
        sheet.evaluate(
          (one, name) =>
            `${(globalThis as unknown as { getComputedStyle(of: unknown): Record<string, string> }).getComputedStyle(one)[name]}`,
          of,
        );
      expect(await style("color")).toBe("rgb(0, 0, 0)");
      expect(await style("backgroundColor")).toBe("rgb(255, 255, 255)");
      const sizes = (await page.evaluate(
        "[...document.querySelectorAll('.sheet *:not(.paper-foot, .paper-foot *)')].map((one) => parseFloat(getComputedStyle(one).fontSize))",
      )) as number[];
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(14);
    });
    await close();
  });

  test("each state has its word and its own shape, so that grey is enough", async () => {
    served = await serveMadeUp(nursery());
    const { page, close } = await openPage(browser);
    await signIn(page, served.address);
    await page.goto(`${served.address}report`);
    const chips = (await page.evaluate(
      "[...document.querySelectorAll('.rows .chip')].map((one) => [one.innerText.trim(), one.querySelector('svg').innerHTML])",
    )) as [string, string][];
    const shapes = new Map(chips);
    expect([...shapes.keys()].sort()).toEqual(
      ["いますぐ", "危険", "注意", "確認できていません", "許可待ち", "問題は見つかりませんでした"].sort(),
    );
    expect(new Set(shapes.values()).size).toBe(shapes.size);
    await close();
  });

  test("a visit of four cameras is one page", async () => {
    served = await serveMadeUp(nursery({ visits: [VISIT] }));
    const { page, close } = await openPage(browser);
    await signIn(page, served.address);
    await page.goto(`${served.address}visit/visit-1`);
    expect(await pagesOf(page)).toBe(1);
    await close();
  });
});

const SIGNED = {
  id: "s",
  at: ago(50),
  reportId: "report-0",
  hash: "0".repeat(64),
  site: "山田花子",
  contractor: "",
};

describe("on the screen", () => {
  const paths = ["report", "report/evidence", "report?evidence=1", "visit"];

  test.each<[string, string, SiteState]>([
    ["ja-JP", "during a visit", nursery({ visits: [VISIT], signOffs: [SIGNED] })],
    ["en-GB", "with hostile names", hostile()],
  ])("everybody can read and use it (%s, %s)", async (locale, what, site) => {
    served = await serveMadeUp(site);
    const { page, close, troubles } = await openPage(browser, {
      locale,
      colorScheme: locale === "ja-JP" ? "light" : "dark",
      reducedMotion: "reduce",
      bypassCSP: true,
      viewport: { width: 320, height: 800 },
    });
    await signIn(page, served.address);
    const wrong: string[] = [];
    for (const path of what === "during a visit" ? [...paths, "visit/visit-1"] : paths) {
      await page.goto(served.address + path);
      const found = [...(await violations(page)), ...(await misfits(page))];
      wrong.push(...found.map((one) => `${path}: ${one}`));
      expect(await page.evaluate("window.hit")).toBeUndefined();
    }
    await page.setViewportSize({ width: 1100, height: 800 });
    await page.goto(`${served.address}report?evidence=1`);
    wrong.push(...(await violations(page)), ...(await misfits(page)));
    expect(wrong).toEqual([]);
    expect(troubles).toEqual([]);
    await close();
  });

  test("the button prints, and is not there without JavaScript", async () => {
    served = await serveMadeUp(nursery());
    const { page, close } = await openPage(browser);
    await page.addInitScript("window.print = () => { window.printed = true; };");
    await signIn(page, served.address);
    await page.goto(`${served.address}report`);
    await page.click("[data-print]");
    expect(await page.evaluate("window.printed")).toBe(true);
    await close();
    const plain = await openPage(browser, { javaScriptEnabled: false });
    await signIn(plain.page, served.address);
    await plain.page.goto(`${served.address}report`);
    expect(await plain.page.locator("[data-print]").isVisible()).toBe(false);
    expect(await plain.page.locator(".print-bar").textContent()).toContain("「印刷」を選んでください");
    await plain.close();
  });
});

test("without JavaScript: from the beginning of a visit to the recorded signatures", async () => {
  served = await serveMadeUp(nursery());
  const { page, close } = await openPage(browser, { javaScriptEnabled: false });
  await signIn(page, served.address);
  await page.goto(`${served.address}visit`);
  await page.fill("[name=person]", "青葉太郎");
  await page.fill("[name=company]", "青葉電設");
  await page.click("main button");
  expect(page.url()).toContain("notice=visit-begun");

  const begun = served.site.calls.find(([name]) => name === "beginVisit")?.[1] as typeof VISIT;
  const visit = { ...VISIT, ...begun, id: "visit-1", after: null, before: { ...begun.before, at: ago(2) } };
  const [mended, ...rest] = nursery().findings;
  const findings = [
    { ...mended!, resolvedAt: ago(1) },
    ...rest.map((one) => ({ ...one, lastConfirmed: ago(1) })),
  ];
  const working = nursery({ visits: [visit], findings, lastCompleteScanAt: ago(1) });
  served.site.set(working);
  await page.goto(`${served.address}visit`);
  const cards = await page.locator("main .cards > li").allInnerTexts();
  expect(cards.filter((text) => text.includes("直りました"))).toHaveLength(1);
  expect(cards.filter((text) => text.includes("まだ直っていません"))).toHaveLength(4);
  await page.click("form[action='/visit/end'] button");
  const [, id, after] = served.site.calls.find(([name]) => name === "endVisit") ?? [];
  expect(id).toBe("visit-1");
  served.site.set({ ...working, visits: [{ ...visit, after: after as typeof VISIT.before }] });
  await page.goto(`${served.address}visit/visit-1`);
  expect(await page.locator(".came").allInnerTexts()).toEqual([
    expect.stringMatching(/^直った点 1件[\s\S]*園庭: パスワードなしで見られる映像/),
    expect.stringContaining("残っている点 4件"),
    expect.stringContaining("確認できていない点 0件"),
    expect.stringContaining("新しく見つかった点 0件"),
  ]);

  await page.goto(`${served.address}report`);
  const printed = (await page.locator(".paper-foot").textContent()) ?? "";
  const number = /照合の番号 ([0-9a-f-]+)/.exec(printed)?.[1] ?? "none";
  expect(await page.locator("form[action='/report/sign']").textContent()).toContain(number);
  await page.fill("[name=site]", "山田花子");
  await page.fill("[name=contractor]", "青葉電設 青葉太郎");
  await page.click("form[action='/report/sign'] button");
  expect(page.url()).toContain("notice=signed");
  expect(served.site.calls.at(-1)).toMatchObject([
    "signOff",
    { reportId: "report-1", site: "山田花子", contractor: "青葉電設 青葉太郎" },
  ]);
  await close();
});
