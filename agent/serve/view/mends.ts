import { formatStamp, type MendView, type Words } from "../../../web-ui/index.ts";
import {
  cleanText,
  type Finding,
  type InboundPath,
  type MappingTarget,
  type MendRecord,
} from "../../model/index.ts";
import type { Directory, Entry } from "./directory.ts";
import type { Scene } from "./scene.ts";

/** Older clicks are in the record that is kept beside the settings. */
const SHOWN = 12;

/** What people did about the ways in of one finding, the latest first. */
export function mendsOf({ state, directory, words }: Scene, finding: Finding): readonly MendView[] {
  const paths = finding.outcome.paths ?? [];
  return latest(
    words,
    state.mends.filter((mend) => paths.some((path) => isAbout(directory, mend, path))),
  );
}

/** All of them. */
export function allMends({ state, words }: Scene): readonly MendView[] {
  return latest(words, state.mends);
}

/** Lines for the installer's record: those of one device, or of the router that was asked. */
export function mendLines({ state, words, directory }: Scene, entry: Entry): readonly string[] {
  const mine = state.mends.filter(({ deviceId, mapping, pinhole }) => {
    const about = deviceId ?? mapping?.routerId ?? pinhole?.routerId ?? null;
    return about !== null && directory.ofDevice(about) === entry;
  });
  return latest(words, mine).map((mend) => mendLine(mend, words));
}

function mendLine(mend: MendView, { ways, time }: Words): string {
  const { at, action, by, what, result, code, confirmedOutside } = mend;
  const parts = [
    formatStamp(at, time),
    ways.mend(ways.actions[action], by),
    what,
    ways.results[result],
    code === null ? "" : ways.code(code),
    confirmedOutside === null ? "" : confirmedOutside ? ways.confirmed.yes : ways.confirmed.no,
  ];
  return parts.filter((part) => part !== "").join(" ");
}

function latest(words: Words, mends: readonly MendRecord[]): readonly MendView[] {
  return mends
    .toSorted((one, other) => Date.parse(other.at) - Date.parse(one.at))
    .slice(0, SHOWN)
    .map((mend) => mendView(words, mend));
}

function mendView({ ways }: Words, mend: MendRecord): MendView {
  const { id, at, action, by, mapping, pinhole, result, code, detail, confirmedOutside } = mend;
  return {
    id,
    at,
    action,
    by: cleanText(by, 60),
    what: mapping
      ? `${mapping.protocol} ${mapping.externalPort}`
      : pinhole
        ? ways.hole(String(pinhole.uniqueId))
        : "",
    result,
    code,
    detail: cleanText(detail, 120),
    confirmedOutside,
  };
}

function isEntry({ externalPort, remoteHost }: MappingTarget, path: InboundPath): boolean {
  return externalPort === path.externalPort && remoteHost === path.remoteHost;
}

/** What makes an entry anew may choose another port outside. */
function isTarget({ internalClient, internalPort }: MappingTarget, path: InboundPath): boolean {
  return internalClient === path.internalAddress && internalPort === path.internalPort;
}

/** The very entry that the click was about, and no later one of another device that happens to have its port. */
function isAbout(
  directory: Directory,
  { deviceId, mapping, pinhole }: MendRecord,
  path: InboundPath,
): boolean {
  // A device may be known by a better name since.
  const same = (one: string | null, other: string | null) =>
    one === other ||
    (one !== null && other !== null && directory.ofDevice(one) !== null
      ? directory.ofDevice(one) === directory.ofDevice(other)
      : false);
  if (deviceId !== null && path.deviceId !== null && !same(deviceId, path.deviceId)) return false;
  if (mapping !== null)
    return (
      path.family === 4 &&
      same(mapping.routerId, path.routerId) &&
      mapping.protocol === path.protocol &&
      (isEntry(mapping, path) || isTarget(mapping, path))
    );
  return pinhole !== null && same(pinhole.routerId, path.routerId) && pinhole.uniqueId === path.uniqueId;
}
