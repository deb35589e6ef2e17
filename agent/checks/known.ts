import type { Device, KnownDevice } from "../model/index.ts";

/** The same thing under any of its stable ids. */
export function isSame(
  one: Pick<Device | KnownDevice, "id" | "aliases">,
  other: Pick<Device | KnownDevice, "id" | "aliases">,
): boolean {
  const ids = new Set([one.id, ...one.aliases]);
  return [other.id, ...other.aliases].some((id) => ids.has(id));
}
