import { macOfAddress, type Observation, type StableId } from "../model/index.ts";
import { idText, usableIds } from "./stable-ids.ts";

/** All that was seen at one address of one interface: the smallest thing that is surely one device. */
export interface Place {
  readonly address: string;
  readonly interface: string;
  readonly observations: readonly Observation[];
  readonly ids: readonly StableId[];
}

/** Places that are one device, with the ids that are its alone. */
export interface Cluster {
  readonly places: readonly Place[];
  readonly ids: readonly StableId[];
}

export function placesOf(observations: readonly Observation[]): readonly Place[] {
  const byPlace = new Map<string, Observation[]>();
  for (const seen of observations) {
    const key = JSON.stringify([seen.interface, seen.address]);
    const there = byPlace.get(key);
    if (there === undefined) byPlace.set(key, [seen]);
    else there.push(seen);
  }
  return [...byPlace.values()].flatMap((there) => {
    const [first] = there;
    if (first === undefined) return [];
    return [{ address: first.address, interface: first.interface, observations: there, ids: idsOf(there) }];
  });
}

/**
 * The ids of one place. Of its MACs those that the neighbour table shows, else the one in its IPv6 address, else those
 * that it says of itself: a device that calls out another's MAC must not be taken for it.
 */
function idsOf(there: readonly Observation[]): readonly StableId[] {
  const ids = usableIds(there.flatMap((seen) => seen.ids));
  const measured = usableIds(there.flatMap((seen) => (seen.source === "neighbour" ? seen.ids : []))).filter(
    ({ kind }) => kind === "mac",
  );
  const inAddress = macOfAddress(there[0]?.address ?? "");
  const macs =
    measured.length > 0 ? measured : inAddress === null ? null : [{ kind: "mac", value: inAddress } as const];
  return macs === null ? ids : [...ids.filter(({ kind }) => kind !== "mac"), ...macs];
}

/**
 * Joins places that are one device. One MAC is one device, unless the places behind it name different endpoints or
 * serials (proxy ARP, a Wi-Fi repeater). An endpoint or serial joins places too, unless they have different MACs:
 * cheap cameras leave the factory with one UUID for all.
 *
 * @param sameDevice lists of id texts that belonged together in earlier scans.
 */
export function clusterPlaces(
  places: readonly Place[],
  sameDevice: readonly (readonly string[])[],
  isSelf: (place: Place) => boolean,
): readonly Cluster[] {
  const clusters = new Clusters(places);
  const byId = indexById(places);
  clusters.join(places.filter(isSelf));
  const sharedMacs = joinByMac(byId, clusters);
  for (const [text, claimants] of byId) {
    if (!text.startsWith("mac:")) joinUnlessForeign(claimants, clusters);
  }
  for (const known of sameDevice) {
    joinUnlessForeign(
      known.flatMap((text) => (sharedMacs.has(text) ? [] : (byId.get(text) ?? []))),
      clusters,
    );
  }
  return withOwnIds(clusters.all(), sharedMacs);
}

/** Id text to the places that claim it, strongest ids first, so that the order of observations changes nothing. */
function indexById(places: readonly Place[]): ReadonlyMap<string, readonly Place[]> {
  const index = new Map<string, Place[]>();
  for (const id of usableIds(places.flatMap((place) => place.ids))) index.set(idText(id), []);
  for (const place of places) for (const id of place.ids) index.get(idText(id))?.push(place);
  return index;
}

/** Joins places by MAC; returns the id texts of MACs that several devices share. */
function joinByMac(byId: ReadonlyMap<string, readonly Place[]>, clusters: Clusters): ReadonlySet<string> {
  const shared = new Set<string>();
  for (const [text, behind] of byId) {
    if (!text.startsWith("mac:")) continue;
    const named = behind.filter(isNamed);
    const distinct = [...new Map(named.map((place) => [naming(place), place])).values()];
    if (!distinct.some((place) => distinct.some((other) => contradict(place, other)))) {
      clusters.join(behind);
      continue;
    }
    shared.add(text);
    clusters.join(behind.filter((place) => !isNamed(place)));
    for (const claimants of indexById(named).values()) {
      const [first] = claimants;
      if (first !== undefined) clusters.join(claimants.filter((place) => !contradict(first, place)));
    }
  }
  return shared;
}

function joinUnlessForeign(claimants: readonly Place[], clusters: Clusters): void {
  const withMac = clusters.of(claimants).filter((cluster) => cluster.some(hasMac));
  if (withMac.length <= 1) clusters.join(claimants);
}

/** Equal for places that call themselves the same: a host with a thousand addresses is compared once. */
function naming({ address, ids }: Place): string {
  return JSON.stringify([address.includes(":"), ids]);
}

/** True when two places of one address family name themselves differently: not two addresses of one device. */
function contradict(left: Place, right: Place): boolean {
  if (left.address.includes(":") !== right.address.includes(":")) return false;
  return (["endpoint", "serial"] as const).some((kind) => {
    const ours = left.ids.filter((id) => id.kind === kind);
    const theirs = right.ids.filter((id) => id.kind === kind);
    const inCommon = ours.some(({ value }) => theirs.some((id) => id.value === value));
    return ours.length > 0 && theirs.length > 0 && !inCommon;
  });
}

function isNamed(place: Place): boolean {
  return place.ids.some(({ kind }) => kind !== "mac");
}

function hasMac(place: Place): boolean {
  return place.ids.some(({ kind }) => kind === "mac");
}

/** An id that two devices claim names neither; a shared MAC stays with the one that has no other name. */
function withOwnIds(
  clusters: readonly (readonly Place[])[],
  sharedMacs: ReadonlySet<string>,
): readonly Cluster[] {
  const claims = new Map<string, number>();
  const candidates = clusters.map((places) => {
    const named = places.some(isNamed);
    const ids = usableIds(places.flatMap((place) => place.ids)).filter(
      (id) => !(named && sharedMacs.has(idText(id))),
    );
    for (const id of ids) claims.set(idText(id), (claims.get(idText(id)) ?? 0) + 1);
    return { places, ids };
  });
  return candidates.map(({ places, ids }) => ({
    places,
    ids: ids.filter((id) => claims.get(idText(id)) === 1),
  }));
}

/** Disjoint sets of places; the smaller set is always moved into the larger. */
class Clusters {
  readonly #setOf: Map<Place, Set<Place>>;

  constructor(places: readonly Place[]) {
    this.#setOf = new Map(places.map((place) => [place, new Set([place])]));
  }

  join(places: readonly Place[]): void {
    const sets = [...this.#sets(places)].sort((a, b) => b.size - a.size);
    const [largest, ...others] = sets;
    if (largest === undefined) return;
    for (const place of others.flatMap((set) => [...set])) {
      largest.add(place);
      this.#setOf.set(place, largest);
    }
  }

  of(places: readonly Place[]): readonly (readonly Place[])[] {
    return [...this.#sets(places)].map((set) => [...set]);
  }

  all(): readonly (readonly Place[])[] {
    return this.of([...this.#setOf.keys()]);
  }

  #sets(places: readonly Place[]): ReadonlySet<ReadonlySet<Place> & Set<Place>> {
    return new Set(
      places.flatMap((place) => {
        const set = this.#setOf.get(place);
        return set === undefined ? [] : [set];
      }),
    );
  }
}
