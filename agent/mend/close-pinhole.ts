import type { MendOutcome, ServiceHint } from "../model/index.ts";
import { IPV6_FIREWALL, igdAction } from "../net/igd/igd.ts";
import { NO_SUCH_PINHOLE, pinholeState } from "../net/igd/pinholes.ts";
import { findIgdServices } from "../net/igd/services.ts";
import type { DeviceLine } from "../net/line.ts";
import { timeLeft } from "../net/time-left.ts";
import { outcome, settle } from "./outcome.ts";

const ANSWER_MS = 3000;

/**
 * Deletes one IPv6 pinhole (WANIPv6FirewallControl:1, 2.4.7) at the router behind `line` and reads back what came of
 * it. Many routers let nobody but its owner do that and answer 606: that is `refused`. Parameters as for a mapping.
 */
export async function closePinhole(
  line: DeviceLine,
  hints: readonly ServiceHint[],
  uniqueId: number,
  deadlineMs: number,
): Promise<MendOutcome> {
  const left = timeLeft(deadlineMs);
  const services = await findIgdServices(line, hints, left);
  if (!services.ok) return outcome("failed", `no description of the router (${services.reason})`);
  const service = services.value.find(({ type }) => type === IPV6_FIREWALL);
  if (service === undefined) return outcome("failed", "the router has no IPv6 firewall service");
  const read = () => pinholeState(line, service, uniqueId, left);
  const before = await read();
  if (before === "absent") return outcome("already", "the router has no such entry");
  if (before === "not-told") return outcome("failed", "the entry could not be read; nothing was deleted");
  const reply = await igdAction(line, service, "DeletePinhole", { UniqueID: uniqueId }, left(ANSWER_MS));
  return await settle(line, reply, NO_SUCH_PINHOLE, read, left);
}
