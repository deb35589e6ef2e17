#!/usr/bin/env node
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { catalogue, reasonText } from "./checks/index.ts";
import { references } from "./checks/references.ts";
import { type Arguments, readArguments, UsageError } from "./cli/arguments.ts";
import { allowThisRun, askPermission } from "./cli/consent.ts";
import { doctorText, examine } from "./cli/doctor.ts";
import { HELP } from "./cli/help.ts";
import { pageAddresses } from "./cli/page-addresses.ts";
import { progressFor } from "./cli/progress.ts";
import { fixtureOf } from "./cli/record.ts";
import { remoteScan } from "./cli/remote-scan.ts";
import { exitStatus, reportTable, type TableOptions } from "./cli/table.ts";
import { vantage } from "./cli/vantage.ts";
import { startDaemon } from "./daemon.ts";
import { identifyLine, loadVendors, type Vendors } from "./inventory/index.ts";
import { type OnProgress, type Report, SCAN_SCHEMA, type Scan } from "./model/index.ts";
import { askDaemon } from "./net/control-client.ts";
import {
  askDevices,
  draw,
  lookAround,
  type PipelineContext,
  runPipeline,
  takeInventory,
} from "./pipeline.ts";
import { serve } from "./serve/index.ts";
import { openStore, type Store, StoreBusyError } from "./store/index.ts";
import { VERSION } from "./version.ts";

/** EX_USAGE and EX_CANTCREAT of sysexits.h; 2 is "could not check". */
const EXIT = { ok: 0, couldNotCheck: 2, usage: 64, busy: 73 } as const;
const DEFAULT_PORT = 8080;

class NoNetworkError extends Error {
  constructor() {
    super(
      "this machine has no address on a LAN yet, so there is nowhere to show the page. See: komainu doctor",
    );
  }
}

async function main(argv: readonly string[]): Promise<number> {
  const options = readArguments(argv, process.env);
  switch (options.command) {
    case "help":
      process.stdout.write(HELP[options.language]);
      return EXIT.ok;
    case "version":
      process.stdout.write(`komainu ${VERSION}\n`);
      return EXIT.ok;
    case "scan":
      return scan(options);
    case "run":
      return run(options);
    case "consent":
      return consent(options);
    case "doctor":
      return doctor(options);
    case "identify":
      return identify();
    case "record":
      return record(options);
    case "claim":
      return claim(options);
    case "vantage":
      await vantage(options, interruptible());
      return EXIT.ok;
  }
}

/** One scan: discover -> inventory -> probes -> checks -> report, here or by the running daemon. */
async function scan(options: Arguments): Promise<number> {
  const vendors = await vendorFiles();
  const onProgress = progressFor(options, process.stderr);
  const from = options.from === null ? null : await savedScan(options.from);
  const socket = controlSocket(options);
  if (from === null && options.until === null && (await daemonRuns(socket))) {
    return show(await remoteScan(socket, options.consent, onProgress), options, vendors, {});
  }
  return withStore(options, onProgress, async (store) => {
    const stop = interruptible();
    const release = options.consent ? await allowThisRun(store, options.consent) : async () => undefined;
    try {
      const until = options.until ?? "checks";
      const context = contextOf(store, vendors, stop, onProgress, []);
      const done = await runPipeline(context, { from, until, limits: options });
      if (done.report === null) {
        process.stdout.write(`${JSON.stringify(done.scan)}\n`);
        return EXIT.ok;
      }
      if (from === null && !stop.aborted) await store.takeReport(done.report);
      const names = Object.fromEntries(
        store.state.devices.flatMap(({ id, name }) => (name ? [[id, name]] : [])),
      );
      return show(done.report, options, vendors, names);
    } finally {
      await release();
    }
  });
}

