import {
  STRIP_STATES,
  type Strip,
  type StripRun,
  type StripState,
  type TimelinePage,
} from "../../../web-ui/index.ts";
import { CAMERA_STATES, type CameraState, localDay, type StateChange } from "../../model/index.ts";
import type { Entry } from "./directory.ts";
import type { Scene } from "./scene.ts";

/** Days that a strip shows, today included. */
const DAYS = 365;
const DAY_MS = 86_400_000;

const STRIP_OF: Readonly<Record<CameraState, StripState>> = {
  emergency: "danger",
  danger: "danger",
  waiting: "unknown",
  unknown: "unknown",
  attention: "attention",
  none: "none",
};

export function timelinePage(scene: Scene): TimelinePage {
  const cameras = scene.directory.cameras.map((entry) => ({
    key: entry.key,
    name: entry.name,
    strip: stripOfCamera(scene, entry),
  }));
  return { kind: "timeline", cameras };
}

export function stripOfCamera({ state: { exposure }, now }: Scene, { id, device, known }: Entry): Strip {
  const ids = [id, ...[device, known].flatMap((one) => (one ? [one.id, ...one.aliases] : []))];
  const changes = [...new Set(ids)]
    .flatMap((one) => exposure.changes[one] ?? [])
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return stripOf(changes, exposure.days, now);
}

/**
 * One state a day: the worst of that day. A day on which no check ended is `unchecked` and never fine; an open danger
 * goes on through such days, since only a check can end it.
 */
export function stripOf(changes: readonly StateChange[], days: readonly string[], now: Date): Strip {
  const checked = new Set(days);
  const worstOn = worstByDay(changes);
  const states = lastDays(now).map((day): readonly [string, StripState] => {
    const worst = worstOn(day);
    if (worst === null) return [day, "before"];
    const strip = STRIP_OF[worst];
    return [day, checked.has(day) || strip === "danger" ? strip : "unchecked"];
  });
  const runs: StripRun[] = [];
  for (const [day, state] of states) {
    const last = runs.at(-1);
    if (last?.state === state) runs[runs.length - 1] = { ...last, to: day, days: last.days + 1 };
    else runs.push({ from: day, to: day, days: 1, state });
  }
  const count = (wanted: StripState) => states.filter(([, state]) => state === wanted).length;
  const counts = Object.fromEntries(STRIP_STATES.map((state) => [state, count(state)]));
  return { runs, days: states.length, counts: counts as Strip["counts"] };
}

/** Local days, oldest first. By the calendar, since a day of a clock change has no 24 hours. */
function lastDays(now: Date): readonly string[] {
  const noon = new Date(now.getFullYear(), now.getMonth(), now.getDate(), 12).getTime();
  return Array.from({ length: DAYS }, (_, index) => localDay(new Date(noon - (DAYS - 1 - index) * DAY_MS)));
}

/**
 * The worst of the state with which a day began and all that it became on it; null before the first. To be asked day
 * after day, so that a year of a camera that comes and goes is read once.
 */
function worstByDay(changes: readonly StateChange[]): (day: string) => CameraState | null {
  const dated = changes.map(({ at, state }) => ({ day: localDay(new Date(at)), state }));
  let next = 0;
  let current: CameraState | null = null;
  return (day) => {
    for (let one = dated[next]; one && one.day < day; one = dated[next]) {
      current = one.state;
      next += 1;
    }
    const states = current === null ? [] : [current];
    for (let one = dated[next]; one?.day === day; one = dated[next]) {
      current = one.state;
      states.push(current);
      next += 1;
    }
    return CAMERA_STATES.find((state) => states.includes(state)) ?? null;
  };
}
