import { createHash } from "node:crypto";
import type { Finding, Outcome, Report } from "../model/index.ts";

/** Resolved findings stay visible for 30 days, then only the history knows them. */
const KEEP_RESOLVED_MS = 30 * 24 * 3600 * 1000;

export interface FindingEvent {
  readonly at: string;
  readonly event: "finding-opened" | "finding-resolved" | "finding-reopened";
  readonly finding: string;
  readonly device: string;
  readonly subject: string;
}

/** Same check, device and subject = same finding, whatever the order or time of the scans. */
export function findingId(check: string, deviceId: string, subject: string): string {
  const hash = createHash("sha256").update(`${deviceId}\n${subject}`).digest("base64url").slice(0, 10);
  return `${check}~${hash}`;
}

/**
 * Carries findings over one report. A finding ends only by a `pass` (or `notapplicable`) of its check on its device,
 * never because nobody looked: unknown, notchecked, error, or a device that was not seen leave it open.
 */
export function updateFindings(
  previous: readonly Finding[],
  report: Report,
): { findings: Finding[]; events: FindingEvent[] } {
  const now = report.finishedAt;
  const byId = new Map(previous.map((finding) => [finding.id, finding]));
  const events: FindingEvent[] = [];
  const note = (event: FindingEvent["event"], finding: Finding) =>
    events.push({ at: now, event, finding: finding.id, device: finding.deviceId, subject: finding.subject });

  for (const device of report.devices) {
    for (const outcome of device.outcomes.filter(({ outcome }) => outcome === "fail")) {
      const before = knownFinding(byId, outcome, [device.id, ...device.aliases]);
      const finding = confirm(before, outcome, device.id, now);
      if (!before) note("finding-opened", finding);
      else if (before.resolvedAt !== null) note("finding-reopened", finding);
      if (before && before.id !== finding.id) byId.delete(before.id);
      byId.set(finding.id, finding);
    }
    for (const finding of byId.values()) {
      if (finding.resolvedAt !== null || ![device.id, ...device.aliases].includes(finding.deviceId)) continue;
      const settled = settle(finding, device.outcomes, now);
      byId.set(finding.id, settled);
      if (settled.resolvedAt !== null) note("finding-resolved", settled);
    }
  }
  const oldest = new Date(Date.parse(now) - KEEP_RESOLVED_MS).toISOString();
  const findings = [...byId.values()].filter(({ resolvedAt }) => resolvedAt === null || resolvedAt >= oldest);
  return { findings, events };
}

function knownFinding(byId: ReadonlyMap<string, Finding>, outcome: Outcome, ids: readonly string[]) {
  for (const id of ids) {
    const finding = byId.get(findingId(outcome.check, id, outcome.subject));
    if (finding) return finding;
  }
  return undefined;
}

function confirm(before: Finding | undefined, outcome: Outcome, deviceId: string, now: string): Finding {
  return {
    id: before?.id ?? findingId(outcome.check, deviceId, outcome.subject),
    check: outcome.check,
    deviceId: before?.deviceId ?? deviceId,
    subject: outcome.subject,
    severity: outcome.severity,
    outcome,
    firstSeen: before?.firstSeen ?? now,
    lastConfirmed: now,
    resolvedAt: null,
    reopened: (before?.reopened ?? 0) + (before && before.resolvedAt !== null ? 1 : 0),
    lastUnknown: null,
    acknowledged: before?.acknowledged ?? null,
  };
}

/**
 * What the report says of an open finding that it did not confirm. It ends when its own subject passed, or when the
 * check settled everything on this device and the subject is no longer there (a mapping that was deleted).
 */
function settle(finding: Finding, outcomes: readonly Outcome[], now: string): Finding {
  const same = outcomes.filter(({ check }) => check === finding.check);
  // A recheck of one check says nothing about the others.
  if (same.length === 0) return finding;
  const own = same.filter(({ subject }) => subject === finding.subject);
  if (own.some(({ outcome }) => outcome === "fail")) return finding;
  const good =
    own.length > 0 ? own.every(isGood) : same.every((one) => isGood(one) || one.outcome === "fail");
  // One scan without the router's UPnP may be a lost packet; two in a row are an answer.
  const once = same.some(({ because }) => because === "router-without-upnp") && finding.lastUnknown === null;
  return good && !once
    ? { ...finding, resolvedAt: now, lastUnknown: null }
    : { ...finding, lastUnknown: now };
}

function isGood({ outcome }: Outcome): boolean {
  return outcome === "pass" || outcome === "notapplicable";
}
