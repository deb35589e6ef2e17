import { type Device, isSameDevice } from "../model/index.ts";

/** Answers for one list of devices who of those that are heard on the LAN is among them, without a walk over the list. */
export class Presence {
  readonly #devices: readonly Device[];
  readonly #byAddress = new Map<string, Device[]>();
  readonly #macs = new Set<string>();

  constructor(devices: readonly Device[]) {
    this.#devices = devices;
    for (const device of devices) {
      for (const { address } of device.addresses) {
        this.#byAddress.set(address, [...(this.#byAddress.get(address) ?? []), device]);
      }
      for (const { kind, value } of device.stableIds) if (kind === "mac") this.#macs.add(value);
    }
  }

  /** True when one of them has this address. */
  answersAt(address: string): boolean {
    return this.#byAddress.has(address);
  }

  /**
   * True for a sighting of one of them, `mac` as twelve hex digits. Another MAC at a known address is another device
   * that took the address over; a second address of a network card that is known is no new device.
   */
  sees(address: string, mac: string | null): boolean {
    return this.#holds(address, mac) || (mac !== null && this.#macs.has(mac));
  }

  /** True when it is one of them, by what it is or by where it answers. */
  includes(device: Device): boolean {
    const mac = digitsOf(device);
    return (
      device.addresses.some(({ address }) => this.#holds(address, mac)) ||
      this.#devices.some((known) => isSameDevice(known, device))
    );
  }

  #holds(address: string, mac: string | null): boolean {
    return (this.#byAddress.get(address) ?? []).some((known) => {
      const own = digitsOf(known);
      return mac === null || own === null || mac === own;
    });
  }
}

function digitsOf({ mac }: Device): string | null {
  return mac?.replaceAll(":", "") ?? null;
}
