import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, vi } from "vitest";
import { leftOf, tracesBelow } from "./traces.ts";

const DEMO = fileURLToPath(new URL("./demo.ts", import.meta.url));
/** Two of these fit into the deadline of a test, so that a demo that hangs is ended here. */
const PATIENCE = { timeout: 50_000, interval: 50 };

/** Runs the demo as a shell's foreground job with an empty folder for temporary files, and ends it as `act` does. */
async function demo(
  locale: string,
  act: (run: Run) => Promise<void>,
): Promise<Run & { code: number | null }> {
  const folder = await mkdtemp(join(tmpdir(), "komainu-demo-"));
  const child = spawn(process.execPath, ["--import", "tsx", DEMO], {
    detached: true,
    env: { ...process.env, LC_ALL: locale, TMPDIR: folder },
  });
  const run: Run = { pid: child.pid ?? 0, folder, output: "", ended: false };
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      run.output += text;
    });
  const closed = once(child, "close");
  void closed.then(() => {
    run.ended = true;
  });
  try {
    await act(run);
    await vi.waitUntil(() => run.ended, PATIENCE);
    const [code] = (await closed) as [number | null];
    // tsx keeps what it compiled.
    expect((await readdir(folder)).filter((name) => !name.startsWith("tsx-"))).toEqual([]);
    return { ...run, code };
  } finally {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    await closed;
    await rm(folder, { recursive: true, force: true });
  }
}

interface Run {
  readonly pid: number;
  readonly folder: string;
  output: string;
  ended: boolean;
}

async function says(run: Run, wanted: RegExp): Promise<void> {
  await vi.waitUntil(() => wanted.test(run.output) || run.ended, PATIENCE);
  expect(run.output).toMatch(wanted);
}

describe("the demo", () => {
  it("says what is real, opens its page, tells the first check, and leaves nothing", async () => {
    const { output, code } = await demo("C", async (run) => {
      await says(run, /Claim code {2}\d{8}/);
      const page = /Page {2}(http:\/\/127\.0\.0\.1:\d+\/)/.exec(run.output)?.[1] ?? "";
      const answer = await fetch(page);
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain("<main");
      expect(run.output).not.toContain("The first check is through");
      await says(run, /The page stays/);
      process.kill(run.pid, "SIGTERM");
    });
    expect(code).toBe(0);
    expect(output).toMatch(/(real|stand-in) +miniupnpd .*[\s\S]*Page .*[\s\S]*Asking each one[\s\S]*Done/);
    expect(output).toMatch(/The first check is through after [\d.]+ s:\n {2}22 cameras \/ .*Act now \d/);
    expect(output.trim().endsWith("Everything is removed.")).toBe(true);
  });

  it("ends with Ctrl-C in the middle of its first check, in Japanese, with every process and namespace", async () => {
    let traces = { namespaces: [] as readonly string[], processes: 0 };
    const { output, code } = await demo("ja_JP.UTF-8", async (run) => {
      await says(run, /番号 {2}\d{8}/);
      traces = tracesBelow(run.pid);
      // A terminal tells the whole foreground group.
      process.kill(-run.pid, "SIGINT");
    });
    expect(code).toBe(0);
    expect(output).toContain("すべて片付けました。");
    expect(output).not.toContain("終わりました:");
    expect(traces.processes).toBeGreaterThan(25);
    expect(traces.namespaces.length).toBeGreaterThan(25);
    expect(leftOf(traces)).toEqual([]);
  });
});
