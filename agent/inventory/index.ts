import { setImmediate as nextTurn } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { Device, Fields, Observation } from "../model/index.ts";
import { identify } from "./identify.ts";
import type { KindSign } from "./kind.ts";
import {
  inAddressOrder,
  type KnownIds,
  type MergedDevice,
  mergeFields,
  mergeSteps,
  namesOf,
} from "./merge.ts";
import type { Vendors } from "./vendors.ts";

export { identify } from "./identify.ts";
export { identifyLine, type LineAnswer } from "./identify-line.ts";
export { type KnownIds, merge } from "./merge.ts";
export { Presence } from "./presence.ts";
export { compileVendors, loadVendors, type VendorProblem, type Vendors } from "./vendors.ts";

/** So long at a time, milliseconds, is spent on devices before whoever else waits has a turn. */
const TURN_MS = 10;
/** Whoever forwards our packets is a router, whatever else it is. */
const GATEWAY: KindSign = { kind: "router", certainty: 0.8 };

export interface InventoryOptions {
  readonly vendors: Vendors;
  /** Addresses of the default gateways. */
  readonly gateways?: readonly string[];
  readonly selfAddresses?: readonly string[];
  readonly known?: readonly KnownIds[];
}

/** Observations of one scan to devices: merged by stable id, each with kind, maker, model and certainty. Pure. */
export function inventory(observations: readonly Observation[], options: InventoryOptions): Device[] {
  return inAddressOrder(deviceSteps(observations, options).map((step) => step()));
}

/** The same for a whole network, with turns for others in between: a thousand devices take a quarter of a second. */
export async function inventoryInTurns(
  observations: readonly Observation[],
  options: InventoryOptions,
): Promise<Device[]> {
  const devices: Device[] = [];
  let turnEndsAt = performance.now() + TURN_MS;
  for (const step of deviceSteps(observations, options)) {
    devices.push(step());
    if (performance.now() < turnEndsAt) continue;
    await nextTurn();
    turnEndsAt = performance.now() + TURN_MS;
  }
  return inAddressOrder(devices);
}

function deviceSteps(
  observations: readonly Observation[],
  options: InventoryOptions,
): readonly (() => Device)[] {
  const gateways = new Set(options.gateways);
  return mergeSteps(observations, options).map((step) => () => {
    const merged = step();
    const isGateway = merged.addresses.some(({ address }) => gateways.has(address));
    return identified(merged, options.vendors, isGateway ? [GATEWAY] : []);
  });
}

function identified(device: MergedDevice, vendors: Vendors, hints: readonly KindSign[]): Device {
  return { ...device, ...identify(device.fields, vendors, hints) };
}

/** The device with what the probes brought. A kind once known is not unlearned for lack of further signs. */
export function reidentify(device: Device, fields: Fields, vendors: Vendors): Device {
  const all = mergeFields([device.fields, fields]);
  // Half of the answers say nothing about the maker.
  if (isDeepStrictEqual(all, device.fields)) return device;
  const again = identify(all, vendors, device.kind === "router" ? [GATEWAY] : []);
  const kind = again.kind === "unknown" ? device.kind : again.kind;
  return { ...device, ...again, kind, fields: all, names: namesOf(all) };
}
