import { randomUUID } from "node:crypto";
import {
  audit,
  auditSite,
  type DeviceAudit,
  judge,
  permissionFor,
  routerViews,
  siteView,
} from "./audit/index.ts";
import { discover } from "./discover/index.ts";
import { identify, inventory, inventoryInTurns, reidentify, type Vendors } from "./inventory/index.ts";
import {
  answeringDoors,
  type CheckId,
  type ConsentRecord,
  type Device,
  isCameraKind,
  type KnownDevice,
  type LoginLedger,
  type Manager,
  type MendRecord,
  type NetworkView,
  type Observation,
  type OnProgress,
  type OutsideSettings,
  type QuestionId,
  REPORT_SCHEMA,
  type Report,
  type ReportDevice,
  SCAN_SCHEMA,
  type Scan,
  type SiteQuestionId,
  type SiteView,
  STAGES,
  type Stage,
  type VendorFile,
} from "./model/index.ts";
import { isGateway } from "./net/gateway/router.ts";
import { gatewayAddresses } from "./net/interfaces.ts";

/** What the stages need of the world; the same for a whole scan, one new device and a recheck. */
export interface PipelineContext {
  readonly vendors: Vendors;
  readonly version: string;
  readonly consents: () => readonly ConsentRecord[];
  readonly managerOf: (deviceIds: readonly string[]) => Manager | null;
  readonly ledger: LoginLedger;
  readonly known: readonly KnownDevice[];
  readonly firstScan: boolean;
  readonly mends: () => readonly MendRecord[];
  /** The owner's switches as they are now. */
  readonly outside: () => OutsideSettings;
  /** Ports of our own page: a mapping to them exposes the agent. */
  readonly ownPorts: readonly number[];
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  /** What is known so far, as soon as there are devices and again as each one is done. */
  readonly onInterim?: (scan: Scan) => void;
}

export interface DiscoverLimits {
  readonly interfaces: readonly string[];
  readonly maxHosts: number;
}

/** Discover and inventory: who is there. L0, no question is put to any camera. */
export async function lookAround(context: PipelineContext, limits: DiscoverLimits): Promise<Scan> {
  const startedAt = timestamp();
  context.onProgress({ type: "stage", stage: "discover", at: startedAt });
  const found = await discover({
    ...(limits.interfaces.length > 0 && { interfaces: limits.interfaces }),
    maxHostsPerSubnet: limits.maxHosts,
    signal: context.signal,
    onSource: ({ source, interface: name, observations }) =>
      context.onProgress({ type: "source", source, interface: name, observations, at: timestamp() }),
    onObservation: announceEarly(context),
  });
  const empty = { devices: [], evidence: {}, traffic: {} };
  return { schema: SCAN_SCHEMA, stage: "discover", startedAt, ...found, ...empty };
}

/** Shows a camera as soon as it announces itself, long before the sources have finished listening. */
function announceEarly(context: PipelineContext): (observation: Observation) => void {
  const shown = new Set<string>();
  return (observation) => {
    if (shown.has(observation.address)) return;
    // The cheap question first: most of what is heard is no camera, and need not be told apart from the known ones.
    const { kind } = identify(observation.fields, context.vendors);
    if (kind !== "camera" && kind !== "recorder") return;
    const [device] = inventory([observation], { vendors: context.vendors, known: context.known });
    if (!device) return;
    shown.add(observation.address);
    context.onProgress(deviceEvent(device));
  };
}

/** Observation[] -> Device[]. Pure but for the routing table, which names the gateways. */
export async function takeInventory(scan: Scan, context: PipelineContext): Promise<Scan> {
  context.onProgress({ type: "stage", stage: "inventory", at: timestamp() });
  const devices = await inventoryInTurns(scan.observations, {
    vendors: context.vendors,
    gateways: gatewayAddresses(),
    selfAddresses: ownAddresses(scan.networks),
    known: context.known,
  });
  for (const device of devices) context.onProgress(deviceEvent(device));
  const next: Scan = { ...scan, stage: "inventory", devices };
  context.onInterim?.(next);
  return next;
}

/** Device[] -> Evidence, as far as consent goes. `only` narrows a recheck to the questions that matter. */
export async function askDevices(
  scan: Scan,
  context: PipelineContext,
  only?: ReadonlySet<QuestionId>,
): Promise<Scan> {
  context.onProgress({ type: "stage", stage: "probes", at: timestamp() });
  let interim = scan;
  const audited = await audit(scan.devices, {
    consents: context.consents,
    managerOf: context.managerOf,
    ledger: context.ledger,
    vendorOf: (device) => vendorOf(device, context.vendors),
    reidentify: (device, fields) => reidentify(device, fields, context.vendors),
    ...(only && { only }),
    signal: context.signal,
    onProgress: context.onProgress,
    onAudited: (one) => {
      interim = withAudited(interim, [one]);
      context.onInterim?.(interim);
    },
  });
  return { ...scan, stage: "probes", ...audited };
}