/** The daemon: scans, listens in between, serves the page until it is told to stop. */
async function run(options: Arguments): Promise<number> {
  const vendors = await vendorFiles();
  const onProgress = progressFor(options, process.stderr);
  return withStore(options, onProgress, async (store) => {
    const stop = interruptible();
    const release = options.consent ? await allowThisRun(store, options.consent) : async () => undefined;
    const listen = options.listen.length > 0 ? options.listen : [{ host: null, port: DEFAULT_PORT }];
    const lan = pageAddresses(listen, options.interfaces);
    // A service manager starts it again until the router has given an address.
    if (lan.length === 0) throw new NoNetworkError();
    const {
      signal: _signal,
      onProgress: _progress,
      consents: _consents,
      managerOf: _managerOf,
      ledger: _ledger,
      known: _known,
      firstScan: _first,
      ...context
    } = contextOf(
      store,
      vendors,
      stop,
      onProgress,
      lan.map(({ port }) => port),
    );
    const daemon = startDaemon({
      store,
      limits: options,
      everyHours: options.everyHours,
      context,
      onProgress,
    });
    try {
      const server = await serve({
        site: daemon,
        commands: { ...store, ...daemon.commands },
        progress: daemon,
        catalogue,
        references,
        reasons: reasonText,
        vendors: vendorWords(vendors),
        access: store,
        sessionSecret: store.state.sessionSecret,
        lan,
        controlSocket: controlSocket(options),
        allowedHosts: options.allowedHosts,
      });
      for (const address of server.addresses) process.stdout.write(`page: ${address}\n`);
      if (store.state.claim.claimedAt === null)
        process.stdout.write(`claim code: ${store.state.claim.code}\n`);
      await until(stop);
      await server.close();
    } finally {
      // Without its page (the port is taken) the daemon must not go on either.
      await daemon.close();
      await release();
    }
    return EXIT.ok;
  });
}

async function until(stop: AbortSignal): Promise<void> {
  if (stop.aborted) return;
  await new Promise<void>((resolve) => stop.addEventListener("abort", () => resolve(), { once: true }));
}

/** Gives, shows or withdraws permission; the daemon writes it down while it runs. */
async function consent(options: Arguments): Promise<number> {
  const socket = controlSocket(options);
  if (await daemonRuns(socket)) return askPermission({ options, daemon: socket, store: null });
  return withStore(
    options,
    () => undefined,
    (store) => askPermission({ options, daemon: null, store }),
  );
}

async function doctor(options: Arguments): Promise<number> {
  const vendors = await vendorFiles();
  const running = await daemonRuns(controlSocket(options));
  const lines = await examine({
    state: options.state,
    ports: options.listen.length > 0 ? options.listen.map(({ port }) => port) : [DEFAULT_PORT],
    interfaces: options.interfaces,
    daemon: running ? "running" : "not-running",
    vendorProblems: vendors.problems,
  });
  process.stdout.write(options.json ? `${JSON.stringify(lines)}\n` : doctorText(lines, options.language));
  return lines.some(({ state }) => state === "no") ? EXIT.couldNotCheck : EXIT.ok;
}

/** JSON lines in, JSON lines out: the way to try a fingerprint without a camera. */
async function identify(): Promise<number> {
  const vendors = await vendorFiles();
  let allRead = true;
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() === "") continue;
    const answer = identifyLine(parseJson(line), vendors);
    allRead &&= !("error" in answer);
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
  return allRead ? EXIT.ok : EXIT.usage;
}

/** Writes what one device answers as a redacted fixture. Asks with permission only, like every scan. */
async function record(options: Arguments): Promise<number> {
  const [address, file] = options.positionals;
  if (!address) throw new UsageError('komainu record ADDRESS [FILE] --consent "NAME, ROLE"');
  if (!options.consent)
    throw new UsageError('record asks the camera questions, so it needs --consent "NAME, ROLE".');
  const { consent } = options;
  const vendors = await vendorFiles();
  const onProgress = progressFor(options, process.stderr);
  return withStore(options, onProgress, async (store) => {
    const release = await allowThisRun(store, consent);
    try {
      const context = contextOf(store, vendors, interruptible(), onProgress, []);
      const found = await takeInventory(await lookAround(context, options), context);
      const device = found.devices.find(({ addresses }) => addresses.some((own) => own.address === address));
      if (!device)
        throw new UsageError(
          `${address} was not seen on the networks of this machine. Is it on, and on this LAN?`,
        );
      const asked = await askDevices({ ...found, devices: [device] }, context);
      const outcomes = draw(asked, context).devices.find(({ id }) => id === device.id)?.outcomes ?? [];
      const day = new Date().toISOString().slice(0, 10);
      const fixture = fixtureOf(asked.devices[0] ?? device, asked.evidence[device.id] ?? {}, outcomes, day);
      const text = `${JSON.stringify(fixture, null, 2)}\n`;
      if (file) await writeFile(file, text, { flag: "wx" });
      else process.stdout.write(text);
      return EXIT.ok;
    } finally {
      await release();
    }
  });
}

