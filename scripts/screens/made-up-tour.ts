import type { Browser, Page } from "playwright-core";
import { type Served, STRANGE_HOST, serveMadeUp } from "../../test/e2e/browser.ts";
import { STATE_NAMES, STATES, WAYS, WAYS_NAMES } from "../../test/e2e/states.ts";
import { FOUND, selfReached } from "../../test/unit/serve/made-up-reach.ts";
import { CONTRACTOR_CODE, SITE_PIN } from "../../test/unit/serve/made-up-site.ts";
import { type Album, openWindow } from "./album.ts";

/** Looks that differ for whoever has no code; the others differ by the details alone. */
const OPEN_TOO = ["new", "scanning", "emergency", "stale", "self"] as const;

/** What a virtual LAN shows seldom or slowly, on a made-up site. */
export async function tourOfMadeUp(browser: Browser, album: Album): Promise<void> {
  const served = await serveMadeUp();
  try {
    await tourOfHeadlines(browser, album, served);
    await tourOfWays(browser, album, served);
    await tourOfRefusals(browser, album, served);
  } finally {
    await served.server.close();
  }
}

async function tourOfHeadlines(browser: Browser, album: Album, { site, address }: Served): Promise<void> {
  const page = await openWindow(browser);
  const here = () => page.goto(address);
  for (const name of OPEN_TOO) {
    site.set(STATES[name]);
    await album.shoot(page, address, `status-${name}-open`, here);
  }
  await enter(page, address, SITE_PIN);
  for (const name of STATE_NAMES) {
    site.set(STATES[name]);
    await album.shoot(page, address, `status-${name}`, here);
  }
  await page.context().close();
}

/** Ways in from outside: drawn on their finding, before the click, and all of them on one page. */
async function tourOfWays(browser: Browser, album: Album, { site, address }: Served): Promise<void> {
  const page = await openWindow(browser);
  await enter(page, address, SITE_PIN);
  const at = (path: string) => () => page.goto(`${address}${path}`);
  for (const name of WAYS_NAMES) {
    site.set(WAYS[name]);
    await album.shoot(page, address, `way-${name}`, at(`findings/${FOUND}`));
  }
  site.set(WAYS.open);
  await album.shoot(page, address, "way-close", at(`findings/${FOUND}/close`));
  for (const name of ["none", "everything"] as const) {
    site.set(WAYS[name]);
    await album.shoot(page, address, `outside-${name}`, at("outside"));
  }
  await album.print(page, address, "ways-evidence", at("report/evidence"));
  site.set(selfReached());
  await album.shoot(page, address, "way-self", at("findings/agent-exposed~dd44"));
  await page.context().close();
}

async function tourOfRefusals(browser: Browser, album: Album, { site, address }: Served): Promise<void> {
  site.set(STATES.emergency);
  const page = await openWindow(browser);
  await album.shoot(page, address, "not-found", () => page.goto(`${address}none`));
  const stranger = address.replace(/\/\/[^:/]+/, `//${STRANGE_HOST}`);
  await album.shoot(page, address, "wrong-host", () => page.goto(stranger));
  await enter(page, address, CONTRACTOR_CODE);
  await album.shoot(page, address, "contractor-status", () => page.goto(address));
  await page.context().clearCookies();

  const tryWrong = () => enter(page, address, "000000");
  await album.shoot(page, address, "claim-wrong", tryWrong);
  await album.shoot(page, address, "claim-too-many", async () => {
    do await tryWrong();
    while ((await page.locator("[name=code]").count()) > 0);
  });
  await page.context().close();
}

async function enter(page: Page, address: string, code: string): Promise<void> {
  await page.goto(`${address}claim`);
  await page.fill("[name=code]", code);
  await Promise.all([page.waitForEvent("load"), page.click("main button")]);
}
