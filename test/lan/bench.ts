import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Report } from "../../agent/model/index.ts";
import { askDaemon } from "../../agent/net/control-client.ts";
import { USUAL_PORTS } from "../../agent/probes/port-numbers.ts";
import { benchPage } from "./bench-page.ts";
import { benchReach } from "./bench-reach.ts";
import {
  BUNDLE,
  CONSENT,
  cpuOf,
  NODE_FLAGS,
  parseEvent,
  print,
  ROOT,
  SERVICE_ENVIRONMENT,
  spread,
  statusOf,
  watchProcess,
  writtenBy,
} from "./bench-tools.ts";
import { member, NURSERY } from "./cast.ts";
import type { CastMember } from "./cast-member.ts";
import { type Lan, startLan } from "./lan.ts";
import { compare } from "./truth.ts";

/**
 * `scan` measures the bundle (`npm run build` first) on a /24 with 24 cameras and 40 other hosts, then lets nmap ask the
 * same questions of the same LAN; `page` measures the page in a browser; `reach` opens every way in from the Internet,
 * and counts those that are found and closed. Without an argument all run. Everything runs
 * on this one machine, the fake cameras too, so times are upper bounds.
 */
const HOSTS = 64;
const CAMERAS = 24;
const DAEMON_SCANS = 10;
/** Over a minute the kernel's ticks tell a fiftieth of a percent. */
const IDLE_SECONDS = 60;
/** V8 tidies up for some seconds after a scan: part of the scan's cost, not of idling. */
const SETTLE_SECONDS = 30;

function benchCast(): readonly CastMember[] {
  const isCamera = ({ truth }: CastMember) => truth.kind === "camera" || truth.kind === "recorder";
  const cameras = [
    ...NURSERY.filter(isCamera),
    member("extra-1", 91, "a second camera of a kind that is there already", "axis-m1065-l"),
    member("extra-2", 92, "a second camera of a kind that is there already", "sony-snc-ch140"),
  ].slice(0, CAMERAS);
  const others = NURSERY.filter((one) => !isCamera(one));
  const plain = Array.from({ length: HOSTS - cameras.length - others.length }, (_, n): CastMember => {
    const host = 150 + n;
    const mac = `02:00:5E:00:78:${host.toString(16).toUpperCase().padStart(2, "0")}`;
    const truth = { kind: "unknown", vendor: null, openViews: [], factoryLogins: [] } as const;
    return { name: `host-${host}`, story: "all ports closed", address: `192.168.77.${host}`, mac, truth };
  });
  return [...cameras, ...others, ...plain];
}

const SECTIONS = { scan: benchScans, page: benchPage, reach: benchReach };
type Section = keyof typeof SECTIONS;

async function main(argv: readonly string[]): Promise<void> {
  const names = Object.keys(SECTIONS) as Section[];
  const unknown = argv.filter((name) => !names.includes(name as Section));
  if (unknown.length > 0)
    throw new Error(`There is no ${unknown.join(", ")} here, only ${names.join(", ")}.`);
  for (const name of names) if (argv.length === 0 || argv.includes(name)) await SECTIONS[name]();
}

async function benchScans(): Promise<void> {
  const cast = benchCast();
  const lan = await startLan({ cast });
  try {
    const cameras = cast.filter(({ truth }) => truth.kind === "camera" || truth.kind === "recorder").length;
    print("LAN", `${cameras} cameras and recorders, ${cast.length - cameras} other hosts, 1 router`);
    const { report, seconds } = await benchScan(lan);
    await benchLogins(lan);
    await benchDaemon(lan);
    await benchNmap(lan, report, seconds);
  } finally {
    await lan.stop();
  }
  benchFiles();
}

async function benchScan(lan: Lan): Promise<{ report: Report; seconds: number }> {
  const argv = [process.execPath, ...NODE_FLAGS, BUNDLE, "scan", "--json", "--events", ...CONSENT];
  const startedAt = performance.now();
  const run = lan.agent.run([...argv, "--state", "/run/lan/bench-scan"], { keep: 16 * 1024 * 1024 });
  let firstCamera: number | null = null;
  run.child.stderr?.on("data", (data: Buffer) => {
    if (firstCamera !== null) return;
    const events = data.toString().split("\n").flatMap(parseEvent);
    if (events.some((event) => event.type === "device" && event.kind === "camera")) {
      firstCamera = performance.now() - startedAt;
    }
  });
  const usage = watchProcess(() => run.pid());
  const { stdout, stderr } = await run.done;
  const seconds = (performance.now() - startedAt) / 1000;
  if (stdout === "") throw new Error(`no report: ${stderr.slice(-2000)}`);
  const report = JSON.parse(stdout) as Report;
  const { cpuSeconds, peakMiB } = usage.end();
  const difference = compare(report, lan.truth);
  print("scan: first camera", `${((firstCamera ?? Number.NaN) / 1000).toFixed(2)} s after start`, "<= 1 s");
  print("scan: full Report", `${seconds.toFixed(2)} s`, "<= 6 s");
  print("scan: CPU", `${cpuSeconds.toFixed(2)} s`);
  print("scan: peak memory", `${peakMiB.toFixed(0)} MiB`);
  print("scan: missed / false", `${difference.missed.length} / ${difference.false.length}`, "0 / 0");
  for (const line of [...difference.missed, ...difference.false]) print("  ", line);
  const traffic = report.devices.flatMap(({ kind, traffic }) =>
    kind === "camera" && traffic ? [traffic] : [],
  );
  spread(
    "connections per camera",
    traffic.map(({ connections }) => connections),
  );
  spread(
    "connections at once, per camera",
    traffic.map(({ peakConnections }) => peakConnections),
    "max 2",
  );
  spread(
    "bytes read per camera",
    traffic.map(({ bytesIn }) => bytesIn),
  );
  spread(
    "bytes sent per camera",
    traffic.map(({ bytesOut }) => bytesOut),
  );
  print("packets off the LAN", String(await lan.offLanPackets()), "0");
  return { report, seconds };
}

