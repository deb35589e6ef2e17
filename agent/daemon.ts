import pLimit from "p-limit";
import { listen } from "./discover/index.ts";
import { Guarding } from "./guarding.ts";
import { inventory, Presence } from "./inventory/index.ts";
import { Mending } from "./mending.ts";
import {
  type CheckId,
  type Device,
  type Finding,
  isSameDevice,
  type MendRecord,
  type Observation,
  type OnProgress,
  type ProgressEvent,
  type Report,
  type Scan,
} from "./model/index.ts";
import {
  askDevices,
  askSite,
  type DiscoverLimits,
  deviceEvent,
  draw,
  type PipelineContext,
  runPipeline,
  withAudited,
} from "./pipeline.ts";
import { type Questions, questionsOf } from "./recheck.ts";
import type { Commands, SiteState } from "./serve/index.ts";
import type { Store } from "./store/index.ts";

/** A device that comes and goes is looked at again after this long, not each time it says hello. */
const LOOK_AGAIN_MS = 10 * 60 * 1000;
/** Whoever makes up devices by the hundred must not keep the next scan waiting for hours. */
const MAX_NEWCOMERS = 16;
/** Steps kept for the page while a scan runs. */
const MAX_STEPS = 200;

export interface DaemonOptions {
  readonly store: Store;
  readonly limits: DiscoverLimits;
  readonly everyHours: number;
  readonly context: Omit<
    PipelineContext,
    "consents" | "managerOf" | "ledger" | "known" | "firstScan" | "signal" | "onProgress"
  >;
  readonly onProgress: OnProgress;
}

/** What the network is needed for, or a scan follows; all else goes straight to the store. */
export type DaemonCommands = Pick<
  Commands,
  | "scan"
  | "recheck"
  | "giveConsent"
  | "withdrawConsent"
  | "closeWays"
  | "setOutside"
  | "applyGuard"
  | "removeGuard"
>;

export interface Daemon {
  readonly commands: DaemonCommands;
  view(): SiteState;
  subscribe(listener: OnProgress): () => void;
  close(): Promise<void>;
}

/** Scans now and every few hours, listens in between, and carries out what the page asks for, one thing at a time. */
export function startDaemon(options: DaemonOptions): Daemon {
  return new Guard(options);
}

class Guard implements Daemon {
  readonly #options: DaemonOptions;
  readonly #store: Store;
  readonly #oneAtATime = pLimit(1);
  readonly #stop = new AbortController();
  readonly #listeners = new Set<OnProgress>();
  readonly #lookedAt = new Map<string, number>();
  readonly #ears: { close(): Promise<void> };
  readonly #mending: Mending;
  readonly #guarding: Guarding;
  #scan: Scan | null = null;
  #present = new Presence([]);
  #interim: { scan: Scan; done: number; report: Report | null } | null = null;
  #steps: ProgressEvent[] = [];
  #scanning = false;
  #waiting: Promise<void> | null = null;
  #timer: NodeJS.Timeout | undefined;
  #nextScanAt: string | null = null;

