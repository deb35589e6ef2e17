import { isCameraKind, type KnownDevice, type Report } from "../model/index.ts";

/** What is no camera and was not seen for this long is forgotten. */
const FORGET_UNKNOWN_MS = 90 * 24 * 3600 * 1000;

/** A flood of made-up devices must not fill the disk: of what nobody registered the latest stay. */
const MAX_KNOWN = 2048;

/**
 * Carries the known devices over one report. A device keeps the id under which it was first registered, unless that was
 * an address; what turns out to be one device is one record.
 */
export function updateKnown(previous: readonly KnownDevice[], report: Report): KnownDevice[] {
  const known = new Map(previous.map((device) => [device.id, device]));
  const byName = new Map(previous.flatMap((device) => namesOf(device).map((name) => [name, device.id])));
  for (const seen of report.devices) {
    if (seen.addresses.length === 0 || seen.self) continue;
    const ids = new Set(namesOf(seen).flatMap((name) => byName.get(name) ?? []));
    const same = [...ids].flatMap((id) => known.get(id) ?? []);
    const next = confirmed(same, seen, report.finishedAt);
    for (const { id } of same) if (id !== next.id) known.delete(id);
    known.set(next.id, next);
    for (const name of namesOf(next)) byName.set(name, next.id);
  }
  const kept = [...known.values()].filter((device) => worthKeeping(device, report.finishedAt));
  if (kept.length <= MAX_KNOWN) return kept;
  const latest = kept.toSorted(
    (one, other) =>
      Number(other.registered) - Number(one.registered) ||
      Date.parse(other.lastSeen) - Date.parse(one.lastSeen),
  );
  const most = new Set(latest.slice(0, MAX_KNOWN));
  return kept.filter((device) => most.has(device));
}

function namesOf({ id, aliases }: Pick<KnownDevice, "id" | "aliases">): readonly string[] {
  return [id, ...aliases];
}

function confirmed(same: readonly KnownDevice[], seen: Report["devices"][number], now: string): KnownDevice {
  const before = same.find(({ registered }) => registered) ?? same[0];
  const lasting = same.find(({ id }) => !id.startsWith("seen:"));
  const id = lasting?.id ?? seen.id;
  const names = [...namesOf(seen), ...same.flatMap(namesOf)];
  return {
    id,
    aliases: [...new Set(names)].filter((name) => name !== id).slice(0, 16),
    kind: seen.kind === "unknown" && before ? before.kind : seen.kind,
    name: before?.name ?? null,
    registered: before?.registered ?? false,
    retired: before?.retired ?? false,
    ...(before?.manager && { manager: before.manager }),
    firstSeen: same.map(({ firstSeen }) => firstSeen).sort()[0] ?? now,
    lastSeen: now,
  };
}

/** Guests' phones come and go by the hundred; what a person registered, and every camera, stays. */
function worthKeeping(device: KnownDevice, now: string): boolean {
  if (device.registered || isCameraKind(device.kind)) return true;
  return Date.parse(now) - Date.parse(device.lastSeen) < FORGET_UNKNOWN_MS;
}
