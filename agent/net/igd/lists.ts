import type { DeviceLine } from "../line.ts";
import type { TimeLeft } from "../time-left.ts";
import { genericEntry, type IgdMapping, type IgdService, igdAction, portListing } from "./igd.ts";

/** One way to the mappings and how far it could be trusted. */
export interface MappingList {
  readonly source: "v1" | "v2";
  /** False when the router does not know this action. */
  readonly exists: boolean;
  readonly mappings: readonly IgdMapping[];
  readonly doubts: readonly string[];
}

const ANSWER_MS = 3000;
const MAX_MAPPINGS = 512;
const MAX_REPEATS = 3;
/** One entry that cannot be read must not hide those after it. */
const MAX_UNREADABLE = 3;
const MAX_RANGES = 32;

// Error codes of WANIPConnection:1 and :2 (UPnP Device Architecture 2.0, 3.2.2 for those below 700).
const INVALID_ACTION = 401;
const OPTIONAL_ACTION_NOT_IMPLEMENTED = 602;
const ARRAY_INDEX_INVALID = 713;
export const NO_SUCH_ENTRY = 714;
const MAPPING_NOT_FOUND = 730;
const MISSING: readonly number[] = [INVALID_ACTION, OPTIONAL_ACTION_NOT_IMPLEMENTED];

/** IGD:1: entry after entry until the router says that the index is past the end. */
export async function walkMappings(
  line: DeviceLine,
  service: IgdService,
  left: TimeLeft,
): Promise<MappingList> {
  const found = new Map<string, IgdMapping>();
  const doubts = new Set<string>();
  const list = (doubt?: string, exists = true): MappingList => {
    if (doubt !== undefined) doubts.add(doubt);
    return { source: "v1", exists, mappings: [...found.values()], doubts: [...doubts] };
  };
  let repeats = 0;
  let unreadable = 0;
  for (let index = 0; index < MAX_MAPPINGS; index += 1) {
    const input = { NewPortMappingIndex: index };
    const reply = await igdAction(line, service, "GetGenericPortMappingEntry", input, left(ANSWER_MS));
    if (reply.outcome === "fault") {
      if (reply.code === ARRAY_INDEX_INVALID || reply.code === NO_SUCH_ENTRY) return list();
      return list("v1-fault", !(index === 0 && MISSING.includes(reply.code)));
    }
    const mapping = reply.outcome === "answered" ? genericEntry(reply.value) : null;
    if (mapping === null) {
      doubts.add("v1-fault");
      unreadable += 1;
      const hasMore = reply.outcome === "answered" || reply.answer.reason === "too-large";
      if (!hasMore || unreadable >= MAX_UNREADABLE || left(1) === 0) return list();
      continue;
    }
    const key = mappingKey(mapping);
    if (found.has(key)) {
      doubts.add("repeats");
      repeats += 1;
      if (repeats >= MAX_REPEATS) return list();
    }
    found.set(key, mapping);
  }
  return list("too-many");
}

/**
 * IGD:2: all mappings of a range of ports at once. NewManage=1 asks for those of other clients too. A range whose
 * answer is too large for one read is asked in halves.
 */
export async function listMappings(
  line: DeviceLine,
  service: IgdService,
  left: TimeLeft,
): Promise<MappingList> {
  const mappings: IgdMapping[] = [];
  const list = (doubt?: string, exists = true): MappingList => ({
    source: "v2",
    exists,
    mappings,
    doubts: doubt === undefined ? [] : [doubt],
  });
  const ranges: PortRange[] = ["TCP", "UDP"].map((protocol) => ({ protocol, start: 0, end: 65_535 }));
  for (let asked = 0; ranges.length > 0; asked += 1) {
    const range = ranges.shift();
    if (range === undefined) break;
    if (asked >= MAX_RANGES || mappings.length >= MAX_MAPPINGS) return list("too-many");
    const input = {
      NewStartPort: range.start,
      NewEndPort: range.end,
      NewProtocol: range.protocol,
      NewManage: 1,
      NewNumberOfPorts: 0,
    };
    const reply = await igdAction(line, service, "GetListOfPortMappings", input, left(ANSWER_MS));
    if (reply.outcome === "fault") {
      if (reply.code === MAPPING_NOT_FOUND || reply.code === NO_SUCH_ENTRY) continue;
      return MISSING.includes(reply.code) ? list(undefined, false) : list("v2-fault");
    }
    if (reply.outcome === "failed" && reply.answer.reason === "too-large" && range.start < range.end) {
      ranges.unshift(...halves(range));
      continue;
    }
    const part = reply.outcome === "answered" ? portListing(reply.value) : null;
    if (part === null) return list("v2-fault");
    mappings.push(...part.slice(0, MAX_MAPPINGS - mappings.length));
  }
  return list();
}

interface PortRange {
  readonly protocol: string;
  readonly start: number;
  readonly end: number;
}

function halves({ protocol, start, end }: PortRange): readonly PortRange[] {
  const middle = Math.floor((start + end) / 2);
  return [
    { protocol, start, end: middle },
    { protocol, start: middle + 1, end },
  ];
}

export function mappingKey({
  protocol,
  externalPort,
  remoteHost,
}: Pick<IgdMapping, "protocol" | "externalPort" | "remoteHost">): string {
  return `${protocol} ${externalPort} ${isAnywhere(remoteHost) ? "" : remoteHost}`;
}

export function isAnywhere(remoteHost: string): boolean {
  return remoteHost === "" || remoteHost === "0.0.0.0" || remoteHost === "::";
}

/** True where a router does not say to whom a mapping leads. */
export function isUnspecified({ internalClient }: Pick<IgdMapping, "internalClient">): boolean {
  return internalClient === "" || internalClient === "0.0.0.0";
}
