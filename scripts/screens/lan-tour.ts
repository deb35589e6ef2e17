import type { Browser, Page } from "playwright-core";
import {
  allow,
  choosePin,
  enterCode,
  handOver,
  nameCameras,
  PEOPLE,
  type ShownFinding,
  send,
  signSheet,
  tellPlace,
} from "../../test/e2e/story.ts";
import { NURSERY } from "../../test/lan/cast.ts";
import { Daemon } from "../../test/lan/komainu.ts";
import { type Lan, startLan } from "../../test/lan/lan.ts";
import { type Album, openWindow } from "./album.ts";

/** Of each kind of trouble one, and a camera without. One is so slow that the check can be watched. */
const CAST = NURSERY.filter(({ name }) =>
  ["entrance", "hall", "garden", "gate", "kitchen", "corridor", "terrace", "printer", "phone"].includes(name),
).map((one) => (one.name === "hall" ? { ...one, answersAfterMs: 300 } : one));
const NAMES = ["玄関", "ホール", "園庭", "調理室", "ろうか", "テラス", "2歳児室", "職員室"];

/** The first run and the weeks after it, as they look on the virtual LAN with the real daemon. */
export async function tourOfLan(browser: Browser, album: Album): Promise<void> {
  const lan = await startLan({ cast: CAST });
  try {
    const daemon = await Daemon.start(lan, await lan.forward(8080), ["--quiet"]);
    const tour = new Tour(lan, daemon, await openWindow(browser), album);
    await tour.firstRun();
    await tour.everyPage();
    await tour.visit();
    await tour.mended();
    await tour.handOver();
  } finally {
    await lan.stop();
  }
}

class Tour {
  readonly #lan: Lan;
  readonly #daemon: Daemon;
  readonly #page: Page;
  readonly #album: Album;

  constructor(lan: Lan, daemon: Daemon, page: Page, album: Album) {
    this.#lan = lan;
    this.#daemon = daemon;
    this.#page = page;
    this.#album = album;
  }

