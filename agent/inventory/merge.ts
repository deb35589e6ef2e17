import type { Device, DeviceAddress, FieldName, Fields, Observation, ServiceHint } from "../model/index.ts";
import { type Cluster, clusterPlaces, type Place, placesOf } from "./cluster.ts";
import { idText } from "./stable-ids.ts";

const MAX_VALUES_PER_FIELD = 32;
const MAX_SERVICES = 32;
const MAX_NAMES = 8;
const MAX_NAME_LENGTH = 120;
const NAME_FIELDS: readonly FieldName[] = [
  "onvif.name",
  "mdns.instance",
  "upnp.friendlyName",
  "hostname",
  "mdns.host",
];

/** How a device was called in earlier scans. */
export interface KnownIds {
  readonly id: string;
  readonly aliases: readonly string[];
}

export interface MergeOptions {
  readonly known?: readonly KnownIds[];
  readonly selfAddresses?: readonly string[];
}

/** A device that nobody has identified yet. */
export type MergedDevice = Omit<Device, "kind" | "vendor" | "model" | "firmware" | "certainty">;

/**
 * One device for each physical thing that was seen, however many addresses, interfaces and protocols it used. The
 * order of the observations does not matter. Ids in `known` are kept, so that a device stays itself when its address
 * changes or its strongest id is silent. Things that only said goodbye are left out.
 */
export function merge(observations: readonly Observation[], options: MergeOptions = {}): MergedDevice[] {
  return inAddressOrder(mergeSteps(observations, options).map((step) => step()));
}

/** The same with one step left to do for each device, in no order. */
export function mergeSteps(
  observations: readonly Observation[],
  options: MergeOptions = {},
): readonly (() => MergedDevice)[] {
  const { known = [], selfAddresses = [] } = options;
  const present = observations
    .filter(({ leaving }) => leaving !== true)
    .map((observation) => ({ observation, order: sortKey(observation) }))
    .sort((a, b) => inOrder(a.order, b.order) || inOrder(contentOf(a), contentOf(b)))
    .map(({ observation }) => observation);
  const self = new Set(selfAddresses.map(withoutZone));
  const isSelf = ({ address }: Place) => self.has(withoutZone(address));
  const sameDevice = known.map(({ id, aliases }) => [id, ...aliases]);
  const clusters = clusterPlaces(placesOf(present), sameDevice, isSelf);
  const names = nameClusters(clusters, known);
  return clusters.map((cluster) => () => ({
    ...device(cluster),
    ...(names.get(cluster) ?? { id: "", aliases: [] }),
    ...(cluster.places.some(isSelf) && { self: true }),
  }));
}

/** Time first, then source and sender; only where these are equal, the whole content: one order for one set. */
function sortKey({ at, source, interface: name, address }: Observation): string {
  return JSON.stringify([at, source, name, address]);
}

function contentOf({ observation }: { readonly observation: Observation }): string {
  return JSON.stringify(observation);
}

