import type { PortMappingFact } from "../model/index.ts";
import type { IgdMapping } from "../net/igd.ts";
import { type MappingList, mappingKey } from "./igd-lists.ts";

/**
 * One list out of several. Where the walk and the list know the same mapping, the list is believed: some routers name
 * 0.0.0.0 as client in the walk alone (miniupnp issue 462).
 */
export function crossCheck(lists: readonly MappingList[]): {
  readonly mappings: readonly PortMappingFact[];
  readonly doubts: readonly string[];
} {
  const byKey = new Map<string, PortMappingFact>();
  const doubts = new Set(lists.flatMap((list) => list.doubts));
  for (const { source, mappings } of lists) {
    for (const mapping of mappings) {
      const key = mappingKey(mapping);
      const known = byKey.get(key);
      if (known !== undefined && !sameTarget(known, mapping)) doubts.add("lists-differ");
      const seenIn = new Set([...(known?.seenIn ?? []), source]);
      const better = known === undefined || (source === "v2" && !isUnspecified(mapping));
      byKey.set(key, { ...(better ? mapping : known), seenIn: [...seenIn].sort() });
    }
  }
  const mappings = [...byKey.values()];
  // What one list alone shows is a contradiction only when both are there and whole.
  const whole = new Set(
    lists.filter((list) => list.exists && list.doubts.length === 0).map(({ source }) => source),
  );
  if (whole.size === 2 && mappings.some(({ seenIn }) => seenIn.length === 1)) doubts.add("lists-differ");
  return { mappings, doubts: [...doubts].sort() };
}

function sameTarget(one: IgdMapping, other: IgdMapping): boolean {
  return (
    one.internalClient === other.internalClient &&
    one.internalPort === other.internalPort &&
    one.enabled === other.enabled
  );
}

function isUnspecified({ internalClient }: IgdMapping): boolean {
  return internalClient === "" || internalClient === "0.0.0.0";
}
