import { Agent, get } from "node:http";
import type { Browser, BrowserContext, CDPSession, Page } from "playwright-core";
import { openBrowser, serveMadeUp, signIn } from "../e2e/browser.ts";
import { crowd } from "../unit/serve/made-up-site.ts";
import { browserAvailable } from "./available.ts";
import { BUNDLE, CONSENT, cpuOf, NODE_FLAGS, print, SERVICE_ENVIRONMENT, statusOf } from "./bench-tools.ts";
import { NURSERY } from "./cast.ts";
import { STATE, untilServed } from "./komainu.ts";
import { startLan } from "./lan.ts";
import type { Inside } from "./world.ts";

const PORT = 8080;
/** Of the status page with its style, script and icon. */
const MAX_KB = 40;
/** An office PC of ten years, or a cheap phone, beside the machine that measures. */
const SLOWER = 6;
const LOADS = 7;
const REQUESTS = 50;
const PAGES_SERVED = 500;
/** The least that the browser's event timing tells. */
const TELLS_FROM_MS = 16;

interface Door {
  /** Without a slash at its end. */
  readonly origin: string;
  readonly cookie: string;
}

/** What the page costs: the daemon as the service runs it on the demo's LAN, a person signed in, headless Chromium. */
export async function benchPage(): Promise<void> {
  const available = browserAvailable();
  if (!available.ok) return print("page", `not measured: ${available.mend}`);
  const [lan, browser] = await Promise.all([startLan({ cast: NURSERY }), openBrowser()]);
  try {
    const argv = [process.execPath, ...NODE_FLAGS, BUNDLE, "run", "--quiet", ...CONSENT, "--state", STATE];
    const daemon = lan.agent.run([...argv, "--listen", `${lan.agent.address}:${PORT}`], {
      env: SERVICE_ENVIRONMENT,
    });
    const origin = `http://127.0.0.1:${await lan.forward(PORT)}`;
    const { claimCode } = await untilServed(daemon, false);
    await untilIdle(origin);
    const door = { origin, cookie: await claim(origin, claimCode ?? "") };
    const paths = await pathsOf(browser, door);
    await benchBytes(browser, door, paths);
    await benchBytesOfCrowd(browser);
    await benchFirstLook(browser, door, paths);
    await benchServer(door, paths, daemon);
  } finally {
    await browser.close();
    await lan.stop();
  }
}

async function untilIdle(origin: string): Promise<void> {
  for (;;) {
    const status = (await (await fetch(`${origin}/api/v1/status`)).json()) as Record<string, unknown>;
    if (status.scanning === null && status.lastCompleteScanAt !== null) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** The Cookie header of whoever came in with the code. */
async function claim(origin: string, code: string): Promise<string> {
  const answer = await fetch(`${origin}/claim`, {
    method: "POST",
    headers: { origin },
    body: new URLSearchParams({ code }),
    redirect: "manual",
  });
  if (answer.status !== 303) throw new Error(`the code did not open the page: HTTP ${answer.status}`);
  return (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
}

async function openAs(browser: Browser, { origin, cookie }: Door): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, locale: "ja-JP" });
  const [name = "", value = ""] = cookie.split("=", 2);
  await context.addCookies([{ name, value, url: origin }]);
  return context;
}

/** One path of each kind of page that the status page leads to. */
async function pathsOf(browser: Browser, door: Door): Promise<ReadonlyMap<string, string>> {
  const context = await openAs(browser, door);
  const page = await context.newPage();
  await page.goto(`${door.origin}/`);
  const links = (await page.evaluate(
    "[...document.querySelectorAll('main a[href^=\"/\"], footer a[href^=\"/\"]')].map((link) => link.getAttribute('href'))",
  )) as string[];
  await context.close();
  const kinds = new Map<string, string>([["/", "/"]]);
  for (const path of links) {
    const kind = path.replace(/[?#].*$/, "").replace(/^(\/\w+)\/.*/, "$1/…");
    if (!kinds.has(kind)) kinds.set(kind, path);
  }
  return kinds;
}

/** Bytes as they came over the wire, headers included, with nothing kept from before; what comes twice counts once. */
async function load(page: Page, url: string): Promise<{ document: number; all: number }> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.setCacheDisabled", { cacheDisabled: true });
  const urls = new Map<string, string>();
  const bytes = new Map<string, number>();
  devtools.on("Network.responseReceived", ({ requestId, response }) => urls.set(requestId, response.url));
  devtools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const of = urls.get(requestId);
    if (of !== undefined) bytes.set(of, encodedDataLength);
  });
  await page.goto(url, { waitUntil: "load" });
  // The browser asks for its icon when it likes.
  await page.evaluate("fetch('/favicon.svg').then((answer) => answer.text())");
  await devtools.detach();
  const all = [...bytes.values()].reduce((sum, one) => sum + one, 0);
  return { document: bytes.get(page.url()) ?? 0, all };
}

async function benchBytes(browser: Browser, door: Door, paths: ReadonlyMap<string, string>): Promise<void> {
  const context = await openAs(browser, door);
  const page = await context.newPage();
  for (const [kind, path] of paths) {
    const { document, all } = await load(page, `${door.origin}${path}`);
    const target = kind === "/" ? `<= ${MAX_KB} KB` : "";
    print(`page ${kind}: over the wire`, `${kb(document)}; with style, script, icon ${kb(all)}`, target);
  }
  await context.close();
}

