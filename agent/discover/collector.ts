import type { Observation } from "../model/index.ts";
import { mergeSightings } from "../net/sighting.ts";

const MAX_OBSERVATIONS = 16_384;

/**
 * Gathers what one look has seen: one growing observation for each source, interface and sender. Each new fact is
 * told at once, with all that the same source knows of the sender by then.
 */
export class Collector {
  readonly #observations = new Map<string, Observation>();
  readonly #onObservation: (observation: Observation) => void;

  constructor(onObservation: (observation: Observation) => void = () => {}) {
    this.#onObservation = onObservation;
  }

  /** True when the observation told something new. */
  add(observation: Observation): boolean {
    const { source, interface: name, address } = observation;
    const key = `${source} ${name} ${address}`;
    const known = this.#observations.get(key);
    if (!known && this.#observations.size >= MAX_OBSERVATIONS) return false;
    const facts = mergeSightings(known ?? NOTHING, observation);
    if (known && JSON.stringify(facts) === JSON.stringify(factsOf(known))) return false;
    const merged = { source, address, interface: name, at: observation.at, ...facts };
    this.#observations.set(key, merged);
    this.#onObservation(merged);
    return true;
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
