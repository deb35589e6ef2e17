import type { SiteState } from "../../agent/serve/index.ts";
import {
  cameBack,
  closing,
  everything,
  HAND,
  path,
  reached,
  UNFILTERED,
} from "../unit/serve/made-up-reach.ts";
import {
  device,
  finding,
  hostile,
  known,
  NOW,
  nursery,
  outcome,
  report,
  state,
} from "../unit/serve/made-up-site.ts";

const NOT_CLAIMED = { claimedAt: null, pinSet: false, handedOverAt: null, contractor: null } as const;
const ROUTER = "mac:02005E770001";
const ago = (hours: number): string => new Date(NOW.getTime() - hours * 3_600_000).toISOString();

const camera = device("serial:acme:1");
const remembered = [known("serial:acme:1", { name: "園庭" })];

/** The one camera of this site with these outcomes, each `fail` as a finding. */
function oneCamera(...outcomes: readonly ReturnType<typeof outcome>[]): SiteState {
  const failing = outcomes.filter((one) => one.outcome === "fail");
  return state({
    report: report([device("serial:acme:1", { doors: ["http:80", "rtsp:554"], outcomes })]),
    known: remembered,
    findings: failing.map((one, index) => finding(`${one.check}~fa${index}`, "serial:acme:1", one)),
  });
}

const settled = (): ReturnType<typeof outcome>[] =>
  (["open-live-view", "default-credentials", "port-mapping-to-camera"] as const).map((check) =>
    outcome(check, "pass"),
  );

const notAllowed = (): ReturnType<typeof outcome>[] => [
  outcome("open-live-view", "notchecked", { because: "no-consent" }),
  outcome("default-credentials", "notchecked", { because: "no-consent" }),
  outcome("port-mapping-to-camera", "pass"),
];

const scanning: SiteState["scanning"] = {
  done: 1,
  total: 4,
  steps: [
    {
      type: "device",
      deviceId: "serial:acme:1",
      label: "MARK-LABEL",
      kind: "camera",
      vendor: null,
      at: ago(0),
    },
    { type: "question", deviceId: "serial:acme:2", question: "logins", done: 3, total: 9, at: ago(0) },
  ],
};

/** We ourselves can be reached from outside: the page holds its details back from everybody. */
function exposed(): SiteState {
  const bad = outcome("agent-exposed", "fail", {
    severity: "critical",
    audience: "internet",
    subject: "TCP 8080",
    values: { port: 8080 },
  });
  const site = nursery();
  return { ...site, findings: [...site.findings, finding("agent-exposed~dd44", ROUTER, bad)] };
}

/** Every headline, and what else a page looks different in; made up, since a LAN shows few of them quickly. */
export const STATES = {
  new: state({
    place: null,
    contact: null,
    report: null,
    known: [],
    consents: [],
    lastCompleteScanAt: null,
    nextScanAt: null,
    access: NOT_CLAIMED,
  }),
  checking: state({
    report: report([camera]),
    known: remembered,
    lastCompleteScanAt: null,
    nextScanAt: null,
    scanning,
  }),
  waiting: { ...oneCamera(...notAllowed()), consents: [] },
  "no-camera": state({ report: report([]), known: [] }),
  none: oneCamera(...settled()),
  attention: oneCamera(
    ...settled(),
    outcome("unencrypted-access", "fail", { severity: "low", subject: "http:80" }),
  ),
  unknown: oneCamera(
    outcome("open-live-view", "unknown", { because: "timeout", subject: "http:80" }),
    outcome("default-credentials", "pass"),
    outcome("port-mapping-to-camera", "pass"),
  ),
  danger: oneCamera(...settled().slice(1), outcome("open-live-view", "fail", { subject: "rtsp:554" })),
  emergency: nursery(),
  scanning: nursery({ scanning }),
  stale: { ...oneCamera(...settled()), lastCompleteScanAt: ago(31), nextScanAt: null },
  "stale-emergency": nursery({ lastCompleteScanAt: ago(50), nextScanAt: null }),
  lost: state({
    known: [...remembered, known("serial:acme:9", { name: "門", lastSeen: ago(60) })],
    findings: [
      finding(
        "missing-camera~9a",
        "serial:acme:9",
        outcome("missing-camera", "fail", { severity: "medium" }),
      ),
    ],
  }),
  self: exposed(),
  hostile: hostile(),
} as const satisfies Readonly<Record<string, SiteState>>;

const CLOSED_SINCE = ago(1);

/** Ways in from outside, as the pages about them tell them. */
export const WAYS = {
  open: reached(),
  everything: everything(),
  refused: reached([path()], { mends: [closing({ result: "refused", code: 606 })] }),
  "came-back": cameBack(),
  "by-hand": reached([HAND, UNFILTERED]),
  none: reached([], {
    guard: { because: null, applied: null, preview: "table inet komainu {\n  chain forward { }\n}" },
  }),
  closed: closed(),
} as const satisfies Readonly<Record<string, SiteState>>;

export type WaysName = keyof typeof WAYS;
export const WAYS_NAMES = Object.keys(WAYS) as readonly WaysName[];

function closed(): SiteState {
  const site = reached([path()], { mends: [closing({ confirmedOutside: true })] });
  const findings = site.findings.map((one) => ({ ...one, resolvedAt: CLOSED_SINCE }));
  return { ...site, findings };
}

export type StateName = keyof typeof STATES;
export const STATE_NAMES = Object.keys(STATES) as readonly StateName[];
