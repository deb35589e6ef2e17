import {
  type CheckId,
  type CheckText,
  fillText,
  isCameraKind,
  isSettled,
  type Language,
  type LocalizedText,
  MANDATORY_CHECKS,
  type Outcome,
  type Report,
  type ReportDevice,
  SEVERITIES,
  type Severity,
} from "../model/index.ts";
import { columns, cut, pad, printable } from "./width.ts";
import { type CliWords, WORDS } from "./words.ts";

export interface TableOptions {
  readonly language: Language;
  readonly catalogue: Readonly<Record<CheckId, CheckText>>;
  readonly reasons: Readonly<Record<string, LocalizedText>>;
  readonly vendorNames: Readonly<Record<string, LocalizedText>>;
  readonly names: Readonly<Record<string, string>>;
  readonly color: boolean;
}

interface Line {
  readonly device: ReportDevice;
  readonly outcome: Outcome;
}

const MARKS = { fail: "✕", open: "?", pass: "✓" } as const;
const COLORS = { fail: 31, open: 33, pass: 32 } as const;

/** The whole report as people read it in a terminal: cameras first, then what to do, then what nobody knows yet. */
export function reportTable(report: Report, options: TableOptions): string {
  const words = WORDS[options.language];
  const cameras = report.devices.filter(isCamera);
  const lines = report.devices.flatMap((device) => device.outcomes.map((outcome) => ({ device, outcome })));
  const fails = lines.filter(({ outcome }) => outcome.outcome === "fail").sort(bySeverity);
  const open = lines.filter(({ outcome }) => ["unknown", "notchecked", "error"].includes(outcome.outcome));
  const blocks = [
    cameras.length > 0 ? cameraTable(cameras, words, options) : words.noCamera,
    others(report, words),
    section(
      words.findings,
      fails.map((line) => finding(line, words, options)),
    ),
    section(words.open, unsettled(open, options)),
    mappings(report, words, options),
    summary(report, cameras.length, fails.length, open.length, words),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

/**
 * 0 nothing found, 1 findings, 2 could not check: no source could look, or a check without which no camera is "no
 * problem found" stayed open.
 */
export function exitStatus(report: Report): 0 | 1 | 2 {
  if (report.devices.some(({ outcomes }) => outcomes.some(({ outcome }) => outcome === "fail"))) return 1;
  const looked = report.sources.some(({ ok }) => ok);
  const settled = report.devices
    .filter(isCamera)
    .every(({ outcomes }) => MANDATORY_CHECKS.every((check) => isSettled(check, outcomes)));
  return looked && settled ? 0 : 2;
}

export function deviceLabel(
  device: ReportDevice,
  options: Pick<TableOptions, "names" | "vendorNames" | "language">,
): string {
  const name = options.names[device.id];
  const vendor = device.vendor && (options.vendorNames[device.vendor]?.[options.language] ?? device.vendor);
  const own =
    [vendor, device.model].filter(Boolean).join(" ") || device.names[0] || device.addresses[0] || device.id;
  return printable(name ?? own);
}

function isCamera(device: ReportDevice): boolean {
  return isCameraKind(device.kind);
}

function cameraTable(cameras: readonly ReportDevice[], words: CliWords, options: TableOptions): string {
  const rows = cameras.map((device) => {
    const fails = device.outcomes.filter(({ outcome }) => outcome === "fail").length;
    const open = device.outcomes.filter(({ outcome }) =>
      ["unknown", "notchecked", "error"].includes(outcome),
    ).length;
    const state = fails > 0 ? "fail" : open > 0 ? "open" : "pass";
    const result = fillText(words.results[state], { n: fails || open });
    const cells = [
      cut(deviceLabel(device, options), 40),
      words.kinds[device.kind],
      device.addresses[0] ?? "–",
    ];
    return { state, cells, result } as const;
  });
  const heads = [words.columns.identity, words.columns.device, words.columns.address];
  const widths = heads.map((head, i) =>
    Math.max(columns(head), ...rows.map(({ cells }) => columns(cells[i] ?? ""))),
  );
  const print = (cells: readonly string[]) => cells.map((cell, i) => pad(cell, widths[i] ?? 0)).join("  ");
  const head = `  ${print(heads)}  ${words.columns.result}`;
  const body = rows.map(({ state, cells, result }) =>
    paint(`${MARKS[state]} ${print(cells)}  ${result}`, state, options),
  );
  return [words.cameras, head, ...body].join("\n");
}

function others(report: Report, words: CliWords): string {
  const rest = report.devices.filter((device) => !isCamera(device) && !device.self);
  if (rest.length === 0) return "";
  const kinds = (["router", "other", "unknown"] as const).flatMap((kind) => {
    const n = rest.filter((device) => device.kind === kind).length;
    return n > 0 ? [`${words.kinds[kind]} ${n}`] : [];
  });
  return fillText(words.others, { n: rest.length, list: kinds.join(", ") });
}

function section(title: string, items: readonly string[]): string {
  return items.length > 0 ? `${title}\n${items.join("\n")}` : "";
}

function finding({ device, outcome }: Line, words: CliWords, options: TableOptions): string {
  const text = options.catalogue[outcome.check];
  const values = { cam: deviceLabel(device, options), ...outcome.values };
  const title = printable(fillText(text.title[options.language], values));
  const where = [device.addresses[0], outcome.subject, `${outcome.severity}`, outcome.check]
    .filter(Boolean)
    .join(" · ");
  const steps = text.steps.map((step, index) => {
    const who = step.actors.map((actor) => words.actors[actor]).join("・");
    return `      ${index + 1}. [${who}] ${printable(fillText(step.text[options.language], values))}`;
  });
  return [paint(`${MARKS.fail} ${title}`, "fail", options), `    ${printable(where)}`, ...steps].join("\n");
}

/** The same reason on twenty cameras is one line with a count, not twenty lines. */
function unsettled(lines: readonly Line[], options: TableOptions): string[] {
  const groups = new Map<string, Line[]>();
  for (const line of lines) {
    const key = `${line.outcome.check}\n${line.outcome.because ?? ""}`;
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  return [...groups.values()].map((group) => {
    const first = group[0] as Line;
    const because = first.outcome.because ?? "";
    const reason = options.reasons[because]?.[options.language] ?? because;
    const who = [...new Set(group.map(({ device }) => device.addresses[0] ?? deviceLabel(device, options)))];
    const shown = who.slice(0, 3).join(", ") + (who.length > 3 ? ` … (${who.length})` : "");
    return paint(`${MARKS.open} ${first.outcome.check}: ${reason}  ${printable(shown)}`, "open", options);
  });
}

function mappings(report: Report, words: CliWords, options: TableOptions): string {
  const routers = report.devices.some(({ kind }) => kind === "router");
  if (report.mappings.length === 0)
    return routers && report.devices.some(hasReadList) ? words.noMappings : "";
  const rows = report.mappings.map((mapping) => {
    const device = report.devices.find(({ id }) => id === mapping.deviceId);
    const target = device ? deviceLabel(device, options) : words.nobody;
    const off = mapping.enabled ? "" : ` (${words.off})`;
    const to = `${mapping.internalClient}:${mapping.internalPort}`;
    return `  ${mapping.protocol} ${mapping.externalPort} → ${to}  ${printable(`${target}  ${mapping.description}`)}${off}`;
  });
  return [words.mappings, ...rows].join("\n");
}

function hasReadList(device: ReportDevice): boolean {
  return device.outcomes.some(
    ({ check, outcome }) => check === "port-mapping-to-other" && outcome === "pass",
  );
}

function summary(report: Report, cameras: number, fails: number, open: number, words: CliWords): string {
  const asked = report.consent.some(({ levels }) => levels.includes("L1"));
  const line =
    fails > 0
      ? fillText(words.summary.fail, { n: fails, cameras })
      : open > 0
        ? fillText(words.summary.unknown, { n: open })
        : cameras > 0
          ? fillText(words.summary.pass, { cameras })
          : "";
  return [line, asked ? "" : words.noConsent].filter((text) => text !== "").join("\n");
}

function bySeverity(a: Line, b: Line): number {
  const rank = (severity: Severity) => SEVERITIES.indexOf(severity);
  return rank(a.outcome.severity) - rank(b.outcome.severity);
}

function paint(text: string, state: keyof typeof COLORS, options: TableOptions): string {
  return options.color ? `\u001b[${COLORS[state]}m${text}\u001b[0m` : text;
}
