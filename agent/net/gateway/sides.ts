import { BlockList, isIPv4, isIPv6 } from "node:net";
import type { LocalInterface } from "../interfaces.ts";
import type { OutboundSides } from "./conntrack.ts";
import type { RouterSeat } from "./router.ts";

/** This machine, and what stays on the LAN whoever sends it: multicast, broadcast, link-local. */
const ALWAYS_INSIDE = [
  "127.0.0.0/8",
  "::1/128",
  "224.0.0.0/4",
  "255.255.255.255/32",
  "ff00::/8",
  "fe80::/10",
];

/** Tells devices and the inside by address. The inside is every subnet but those of the outside interfaces. */
export function sidesOf({ outside, lan }: RouterSeat, interfaces: readonly LocalInterface[]): OutboundSides {
  const own = new Subnets(
    interfaces.flatMap(({ addresses }) =>
      addresses.map(({ address }) => `${address}/${isIPv4(address) ? 32 : 128}`),
    ),
  );
  const devices = new Subnets(subnetsOf(lan));
  const inside = new Subnets([
    ...subnetsOf(interfaces.filter(({ name }) => !outside.includes(name))),
    ...ALWAYS_INSIDE,
  ]);
  return {
    isDevice: (address) => devices.has(address) && !own.has(address),
    isInside: (address) => inside.has(address) || own.has(address),
  };
}

function subnetsOf(interfaces: readonly LocalInterface[]): readonly string[] {
  return interfaces.flatMap(({ addresses }) => addresses.map(({ subnet }) => subnet));
}

/** A full connection table asks it a hundred thousand times in a row, nearly always about IPv4. */
class Subnets {
  readonly #ipv4: { readonly network: number; readonly shift: number }[] = [];
  readonly #ipv6 = new BlockList();

  constructor(cidrs: readonly string[]) {
    for (const cidr of cidrs) {
      const [network = "", length] = cidr.split("/");
      // Division, because a shift by 32 bits is none.
      const shift = 2 ** (32 - Number(length));
      if (isIPv6(network)) this.#ipv6.addSubnet(network, Number(length), "ipv6");
      else this.#ipv4.push({ network: Math.floor(numberOf(network) / shift), shift });
    }
  }

  has(address: string): boolean {
    if (!isIPv4(address)) return isIPv6(address) && this.#ipv6.check(address, "ipv6");
    const value = numberOf(address);
    return this.#ipv4.some(({ network, shift }) => Math.floor(value / shift) === network);
  }
}

function numberOf(ipv4: string): number {
  return ipv4.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}
