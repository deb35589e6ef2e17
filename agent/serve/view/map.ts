import {
  type DoorView,
  MARKS,
  type MapStop,
  type MapView,
  type Mark,
  type Way,
} from "../../../web-ui/index.ts";
import type { Finding } from "../../model/index.ts";
import { LEADS_IN } from "./doors.ts";
import { isOpen, markOfFinding } from "./marks.ts";
import type { Scene } from "./scene.ts";

/** More stops than this make the map something to read instead of to look at; the calm ones then share a stop. */
const STOPS = 9;

/** Worst first. From outside a door that asks is bad enough; from inside it is how it should be. */
const OUTSIDE: readonly Way[] = ["open", "asks", "unknown", "none"];
const INSIDE: readonly Way[] = ["open", "unknown", "asks", "none"];

/** One camera as the map needs it. */
export interface MapCamera {
  readonly key: string;
  readonly name: string;
  readonly mark: Mark;
  readonly doors: readonly DoorView[];
  readonly findings: readonly Finding[];
}

/** Who gets how far: from the internet through the router, and from inside the building, to each camera. */
export function mapOf(scene: Scene, cameras: readonly MapCamera[]): MapView {
  const all = [...cameras.map(cameraStop), ...otherStops(scene)].sort(worstFirst);
  const stops = fold(all, scene);
  return {
    outside: worst(
      OUTSIDE,
      all.map(({ outside }) => outside),
    ),
    inside: worst(
      INSIDE,
      all.filter(({ kind }) => kind === "camera").map(({ inside }) => inside),
    ),
    upnp: upnpOf(scene),
    stops,
  };
}

function cameraStop({ key, name, mark, doors, findings }: MapCamera): MapStop {
  const mappings = findings.filter(({ check }) => LEADS_IN.includes(check));
  const router = doors.find(({ kind }) => kind === "router")?.state;
  const own = doors.filter(({ kind }) => kind !== "router").map(({ state }) => state);
  const shows = findings.filter(({ check }) => check === "open-live-view" || check === "default-credentials");
  const through = shows.some((finding) => markOfFinding(finding) === "emergency");
  return {
    href: `/cameras/${key}`,
    kind: "camera",
    name,
    mark,
    outside: through ? "open" : mappings.length > 0 ? "asks" : router === "none" ? "none" : "unknown",
    inside: shows.length > 0 ? "open" : insideOf(own, mark),
    factory: shows.length > 0 && shows.every(({ check }) => check === "default-credentials"),
    ports: portsOf(mappings),
  };
}

/** A camera whose doors nobody found is only calm where the checks themselves were. */
function insideOf(doors: readonly DoorView["state"][], mark: Mark): Way {
  if (doors.every((state) => state === "absent")) return mark === "none" ? "none" : "unknown";
  return doors.some(isDoubt) ? "unknown" : "asks";
}

function isDoubt(state: DoorView["state"]): boolean {
  return state === "unknown" || state === "waiting" || state === "checking";
}

/** What is no camera and can be reached from outside. */
function otherStops({ state, directory, words }: Scene): readonly MapStop[] {
  const open = state.findings.filter((one) => isOpen(one) && one.check === "port-mapping-to-other");
  return open.map((finding) => ({
    href: `/findings/${finding.id}`,
    kind: "other",
    name: String(
      finding.outcome.values.target ?? directory.ofDevice(finding.deviceId)?.name ?? words.kinds.other,
    ),
    mark: markOfFinding(finding),
    outside: "asks",
    inside: "none",
    factory: false,
    ports: portsOf([finding]),
  }));
}

/** `TCP 8554` -> `8554`. */
function portsOf(findings: readonly Finding[]): readonly string[] {
  return [...new Set(findings.flatMap(({ subject }) => /^\w+ (\d{1,5})$/.exec(subject)?.[1] ?? []))];
}

function fold(stops: readonly MapStop[], { words }: Scene): readonly MapStop[] {
  if (stops.length <= STOPS) return stops;
  const isLoud = ({ outside, inside, kind }: MapStop) =>
    kind === "other" || outside === "open" || outside === "asks" || inside === "open";
  const loud = stops.filter(isLoud);
  const calm = stops.filter((stop) => !isLoud(stop));
  const shown = calm.slice(0, Math.max(0, STOPS - loud.length - 1));
  const folded = calm.slice(shown.length);
  const rest = folded.flatMap((stop): readonly MapStop[] => {
    const same = folded.filter(({ outside, inside }) => outside === stop.outside && inside === stop.inside);
    if (same[0] !== stop) return [];
    if (same.length === 1) return [stop];
    return [{ ...stop, href: null, kind: "rest", name: words.picture.rest(same.length) }];
  });
  return [...loud, ...shown, ...rest];
}

function upnpOf({ state }: Scene): boolean | null {
  const outcomes = (state.report?.devices ?? []).flatMap((device) => device.outcomes);
  const mine = outcomes.filter(({ check }) => check === "router-upnp-enabled");
  if (mine.some(({ outcome }) => outcome === "fail")) return true;
  return mine.length > 0 && mine.every(({ outcome }) => outcome === "pass" || outcome === "notapplicable")
    ? false
    : null;
}

function worst(order: readonly Way[], ways: readonly Way[]): Way {
  return order.find((way) => ways.includes(way)) ?? "none";
}

function worstFirst(a: MapStop, b: MapStop): number {
  return (
    OUTSIDE.indexOf(a.outside) - OUTSIDE.indexOf(b.outside) ||
    INSIDE.indexOf(a.inside) - INSIDE.indexOf(b.inside) ||
    MARKS.indexOf(a.mark) - MARKS.indexOf(b.mark)
  );
}
