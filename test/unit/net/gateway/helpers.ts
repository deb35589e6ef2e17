import type { GatewayForward } from "../../../../agent/model/index.ts";
import type { Outside } from "../../../../agent/net/gateway/forwards.ts";
import type { LocalInterface } from "../../../../agent/net/interfaces.ts";

export const OUTSIDE: Outside = {
  interfaces: ["wan0"],
  lan: ["eth0"],
  addresses: ["128.66.0.2"],
  self: { 4: "192.168.1.1", 6: "fd00::1" },
};

/** `4 TCP 80-80 any > 192.168.1.5:8080`, short enough to compare lists of them. */
export function told(forward: GatewayForward): string {
  const { family, protocol, externalPorts: ports, remoteHost, internalAddress, internalPort } = forward;
  const outside =
    ports === null ? "*" : ports.from === ports.to ? `${ports.from}` : `${ports.from}-${ports.to}`;
  const inside = internalPort === null ? internalAddress : `${internalAddress} ${internalPort}`;
  return `${family} ${protocol} ${outside} ${remoteHost || "any"} > ${inside}`;
}

export function localInterface(
  name: string,
  ...cidrs: readonly [address: string, subnet: string][]
): LocalInterface {
  const addresses = cidrs.map(([address, subnet]) => ({
    family: address.includes(":") ? (6 as const) : (4 as const),
    address,
    subnet,
  }));
  return { name, addresses, skipped: null };
}
