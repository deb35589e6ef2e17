import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import type { Inside, InsideOptions, World } from "./world.ts";

const START_MS = 20_000;
const STOP_MS = 2_000;

/** How we know that a server is up: a line that it prints, or a port that it listens on. */
export type ReadySign = { readonly line: RegExp } | { readonly tcp: number };

/** One long-running program of the LAN. */
export class Service {
  readonly name: string;
  readonly #inside: Inside;
  readonly #waiting: ((line: string) => void)[] = [];

  private constructor(name: string, inside: Inside) {
    this.name = name;
    this.#inside = inside;
  }

  /** Starts a program and resolves when it is ready; an error says what it wrote when it is not. */
  static async start(
    world: World,
    namespace: string,
    argv: readonly string[],
    ready: ReadySign,
    options: InsideOptions = {},
  ): Promise<Service> {
    const name = `${argv.slice(0, 2).join(" ").slice(0, 60)} in ${namespace}`;
    const service = new Service(name, world.spawn(namespace, argv, { keep: 16 * 1024, ...options }));
    await service.#untilReady(ready);
    return service;
  }

  async #untilReady(sign: ReadySign): Promise<void> {
    const gaveUp = new AbortController();
    const verdict = await Promise.race([
      "line" in sign ? this.#untilLine(sign.line) : this.#untilListening(sign.tcp, gaveUp.signal),
      this.#inside.done.then((end) => `${end.stderr || end.stdout || "it said nothing"}`),
      delay(START_MS, "it was not ready in time", { signal: gaveUp.signal }).catch(() => undefined),
    ]);
    gaveUp.abort();
    if (typeof verdict !== "string") return;
    this.#killAll();
    throw new Error(`${this.name} did not start: ${verdict.trim().slice(0, 1000)}`);
  }

  /** From that line on, each line answers the oldest open question. */
  #untilLine(wanted: RegExp): Promise<void> {
    return new Promise((resolve) => {
      const lines = createInterface({ input: this.#inside.child.stdout ?? process.stdin });
      let ready = false;
      lines.on("line", (line) => {
        if (ready) this.#waiting.shift()?.(line);
        else if (wanted.test(line)) {
          ready = true;
          resolve();
        }
      });
    });
  }

  async #untilListening(port: number, signal: AbortSignal): Promise<void> {
    const hex = port.toString(16).toUpperCase().padStart(4, "0");
    const wanted = new RegExp(`:${hex} [0-9A-F]+:0000 0A`);
    const listening = () => ["tcp", "tcp6"].some((file) => wanted.test(readProc(this.#inside.pid(), file)));
    while (!signal.aborted && !listening()) await delay(15);
  }

  /** Sends one JSON line and resolves with the program's next line, parsed. */
  async control(message: object): Promise<unknown> {
    const answer = new Promise<string>((resolve) => this.#waiting.push(resolve));
    this.#inside.child.stdin?.write(`${JSON.stringify(message)}\n`);
    const line = await Promise.race([answer, this.#inside.done.then(() => null)]);
    if (line === null) throw new Error(`${this.name} ended while it was asked ${JSON.stringify(message)}`);
    return JSON.parse(line);
  }

  /** Asks it to end, then ends it. */
  async stop(): Promise<void> {
    if (this.#inside.child.exitCode !== null || this.#inside.child.signalCode !== null) return;
    const closed = once(this.#inside.child, "exit");
    this.#inside.kill("SIGTERM");
    const patience = new AbortController();
    await Promise.race([closed, delay(STOP_MS, null, { signal: patience.signal }).catch(() => null)]);
    patience.abort();
    this.#killAll();
    await this.#inside.done;
  }

  /** The program and whatever it started: they share the process group of the door-keeper. */
  #killAll(): void {
    const leader = this.#inside.child.pid;
    try {
      if (leader !== undefined) process.kill(-leader, "SIGKILL");
    } catch {
      // Nobody is left in the group.
    }
  }
}

/** Sockets of the network namespace that the process is in. */
function readProc(pid: number | null, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/net/${file}`, "latin1");
  } catch {
    return "";
  }
}
