import type { PortMappingFact } from "../model/index.ts";
import type { IgdMapping } from "../net/igd/igd.ts";
import { isUnspecified, type MappingList, mappingKey } from "../net/igd/lists.ts";

/** What the lists of a connection come to. */
export interface CrossChecked {
  readonly mappings: readonly PortMappingFact[];
  readonly doubts: readonly string[];
}

/**
 * One list out of those of one connection. Where the walk and the list know the same mapping, the list is believed: some routers name
 * 0.0.0.0 as client in the walk alone (miniupnp issue 462).
 */
export function crossCheck(lists: readonly MappingList[]): CrossChecked {
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

/**
 * The mappings of all connections. Two descriptions may show the same table twice; where two connections lead the same
 * port elsewhere, both ways are there.
 */
export function merge(connections: readonly CrossChecked[]): CrossChecked {
  const byWay = new Map<string, PortMappingFact>();
  for (const mapping of connections.flatMap(({ mappings }) => mappings)) {
    const key = `${mappingKey(mapping)} ${mapping.internalClient} ${mapping.internalPort} ${mapping.enabled}`;
    const seenIn = new Set([...(byWay.get(key)?.seenIn ?? []), ...mapping.seenIn]);
    byWay.set(key, { ...(byWay.get(key) ?? mapping), seenIn: [...seenIn].sort() });
  }
  const doubts = new Set(connections.flatMap((each) => each.doubts));
  return { mappings: [...byWay.values()], doubts: [...doubts].sort() };
}

function sameTarget(one: IgdMapping, other: IgdMapping): boolean {
  return (
    one.internalClient === other.internalClient &&
    one.internalPort === other.internalPort &&
    one.enabled === other.enabled
  );
}
