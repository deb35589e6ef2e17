import type { Outcome, Report, ReportDevice } from "../../agent/model/index.ts";
import type { CastMember } from "./cast-member.ts";

interface TrueDevice {
  readonly name: string;
  readonly address: string;
  readonly mac: string;
}
export interface TrueDoor {
  readonly device: string;
  /** `http:80`. */
  readonly door: string;
}
export interface TrueMapping {
  readonly device: string;
  readonly protocol: "TCP" | "UDP";
  readonly externalPort: number;
  readonly internalClient: string;
  readonly internalPort: number;
}

/** What a perfect scan would say, and what it must never say. */
export interface Truth {
  readonly devices: readonly TrueDevice[];
  /** Cameras and recorders. */
  readonly cameras: readonly string[];
  readonly neverCameras: readonly string[];
  /** Devices of which a scan may say either. */
  readonly debatable: readonly string[];
  readonly openViews: readonly TrueDoor[];
  readonly factoryLogins: readonly TrueDoor[];
  readonly mappings: readonly TrueMapping[];
}

export function truthOf(cast: readonly CastMember[]): Truth {
  const isCamera = ({ truth }: CastMember) => truth.kind === "camera" || truth.kind === "recorder";
  const doors = (pick: (member: CastMember) => readonly string[]) =>
    cast.flatMap((member) => pick(member).map((door) => ({ device: member.name, door })));
  return {
    devices: cast.map(({ name, address, mac }) => ({ name, address, mac })),
    cameras: cast.filter(isCamera).map(({ name }) => name),
    neverCameras: cast
      .filter((member) => !isCamera(member) && member.truth.kind !== "debatable")
      .map(({ name }) => name),
    debatable: cast.filter(({ truth }) => truth.kind === "debatable").map(({ name }) => name),
    openViews: doors(({ truth }) => truth.openViews),
    factoryLogins: doors(({ truth }) => truth.factoryLogins),
    mappings: cast.flatMap(({ name, address, mappings = [] }) =>
      mappings.map(({ protocol, externalPort, internalPort }) => ({
        device: name,
        protocol,
        externalPort,
        internalClient: address,
        internalPort,
      })),
    ),
  };
}

/** Where a report and the truth differ, one readable line each. */
export interface Difference {
  /** True, but the report does not say it. */
  readonly missed: readonly string[];
  /** The report says it, but it is not true. */
  readonly false: readonly string[];
}

export function compare(report: Report, truth: Truth): Difference {
  const sides = [
    cameraNames(report, truth),
    doorNames("open view", "open-live-view", truth.openViews, report, truth),
    doorNames("factory login", "default-credentials", truth.factoryLogins, report, truth),
    mappingNames(report, truth),
  ];
  return {
    missed: sides.flatMap(({ said, real }) => [...real].filter((line) => !said.has(line))),
    false: sides.flatMap(({ said, real }) => [...said].filter((line) => !real.has(line))),
  };
}

interface Sides {
  readonly said: ReadonlySet<string>;
  readonly real: ReadonlySet<string>;
}

function cameraNames(report: Report, truth: Truth): Sides {
  const cameras = report.devices
    .filter(({ kind }) => kind === "camera" || kind === "recorder")
    .map((device) => nameOf(device, truth))
    .filter((name) => !truth.debatable.includes(name));
  return {
    said: new Set(cameras.map((name) => `camera ${name}`)),
    real: new Set(truth.cameras.map((name) => `camera ${name}`)),
  };
}

function doorNames(
  what: string,
  check: Outcome["check"],
  doors: readonly TrueDoor[],
  report: Report,
  truth: Truth,
): Sides {
  const said = report.devices.flatMap((device) =>
    device.outcomes
      .filter((outcome) => outcome.check === check && outcome.outcome === "fail")
      .map((outcome) => `${what} ${nameOf(device, truth)} ${outcome.subject}`),
  );
  return { said: new Set(said), real: new Set(doors.map(({ device, door }) => `${what} ${device} ${door}`)) };
}

function mappingNames(report: Report, truth: Truth): Sides {
  const said = report.mappings.map((mapping) => {
    const device = report.devices.find(({ id }) => id === mapping.deviceId);
    const name = device === undefined ? "no device" : nameOf(device, truth);
    return mappingLine({ ...mapping, device: name });
  });
  return { said: new Set(said), real: new Set(truth.mappings.map(mappingLine)) };
}

function mappingLine(mapping: TrueMapping): string {
  const { protocol, externalPort, internalClient, internalPort, device } = mapping;
  return `mapping ${protocol} ${externalPort} to ${internalClient}:${internalPort} (${device})`;
}

function nameOf(device: ReportDevice, truth: Truth): string {
  const known = truth.devices.find(
    ({ mac, address }) => device.mac === mac || device.addresses.includes(address),
  );
  return known?.name ?? `unknown thing at ${device.addresses.join(", ")}`;
}
