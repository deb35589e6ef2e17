import type { MappingTarget, MendOutcome, ServiceHint } from "../model/index.ts";
import { deleteEntry, readEntry } from "../net/igd/entry.ts";
import { type IgdMapping, type IgdService, isConnection } from "../net/igd/igd.ts";
import { isUnspecified, NO_SUCH_ENTRY } from "../net/igd/lists.ts";
import { findIgdServices } from "../net/igd/services.ts";
import type { DeviceLine } from "../net/line.ts";
import { type TimeLeft, timeLeft } from "../net/time-left.ts";
import { outcome, type Standing, settle } from "./outcome.ts";

const MAX_CONNECTIONS = 4;

/** What came of one of the router's connections; `held` when the entry was there, and so was to be deleted. */
interface Attempt extends MendOutcome {
  readonly held: boolean;
}

/**
 * Deletes one port mapping at the router behind `line`, if it still is what the person saw, and reads back what came
 * of it. `hints`: what the router was seen to offer; without an `igd` among them it is searched anew. What a lost
 * answer leaves open is settled by reading, never by deleting again. `deadlineMs` is for all of it.
 */
export async function closeMapping(
  line: DeviceLine,
  hints: readonly ServiceHint[],
  target: MappingTarget,
  deadlineMs: number,
): Promise<MendOutcome> {
  const left = timeLeft(deadlineMs);
  const services = await findIgdServices(line, hints, left);
  if (!services.ok) return outcome("failed", `no description of the router (${services.reason})`);
  const attempts: Attempt[] = [];
  // Each is read afresh: two of them may lead to one table.
  for (const service of services.value.filter(isConnection).slice(0, MAX_CONNECTIONS)) {
    attempts.push(await closeAt(line, service, target, left));
  }
  const [heaviest] = attempts.sort((one, other) => weight(other) - weight(one));
  if (heaviest === undefined) return outcome("failed", "the router has no connection service");
  const { result, code, detail } = heaviest;
  return { result, code, detail };
}

async function closeAt(
  line: DeviceLine,
  service: IgdService,
  target: MappingTarget,
  left: TimeLeft,
): Promise<Attempt> {
  const untouched = (...parts: Parameters<typeof outcome>) => ({ ...outcome(...parts), held: false });
  const before = await readEntry(line, service, target, left);
  if (before.state === "absent") return untouched("already", "the router has no such entry");
  if (before.state === "not-told") {
    return before.code === null
      ? untouched("failed", "the entry could not be read; nothing was deleted")
      : untouched("refused", "the router does not let the entry be read", before.code);
  }
  if (!isTarget(before.entry, target)) {
    return untouched("changed", "the entry leads elsewhere than it did; nothing was deleted");
  }
  const reply = await deleteEntry(line, service, before.entry, left);
  const read = async (): Promise<Standing> => {
    const now = await readEntry(line, service, target, left);
    if (now.state !== "there") return now.state;
    return isTarget(now.entry, target) ? "there" : "absent";
  };
  return { ...(await settle(line, reply, NO_SUCH_ENTRY, read, left)), held: true };
}

/** A router may show a mapping without saying to whom it leads (miniupnp issue 462): then its name has to be the same. */
function isTarget(entry: IgdMapping, target: MappingTarget): boolean {
  if (entry.internalPort !== target.internalPort) return false;
  return isUnspecified(entry) || isUnspecified(target)
    ? entry.description === target.description
    : entry.internalClient.toLowerCase() === target.internalClient.toLowerCase();
}

/** A connection that held the entry outweighs all, and most of all one that holds it still. */
function weight({ held, result }: Attempt): number {
  if (held) return result === "done" || result === "already" ? 5 : 6;
  // A connection that is not in use may answer every question with a fault.
  return ["refused", "already", "failed", "changed"].indexOf(result);
}