  get #origin(): string {
    return this.#daemon.origin;
  }

  #shoot(state: string, path: string): Promise<void> {
    return this.#album.shoot(this.#page, this.#origin, state, () =>
      this.#page.goto(`${this.#origin}${path}`),
    );
  }

  async firstRun(): Promise<void> {
    const code = this.#daemon.start.claimCode ?? "";
    const names = [...NAMES];
    await this.#shoot("open-before-claim", "/");
    await this.#shoot("claim", "/claim");
    await this.#daemon.idle();
    await this.#daemon.claim();
    await enterCode(this.#page, this.#origin, code);
    await this.#shoot("setup-1-place", "/setup/place");
    await tellPlace(this.#page, this.#origin);
    await this.#shoot("setup-2-cameras", "/setup/cameras");
    await nameCameras(this.#page, this.#origin, () => names.shift() ?? "");
    await this.#shoot("setup-3-consent", "/setup/consent");
    await this.#shoot("consent", "/consent");
    await allow(this.#page, this.#origin);
    await this.#shoot("setup-4-scan-running", "/setup/scan");
    await this.#daemon.idle();
    await this.#shoot("setup-4-scan-done", "/setup/scan");
    await nameCameras(this.#page, this.#origin, () => names.shift() ?? "");
    await this.#shoot("setup-3-consent-changed", "/setup/consent");
    await allow(this.#page, this.#origin);
    await this.#daemon.idle();
    await this.#shoot("setup-5-pin", "/setup/pin");
    await choosePin(this.#page, this.#origin);
    await this.#shoot("setup-6-end", "/setup/end");
  }

  async everyPage(): Promise<void> {
    await this.#shoot("status", "/");
    await this.#shoot("timeline", "/timeline");
    await this.#shoot("statements", "/statements");
    await this.#shoot("about", "/about");
    await this.#shoot("consent-given", "/consent");
    await this.#shoot("access", "/access");
    await this.#album.shoot(this.#page, this.#origin, "access-code-shown-once", async () => {
      await this.#page.goto(`${this.#origin}/access`);
      await this.#page.fill("[name=company]", PEOPLE.contractor.company);
      await send(this.#page, "form[action='/access/contractor'] button");
    });
    for (const finding of oneOfEach(await this.#findings())) {
      await this.#shoot(`finding-${finding.check}`, `/findings/${finding.id}`);
    }
    const first = (await this.#findings()).find(({ resolvedAt }) => resolvedAt === null);
    if (first) await this.#shoot("message", `/findings/${first.id}/message`);
    for (const [index, path] of (await this.#cameras()).entries())
      await this.#shoot(`camera-${index + 1}`, path);
    await this.#reports();
  }

  async #reports(): Promise<void> {
    const go = (path: string) => () => this.#page.goto(`${this.#origin}${path}`);
    await this.#shoot("report", "/report");
    await this.#album.print(this.#page, this.#origin, "report", go("/report"));
    await this.#shoot("report-evidence", "/report/evidence");
    await this.#album.print(this.#page, this.#origin, "report-evidence", go("/report/evidence"));
    await signSheet(this.#page, this.#origin);
    await this.#shoot("report-signed", "/report");
  }

  async visit(): Promise<void> {
    await this.#shoot("visit", "/visit");
    await this.#page.goto(`${this.#origin}/visit`);
    await this.#page.fill("[name=person]", PEOPLE.contractor.person);
    await this.#page.fill("[name=company]", PEOPLE.contractor.company);
    await send(this.#page, "form[action='/visit/begin'] button");
    await this.#lan.host("terrace").control({ do: "set", logins: { rtsp: "changed", http: "changed" } });
    await this.#daemon.scan();
    await this.#shoot("visit-work", "/visit");
    await this.#page.goto(`${this.#origin}/visit`);
    await send(this.#page, "form[action='/visit/end'] button");
    const sheet = new URL(this.#page.url()).pathname;
    await this.#shoot("visit-sheet", sheet);
    await this.#album.print(this.#page, this.#origin, "visit-sheet", () =>
      this.#page.goto(`${this.#origin}${sheet}`),
    );
  }

  /** What a finding looks like when it is over, and when somebody has decided to leave it. */
  async mended(): Promise<void> {
    const all = await this.#findings();
    const resolved = all.find(({ resolvedAt }) => resolvedAt !== null);
    if (resolved) await this.#shoot("finding-resolved", `/findings/${resolved.id}`);
    const low = all.find(({ check, resolvedAt }) => check === "unencrypted-access" && resolvedAt === null);
    if (!low) return;
    const page = this.#page;
    await page.goto(`${this.#origin}/findings/${low.id}`);
    await page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })");
    await page.fill("[name=by]", PEOPLE.director.person);
    await page.fill("[name=reason]", "来月の入れ替えまで使うため");
    await page.fill("[name=until]", (await page.getAttribute("[name=until]", "max")) ?? "");
    await send(page, "form[action$='/accept'] button");
    await this.#shoot("finding-accepted", `/findings/${low.id}`);
  }

  async handOver(): Promise<void> {
    await handOver(this.#page, this.#origin);
    await this.#shoot("claim-handed-over", "/claim?notice=handed-over");
    await enterCode(this.#page, this.#origin, PEOPLE.director.pin);
    await this.#lan.host("corridor").stop();
    await this.#lan.agent.forgetNeighbour(this.#lan.host("corridor").mac);
    await this.#daemon.claim(PEOPLE.director.pin);
    await this.#daemon.scan();
    await this.#shoot("status-after-hand-over-camera-lost", "/");
    await this.#shoot("timeline-after", "/timeline");
  }

  #findings(): Promise<readonly ShownFinding[]> {
    return this.#daemon.get<readonly ShownFinding[]>("/api/v1/findings");
  }

  /** Paths of the first camera on the status page, which is the worst, and of the last one. */
  async #cameras(): Promise<readonly string[]> {
    await this.#page.goto(`${this.#origin}/`);
    const links = (await this.#page.evaluate(
      "[...new Set([...document.querySelectorAll('main a[href^=\"/cameras/\"]')].map((one) => one.getAttribute('href')))]",
    )) as string[];
    return [...new Set([links[0], links.at(-1)])].filter((path) => path !== undefined);
  }
}

/** The first finding of each check. */
function oneOfEach(findings: readonly ShownFinding[]): readonly ShownFinding[] {
  return findings.filter(({ check }, index) => findings.findIndex((one) => one.check === check) === index);
}
