import { failure, type ReachedPort, sameDoor, success } from "../../model/index.ts";
import { DeviceLine } from "../../net/line.ts";
import { abortFailure } from "../../net/network-failure.ts";
import { proveNextRouterHolds } from "../../net/outside/own-address.ts";
import { fingerprintOf, reachPorts } from "../../net/outside/reach.ts";
import { connectPort } from "../../net/tcp.ts";
import { insideDoors, portsToAsk } from "./outside-ports.ts";
import { ownRouter } from "./own-router.ts";
import type { SiteProbe } from "./site-probe.ts";

/** From inside it is one hop: who answers at all answers at once. */
const PATIENCE_MS = 400;
/** A port that was not asked by then is missing from the fact. */
const REACH_MS = 40_000;
const OWN_SERVICES_MS = 20_000;

/**
 * The router's own outside address, asked from inside. Many routers lead such connections back in as if they came from
 * outside (RFC 4787, 6; RFC 5382, 7.2), others do not: what answers is a way in, what does not answer proves nothing.
 * Asked only at the default gateway's address, and only once that is proven to be its own. Errors: `unsupported` when
 * there is no such address, it is not proven, or no port may be asked at it; `not-permitted`; `timeout`, `cancelled`.
 */
export const hairpinProbe: SiteProbe<"hairpin"> = {
  question: "hairpin",
  deadlineMs: 100_000,
  async ask(context) {
    const found = ownRouter(context);
    if (found === null) return failure("unsupported", "no outside address");
    const { router, address, lan } = found;
    const ports = portsToAsk(context, router.routerId, router.maybeShared);
    if (ports.length === 0) return failure("unsupported", "the outside address may be shared");
    const proven = await proveNextRouterHolds(address, context.signal);
    if (!proven.ok) return proven;
    const within = (ms: number) => AbortSignal.any([context.signal, AbortSignal.timeout(ms)]);
    const line = new DeviceLine(address, within(REACH_MS));
    const reached = await reachPorts(ports, { patienceMs: PATIENCE_MS, lines: [line] });
    const asked = await withoutOwnServices(reached, new DeviceLine(lan, within(OWN_SERVICES_MS)));
    const inside = asked.some(({ result }) => result === "open") ? await insideDoors(context) : [];
    if (context.signal.aborted) return abortFailure(context.signal);
    return success({ routerId: router.routerId, address, asked, inside });
  },
};

/** From inside a router shows its own services at its outside address too, which nobody outside may see. */
async function withoutOwnServices(
  reached: readonly ReachedPort[],
  lan: DeviceLine,
): Promise<readonly ReachedPort[]> {
  const own = await Promise.all(reached.map((port) => isOwnService(port, lan)));
  return reached.filter((_, index) => own[index] === false);
}

async function isOwnService({ port, result, fingerprint }: ReachedPort, lan: DeviceLine): Promise<boolean> {
  if (result !== "open") return false;
  // What cannot be told apart from a service of the router's own is no evidence.
  const inside = fingerprint === null ? null : await fingerprintOf(lan, port);
  const alike =
    fingerprint === null ? await isOpen(lan, port) : inside !== null && sameDoor(inside, fingerprint);
  return alike || lan.signal.aborted;
}

async function isOpen(lan: DeviceLine, port: number): Promise<boolean> {
  return (await connectPort(lan, port, PATIENCE_MS)) === "open";
}
