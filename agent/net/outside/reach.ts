import pLimit from "p-limit";
import type { DoorFingerprint, ReachedPort } from "../../model/index.ts";
import type { DeviceLine } from "../line.ts";
import { connectPort } from "../tcp.ts";
import { doorFingerprint } from "./door-fingerprint.ts";

/** A door that knows none of our tongues takes all steps of the fingerprint; see there. */
const FINGERPRINT_MS = 6_000;

export interface ReachLimits {
  /** How long one port may take to accept or refuse. */
  readonly patienceMs: number;
  /** At once; a line allows two. */
  readonly lines: readonly DeviceLine[];
}

/**
 * Asks each of `ports` of the lines' host and takes the fingerprints of the open ones, in the order given. Ports that
 * were not asked before the lines' signal fell are missing.
 */
export async function reachPorts(
  ports: readonly number[],
  { patienceMs, lines }: ReachLimits,
): Promise<readonly ReachedPort[]> {
  const limit = pLimit(2 * lines.length);
  const reached = await limit.map(ports, async (port, index): Promise<ReachedPort | null> => {
    const line = lines[index % lines.length];
    if (line === undefined || line.signal.aborted) return null;
    const result = await connectPort(line, port, patienceMs);
    // Cut in the middle it looks silent, and is not.
    if (result === "silent" && line.signal.aborted) return null;
    const fingerprint = result === "open" ? await fingerprintOf(line, port) : null;
    return { port, result, fingerprint };
  });
  return reached.filter((port) => port !== null);
}

/** Null for a door that cannot be told by what it answers. */
export async function fingerprintOf(line: DeviceLine, port: number): Promise<DoorFingerprint | null> {
  const answer = await doorFingerprint(line, port, FINGERPRINT_MS);
  return answer.ok ? answer.value : null;
}
