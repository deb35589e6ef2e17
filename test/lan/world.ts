import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { TOOL_PATH } from "./available.ts";

const NAMESPACES = ["--user", "--map-root-user", "--net", "--mount", "--pid"];

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program in one of the world's network namespaces. `child` is the door-keeper outside, its streams are the program's. */
export interface Inside {
  readonly child: ChildProcess;
  /** The program's pid as the host sees it, null before it runs and after it has ended. */
  pid(): number | null;
  kill(signal: NodeJS.Signals): void;
  /** Settles when the program has ended, with what it wrote to piped streams. */
  readonly done: Promise<Outcome>;
}

export interface InsideOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly stdio?: SpawnOptions["stdio"];
  /** False = an ordinary user's program: no capability over the namespaces; a list = these, as `net_admin`. Default true. */
  readonly capabilities?: boolean | readonly string[];
  /** Keeps this much of each stream, bytes. Default 1 MiB. */
  readonly keep?: number;
}

/**
 * One process tree with its own user, network, mount and PID namespace. Its first process is a shell that waits for
 * the end of its standard input. When that shell dies the kernel kills all the others and frees the namespaces; and
 * it dies with us, however we end: `setpriv --pdeathsig` kills `unshare` with its parent, `--kill-child` the shell with
 * `unshare`, and a parent that was gone before the first of these took effect has closed the standard input.
 */
export class World {
  readonly #root: ChildProcess;
  /** The first process, as the host sees it. */
  readonly pid: number;
  readonly #ended: Promise<void>;
  /** Programs of ours that run. The kernel ends them with the world, and their door-keepers end a moment later. */
  readonly #running = new Set<Promise<unknown>>();

  private constructor(root: ChildProcess, pid: number, ended: Promise<void>) {
    this.#root = root;
    this.pid = pid;
    this.#ended = ended;
  }

  /** Runs `script` (POSIX shell, root in the namespaces, /run is empty and private) and resolves when it is through. */
  static async create(script: string): Promise<World> {
    const whole = `set -e
      mount -t tmpfs -o mode=755 tmpfs /run
      mkdir -p /run/netns /run/lan
      ${script}
      echo ready
      cat > /dev/null`;
    const root = spawn(
      "setpriv",
      [
        "--pdeathsig",
        "KILL",
        "unshare",
        ...NAMESPACES,
        "--fork",
        "--kill-child",
        "--mount-proc",
        "sh",
        "-c",
        whole,
      ],
      { env: { PATH: TOOL_PATH }, stdio: ["pipe", "pipe", "pipe"], detached: true, cwd: "/" },
    );
    const ended = once(root, "close").then(() => undefined);
    let stderr = "";
    root.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    root.stdin.on("error", () => undefined);
    const ready = await Promise.race([
      once(root.stdout, "data").then(() => true),
      ended.then(() => false),
      once(root, "error").then(([cause]) => {
        throw cause;
      }),
    ]);
    const pid = ready ? onlyChildOf(root.pid) : null;
    if (pid === null) {
      root.kill("SIGKILL");
      throw new Error(`the virtual LAN's namespaces could not be made: ${stderr.trim()}`);
    }
    return new World(root, pid, ended);
  }

  /** A path of the world as the host reaches it; everything below /run lives in memory and ends with the world. */
  path(inside: string): string {
    return `/proc/${this.pid}/root${inside}`;
  }

  write(inside: string, content: string): void {
    mkdirSync(this.path(inside.slice(0, inside.lastIndexOf("/"))), { recursive: true });
    writeFileSync(this.path(inside), content);
  }

  /** Starts a program in the network namespace `namespace` (null = the world's own, where the bridges are). */
  spawn(namespace: string | null, argv: readonly string[], options: InsideOptions = {}): Inside {
    const ns = `/proc/${this.pid}/ns`;
    const net = namespace === null ? `${ns}/net` : this.path(`/run/netns/${namespace}`);
    const enter = [
      "--preserve-credentials",
      `--user=${ns}/user`,
      `--mount=${ns}/mnt`,
      `--pid=${ns}/pid`,
      `--net=${net}`,
    ];
    const { capabilities = true } = options;
    const kept = capabilities === false ? [] : capabilities;
    const bounds =
      kept === true
        ? []
        : [`--bounding-set=${["-all", ...kept.map((name) => `+${name}`)]}`, "--no-new-privs"];
    const child = spawn(
      "nsenter",
      [...enter, `--wdns=${options.cwd ?? "/"}`, "setpriv", "--pdeathsig", "KILL", ...bounds, ...argv],
      {
        env: { ...process.env, ...options.env, PATH: TOOL_PATH },
        stdio: options.stdio ?? "pipe",
        detached: true,
      },
    );
    const pid = (): number | null => (child.exitCode === null ? onlyChildOf(child.pid) : null);
    const done = collect(child, options.keep ?? 1024 * 1024);
    this.#running.add(done);
    void done.then(() => this.#running.delete(done));
    return {
      child,
      pid,
      kill: (signal) => {
        const target = pid();
        if (target === null) child.kill("SIGKILL");
        else process.kill(target, signal);
      },
      done,
    };
  }

  /** Runs a program to its end; a status other than 0 is an error with what it wrote. */
  async run(namespace: string | null, argv: readonly string[], input = ""): Promise<string> {
    const program = this.spawn(namespace, argv);
    program.child.stdin?.on("error", () => undefined);
    program.child.stdin?.end(input);
    const { code, stdout, stderr } = await program.done;
    if (code !== 0) throw new Error(`${argv.slice(0, 3).join(" ")} ended with ${code}: ${stderr.trim()}`);
    return stdout;
  }

  /** Ends every process and namespace; resolves when they are gone. */
  async close(): Promise<void> {
    this.#root.stdin?.end();
    await this.#ended;
    await Promise.all(this.#running);
  }
}

function onlyChildOf(pid: number | undefined): number | null {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    return children === "" ? null : Number(children.split(" ")[0]);
  } catch {
    return null;
  }
}

function collect(child: ChildProcess, keep: number): Promise<Outcome> {
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    stdout = (stdout + chunk).slice(-keep);
  });
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    stderr = (stderr + chunk).slice(-keep);
  });
  return new Promise((resolve) => {
    child.once("error", (cause) => resolve({ code: null, stdout, stderr: `${stderr}${cause.message}` }));
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}
