import type { ConsentLevel, ConsentRecord, Manager } from "../model/index.ts";

/** What the records allow on one device right now. */
export interface Permission {
  readonly ask: boolean;
  /** Null = the factory login may be tried; otherwise why not. */
  readonly login: null | "no-consent" | "not-this-manager";
}

/**
 * The one reading of the consent records. L1 holds for every device in the record's scope; L2 only where the site
 * itself manages the camera, because somebody else's camera needs that manager's own word (Act on Prohibition of
 * Unauthorized Computer Access, art. 2(4) and 3). `manager` is what people say of the device now, which may be later
 * than any record; null = nobody said.
 */
export function permissionFor(
  records: readonly ConsentRecord[],
  deviceIds: readonly string[],
  now: Date,
  manager: Manager | null = null,
): Permission {
  const valid = records.filter((record) => isValid(record, now) && covers(record, deviceIds));
  const has = (level: ConsentLevel) => valid.filter(({ levels }) => levels.includes(level));
  if (has("L2").length === 0) return { ask: has("L1").length > 0, login: "no-consent" };
  const mayLogIn = has("L2").some((record) => isManagedBySite(record, deviceIds));
  // Somebody who corrects "ours" to "a company's" need not know that the earlier word still stands.
  const words = valid.map((record) => ({ record, bySite: isManagedBySite(record, deviceIds) }));
  const latest = words
    .toSorted((one, other) => Date.parse(one.record.from) - Date.parse(other.record.from))
    .findLast(({ bySite }) => bySite !== null);
  const isOurs = manager === null || manager === "site";
  return { ask: true, login: mayLogIn && latest?.bySite && isOurs ? null : "not-this-manager" };
}

/** What a record says about who manages this device; null when it says nothing about it. */
function isManagedBySite(record: ConsentRecord, deviceIds: readonly string[]): boolean | null {
  const managers = deviceIds.flatMap((id) =>
    Object.hasOwn(record.managers, id) ? [record.managers[id]] : [],
  );
  if (managers.length > 0) return managers.every((manager) => manager === "site");
  // On the page each camera was shown with its manager; one that was not there yet is nobody's word.
  return record.how !== "page" && record.devices === "all" && record.levels.includes("L2") ? true : null;
}

function isValid(record: ConsentRecord, now: Date): boolean {
  const at = now.toISOString();
  return record.revokedAt === null && record.from <= at && at < record.until;
}

function covers(record: ConsentRecord, deviceIds: readonly string[]): boolean {
  return record.devices === "all" || record.devices.some((id) => deviceIds.includes(id));
}