function inOrder(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function withoutZone(address: string): string {
  return address.replace(/%.*$/u, "").toLowerCase();
}

/** Gives each known name to the one cluster that has the most of its ids; the others are named by what they have. */
function nameClusters(
  clusters: readonly Cluster[],
  known: readonly KnownIds[],
): ReadonlyMap<Cluster, Pick<Device, "id" | "aliases">> {
  const owners = new Map(
    clusters.flatMap((cluster) => cluster.ids.map((id) => [idText(id), cluster] as const)),
  );
  const names = new Map<Cluster, Pick<Device, "id" | "aliases">>();
  const taken = new Set<string>();
  const name = (cluster: Cluster, id: string, texts: readonly string[]) => {
    // What another device is called by is no alias of this one.
    const aliases = [...new Set(texts)].filter((text) => text !== id && !taken.has(text));
    names.set(cluster, { id, aliases });
    for (const text of [id, ...aliases]) taken.add(text);
  };
  for (const earlier of known.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const texts = [earlier.id, ...earlier.aliases];
    const cluster = mostFrequent(macsFirst(texts).flatMap((text) => owners.get(text) ?? []));
    if (cluster === null || names.has(cluster) || taken.has(earlier.id)) continue;
    // What another device claims now is no longer this one's alias.
    const kept = texts.filter((text) => (owners.get(text) ?? cluster) === cluster);
    name(cluster, earlier.id, [...cluster.ids.map(idText), ...kept]);
  }
  const places = placeNames(known);
  for (const cluster of clusters) {
    if (names.has(cluster)) continue;
    const [lasting] = cluster.ids.map(idText).filter((text) => !taken.has(text));
    const place = `${PLACE}${addressesOf(cluster)[0]?.address}`;
    // Known by nothing but its address until now.
    const before = places.get(place) === "name" && !taken.has(place) ? [place] : [];
    const id = lasting ?? freeName(cluster, (text) => taken.has(text) || places.get(text) === "alias");
    name(cluster, id, [...cluster.ids.map(idText), ...before]);
  }
  return names;
}

const PLACE = "seen:";

/** Addresses that stand for a known device: as its only name, or as an alias from the time before it had another. */
function placeNames(known: readonly KnownIds[]): ReadonlyMap<string, "name" | "alias"> {
  return new Map(
    known.flatMap(({ id, aliases }) =>
      [id, ...aliases]
        .filter((text) => text.startsWith(PLACE))
        .map((text) => [text, aliases.length === 0 ? "name" : "alias"] as const),
    ),
  );
}

/** The MAC is seen on the wire, the other ids are what a device says: where both point to two, the MAC is believed. */
function macsFirst(texts: readonly string[]): readonly string[] {
  const isMac = (text: string) => text.startsWith("mac:");
  return [...texts.filter(isMac), ...texts.filter((text) => !isMac(text))];
}

/** The first of those that occur most often. */
function mostFrequent(clusters: readonly Cluster[]): Cluster | null {
  const counts = new Map<Cluster, number>();
  for (const cluster of clusters) counts.set(cluster, (counts.get(cluster) ?? 0) + 1);
  return clusters.toSorted((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0))[0] ?? null;
}

/** One address can be two devices on two interfaces: then the interface tells them apart. */
function freeName(cluster: Cluster, isTaken: (text: string) => boolean): string {
  const [first] = addressesOf(cluster);
  const name = `${PLACE}${first?.address}`;
  return isTaken(name) ? `${name}@${first?.interface}` : name;
}

function device(cluster: Cluster): Omit<MergedDevice, "id" | "aliases"> {
  const seen = cluster.places.flatMap((place) => place.observations);
  const mac = macOf(cluster);
  const fields = mergeFields([...seen.map((observation) => observation.fields), ...ownMacFields(cluster)]);
  const services = new Map<string, ServiceHint>();
  for (const hint of seen.flatMap((observation) => observation.services)) {
    services.set(JSON.stringify([hint.protocol, hint.port, hint.path]), hint);
  }
  return {
    stableIds: cluster.ids,
    addresses: addressesOf(cluster),
    mac: mac === null ? null : mac.replace(/(..)(?=.)/gu, "$1:"),
    names: namesOf(fields),
    fields,
    services: [...services.values()].slice(0, MAX_SERVICES),
  };
}

/** The prefix of a MAC that others share tells nothing about this device. */
function ownMacFields(cluster: Cluster): readonly Fields[] {
  return cluster.ids.filter(({ kind }) => kind === "mac").map(({ value }) => ({ mac: [value] }));
}

/** The MAC on the wire, even one that it shares; of several the lowest. */
function macOf(cluster: Cluster): string | null {
  const own = cluster.ids.find(({ kind }) => kind === "mac");
  const seen = cluster.places.flatMap((place) => place.ids.filter(({ kind }) => kind === "mac"));
  return own?.value ?? seen[0]?.value ?? null;
}

export function mergeFields(parts: readonly Fields[]): Fields {
  const merged: { [Name in FieldName]?: readonly string[] } = {};
  for (const part of parts) {
    for (const name of Object.keys(part) as FieldName[]) {
      const values = [...new Set([...(merged[name] ?? []), ...(part[name] ?? [])])];
      merged[name] = values.slice(0, MAX_VALUES_PER_FIELD);
    }
  }
  return merged;
}

export function namesOf(fields: Fields): readonly string[] {
  const names = NAME_FIELDS.flatMap((name) => fields[name] ?? []).map((name) =>
    name.slice(0, MAX_NAME_LENGTH),
  );
  return [...new Set(names)].slice(0, MAX_NAMES);
}

/**
 * IPv4 first, link-local IPv6 last; among those the ones that the device spoke from, because the kernel remembers the
 * address that a device had before for a while; then in numerical order.
 */
function addressesOf(cluster: Cluster): readonly DeviceAddress[] {
  const places = cluster.places.map((place) => {
    const spoke = place.observations.some(({ source }) => source !== "neighbour");
    const { address, interface: name } = place;
    return { key: `${scopeOf(address)} ${spoke ? 0 : 1} ${addressKey(place)}`, address, interface: name };
  });
  places.sort((a, b) => (a.key < b.key ? -1 : 1));
  return places.map(({ address, interface: name }) => ({ address, interface: name }));
}

/** 0 IPv4, 1 IPv6, 2 link-local IPv6. */
function scopeOf(address: string): number {
  if (!address.includes(":")) return 0;
  return /^fe[89ab]/iu.test(address) ? 2 : 1;
}

export function inAddressOrder<D extends MergedDevice>(devices: readonly D[]): D[] {
  const keyed = devices.map((device) => {
    const [first] = device.addresses;
    return { device, key: first === undefined ? "" : addressKey(first) };
  });
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ device }) => device);
}

/** Text that sorts as the addresses do. */
function addressKey(place: DeviceAddress): string {
  const { address } = place;
  const text = address.includes(":") ? address : address.replace(/\d+/gu, (octet) => octet.padStart(3, "0"));
  return `${scopeOf(address)} ${text} ${place.interface}`;
}
