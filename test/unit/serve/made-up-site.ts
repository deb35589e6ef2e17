import { catalogue, reasonText } from "../../../agent/checks/index.ts";
import { references } from "../../../agent/checks/references.ts";
import type {
  ConsentRecord,
  Finding,
  KnownDevice,
  MendRecord,
  OnProgress,
  Outcome,
  ProgressEvent,
  Report,
  ReportDevice,
  Visit,
} from "../../../agent/model/index.ts";
import type { Commands, ServeOptions, SiteState } from "../../../agent/serve/index.ts";
import type { Recognised } from "../../../agent/store/index.ts";

export const NOW = new Date("2026-11-21T01:05:00.000Z");
/** Of the person in charge, as in most tests. */
export const SITE_PIN = "407182";
export const SETUP_CODE = "40718293";
export const CONTRACTOR_CODE = "55667788";

const at = (hoursAgo: number): string => new Date(NOW.getTime() - hoursAgo * 3_600_000).toISOString();

const DOORS = ["http:80", "rtsp:554"];

export function outcome(
  check: Outcome["check"],
  value: Outcome["outcome"],
  more: Partial<Outcome> = {},
): Outcome {
  return {
    check,
    outcome: value,
    severity: "high",
    subject: "",
    audience: "building",
    evidence: [],
    because: null,
    values: {},
    ...more,
  };
}

export function device(id: string, more: Partial<ReportDevice> = {}): ReportDevice {
  return {
    id,
    aliases: [],
    stableIds: [],
    kind: "camera",
    vendor: "acme",
    model: "MARK-MODEL-1",
    firmware: "1.2.3",
    certainty: 0.9,
    addresses: ["192.168.77.31"],
    interfaces: ["eth0"],
    mac: "02:00:5E:77:00:31",
    names: ["MARK-SELF-NAME"],
    services: [],
    outcomes: [],
    doors: DOORS,
    traffic: null,
    ...more,
  };
}

export function known(id: string, more: Partial<KnownDevice> = {}): KnownDevice {
  return {
    id,
    aliases: [],
    kind: "camera",
    name: null,
    registered: true,
    retired: false,
    firstSeen: at(400),
    lastSeen: at(4),
    ...more,
  };
}

export function finding(id: string, deviceId: string, one: Outcome, more: Partial<Finding> = {}): Finding {
  return {
    id,
    check: one.check,
    deviceId,
    subject: one.subject,
    severity: one.severity,
    outcome: one,
    firstSeen: at(18 * 24),
    lastConfirmed: at(4),
    resolvedAt: null,
    reopened: 0,
    lastUnknown: null,
    acknowledged: null,
    ...more,
  };
}

export function report(devices: readonly ReportDevice[]): Report {
  return {
    schema: "komainu/report/1",
    id: "report-1",
    agent: { version: "0.1.0" },
    startedAt: at(4.1),
    finishedAt: at(4),
    networks: [],
    sources: [],
    consent: [],
    devices,
    mappings: [],
  };
}

export const CONSENT: ConsentRecord = {
  id: "consent-1",
  person: "山田花子",
  role: "園長",
  levels: ["L1", "L2"],
  devices: "all",
  managers: { "serial:acme:1": "site" },
  from: at(500),
  until: new Date(NOW.getTime() + 200 * 86_400_000).toISOString(),
  how: "page",
  textHash: "0".repeat(64),
  revokedAt: null,
};

const CALM = ["open-live-view", "default-credentials", "port-mapping-to-camera", "telnet-open"] as const;
const calm = () => CALM.map((check) => outcome(check, "pass"));

/** A click and what came of it. */
export function mend(action: MendRecord["action"], more: Partial<MendRecord> = {}): MendRecord {
  return {
    id: "mend-1",
    at: at(1),
    action,
    by: "園長 佐藤",
    deviceId: null,
    mapping: null,
    pinhole: null,
    confirmedOutside: null,
    result: "done",
    code: null,
    detail: "",
    ...more,
  };
}