/** Prints the claim code again, for whoever may read the daemon's own records. */
async function claim(options: Arguments): Promise<number> {
  const state = parseJson(await readFile(join(options.state, "state.json"), "utf8").catch(() => "null"));
  const code = (state as { claim?: { code?: unknown } } | null)?.claim?.code;
  if (typeof code !== "string") {
    process.stderr.write(
      `No claim code in ${options.state} yet: start the daemon first, or give its --state directory.\n`,
    );
    return EXIT.couldNotCheck;
  }
  process.stdout.write(`${code}\n`);
  return EXIT.ok;
}

function show(
  report: Report,
  options: Arguments,
  vendors: Vendors,
  names: Readonly<Record<string, string>>,
): number {
  const table: TableOptions = {
    language: options.language,
    catalogue,
    reasons: reasonText,
    vendorNames: vendorNames(vendors),
    names,
    color: process.stdout.isTTY === true && !process.env.NO_COLOR,
  };
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : reportTable(report, table));
  return exitStatus(report);
}

function contextOf(
  store: Store,
  vendors: Vendors,
  signal: AbortSignal,
  onProgress: OnProgress,
  ownPorts: readonly number[],
): PipelineContext {
  const { state, logins } = store;
  return {
    vendors,
    version: VERSION,
    consents: () => state.consents,
    managerOf: store.managerOf,
    ledger: logins,
    known: state.devices,
    firstScan: state.lastCompleteScanAt === null,
    mends: () => state.mends,
    outside: () => state.outside,
    ownPorts,
    signal,
    onProgress,
  };
}

async function withStore(
  options: Arguments,
  onProgress: OnProgress,
  work: (store: Store) => Promise<number>,
): Promise<number> {
  const onProblem = (cause: string) =>
    onProgress({ type: "trouble", deviceId: null, where: "store", cause, at: new Date().toISOString() });
  const store = await openStore(options.state, onProblem);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

async function vendorFiles(): Promise<Vendors> {
  // Beside the bundle in production, beside this file's folder in a checkout.
  const beside = fileURLToPath(new URL("./vendors", import.meta.url));
  return loadVendors(beside);
}

/** Without logins and paths: the page has no use for them. */
function vendorWords(vendors: Vendors) {
  return Object.fromEntries([...vendors.files].map(([id, { name, menus }]) => [id, { name, menus }]));
}

function vendorNames(vendors: Vendors) {
  return Object.fromEntries([...vendors.files].map(([id, { name }]) => [id, name]));
}

async function savedScan(path: string): Promise<Scan> {
  const scan = parseJson(await readFile(path, "utf8")) as Partial<Scan> | null;
  if (scan?.schema !== SCAN_SCHEMA)
    throw new UsageError(`${path} is no saved scan. Make one with: komainu scan --until probes`);
  return scan as Scan;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function controlSocket(options: Arguments): string {
  return join(options.state, "control.sock");
}

async function daemonRuns(socket: string): Promise<boolean> {
  if (!existsSync(socket)) return false;
  const answer = await askDaemon(socket, "GET", "/healthz", undefined, 2000);
  return answer.ok;
}

function interruptible(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => controller.abort());
  return controller.signal;
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    const known = [UsageError, StoreBusyError, NoNetworkError].some((kind) => error instanceof kind);
    const code = (error as NodeJS.ErrnoException).code;
    const text =
      error instanceof Error
        ? known || code
          ? error.message
          : (error.stack ?? error.message)
        : String(error);
    process.stderr.write(`komainu: ${text}\n`);
    process.exitCode =
      error instanceof UsageError
        ? EXIT.usage
        : error instanceof StoreBusyError
          ? EXIT.busy
          : EXIT.couldNotCheck;
  },
);
