import { BlockList, isIP, isIPv6 } from "node:net";
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

/**
 * Tells devices and the inside by address. The inside is every subnet but those of the outside interfaces. The lists are
 * Node's own, which are asked a hundred thousand times in a row.
 */
export function sidesOf({ outside, lan }: RouterSeat, interfaces: readonly LocalInterface[]): OutboundSides {
  const own = new BlockList();
  for (const { address } of interfaces.flatMap(({ addresses }) => addresses))
    own.addAddress(address, kindOf(address));
  const devices = listOf(subnetsOf(lan));
  const inside = listOf([
    ...subnetsOf(interfaces.filter(({ name }) => !outside.includes(name))),
    ...ALWAYS_INSIDE,
  ]);
  const has = (list: BlockList, address: string) =>
    isIP(address) !== 0 && list.check(address, kindOf(address));
  return {
    isDevice: (address) => has(devices, address) && !has(own, address),
    isInside: (address) => has(inside, address) || has(own, address),
  };
}

function kindOf(address: string): "ipv4" | "ipv6" {
  return isIPv6(address) ? "ipv6" : "ipv4";
}

function subnetsOf(interfaces: readonly LocalInterface[]): readonly string[] {
  return interfaces.flatMap(({ addresses }) => addresses.map(({ subnet }) => subnet));
}

function listOf(subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [network = "", length] = subnet.split("/");
    list.addSubnet(network, Number(length), kindOf(network));
  }
  return list;
}
