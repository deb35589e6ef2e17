import { cp } from "node:fs/promises";
import { createInterface } from "node:readline";
import type { Report } from "../../agent/model/index.ts";
import { buildInto } from "../../scripts/build.ts";
import type { Lan } from "./lan.ts";
import { VENDORS } from "./real-servers.ts";
import type { Inside, InsideOptions, Outcome } from "./world.ts";

/** In the world's memory: gone with it. */
export const STATE = "/run/lan/state";
export const CONSENT = ["--consent", "Test Person, tester"] as const;
const FOLDER = "/run/lan/komainu";
const KEEP_BYTES = 16 * 1024 * 1024;

const built = new WeakMap<Lan, Promise<void>>();

/**
 * The built program in the LAN's own memory, made from the source as it is now. A build that lies around may be older,
 * and the source itself takes a second longer to start. Returns its path inside the world.
 */
export async function program(lan: Lan): Promise<string> {
  const building = built.get(lan) ?? buildFor(lan);
  built.set(lan, building);
  await building;
  return `${FOLDER}/komainu.mjs`;
}

async function buildFor({ world }: Lan): Promise<void> {
  await buildInto(world.path(FOLDER));
  // Those that the LAN has, which a test may have changed.
  await cp(world.path(VENDORS), world.path(`${FOLDER}/vendors`), { recursive: true });
}

/** Starts Komainu on the LAN's gateway. */
export async function komainu(
  lan: Lan,
  argv: readonly string[],
  options: InsideOptions = {},
): Promise<Inside> {
  const command = [process.execPath, await program(lan), ...argv];
  return lan.agent.run(command, { keep: KEEP_BYTES, env: { LC_ALL: "C" }, ...options });
}

/** Runs one command to its end. */
export async function ask(lan: Lan, argv: readonly string[], state = STATE): Promise<Outcome> {
  const { done } = await komainu(lan, [...argv, "--state", state]);
  return done;
}

export async function scanOnce(lan: Lan, argv: readonly string[] = CONSENT): Promise<Report> {
  return readJson<Report>(await ask(lan, ["scan", "--json", "--quiet", ...argv]));
}

/** What a command printed. Throws with its standard error when that is nothing. */
export function readJson<T>({ stdout, stderr, code }: Outcome): T {
  if (stdout === "") throw new Error(`it printed nothing and ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as T;
}

export interface PrintedStart {
  readonly page: string;
  /** Null once the page is claimed. */
  readonly claimCode: string | null;
}

/** Reads what `komainu run` prints first; rejects when it ends before that. */
export async function untilServed(daemon: Inside, claimed: boolean): Promise<PrintedStart> {
  const { stdout } = daemon.child;
  if (stdout === null) throw new Error("the daemon's standard output is not piped");
  const lines = createInterface({ input: stdout });
  const found: { page?: string; claimCode?: string } = {};
  const served = new Promise<PrintedStart>((resolve) => {
    lines.on("line", (line) => {
      const [, what, value] = /^(page|claim code): (.+)$/.exec(line) ?? [];
      if (what === "page") found.page ??= value ?? "";
      if (what === "claim code") found.claimCode = value ?? "";
      if (found.page !== undefined && (claimed || found.claimCode !== undefined))
        resolve({ page: found.page, claimCode: found.claimCode ?? null });
    });
  });
  const ended = daemon.done.then(({ code, stderr }) => {
    throw new Error(`the daemon ended with ${code}: ${stderr}`);
  });
  return Promise.race([served, ended]);
}

/** `komainu run` on the LAN with its page on this machine. */
export class Daemon {
  readonly process: Inside;
  readonly start: PrintedStart;
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly origin: string;
  #cookie = "";

  private constructor(process: Inside, start: PrintedStart, origin: string) {
    this.process = process;
    this.start = start;
    this.origin = origin;
  }

  /** `door` is a port of this machine that leads to port 8080 of the gateway. */
  static async start(lan: Lan, door: number, argv: readonly string[] = [], claimed = false): Promise<Daemon> {
    const listen = ["--listen", `${lan.agent.address}:8080`];
    const process = await komainu(lan, ["run", ...listen, "--state", STATE, ...argv]);
    return new Daemon(process, await untilServed(process, claimed), `http://127.0.0.1:${door}`);
  }

  /** Every page and API call, with the session once it is claimed. A redirect is returned, not followed. */
  fetch(path: string, init: { method?: string; form?: object; json?: object } = {}): Promise<Response> {
    const { method = init.form || init.json ? "POST" : "GET", form, json } = init;
    const headers: Record<string, string> = { origin: this.origin, cookie: this.#cookie };
    if (form) headers["content-type"] = "application/x-www-form-urlencoded";
    if (json) headers["content-type"] = "application/json";
    const body = form ? new URLSearchParams({ ...form }).toString() : json ? JSON.stringify(json) : null;
    return fetch(new URL(path, this.origin), { method, headers, body, redirect: "manual" });
  }

  async get<T>(path: string): Promise<T> {
    const answer = await this.fetch(path);
    if (!answer.ok) throw new Error(`${path}: HTTP ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** Signs in with the claim code. */
  async claim(code = this.start.claimCode ?? ""): Promise<void> {
    const answer = await this.fetch("/claim", { form: { code } });
    this.#cookie = (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    if (answer.status !== 303 || this.#cookie === "") throw new Error(`not claimed: HTTP ${answer.status}`);
  }

  /** Resolves with the first event (a line of /events) that `wanted` likes, from now on or after `act`. */
  async event<T>(
    wanted: (event: Record<string, unknown>) => T | undefined,
    act?: () => Promise<unknown>,
  ): Promise<T> {
    const stop = new AbortController();
    const stream = await fetch(new URL("/events", this.origin), {
      headers: { cookie: this.#cookie },
      signal: stop.signal,
    });
    try {
      const acted = act?.();
      let text = "";
      for await (const chunk of stream.body as unknown as AsyncIterable<Uint8Array>) {
        text += Buffer.from(chunk).toString("utf8");
        const frames = text.split("\n\n");
        text = frames.pop() ?? "";
        for (const frame of frames) {
          const data = /^data: (.*)$/m.exec(frame)?.[1];
          const found = data === undefined ? undefined : wanted(JSON.parse(data) as Record<string, unknown>);
          if (found !== undefined) {
            await acted;
            return found;
          }
        }
      }
      throw new Error("the events ended");
    } finally {
      stop.abort();
    }
  }

  /** Waits until no scan runs and one has been completed. */
  async idle(): Promise<void> {
    for (;;) {
      const { scanning, lastCompleteScanAt } = await this.get<{
        scanning: unknown;
        lastCompleteScanAt: unknown;
      }>("/api/v1/status");
      if (scanning === null && lastCompleteScanAt !== null) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** One more scan from its start to its end. */
  async scan(): Promise<void> {
    await this.event(
      ({ type, stage }) => (type === "stage" && stage === "done") || undefined,
      () => this.fetch("/api/v1/scan", { json: {} }),
    );
  }

  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<Outcome> {
    this.process.kill(signal);
    return this.process.done;
  }
}
