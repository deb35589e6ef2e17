import type { Observation, ObservationSource } from "../model/index.ts";
import { mergeSightings } from "../net/sighting.ts";

/** Of each source, so that senders made up in one protocol do not crowd out what the others see: 4096 in all. */
const MAX_OF_SOURCE = 1024;

/**
 * Gathers what one look has seen: one growing observation for each source, interface and sender. Each new fact is
 * told at once, with all that the same source knows of the sender by then.
 */
export class Collector {
  readonly #observations = new Map<string, Observation>();
  readonly #counts = new Map<ObservationSource, number>();
  readonly #leftOut = new Map<string, number>();
  readonly #onObservation: (observation: Observation) => void;

  constructor(onObservation: (observation: Observation) => void = () => {}) {
    this.#onObservation = onObservation;
  }

  /** True when the observation told something new. */
  add(observation: Observation): boolean {
    const { source, interface: name, address } = observation;
    const key = `${source} ${name} ${address}`;
    const known = this.#observations.get(key);
    if (!known && !this.#hasRoom(source, name)) return false;
    const facts = mergeSightings(known ?? NOTHING, observation);
    if (known && JSON.stringify(facts) === JSON.stringify(factsOf(known))) return false;
    const merged = { source, address, interface: name, at: observation.at, ...facts };
    this.#observations.set(key, merged);
    this.#onObservation(merged);
    return true;
  }

  /** How often a source saw a further sender on this interface when there was no room for one. */
  leftOut(source: ObservationSource, name: string): number {
    return this.#leftOut.get(`${source} ${name}`) ?? 0;
  }

  #hasRoom(source: ObservationSource, name: string): boolean {
    const count = this.#counts.get(source) ?? 0;
    if (count < MAX_OF_SOURCE) this.#counts.set(source, count + 1);
    else this.#leftOut.set(`${source} ${name}`, this.leftOut(source, name) + 1);
    return count < MAX_OF_SOURCE;
  }

  get observations(): readonly Observation[] {
    return [...this.#observations.values()];
  }

  /** IPv6 senders on one interface: addresses that no sweep can find. */
  ipv6Senders(name: string): readonly string[] {
    const addresses = this.observations.flatMap((observation) =>
      observation.interface === name && observation.address.includes(":") ? [observation.address] : [],
    );
    return [...new Set(addresses)];
  }
}

const NOTHING = { ids: [], fields: {}, services: [] };

function factsOf({ ids, fields, services }: Observation): Pick<Observation, "ids" | "fields" | "services"> {
  return { ids, fields, services };
}
