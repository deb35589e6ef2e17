import { spawn } from "node:child_process";
import { type Answer, failure, success } from "../../model/index.ts";

/** What may be run here, without a shell. */
export type ProgramName =
  | "nft"
  | "iptables-nft-save"
  | "ip6tables-nft-save"
  | "iptables-legacy-save"
  | "ip6tables-legacy-save"
  | "conntrack";

const DEADLINE_MS = 5000;
const MAX_ERROR_BYTES = 4096;

export interface RunOptions {
  /** Text for its standard input. */
  readonly input?: string;
  /** Output beyond this many bytes is `too-large`. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a program and hands each piece of its output to `take`, bytes. The errors: `unsupported` when it is not
 * installed, `not-permitted`, `too-large`, `timeout`, `cancelled`, `error` with what it wrote last.
 */
export function streamProgram(
  name: ProgramName,
  args: readonly string[],
  { input, maxBytes, signal }: RunOptions,
  take: (piece: Buffer) => void,
): Promise<Answer<null>> {
  if (signal?.aborted) return Promise.resolve(failure("cancelled", name));
  return new Promise((resolve) => {
    // A user's PATH may lack /sbin. The messages must be English, since they are told apart below.
    const env = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C" };
    const child = spawn(name, args, { env, cwd: "/", stdio: "pipe" });
    let stopped: Answer<null> | null = null;
    const stop = (why: Answer<null>) => {
      stopped ??= why;
      child.kill("SIGKILL");
    };
    const deadline = setTimeout(() => stop(failure("timeout", name)), DEADLINE_MS);
    const cancel = () => stop(failure("cancelled", name));
    signal?.addEventListener("abort", cancel, { once: true });
    let bytes = 0;
    let said = "";
    child.stdout.on("data", (piece: Buffer) => {
      bytes += piece.length;
      if (bytes > maxBytes) stop(failure("too-large", name));
      else if (stopped === null) take(piece);
      // One piece a turn: Node would hand over two megabytes at once from a program that writes fast.
      child.stdout.pause();
      setImmediate(() => child.stdout.resume());
    });
    child.stderr.on("data", (piece: Buffer) => {
      if (said.length < MAX_ERROR_BYTES) said += piece.toString("latin1");
    });
    child.stdin.on("error", () => undefined);
    child.stdin.end(input ?? "");
    child.once("error", (error: NodeJS.ErrnoException) => {
      stopped ??= error.code === "ENOENT" ? failure("unsupported", name) : failure("error", name);
    });
    child.once("close", (code) => {
      clearTimeout(deadline);
      signal?.removeEventListener("abort", cancel);
      resolve(stopped ?? (code === 0 && !isDenied(said) ? success(null) : refusal(name, said)));
    });
  });
}

/** `nft` ends with 0 and prints nothing where it may not look. */
function isDenied(said: string): boolean {
  return /operation not permitted|permission denied|must be root/i.test(said);
}

function refusal(name: ProgramName, said: string): Answer<null> {
  if (isDenied(said)) return failure("not-permitted", name);
  const line = said.replace(/[^\x20-\x7e]+/g, " ").slice(0, 100);
  return failure("error", `${name}: ${line}`);
}

/** Runs a program to its end; the value is what it wrote, UTF-8. Errors as for `streamProgram`. */
export async function runProgram(
  name: ProgramName,
  args: readonly string[],
  options: RunOptions,
): Promise<Answer<string>> {
  const pieces: Buffer[] = [];
  const ended = await streamProgram(name, args, options, (piece) => pieces.push(piece));
  return ended.ok ? success(Buffer.concat(pieces).toString("utf8")) : ended;
}
