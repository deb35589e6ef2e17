import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContext, CDPSession, Page } from "playwright-core";
import { LANGUAGES, type Language } from "../../agent/model/index.ts";
import { contactSheet, type Picture } from "./contact-sheet.ts";

interface Size {
  readonly width: number;
  readonly height: number;
}

interface Look extends Size {
  readonly name: string;
  readonly colorScheme: "light" | "dark";
}

const LOOKS: readonly Look[] = [
  { name: "phone", width: 360, height: 740, colorScheme: "light" },
  { name: "phone-dark", width: 360, height: 740, colorScheme: "dark" },
  { name: "tablet", width: 768, height: 1024, colorScheme: "light" },
  { name: "desktop", width: 1280, height: 800, colorScheme: "light" },
  { name: "desktop-dark", width: 1280, height: 800, colorScheme: "dark" },
];
/** A4 at 96 dots an inch. */
const PAPER = { width: 794, height: 1123 };

const OURS = /^[a-z0-9-]+\.(ja|en)\.[a-z-]+\.(png|pdf)$/;

/** Brings the page where the picture is taken. Called once for each language. */
export type Act = (page: Page) => Promise<unknown>;

/** Takes the pictures and keeps the list of them. */
export class Album {
  readonly folder: string;
  readonly #pictures: Picture[] = [];
  readonly #prefix: string;

  /** `prefix` stands before the name of every state, to say where its pictures come from. */
  constructor(folder: string, prefix = "", pictures: Picture[] = []) {
    this.folder = folder;
    this.#prefix = prefix;
    this.#pictures = pictures;
  }

  /** The same album, whose next pictures say that they come from elsewhere. */
  from(prefix: string): Album {
    return new Album(this.folder, prefix, this.#pictures);
  }

  get pictures(): readonly Picture[] {
    return this.#pictures;
  }

  /** One state in both languages and in every look. */
  async shoot(page: Page, origin: string, state: string, act: Act): Promise<void> {
    const devtools = await page.context().newCDPSession(page);
    for (const language of LANGUAGES) {
      await speak(page.context(), origin, language);
      await act(page);
      for (const { name, width, height, colorScheme } of LOOKS) {
        await page.emulateMedia({ colorScheme });
        await this.#take(page, devtools, { width, height }, this.#file(state, language, name, "png"));
      }
    }
    await devtools.detach();
  }

  /** The whole page, however long. Through DevTools, since their quick compression takes a third of the time. */
  async #take(page: Page, devtools: CDPSession, { width, height }: Size, path: string): Promise<void> {
    const whole = async () => (await page.evaluate("document.documentElement.scrollHeight")) as number;
    const shown = page.viewportSize();
    // The dark look comes after the light one of the same size.
    if (shown?.width !== width || shown.height !== (await whole())) {
      await page.setViewportSize({ width, height });
      await page.setViewportSize({ width, height: await whole() });
    }
    const { data } = await devtools.send("Page.captureScreenshot", { format: "png", optimizeForSpeed: true });
    await writeFile(path, data, "base64");
  }

  /** As a printer without colour puts it on paper, and as the file that the browser makes of it. */
  async print(page: Page, origin: string, state: string, act: Act): Promise<void> {
    const devtools = await page.context().newCDPSession(page);
    for (const language of LANGUAGES) {
      await speak(page.context(), origin, language);
      await act(page);
      await page.emulateMedia({ media: "print", colorScheme: "light" });
      await devtools.send("Emulation.setEmulatedVisionDeficiency", { type: "achromatopsia" });
      await this.#take(page, devtools, PAPER, this.#file(state, language, "grey-print", "png"));
      await devtools.send("Emulation.setEmulatedVisionDeficiency", { type: "none" });
      await page.pdf({ path: this.#file(state, language, "print", "pdf"), preferCSSPageSize: true });
      await page.emulateMedia({ media: "screen" });
    }
    await devtools.detach();
  }

  #file(state: string, language: Language, look: string, extension: "png" | "pdf"): string {
    const whole = `${this.#prefix}${state}`;
    const file = `${whole}.${language}.${look}.${extension}`;
    this.#pictures.push({ state: whole, language, look, file });
    return join(this.folder, file);
  }

  /** One page with all pictures. */
  async finish(title: string): Promise<string> {
    const path = join(this.folder, "index.html");
    await writeFile(path, contactSheet(title, this.#pictures));
    return path;
  }

  /** Makes the folder, and takes out of it what an earlier run left there. */
  static async open(folder: string): Promise<Album> {
    await mkdir(folder, { recursive: true });
    const earlier = (await readdir(folder)).filter((name) => OURS.test(name));
    await Promise.all(earlier.map((name) => rm(join(folder, name))));
    return new Album(folder);
  }
}

async function speak(context: BrowserContext, origin: string, language: Language): Promise<void> {
  await context.addCookies([{ name: "lang", value: language, url: origin }]);
}

/** A browser window for pictures: nothing moves in it. */
export async function openWindow(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ reducedMotion: "reduce", locale: "ja-JP" });
  return context.newPage();
}
