import { failure } from "../../model/index.ts";
import { readGateway } from "../../net/gateway/read-gateway.ts";
import { routerSeat } from "../../net/gateway/router.ts";
import { interfacesHere } from "../../net/interfaces.ts";
import type { SiteProbe } from "./site-probe.ts";

export { isGateway } from "../../net/gateway/router.ts";

/** What this machine knows as the LAN's router. Sends nothing; to be asked only where `isGateway()`. */
export const gatewayProbe: SiteProbe<"gateway"> = {
  question: "gateway",
  deadlineMs: 20_000,
  ask: async ({ signal }) => {
    const seat = routerSeat();
    if (seat === null) return failure("unsupported");
    return await readGateway({ seat, interfaces: interfacesHere(), signal, now: Date.now() });
  },
};
