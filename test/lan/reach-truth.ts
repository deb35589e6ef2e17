import type { InboundPath, PathGround, Report } from "../../agent/model/index.ts";
import type { Difference, Truth } from "./truth.ts";

/** A way in as a perfect scan says it. */
export interface TruePath {
  readonly family: 4 | 6;
  /** Null = every port. */
  readonly externalPort: number | null;
  /** Names of cast members: one, or those that nobody can tell apart; none for a pinhole, which does not say. */
  readonly leadsTo: readonly string[];
  readonly internalPort: number | null;
  /** All that can be known of it where it is. */
  readonly grounds: readonly PathGround[];
}

/** Where the report's ways in and the true ones differ. */
export function comparePaths(report: Report, truth: Truth, paths: readonly TruePath[]): Difference {
  if (report.reach === undefined) throw new Error("the report says nothing about ways in");
  const said = new Set(report.reach.paths.map((path) => saidLine(path, report, truth)));
  const real = new Set(paths.map(trueLine));
  return {
    missed: [...real].filter((line) => !said.has(line)),
    false: [...said].filter((line) => !real.has(line)),
  };
}

function trueLine({ family, externalPort, leadsTo, internalPort, grounds }: TruePath): string {
  const who = [...leadsTo].sort().join(" or ") || "nobody knows whom";
  return `IPv${family} ${externalPort ?? "all"} to ${who}:${internalPort ?? "?"} (${grounds.join(", ")})`;
}

function saidLine(path: InboundPath, report: Report, truth: Truth): string {
  const { family, externalPort, deviceId, candidates, internalAddress, internalPort, grounds } = path;
  const name = (id: string): string => {
    const device = report.devices.find((each) => each.id === id);
    const known = truth.devices.find(
      ({ mac, address }) => device?.mac === mac || device?.addresses.includes(address),
    );
    return known?.name ?? device?.addresses[0] ?? id;
  };
  const whom = deviceId === null ? candidates.map(name) : [name(deviceId)];
  const leadsTo = whom.length === 0 && internalAddress !== null ? [internalAddress] : whom;
  return trueLine({ family, externalPort, leadsTo, internalPort, grounds });
}
