import type { Browser, Page } from "playwright-core";
import type { CastMember } from "../lan/cast-member.ts";
import { Daemon } from "../lan/komainu.ts";
import { type Lan, startLan } from "../lan/lan.ts";
import { openBrowser, openPage } from "./browser.ts";

/** For a machine under load; each of the things that are waited for takes about a second. */
export const PATIENCE = { timeout: 45_000, interval: 100 };

/** Who they are in the stories. */
export const PEOPLE = {
  place: "つくし保育園",
  contact: "青葉電設 03-0000-0000",
  director: { person: "山田花子", role: "園長", pin: "407182" },
  contractor: { person: "青葉太郎", company: "青葉電設" },
} as const;

/** What a finding is told apart by, as the API gives it. */
export interface ShownFinding {
  readonly id: string;
  readonly check: string;
  readonly deviceId: string;
  readonly subject: string;
  readonly severity: string;
  readonly resolvedAt: string | null;
}

/** A LAN with the daemon on it and one person's browser at its page. */
export interface Stage {
  readonly lan: Lan;
  readonly daemon: Daemon;
  readonly browser: Browser;
  readonly page: Page;
  /** Dialogs, errors of the page and requests to anybody else: what must not be. */
  readonly mishaps: readonly string[];
  /** `prepare` runs before the daemon starts. */
  close(): Promise<void>;
}

export async function openStage(
  cast: readonly CastMember[],
  prepare: (lan: Lan) => Promise<unknown> = () => Promise.resolve(),
): Promise<Stage> {
  const [lan, browser] = await Promise.all([startLan({ cast }), openBrowser()]);
  const close = async () => {
    await browser.close();
    await lan.stop();
  };
  try {
    await prepare(lan);
    // Its log tells everything, in the devices' own words too.
    const daemon = await Daemon.start(lan, await lan.forward(8080), ["--events"]);
    const mishaps: string[] = [];
    const page = await openWatched(browser, daemon.origin, mishaps);
    return { lan, daemon, browser, page, mishaps, close };
  } catch (cause) {
    await close();
    throw cause;
  }
}

/** One more person's browser: nothing is shared with the others. */
export async function openWatched(browser: Browser, origin: string, mishaps: string[]): Promise<Page> {
  const { page } = await openPage(browser, {}, mishaps);
  page.on("request", (request) => {
    if (!request.url().startsWith(`${origin}/`)) mishaps.push(`asked ${request.url()}`);
  });
  page.on("dialog", (dialog) => {
    mishaps.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  return page;
}

/** Presses the button of a form and waits for the page that comes of it. */
export async function send(page: Page, button: string): Promise<void> {
  await Promise.all([page.waitForEvent("load"), page.click(button)]);
}

export async function enterCode(page: Page, origin: string, code: string): Promise<void> {
  await page.goto(`${origin}/claim`);
  await page.fill("main [name=code]", code);
  await send(page, "main form[action='/claim'] button");
}

export async function tellPlace(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/setup/place`);
  await page.fill("[name=place]", PEOPLE.place);
  await page.fill("[name=contact]", PEOPLE.contact);
  await send(page, "form[action='/setup/place'] button");
}

/**
 * Names every camera that has no name yet, and says that the place itself manages it. `nameOf` is given how it looks;
 * an empty name leaves it without. Gives how many cameras there are.
 */
export async function nameCameras(
  page: Page,
  origin: string,
  nameOf: (nth: number, looks: string) => string = (nth) => `名前${nth}`,
): Promise<number> {
  await page.goto(`${origin}/setup/cameras`);
  const cameras = await page.locator("form[action='/setup/cameras'] fieldset").all();
  for (const [index, camera] of cameras.entries()) {
    const field = camera.locator("[name^='name:']");
    if ((await field.inputValue()) === "")
      await field.fill(nameOf(index + 1, (await camera.textContent()) ?? ""));
    await camera.locator("[name^='manager:']").selectOption("site");
  }
  await send(page, "form[action='/setup/cameras'] button");
  return cameras.length;
}

/** Everything allowed: every box ticked, every camera in the place's own hands. */
export async function allow(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/consent`);
  // Folded away where something is allowed already.
  await page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })");
  const form = page.locator("form[action='/consent']");
  for (const box of await form.locator("[type=checkbox]").all()) await box.check();
  for (const manager of await form.locator("select[name^='manager:']").all())
    await manager.selectOption("site");
  await form.locator("[name=person]").fill(PEOPLE.director.person);
  await form.locator("[name=role]").fill(PEOPLE.director.role);
  await send(page, "[name=levels][value=try]");
}

export async function choosePin(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/setup/pin`);
  await page.fill("[name=pin]", PEOPLE.director.pin);
  await page.fill("[name=again]", PEOPLE.director.pin);
  await send(page, "form[action='/access/pin'] button");
}

export async function signSheet(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/report`);
  await page.fill("[name=site]", PEOPLE.director.person);
  await page.fill("[name=contractor]", `${PEOPLE.contractor.company} ${PEOPLE.contractor.person}`);
  await send(page, "form[action='/report/sign'] button");
}

export async function handOver(page: Page, origin: string): Promise<void> {
  await page.goto(`${origin}/access`);
  await page.check("[name=sure]");
  await send(page, "form[action='/access/hand-over'] button");
}

/** Gives the code that is shown this once. */
export async function inviteContractor(page: Page, origin: string): Promise<string> {
  await page.goto(`${origin}/access`);
  await page.fill("[name=company]", PEOPLE.contractor.company);
  await send(page, "form[action='/access/contractor'] button");
  const shown = await page.locator(".shown-code").textContent();
  return (shown ?? "").replace(/\D/g, "");
}