/** The questions about the site as a whole. `only` narrows a recheck; what is not asked anew stays as it was. */
export async function askSite(
  scan: Scan,
  context: PipelineContext,
  only?: ReadonlySet<SiteQuestionId>,
): Promise<Scan> {
  const cameras = scan.devices.filter(({ kind }) => isCameraKind(kind));
  const mayAsk = ({ id, aliases }: Device) =>
    permissionFor(context.consents(), [id, ...aliases], new Date(), context.managerOf([id, ...aliases])).ask;
  const site = await auditSite({
    devices: scan.devices,
    evidence: scan.evidence,
    networks: scan.networks,
    routers: routerViews(scan.devices, scan.evidence, scan.networks, context.outside().ownAddress),
    settings: context.outside(),
    ownPorts: context.ownPorts,
    askable: cameras.filter(mayAsk),
    isRouter: isGateway(),
    ...(only && { only }),
    signal: context.signal,
    now: () => new Date(),
    onProgress: context.onProgress,
  });
  return { ...scan, site: { ...scan.site, ...site } };
}

/** Puts the answers of some devices into a scan; what was not asked anew stays as it was. */
export function withAudited(scan: Scan, audited: readonly DeviceAudit[]): Scan {
  const fresh = new Map(audited.map((one) => [one.device.id, one]));
  const evidence = { ...scan.evidence };
  const traffic = { ...scan.traffic };
  for (const one of audited) {
    evidence[one.device.id] = { ...evidence[one.device.id], ...one.evidence };
    traffic[one.device.id] = one.traffic;
  }
  return {
    ...scan,
    devices: scan.devices.map((device) => fresh.get(device.id)?.device ?? device),
    evidence,
    traffic,
  };
}

/** Evidence -> Report. Pure: the same scan always gives the same outcomes. */
export function draw(scan: Scan, context: PipelineContext, only?: ReadonlySet<CheckId>): Report {
  context.onProgress({ type: "stage", stage: "checks", at: timestamp() });
  const site = siteOf(scan, context);
  const judged = judge(site, scan.evidence, {
    vendorOf: (device) => vendorOf(device, context.vendors),
    ...(only && { only }),
    onProgress: context.onProgress,
  });
  const own = scan.devices
    .filter(({ self, id }) => self && !judged.some(({ device }) => device.id === id))
    .map((device) => ({ device, outcomes: [] }));
  return {
    schema: REPORT_SCHEMA,
    id: randomUUID(),
    agent: { version: context.version },
    startedAt: scan.startedAt,
    finishedAt: site.now,
    networks: scan.networks,
    sources: scan.sources,
    consent: context
      .consents()
      .map(({ person, role, levels, from, until, how }) => ({ person, role, levels, from, until, how })),
    devices: [...judged, ...own].map(({ device, outcomes }) => ({
      ...reportDevice(device),
      doors: answeringDoors(scan.evidence[device.id] ?? {}),
      outcomes,
      traffic: scan.traffic[device.id] ?? null,
    })),
    mappings: site.mappings,
    reach: { routers: site.routers, paths: site.paths, questions: site.questions },
  };
}

function siteOf(scan: Scan, context: PipelineContext): SiteView {
  return siteView(scan.devices, scan.evidence, scan.networks, {
    now: timestamp(),
    known: context.known,
    firstScan: context.firstScan,
    mends: context.mends(),
    ownAddress: context.outside().ownAddress,
    questions: scan.site ?? {},
    self: { addresses: ownAddresses(scan.networks), ports: context.ownPorts },
  });
}

/**
 * Runs the stages that `scan` (a saved one) has not run yet, as far as `until`. A saved scan is never continued on
 * the network: its missing evidence stays missing, and the checks say so.
 */
export async function runPipeline(
  context: PipelineContext,
  options: { from: Scan | null; until: Stage; limits: DiscoverLimits },
): Promise<{ scan: Scan; report: Report | null }> {
  const last = STAGES.indexOf(options.until);
  const reached = (stage: Stage) => STAGES.indexOf(stage) <= last;
  let scan = options.from ?? (await lookAround(context, options.limits));
  const done = STAGES.indexOf(scan.stage);
  if (reached("inventory") && done < STAGES.indexOf("inventory")) {
    scan = await takeInventory(scan, context);
  }
  if (reached("probes") && !options.from) scan = await askSite(await askDevices(scan, context), context);
  const report = reached("checks") ? draw(scan, context) : null;
  context.onProgress({ type: "stage", stage: "done", at: timestamp() });
  return { scan, report };
}

function vendorOf(device: Device, vendors: Vendors): VendorFile | null {
  return device.vendor === null ? null : (vendors.files.get(device.vendor) ?? null);
}

function reportDevice({
  fields: _fields,
  addresses,
  ...device
}: Device): Omit<ReportDevice, "doors" | "outcomes" | "traffic"> {
  const ordered = [...addresses].sort(
    (a, b) => Number(a.address.includes(":")) - Number(b.address.includes(":")),
  );
  return {
    ...device,
    addresses: ordered.map(({ address }) => address),
    interfaces: [...new Set(ordered.map((address) => address.interface))],
  };
}

export function deviceEvent(device: Device) {
  const label = [device.vendor, device.model].filter(Boolean).join(" ") || device.names[0] || device.kind;
  return {
    type: "device",
    deviceId: device.id,
    label,
    kind: device.kind,
    vendor: device.vendor,
    at: timestamp(),
  } as const;
}

function ownAddresses(networks: readonly NetworkView[]): string[] {
  return networks.flatMap(({ addresses }) => addresses);
}

function timestamp(): string {
  return new Date().toISOString();
}