export function state(more: Partial<SiteState> = {}): SiteState {
  return {
    place: "つくし保育園",
    contact: "青葉電設 03-0000-0000",
    version: "0.1.0",
    report: report([device("serial:acme:1", { outcomes: calm() })]),
    scanning: null,
    findings: [],
    known: [known("serial:acme:1", { name: "MARK-GIVEN-NAME" })],
    consents: [CONSENT],
    lastCompleteScanAt: at(4),
    nextScanAt: new Date(NOW.getTime() + 2 * 3_600_000).toISOString(),
    access: { claimedAt: at(500), pinSet: true, handedOverAt: at(499), contractor: null },
    statements: [],
    visits: [],
    signOffs: [],
    exposure: { days: [], changes: {} },
    mends: [],
    outside: { hairpin: true, ownAddress: false, vantage: null, internetdb: false },
    guard: { because: "not-the-router", applied: null, preview: null },
    ...more,
  };
}

/** A nursery with four cameras: one open to the internet, one with the factory login, one unclear, one fine. */
export function nursery(more: Partial<SiteState> = {}): SiteState {
  const openView = outcome("open-live-view", "fail", {
    severity: "critical",
    audience: "internet",
    subject: "rtsp:554",
    evidence: ["RTSP DESCRIBE rtsp:554 /stream1: 200, video H264"],
  });
  const mapping = outcome("port-mapping-to-camera", "fail", {
    severity: "high",
    audience: "internet",
    subject: "TCP 8554",
    values: { port: 8554 },
    evidence: ["TCP 8554 -> 192.168.77.31:554"],
  });
  const factory = outcome("default-credentials", "fail", {
    subject: "http:80",
    evidence: ["http:80 accepted acme#/factoryLogins/0"],
  });
  const old = outcome("outdated-firmware", "fail", {
    severity: "medium",
    values: { date: "2018-03-01", year: "2018", years: 8 },
  });
  const upnp = outcome("router-upnp-enabled", "fail", { severity: "medium", subject: "IGD:1" });
  return state({
    report: report([
      device("serial:acme:1", {
        outcomes: [openView, mapping, outcome("telnet-open", "pass")],
      }),
      device("serial:acme:2", {
        addresses: ["192.168.77.32"],
        mac: "02:00:5E:77:00:32",
        outcomes: [outcome("open-live-view", "pass"), factory, old, outcome("telnet-open", "pass")],
      }),
      device("serial:acme:3", {
        addresses: ["192.168.77.33"],
        mac: "02:00:5E:77:00:33",
        names: [],
        outcomes: [
          outcome("open-live-view", "unknown", { because: "timeout", subject: "http:80" }),
          outcome("default-credentials", "notchecked", { because: "not-this-manager" }),
          outcome("port-mapping-to-camera", "pass"),
        ],
      }),
      device("serial:acme:4", {
        addresses: ["192.168.77.34"],
        mac: "02:00:5E:77:00:34",
        outcomes: calm(),
      }),
      device("mac:02005E770001", {
        kind: "router",
        vendor: null,
        model: null,
        addresses: ["192.168.77.1"],
        names: ["gateway"],
        outcomes: [upnp],
      }),
    ]),
    known: [
      known("serial:acme:1", { name: "園庭" }),
      known("serial:acme:2", { name: "玄関" }),
      known("serial:acme:3"),
      known("serial:acme:4", { name: "職員室" }),
      known("mac:02005E770001", { kind: "router" }),
    ],
    findings: [
      finding("open-live-view~aa11", "serial:acme:1", openView),
      finding("port-mapping-to-camera~aa12", "serial:acme:1", mapping),
      finding("default-credentials~bb22", "serial:acme:2", factory, { firstSeen: at(1), reopened: 1 }),
      finding("outdated-firmware~bb23", "serial:acme:2", old),
      finding("router-upnp-enabled~cc33", "mac:02005E770001", upnp),
    ],
    ...more,
  });
}

/** Twenty-four cameras, each with three findings. */
export function crowd(): SiteState {
  const checks = ["open-live-view", "telnet-open", "unencrypted-access"] as const;
  const cameras = Array.from({ length: 24 }, (_, index) =>
    device(`serial:acme:${index}`, {
      model: `MODEL-${index}`,
      addresses: [`192.168.77.${index + 10}`],
      outcomes: checks.map((check) => outcome(check, "fail", { subject: "http:80" })),
    }),
  );
  return state({
    report: report(cameras),
    known: cameras.map(({ id }, index) => known(id, { name: `教室 ${index}` })),
    findings: cameras.flatMap(({ id, outcomes }, index) =>
      outcomes.map((one) => finding(`${one.check}~${index}`, id, one)),
    ),
  });
}