async function benchLogins(lan: Lan): Promise<void> {
  const asked = lan.hosts.filter(({ controllable }) => controllable);
  const states = await Promise.all(asked.map((host) => host.state()));
  spread(
    "wrong logins per device",
    states.map(({ wrong }) => wrong),
    "max 2",
  );
  print("devices locked", String(states.filter(({ locked }) => locked).length), "0");
}

async function benchDaemon(lan: Lan): Promise<void> {
  // On a real disk, so that the kernel counts what reaches it.
  const state = mkdtempSync(join(tmpdir(), "komainu-bench-"));
  const argv = [process.execPath, ...NODE_FLAGS, BUNDLE, "run", "--quiet", ...CONSENT, "--state", state];
  const run = lan.agent.run(argv, { env: SERVICE_ENVIRONMENT });
  await new Promise<void>((resolve, reject) => {
    run.child.stdout?.on("data", (data: Buffer) => data.includes("page:") && resolve());
    void run.done.then(({ stderr }) => reject(new Error(`the daemon ended: ${stderr.slice(-2000)}`)));
  });
  const socket = join(state, "control.sock");
  const usage = watchProcess(() => run.pid());
  for (let n = 0; n < DAEMON_SCANS; n += 1) {
    const answer = await askDaemon(socket, "POST", "/api/v1/scan", undefined, 120_000);
    if (!answer.ok || answer.value.status !== 200)
      throw new Error(`scan ${n} failed: ${JSON.stringify(answer)}`);
  }
  const pid = run.pid() ?? 0;
  const resident = () => `${(statusOf(pid, "VmRSS") / 1024).toFixed(1)} MiB`;
  const used = async (seconds: number) => {
    const before = cpuOf(pid);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    return `${(((cpuOf(pid) - before) / seconds) * 100).toFixed(2)} % of one core`;
  };
  print(`daemon after ${DAEMON_SCANS} scans: resident at once`, resident());
  print(`daemon: CPU in the ${SETTLE_SECONDS} s after them`, await used(SETTLE_SECONDS));
  print("daemon: resident after these", resident(), "<= 64 MiB");
  print(`daemon after ${DAEMON_SCANS} scans: peak`, `${(statusOf(pid, "VmHWM") / 1024).toFixed(0)} MiB`);
  print("daemon: written to disk since start", `${(writtenBy(pid) / 1024).toFixed(0)} KiB`);
  const written = writtenBy(pid);
  print(`daemon: CPU while idle (${IDLE_SECONDS} s)`, await used(IDLE_SECONDS), "<= 0.2 %");
  print("daemon: written while idle", `${((writtenBy(pid) - written) / 1024).toFixed(0)} KiB`, "0");
  usage.end();
  run.kill("SIGTERM");
  await run.done;
  rmSync(state, { recursive: true });
}

/** Debian's nmap with service detection and the scripts that come nearest to our questions, on the same ports, at its usual pace. */
async function benchNmap(lan: Lan, report: Report, seconds: number): Promise<void> {
  const scripts = [
    "http-title",
    "http-auth",
    "http-default-accounts",
    "rtsp-methods",
    "rtsp-url-brute",
    "ssl-cert",
    "upnp-info",
    "broadcast-upnp-info",
    "broadcast-wsdd-discover",
    "broadcast-dns-service-discovery",
  ];
  const argv = [
    "nmap",
    "-n",
    "-sT",
    "-sV",
    "-p",
    USUAL_PORTS.join(","),
    "--script",
    scripts.join(","),
    "192.168.77.0/24",
  ];
  const startedAt = performance.now();
  const run = lan.agent.run(argv, { capabilities: true, keep: 64 * 1024 * 1024 });
  const { stdout, stderr, code } = await run.done.catch(() => ({
    stdout: "",
    stderr: "nmap is not installed",
    code: 1,
  }));
  if (code !== 0) return print("nmap", `not measured: ${stderr.trim().split("\n")[0]}`);
  const took = (performance.now() - startedAt) / 1000;
  const hosts = stdout.split("Nmap scan report for ").slice(1);
  const count = (pattern: RegExp) => hosts.filter((host) => pattern.test(host)).length;
  const fails = (check: string) =>
    report.devices.filter(({ outcomes }) =>
      outcomes.some((one) => one.check === check && one.outcome === "fail"),
    ).length;
  print("nmap: same questions", `${took.toFixed(1)} s`, `${(took / seconds).toFixed(0)}x ours`);
  print(
    "nmap: devices with an open stream or picture",
    String(count(/rtsp-url-brute:[\s\S]*?\n\|\s+(discovered|Discovered)/)),
    `ours ${fails("open-live-view")}`,
  );
  print(
    "nmap: devices with a factory login",
    String(count(/Valid credentials|at \/[^\n]*\n\|_?\s+\S+:\S*/)),
    `ours ${fails("default-credentials")}`,
  );
  print("nmap: port mappings listed", "0", `ours ${report.mappings.length}`);
}

function benchFiles(): void {
  const lines = ["agent", "web-ui"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8").split("\n").length - 1),
  );
  spread("lines per source file", lines, "median about 90, max 400");
}

await main(process.argv.slice(2));
