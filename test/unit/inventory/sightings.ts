import type { Observation, StableId } from "../../../agent/model/index.ts";

export const mac = (value: string): StableId => ({ kind: "mac", value });
export const endpoint = (value: string): StableId => ({ kind: "endpoint", value: `urn:uuid:${value}` });
export const serial = (value: string): StableId => ({ kind: "serial", value });

/** One observation with what matters to the test. */
export function seen(
  address: string,
  ids: readonly StableId[],
  more: Partial<Observation> = {},
): Observation {
  return {
    source: "neighbour",
    address,
    interface: "eth0",
    at: "2026-11-21T09:00:00.000Z",
    ids,
    fields: {},
    services: [],
    ...more,
  };
}
