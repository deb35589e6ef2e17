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

/** What the report says of an open finding that it did not confirm. */
function settle(finding: Finding, outcomes: readonly Outcome[], now: string): Finding {
  const same = outcomes.filter(({ check }) => check === finding.check);
  // A recheck of one check says nothing about the others.
  if (same.length === 0) return finding;
  if (same.some(({ outcome, subject }) => outcome === "fail" && subject === finding.subject)) return finding;
  const onSubject = same.filter(({ subject }) => subject === finding.subject);
  const whole = same.filter(({ subject }) => subject === "");
  const decisive = onSubject.length > 0 ? onSubject : whole;
  const good =
    decisive.length > 0 && decisive.every(({ outcome }) => outcome === "pass" || outcome === "notapplicable");
  // Another door may still fail while this one was mended: then the check has no whole-device pass, but a `pass` of this very subject.
  return good ? { ...finding, resolvedAt: now, lastUnknown: null } : { ...finding, lastUnknown: now };
}
