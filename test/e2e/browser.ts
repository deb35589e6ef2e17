import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { type Server, serve } from "../../agent/serve/index.ts";
import { findChromium } from "../lan/available.ts";
import { type MadeUpSite, madeUpSite, SITE_PIN } from "../unit/serve/made-up-site.ts";

/** Leads here, and is none of the names under which the page answers. */
export const STRANGE_HOST = "stranger.test";

/** Debian's Chromium, with everything off that would talk to anybody else: it finds no other name than these. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium() ?? "chromium",
    args: [
      `--host-resolver-rules=MAP ${STRANGE_HOST} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost`,
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-proxy-server",
    ],
  });
}

export interface Served {
  readonly site: MadeUpSite;
  /** Ends with a slash. */
  readonly address: string;
  readonly server: Server;
}

export async function serveMadeUp(...parameters: Parameters<typeof madeUpSite>): Promise<Served> {
  const [state, more] = parameters;
  const site = madeUpSite(state, { lan: [{ host: "127.0.0.1", port: 0 }], ...more });
  const server = await serve(site.options);
  return { site, server, address: server.addresses[0] ?? "" };
}

export async function openPage(
  browser: Browser,
  options: BrowserContextOptions = {},
  troubles: string[] = [],
): Promise<{ page: Page; close(): Promise<void>; troubles: string[] }> {
  const context = await browser.newContext({
    viewport: { width: 360, height: 740 },
    locale: "ja-JP",
    ...options,
  });
  const page = await context.newPage();
  page.on("pageerror", (error) => troubles.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") troubles.push(message.text());
  });
  return { page, troubles, close: () => context.close() };
}

export async function signIn(page: Page, address: string, code = SITE_PIN): Promise<void> {
  await page.goto(`${address}claim`);
  await page.fill("[name=code]", code);
  await page.click("main button");
  await page.waitForURL((url) => url.pathname === "/");
}

/** Paths of every page that the status page and the menu lead to. */
export async function allPaths(page: Page, address: string): Promise<string[]> {
  await page.goto(address);
  const links = await page
    .locator("main a[href^='/'], footer a[href^='/']")
    .evaluateAll((all) =>
      all.map((link) => (link as unknown as { getAttribute(name: string): string }).getAttribute("href")),
    );
  return [...new Set(["/", "/claim", ...links])];
}
