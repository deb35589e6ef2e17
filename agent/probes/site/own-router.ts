import type { RouterView } from "../../model/index.ts";
import { gatewayAddresses, sameAddress } from "../../net/interfaces.ts";
import type { SiteContext } from "./site-probe.ts";

export interface OwnRouter {
  readonly router: RouterView;
  /** Its address of the internet, as it tells it. */
  readonly address: string;
  /** Its address on the LAN. */
  readonly lan: string;
}

/** The router that is this machine's default gateway, is known inside too, and has a public address; null when none is. */
export function ownRouter({ routers, devices }: Pick<SiteContext, "routers" | "devices">): OwnRouter | null {
  const gateways = gatewayAddresses();
  for (const router of routers) {
    const address = router.externalAddress;
    const device = devices.find(({ id }) => id === router.routerId);
    const lan = device?.addresses.find((own) =>
      gateways.some((gateway) => sameAddress(gateway, own.address)),
    )?.address;
    if (router.connection === "public" && address !== null && lan !== undefined)
      return { router, address, lan };
  }
  return null;
}
