import type { DeviceLine } from "../line.ts";
import type { TimeLeft } from "../time-left.ts";
import { type IgdMapping, type IgdReply, type IgdService, igdAction, specificEntry } from "./igd.ts";
import { isAnywhere, mappingKey, NO_SUCH_ENTRY, walkMappings } from "./lists.ts";

const ANSWER_MS = 3000;

/** What names one mapping at a connection (WANIPConnection:1, 2.4.15). */
export type EntryKey = Pick<IgdMapping, "protocol" | "externalPort" | "remoteHost">;

/** One mapping as it stands now. `not-told`: `code` is the router's UPnP error, null when it gave no usable answer. */
export type EntryState =
  | { readonly state: "there"; readonly entry: IgdMapping }
  | { readonly state: "absent" }
  | { readonly state: "not-told"; readonly code: number | null };

/**
 * Reads one mapping by its key. Where that brings nothing the whole table is walked, since some routers deny by key
 * what they list. Nothing is changed.
 */
export async function readEntry(
  line: DeviceLine,
  service: IgdService,
  key: EntryKey,
  left: TimeLeft,
): Promise<EntryState> {
  let denied = false;
  let code: number | null = null;
  for (const remoteHost of spellings(key.remoteHost)) {
    const asked = { ...key, remoteHost };
    const reply = await igdAction(
      line,
      service,
      "GetSpecificPortMappingEntry",
      named(asked),
      left(ANSWER_MS),
    );
    const entry = reply.outcome === "answered" ? specificEntry(reply.value, asked) : null;
    if (entry !== null) return { state: "there", entry };
    if (reply.outcome === "fault") {
      code = reply.code;
      denied ||= reply.code === NO_SUCH_ENTRY;
    }
  }
  const walk = await walkMappings(line, service, left);
  const listed = walk.mappings.find((mapping) => mappingKey(mapping) === mappingKey(key));
  if (listed !== undefined) return { state: "there", entry: listed };
  const whole = walk.exists && walk.doubts.length === 0;
  return whole || denied ? { state: "absent" } : { state: "not-told", code };
}

/** DeletePortMapping (WANIPConnection:1, 2.4.17), once. */
export function deleteEntry(
  line: DeviceLine,
  service: IgdService,
  key: EntryKey,
  left: TimeLeft,
): Promise<IgdReply> {
  return igdAction(line, service, "DeletePortMapping", named(key), left(ANSWER_MS));
}

function named({ remoteHost, externalPort, protocol }: EntryKey): Readonly<Record<string, string | number>> {
  return { NewRemoteHost: remoteHost, NewExternalPort: externalPort, NewProtocol: protocol };
}

/** Anybody is the empty string by the letter (WANIPConnection:1, 2.2.16); some routers want what they list. */
function spellings(remoteHost: string): readonly string[] {
  return isAnywhere(remoteHost) ? [...new Set(["", remoteHost])] : [remoteHost];
}
