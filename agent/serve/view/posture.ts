import {
  type Finding,
  type Outcome,
  type Posture,
  type PostureCamera,
  posture,
  postureCamera,
} from "../../model/index.ts";
import type { SiteState } from "../contract.ts";
import { type Directory, type Entry, isCamera } from "./directory.ts";
import { isOpen } from "./marks.ts";

/** The headline of right now, from what is stored. */
export function postureOf(state: SiteState, directory: Directory, now: Date): Posture {
  const open = state.findings.filter(isOpen);
  const cameras = directory.cameras;
  const elsewhere = directory.entries.filter((entry) => !isCamera(entry));
  const ofNoCamera = open.filter(({ deviceId }) => {
    const entry = directory.ofDevice(deviceId);
    return entry === null || !isCamera(entry);
  });
  return posture({
    now: now.toISOString(),
    lastCompleteScanAt: state.lastCompleteScanAt,
    scanRunning: state.scanning && { done: state.scanning.done, total: state.scanning.total },
    consentGiven: state.consents.some(
      ({ levels, revokedAt, until }) =>
        levels.includes("L1") && revokedAt === null && Date.parse(until) > now.getTime(),
    ),
    cameras: cameras.map((entry) => cameraOf(entry, state.findings, now)),
    siteOutcomes: together(
      elsewhere.flatMap(({ device }) => device?.outcomes ?? []),
      ofNoCamera,
    ),
  });
}

function cameraOf({ id, device, known }: Entry, findings: readonly Finding[], now: Date): PostureCamera {
  const aliases = [device, known].flatMap((one) => (one ? [one.id, ...one.aliases] : []));
  return postureCamera({ id, aliases }, device?.outcomes ?? [], findings, now.toISOString());
}

/** A finding that the last scan saw again is in both lists and counts once. */
function together(outcomes: readonly Outcome[], findings: readonly Finding[]): readonly Outcome[] {
  const seen = new Set(outcomes.filter(({ outcome }) => outcome === "fail").map(nameOf));
  return [...outcomes, ...findings.map(({ outcome }) => outcome).filter((one) => !seen.has(nameOf(one)))];
}

function nameOf({ check, subject }: Outcome): string {
  return `${check} ${subject}`;
}