/** Every text that a device can choose, as bad as it gets. */
export const HOSTILE = `"><script>window.hit=1</script><img src=x onerror=window.hit=1>'\u202E{cam}`;

export function hostile(): SiteState {
  const bad = outcome("open-live-view", "fail", {
    subject: HOSTILE,
    evidence: [HOSTILE],
    values: { cam: HOSTILE },
  });
  const id = `serial:${HOSTILE}`;
  const odd = outcome("default-credentials", "unknown", { because: HOSTILE, subject: HOSTILE });
  return state({
    place: HOSTILE,
    contact: HOSTILE,
    report: report([
      device(id, {
        vendor: HOSTILE,
        model: HOSTILE,
        firmware: HOSTILE,
        mac: HOSTILE,
        names: [HOSTILE],
        addresses: [HOSTILE],
        outcomes: [bad, odd],
      }),
    ]),
    known: [known(id)],
    findings: [finding("open-live-view~ee55", id, bad)],
    consents: [{ ...CONSENT, person: HOSTILE, role: HOSTILE }],
    scanning: {
      done: 0,
      total: 1,
      steps: [{ type: "device", deviceId: "x", label: HOSTILE, kind: "camera", vendor: null, at: at(0) }],
    },
  });
}

const CODES: Readonly<Record<string, Recognised>> = {
  [SITE_PIN]: { role: "site", until: null },
  [SETUP_CODE]: { role: "setup", until: null },
  [CONTRACTOR_CODE]: { role: "contractor", until: at(-168) },
};

export const VISIT: Visit = {
  id: "visit-1",
  person: "青葉太郎",
  company: "青葉電設",
  before: { at: at(2), scanAt: at(4), cameras: [], findings: [] },
  after: null,
};

export interface MadeUpSite {
  readonly options: ServeOptions;
  /** Names and arguments of the commands that were given, in order. */
  readonly calls: readonly (readonly unknown[])[];
  readonly logged: readonly string[];
  set(state: SiteState): void;
  tell(event: ProgressEvent): void;
  listeners(): number;
}

export function madeUpSite(first: SiteState = state(), more: Partial<ServeOptions> = {}): MadeUpSite {
  let current = first;
  const calls: unknown[][] = [];
  const logged: string[] = [];
  const listeners = new Set<OnProgress>();
  const note =
    <T>(name: string, answer: T) =>
    async (...values: unknown[]): Promise<T> => {
      calls.push([name, ...values]);
      return answer;
    };
  const commands: Commands = {
    scan: note("scan", undefined),
    recheck: note("recheck", { ok: true, outcome: "pass" as const, because: null }),
    giveConsent: note("giveConsent", CONSENT),
    withdrawConsent: note("withdrawConsent", undefined),
    nameDevice: note("nameDevice", true),
    retireDevice: note("retireDevice", true),
    acknowledge: note("acknowledge", true),
    setPlace: note("setPlace", undefined),
    addStatement: note("addStatement", undefined),
    removeStatement: note("removeStatement", true),
    beginVisit: note("beginVisit", VISIT),
    endVisit: note("endVisit", true),
    signOff: note("signOff", undefined),
    setPin: note("setPin", undefined),
    inviteContractor: note("inviteContractor", { code: CONTRACTOR_CODE, until: at(-168) }),
    dismissContractor: note("dismissContractor", undefined),
    handOver: note("handOver", true),
    closeWays: note("closeWays", []),
    setOutside: note("setOutside", true),
    applyGuard: note("applyGuard", mend("apply-guard")),
    removeGuard: note("removeGuard", mend("remove-guard")),
  };
  const options: ServeOptions = {
    site: { view: () => current },
    commands,
    catalogue,
    references,
    reasons: reasonText,
    vendors: { acme: { name: { ja: "MARK-MAKER", en: "MARK-MAKER" }, menus: {} } },
    access: { recognise: async (code) => CODES[code] ?? null, round: () => 1 },
    sessionSecret: "a secret of the tests",
    progress: {
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    lan: [],
    allowedHosts: ["kamera-7k3f", "kamera-7k3f.local"],
    log: (line) => logged.push(line),
    now: () => NOW,
    ...more,
  };
  return {
    options,
    calls,
    logged,
    set: (next) => {
      current = next;
    },
    tell: (event) => {
      for (const listener of listeners) listener(event);
    },
    listeners: () => listeners.size,
  };
}
