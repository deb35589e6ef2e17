import type { Snapshot, SnapshotFinding } from "../../model/index.ts";
import { isOpen } from "./marks.ts";
import type { Scene } from "./scene.ts";
import { nameOf } from "./sheet.ts";

/** How everything stands now; `since` = when the visit began whose end this is. */
export function snapshotOf({ state, directory, posture, now }: Scene, since: string | null): Snapshot {
  const open = state.findings.filter(isOpen);
  return {
    at: now.toISOString(),
    scanAt: state.lastCompleteScanAt,
    cameras: directory.cameras.map((entry) => ({
      id: entry.id,
      name: nameOf(entry) ?? "",
      state: posture.states[entry.id] ?? "unknown",
    })),
    findings: open.map(({ id, check, deviceId, subject, severity }) => ({
      id,
      check,
      deviceId: directory.ofDevice(deviceId)?.id ?? deviceId,
      subject,
      severity,
    })),
    ...(since !== null && {
      resolved: state.findings.filter((one) => !isOpen(one)).map(({ id }) => id),
      unsettled: open
        .filter(({ lastConfirmed, lastUnknown }) => lastConfirmed <= since || lastUnknown !== null)
        .map(({ id }) => id),
    }),
  };
}

export interface Compared {
  readonly finding: SnapshotFinding;
  /** `fixed` = a look has closed it. What is merely gone, or was not seen again, is `unsettled`. */
  readonly result: "fixed" | "still" | "unsettled" | "new";
}

/** Each finding of either snapshot once, those of `before` first. */
export function compareSnapshots(before: Snapshot, after: Snapshot): readonly Compared[] {
  const known = new Set(before.findings.map(({ id }) => id));
  const open = new Map(after.findings.map((finding) => [finding.id, finding]));
  const [resolved, unsettled] = [new Set(after.resolved), new Set(after.unsettled)];
  const resultOf = (id: string): Compared["result"] => {
    if (open.has(id)) return unsettled.has(id) ? "unsettled" : "still";
    return resolved.has(id) ? "fixed" : "unsettled";
  };
  return [
    ...before.findings.map((finding) => ({
      // It may have become worse since.
      finding: open.get(finding.id) ?? finding,
      result: resultOf(finding.id),
    })),
    ...after.findings
      .filter(({ id }) => !known.has(id))
      .map((finding) => ({ finding, result: "new" as const })),
  ];
}

/** True when a whole check has ended between the two; else nobody knows how it is after. */
export function wasChecked(before: Snapshot, after: Snapshot): boolean {
  return after.scanAt !== null && after.scanAt > before.at;
}
