import { isSameDevice, type KnownDevice, type Report } from "../model/index.ts";

/** What is no camera and was not seen for this long is forgotten. */
const FORGET_UNKNOWN_MS = 90 * 24 * 3600 * 1000;

/** Carries the known devices over one report; a device keeps the id under which it was first registered. */
export function updateKnown(previous: readonly KnownDevice[], report: Report): KnownDevice[] {
  const now = report.finishedAt;
  const known = new Map(previous.map((device) => [device.id, device]));
  for (const seen of report.devices) {
    if (seen.addresses.length === 0 || seen.self) continue;
    const ids = [seen.id, ...seen.aliases];
    const before = previous.find((device) => isSameDevice(device, seen));
    known.set(before?.id ?? seen.id, {
      id: before?.id ?? seen.id,
      aliases: [...new Set([...(before?.aliases ?? []), ...ids])]
        .filter((id) => id !== (before?.id ?? seen.id))
        .slice(0, 16),
      kind: seen.kind === "unknown" && before ? before.kind : seen.kind,
      name: before?.name ?? null,
      registered: before?.registered ?? false,
      retired: before?.retired ?? false,
      firstSeen: before?.firstSeen ?? now,
      lastSeen: now,
    });
  }
  return [...known.values()].filter((device) => worthKeeping(device, now));
}

/** Guests' phones come and go by the hundred; what a person registered, and every camera, stays. */
function worthKeeping(device: KnownDevice, now: string): boolean {
  if (device.registered || device.kind === "camera" || device.kind === "recorder") return true;
  return Date.parse(now) - Date.parse(device.lastSeen) < FORGET_UNKNOWN_MS;
}
