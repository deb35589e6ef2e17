import { chosenInterfaces, interfacesHere } from "../net/interfaces.ts";
import type { Arguments } from "./arguments.ts";

/**
 * Where the page is served: the LAN's own addresses, never "all addresses". A global IPv6 address is left out, because
 * the router may let the internet in there.
 */
export function pageAddresses(
  listen: Arguments["listen"],
  interfaces: readonly string[],
): { readonly host: string; readonly port: number }[] {
  const chosen = chosenInterfaces(interfacesHere(), interfaces);
  const own = chosen.flatMap(({ addresses }) => addresses);
  const local = own
    .filter(({ family, address }) => family === 4 || /^f[cd]/i.test(address))
    .map(({ address }) => address);
  return listen.flatMap(({ host, port }) =>
    (host === null ? local : [host]).map((address) => ({ host: address, port })),
  );
}
