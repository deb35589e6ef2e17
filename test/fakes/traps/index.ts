/** The traps by name. Each is one way in which a device on a LAN can deceive, stall or attack a scanner. */
import type { FakeDevice } from "../fake.ts";
import type { Place } from "../wire.ts";

export interface TrapPlace extends Place {
  /** Address of the LAN's router, for traps that point at it. */
  readonly router?: string;
}
export type Trap = (place: TrapPlace) => Promise<FakeDevice>;

export const TRAPS: Readonly<Record<string, Trap>> = {};

export async function startTrap(name: string, place: TrapPlace): Promise<FakeDevice> {
  const trap = TRAPS[name];
  if (trap === undefined) throw new Error(`no trap "${name}"; there are ${Object.keys(TRAPS).join(", ")}`);
  return await trap(place);
}