  constructor(options: DaemonOptions) {
    this.#options = options;
    this.#store = options.store;
    this.#mending = new Mending(options.store, this.#stop.signal);
    this.#guarding = new Guarding(options.store);
    this.#ears = listen({
      ...(options.limits.interfaces.length > 0 && { interfaces: options.limits.interfaces }),
      onObservation: (observation) => this.#hear(observation),
      isKnown: (address) => this.#present.answersAt(address),
    });
    void this.#guarding.refresh().catch((error: unknown) => this.#trouble("guard", error));
    void this.scan();
  }

  readonly commands: DaemonCommands = {
    scan: () => this.scan(),
    recheck: (findingId) => this.#oneAtATime(() => this.#recheck(findingId)),
    giveConsent: async (input) => {
      const from = new Date();
      const until = new Date(from);
      until.setMonth(until.getMonth() + input.months);
      const { months: _months, ...rest } = input;
      const record = await this.#store.giveConsent({
        ...rest,
        devices: "all",
        from: from.toISOString(),
        until: until.toISOString(),
      });
      // What was not allowed until now is asked now: nobody should have to press a second button.
      if (input.how !== "command-line") void this.scan();
      return record;
    },
    withdrawConsent: async (id) => {
      await this.#store.withdrawConsent(id, new Date().toISOString());
    },
    closeWays: (findingId, by) => this.#oneAtATime(() => this.#closeWays(findingId, by)),
    setOutside: async (input) => {
      const isSet = await this.#mending.setOutside(input);
      if (isSet) void this.scan();
      return isSet;
    },
    applyGuard: (by) => this.#oneAtATime(() => this.#guarding.apply(by)),
    removeGuard: (by) => this.#oneAtATime(() => this.#guarding.remove(by)),
  };

  /** A second wish while one is waiting is the same wish. */
  scan(): Promise<void> {
    this.#waiting ??= this.#oneAtATime(async () => {
      this.#waiting = null;
      await this.#wholeScan();
    });
    return this.#waiting;
  }

  view(): SiteState {
    const { state } = this.#store;
    return {
      place: state.place,
      contact: state.contact,
      version: this.#options.context.version,
      report: this.#interimReport() ?? state.report,
      scanning: this.#scanning
        ? {
            done: this.#interim?.done ?? 0,
            total: this.#interim?.scan.devices.length ?? 0,
            steps: this.#steps,
          }
        : null,
      findings: state.findings,
      known: state.devices,
      consents: state.consents,
      lastCompleteScanAt: state.lastCompleteScanAt,
      nextScanAt: this.#nextScanAt,
      access: this.#store.access,
      statements: state.statements,
      visits: state.visits,
      signOffs: state.signOffs,
      exposure: this.#store.exposure,
      mends: state.mends,
      outside: this.#mending.outside,
      guard: this.#guarding.state,
    };
  }

  subscribe(listener: OnProgress): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#stop.abort();
    await this.#ears.close();
    await this.#oneAtATime(() => Promise.resolve());
  }

  readonly #onProgress: OnProgress = (event) => {
    this.#steps = [...this.#steps.slice(1 - MAX_STEPS), event];
    this.#options.onProgress(event);
    for (const listener of this.#listeners) listener(event);
  };

  #context(): PipelineContext {
    const { state, logins } = this.#store;
    return {
      ...this.#options.context,
      consents: () => state.consents,
      managerOf: this.#store.managerOf,
      ledger: logins,
      known: state.devices,
      firstScan: state.lastCompleteScanAt === null,
      signal: this.#stop.signal,
      onProgress: this.#onProgress,
      onInterim: (scan) => {
        // Until a device is asked anew, what it said last time still stands.
        const evidence = { ...this.#scan?.evidence, ...scan.evidence };
        this.#interim = {
          scan: { ...scan, evidence, site: { ...this.#scan?.site, ...scan.site } },
          done: Object.keys(scan.evidence).length,
          report: null,
        };
      },
    };
  }

  /** Drawn only when somebody looks, and once per change. */
  #interimReport(): Report | null {
    if (!this.#interim) return null;
    this.#interim.report ??= draw(this.#interim.scan, { ...this.#context(), onProgress: () => undefined });
    return this.#interim.report;
  }

  async #wholeScan(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#steps = [];
    this.#scanning = true;
    try {
      const { scan, report } = await runPipeline(this.#context(), {
        from: null,
        until: "checks",
        limits: this.#options.limits,
      });
      // A scan cut short by the shutdown saw too little to say anything.
      if (report && !this.#stop.signal.aborted) {
        this.#remember(scan);
        await this.#store.takeReport(report);
        await this.#guarding.refresh();
      }
    } catch (error) {
      this.#trouble("scan", error);
    } finally {
      this.#scanning = false;
      this.#interim = null;
      this.#schedule();
    }
    this.#onProgress({ type: "stage", stage: "done", at: new Date().toISOString() });
    // As the unit runs it (--expose-gc): what the scan left behind is given back now. V8 alone may keep it until the next.
    globalThis.gc?.();
  }

  #remember(scan: Scan): void {
    // The sightings have become devices by now; the bulk of them would stay in memory until the next scan.
    this.#scan = { ...scan, observations: [] };
    this.#present = new Presence(scan.devices);
  }

  #schedule(): void {
    if (this.#stop.signal.aborted) return;
    const delay = this.#options.everyHours * 3600 * 1000;
    this.#nextScanAt = new Date(Date.now() + delay).toISOString();
    this.#timer = setTimeout(() => void this.scan(), delay);
    this.#timer.unref();
  }

  /** A sighting between the scans. What is new is shown at once and asked at once; the rest is left alone. */
  #hear(observation: Observation): void {
    if (observation.leaving || !this.#scan) return;
    const { address, ids } = observation;
    // Everybody on the LAN is heard again and again: the cheap question first.
    const mac = ids.find(({ kind }) => kind === "mac")?.value ?? null;
    if (this.#present.sees(address, mac)) return;
    if (this.#oneAtATime.pendingCount >= MAX_NEWCOMERS) return;
    const last = this.#lookedAt.get(address) ?? 0;
    if (Date.now() - last < LOOK_AGAIN_MS) return;
    const [device] = inventory([observation], {
      vendors: this.#options.context.vendors,
      known: this.#store.state.devices,
    });
    if (!device || this.#present.includes(device)) return;
    this.#lookedAt.set(address, Date.now());
    if (this.#lookedAt.size > 4096) this.#lookedAt.delete(this.#lookedAt.keys().next().value ?? "");
    this.#onProgress(deviceEvent(device));
    void this.#oneAtATime(() => this.#newDevice(device)).catch((error: unknown) =>
      this.#trouble("new device", error),
    );
  }

  async #newDevice(device: Device): Promise<void> {
    if (!this.#scan || this.#present.includes(device) || this.#stop.signal.aborted) return;
    this.#remember({ ...this.#scan, devices: [...this.#scan.devices, device] });
    await this.#askAgain([device], undefined, undefined);
  }

  async #recheck(
    findingId: string,
  ): Promise<{ ok: boolean; outcome?: Finding["outcome"]["outcome"]; because?: string | null }> {
    const finding = this.#store.state.findings.find(({ id }) => id === findingId);
    if (!finding) return { ok: false, because: "no-such-finding" };
    const ids = { id: finding.deviceId, aliases: [] };
    // A camera that is not there can only be found by looking around again.
    if (!this.#scan?.devices.some((known) => isSameDevice(known, ids))) await this.#wholeScan();
    const device = this.#scan?.devices.find((known) => isSameDevice(known, ids));
    if (!this.#scan || !device) return { ok: true, outcome: "fail", because: "unreachable" };
    const questions = questionsOf(finding.check);
    const routers = this.#scan.devices.filter(({ kind }) => kind === "router");
    const asked = questions.ofRouters ? routers : [device];
    const report = await this.#askAgain(asked, questions, { device, check: finding.check });
    const outcomes = report.devices.find(({ id }) => id === device.id)?.outcomes ?? [];
    const mine = outcomes.filter(({ check }) => check === finding.check);
    const same = mine.find(({ subject }) => subject === finding.subject) ?? mine[0];
    return same
      ? { ok: true, outcome: same.outcome, because: same.because }
      : { ok: false, because: "error" };
  }

  /** Closes, looks again, and has everything weighed anew: what else was bad because of that way in may not be so now. */
  async #closeWays(findingId: string, by: string): Promise<readonly MendRecord[]> {
    const finding = this.#store.state.findings.find(({ id }) => id === findingId);
    if (!finding) return [];
    const records = await this.#mending.close(finding, by);
    if (records.length === 0) return [];
    await this.#recheck(findingId);
    await this.#mending.confirm(records, this.#scan?.site);
    void this.scan();
    return this.#store.state.mends.filter(({ id }) => records.some((record) => record.id === id));
  }

  /** Asks some devices and takes over only what was asked: the rest of the report keeps its own time. */
  async #askAgain(
    devices: readonly Device[],
    only: Questions | undefined,
    focus: { device: Device; check: CheckId } | undefined,
  ): Promise<Report> {
    const scan = this.#scan as Scan;
    const context = { ...this.#context(), onInterim: () => undefined };
    const asked = await askDevices({ ...scan, devices }, context, only?.ofDevice);
    const audited = asked.devices.map((device) => ({
      device,
      evidence: asked.evidence[device.id] ?? {},
      traffic: asked.traffic[device.id] ?? { connections: 0, bytesIn: 0, bytesOut: 0, peakConnections: 0 },
    }));
    const heard = withAudited(scan, audited);
    const next = only && only.ofSite.size > 0 ? await askSite(heard, context, only.ofSite) : heard;
    this.#remember(next);
    const fresh = draw(next, context);
    const ids = focus ? [focus.device.id] : devices.map(({ id }) => id);
    const part: Report = {
      ...fresh,
      devices: fresh.devices
        .filter(({ id }) => ids.includes(id))
        .map((device) => ({
          ...device,
          outcomes: device.outcomes.filter(({ check }) => !focus || check === focus.check),
        })),
    };
    await this.#store.takePart(fresh, part);
    this.#onProgress({ type: "stage", stage: "done", at: fresh.finishedAt });
    return fresh;
  }

  #trouble(where: string, error: unknown): void {
    const cause = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    this.#onProgress({ type: "trouble", deviceId: null, where, cause, at: new Date().toISOString() });
  }
}