async function benchBytesOfCrowd(browser: Browser): Promise<void> {
  const { server, address } = await serveMadeUp(crowd());
  const context = await browser.newContext({ locale: "ja-JP" });
  const page = await context.newPage();
  await signIn(page, address);
  const { document, all } = await load(page, address);
  print(
    "page /: made up, 24 cameras, 72 findings",
    `${kb(document)}; with style, script, icon ${kb(all)}`,
    `<= ${MAX_KB} KB`,
  );
  await context.close();
  await server.close();
}

interface FirstLook {
  readonly paint: number;
  /** The document is there and the last long task is over: a tap is answered at once. */
  readonly ready: number;
  /** From a tap on the first link or button to the next painted frame; null = less than 16 ms. */
  readonly tap: number | null;
}

async function benchFirstLook(
  browser: Browser,
  door: Door,
  paths: ReadonlyMap<string, string>,
): Promise<void> {
  for (const [kind, path] of paths) {
    const looks: FirstLook[] = [];
    for (let n = 0; n < LOADS; n += 1) looks.push(await lookFirst(browser, door, path));
    const of = (pick: (look: FirstLook) => number): string =>
      `${median(looks.map(pick)).toFixed(0)} ms (${Math.min(...looks.map(pick)).toFixed(0)}-${Math.max(...looks.map(pick)).toFixed(0)})`;
    const tap = median(looks.map((look) => look.tap ?? 0));
    print(
      `page ${kind}: CPU ${SLOWER}x slower`,
      `first paint ${of(({ paint }) => paint)}, ready ${of(({ ready }) => ready)}, tap ${tap < TELLS_FROM_MS ? `< ${TELLS_FROM_MS}` : tap.toFixed(0)} ms`,
    );
  }
}

async function lookFirst(browser: Browser, door: Door, path: string): Promise<FirstLook> {
  const context = await openAs(browser, door);
  const page = await context.newPage();
  const devtools: CDPSession = await context.newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  await page.goto(`${door.origin}${path}`, { waitUntil: "load" });
  const { paint, ready } = (await page.evaluate(READY)) as { paint: number; ready: number };
  await page.evaluate(WATCH_TAP);
  await page.locator(":is(a, button, summary):not(.skip):visible").first().click();
  const tap = (await page.evaluate("window.tapped")) as number | null;
  await context.close();
  return { paint, ready, tap };
}

/** Milliseconds since the navigation began. */
const READY = `new Promise((resolve) => {
  const tasks = [];
  new PerformanceObserver((list) => tasks.push(...list.getEntries())).observe({ type: "longtask", buffered: true });
  const paint = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
  const look = () => {
    if (paint() === undefined) return requestAnimationFrame(look);
    const [navigation] = performance.getEntriesByType("navigation");
    const ends = tasks.map(({ startTime, duration }) => startTime + duration);
    resolve({ paint: paint(), ready: Math.max(paint(), navigation.domContentLoadedEventEnd, ...ends) });
  };
  setTimeout(look, 300);
})`;

/** The tap is taken where a link or button would take it, and leads nowhere. Event Timing tells its frame. */
const WATCH_TAP = `window.tapped = new Promise((resolve) => {
  let seen = null;
  new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries()) if (name === "click") seen = duration;
  }).observe({ type: "event", durationThreshold: ${TELLS_FROM_MS} });
  document.addEventListener("click", (event) => {
    event.preventDefault();
    requestAnimationFrame(() => setTimeout(() => resolve(seen), 200));
  });
}); undefined`;

async function benchServer(door: Door, paths: ReadonlyMap<string, string>, daemon: Inside): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const pid = daemon.pid() ?? 0;
  /** Milliseconds: of the clock, the median; of the processor, the mean, whatever else this machine does. */
  const took = async (path: string): Promise<string> => {
    const times: number[] = [];
    const before = cpuOf(pid);
    for (let n = 0; n < REQUESTS; n += 1) {
      const began = performance.now();
      await fetchPage(agent, door, path);
      times.push(performance.now() - began);
    }
    const cpu = ((cpuOf(pid) - before) * 1000) / REQUESTS;
    return `median ${median(times).toFixed(1)} ms, of CPU ${cpu.toFixed(1)} ms`;
  };
  const resident = () => statusOf(pid, "VmRSS") / 1024;
  // What is slow only once is not what people wait for.
  for (const path of paths.values()) await took(path);
  print("server: the way there and back alone", await took("/healthz"));
  for (const [kind, path] of paths) print(`server: ${kind}`, await took(path));
  const all = [...paths.values()];
  const before = resident();
  for (let n = 0; n < PAGES_SERVED; n += 1) await fetchPage(agent, door, all[n % all.length] ?? "/");
  const after = resident();
  print(
    `daemon: resident after ${PAGES_SERVED} pages more`,
    `${after.toFixed(1)} MiB (${after >= before ? "+" : ""}${(after - before).toFixed(1)})`,
  );
  agent.destroy();
}

function fetchPage(agent: Agent, { origin, cookie }: Door, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { cookie, "accept-encoding": "gzip", "accept-language": "ja" };
    get(`${origin}${path}`, { agent, headers }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`${path}: HTTP ${answer.statusCode}`));
      answer.resume().once("end", resolve);
    }).once("error", reject);
  });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function kb(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KB`;
}
