import {
  type Answer,
  failure,
  type RouterView,
  sameDoor,
  success,
  type VantageLook,
  type VantageSettings,
} from "../../model/index.ts";
import { interfacesHere, sameAddress } from "../../net/interfaces.ts";
import { abortFailure } from "../../net/network-failure.ts";
import { type Beacon, openBeacon } from "../../net/outside/beacon.ts";
import { isPublicAddress } from "../../net/outside/public-address.ts";
import { askVantage } from "../../net/outside/vantage-client.ts";
import type { VantageAnswer } from "../../net/outside/vantage-protocol.ts";
import { insideDoors, portsToAsk } from "./outside-ports.ts";
import type { SiteContext, SiteProbe } from "./site-probe.ts";

/** The vantage point itself stops after 45 s. */
const LOOK_MS = 55_000;
const MAX_OWN_PORTS = 8;

/**
 * What a host outside, which the owner named, reaches at the very address that we come from: one look by IPv4, one by
 * IPv6. Errors: those of `askVantage` when neither got through; `unsupported` when nothing is named.
 */
export const vantageProbe: SiteProbe<"vantage"> = {
  question: "vantage",
  deadlineMs: 200_000,
  async ask(context) {
    const settings = context.settings.vantage;
    if (settings === null) return failure("unsupported", "no vantage point");
    const looks: VantageLook[] = [];
    let first: Answer<VantageLook> = failure("unsupported", "no address of the internet");
    for (const look of [lookByIpv6, lookByIpv4]) {
      const answer = await look(settings, context);
      if (answer === null) continue;
      if (answer.ok) looks.unshift(answer.value);
      else first = answer;
    }
    if (context.signal.aborted) return abortFailure(context.signal);
    return looks.length > 0 || first.ok ? success({ looks }) : first;
  },
};

/**
 * First the vantage point is asked for nothing but the address that it sees. Ports are named only when that is the
 * public address of a router of ours: behind a second router, a carrier's or a tunnel's it may be a stranger's, too. Null
 * where the carrier keeps IPv4 to itself.
 */
async function lookByIpv4(
  settings: VantageSettings,
  context: SiteContext,
): Promise<Answer<VantageLook> | null> {
  const { routers } = context;
  const isPublic = ({ connection }: RouterView) => connection === "public";
  const isCarriers = ({ connection }: RouterView) => connection === "cgnat" || connection === "ds-lite";
  if (routers.some(isCarriers) && !routers.some(isPublic)) return null;
  const ask = (ports: readonly number[]) =>
    askVantage({ settings, family: 4, ports, deadlineMs: LOOK_MS, signal: context.signal });
  const seen = await ask([]);
  if (!seen.ok) return seen;
  const router = routers.find((one) => isPublic(one) && isAt(one, seen.value));
  const ports = router
    ? portsToAsk(context, router.routerId, router.maybeShared)
    : isOwnersWord(context)
      ? portsToAsk(context, routers[0]?.routerId ?? null, false)
      : [];
  const answer = ports.length > 0 ? await ask(ports) : seen;
  if (!answer.ok) return answer;
  const { seenAs, asked } = answer.value;
  const inside = asked.some(({ result }) => result === "open") ? await insideDoors(context) : [];
  return success({ family: 4, seenAs, asked, inside, beacon: null });
}

/** No router tells a public address, or all stand behind another one: then the owner's word is all there is. */
function isOwnersWord({ routers, settings }: SiteContext): boolean {
  const isUntold = ({ connection }: RouterView) => connection === "none" || connection === "private";
  return settings.ownAddress && routers.every(isUntold);
}

function isAt({ externalAddress }: RouterView, { seenAs }: VantageAnswer): boolean {
  return externalAddress !== null && sameAddress(externalAddress, seenAs);
}

/**
 * By IPv6 only this machine itself can be asked back: our page, and a door that is opened for the moment, which tells
 * whether the router filters. Null where this machine has no global address.
 */
async function lookByIpv6(
  settings: VantageSettings,
  context: SiteContext,
): Promise<Answer<VantageLook> | null> {
  const from = globalAddress();
  if (from === null) return null;
  const opened = await openBeacon(from);
  if (!opened.ok) return opened;
  const beacon = opened.value;
  try {
    const own = context.ownPorts.filter((port) => port !== beacon.port).slice(0, MAX_OWN_PORTS);
    const ports = [...new Set(own), beacon.port];
    const { signal } = context;
    const answer = await askVantage({ settings, family: 6, from, ports, deadlineMs: LOOK_MS, signal });
    if (!answer.ok) return answer;
    const { seenAs } = answer.value;
    const asked = answer.value.asked.filter(({ port }) => port !== beacon.port);
    const beaconResult = sameAddress(seenAs, from) ? resultOf(beacon, answer.value) : null;
    return success({ family: 6, seenAs, asked, inside: [], beacon: beaconResult });
  } finally {
    await beacon.close();
  }
}

/** Open only when the vantage point read what the beacon says: somebody else's open port tells nothing of our router. */
function resultOf(beacon: Beacon, { asked }: VantageAnswer): VantageLook["beacon"] {
  const reached = asked.find(({ port }) => port === beacon.port);
  if (reached?.result !== "open") return reached?.result ?? null;
  return reached.fingerprint && sameDoor(reached.fingerprint, beacon.fingerprint) ? "open" : null;
}

function globalAddress(): string | null {
  const all = interfacesHere().flatMap(({ addresses }) => addresses);
  return all.find(({ family, address }) => family === 6 && isPublicAddress(address))?.address ?? null;
}
