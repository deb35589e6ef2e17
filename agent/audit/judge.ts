import { CHECKS } from "../checks/index.ts";
import {
  type Check,
  type CheckId,
  causeOf,
  type Device,
  type Evidence,
  isSameDevice,
  type KnownDevice,
  type OnProgress,
  type Outcome,
  type SiteView,
  siteFactOf,
  type VendorFile,
} from "../model/index.ts";

export interface Judged {
  readonly device: Device;
  readonly outcomes: readonly Outcome[];
}

export interface JudgeOptions {
  readonly vendorOf: (device: Device) => VendorFile | null;
  /** Only these checks (a recheck); all when missing. */
  readonly only?: ReadonlySet<CheckId>;
  readonly onProgress: OnProgress;
}

/**
 * Runs every check on every device it is for. Cameras that are known and were not seen are judged as well: their
 * absence is what there is to say about them.
 */
export function judge(
  site: SiteView,
  evidence: Readonly<Record<string, Evidence>>,
  options: JudgeOptions,
): readonly Judged[] {
  const checks = CHECKS.filter(({ id }) => !options.only || options.only.has(id));
  const absent = site.known.filter((known) => isMissingCamera(known, site)).map(absentDevice);
  const judged = [...site.devices.flatMap((device) => judgedAs(device, site)), ...absent].map((device) => {
    const mine = device.addresses.length > 0 ? checks : checks.filter(({ id }) => id === "missing-camera");
    const applicable = mine.filter(({ kinds }) => kinds.includes(device.kind));
    return {
      device,
      outcomes: applicable.flatMap((check) => run(check, device, evidence[device.id] ?? {}, site, options)),
    };
  });
  for (const { device, outcomes } of judged) {
    for (const { check, outcome } of outcomes) {
      options.onProgress({ type: "outcome", deviceId: device.id, check, outcome, at: site.now });
    }
  }
  return judged;
}

/** A check's exception is our bug: it becomes the outcome `error` of that one check with its cause. */
function run(
  check: Check,
  device: Device,
  evidence: Evidence,
  site: SiteView,
  options: JudgeOptions,
): readonly Outcome[] {
  try {
    return check.run({ device, evidence, vendor: options.vendorOf(device), site });
  } catch (error) {
    const cause = causeOf(error);
    options.onProgress({ type: "trouble", deviceId: device.id, where: check.id, cause, at: site.now });
    const { id, severity } = check;
    return [
      {
        check: id,
        outcome: "error",
        severity,
        subject: "",
        audience: "unknown",
        evidence: [cause],
        because: "error",
        values: {},
      },
    ];
  }
}

/** We do not judge ourselves, but for the router that this machine may be. */
function judgedAs(device: Device, { questions }: SiteView): readonly Device[] {
  if (!device.self) return [device];
  return siteFactOf(questions, "gateway") === null ? [] : [{ ...device, kind: "router" }];
}

function isMissingCamera(known: KnownDevice, site: SiteView): boolean {
  if (known.retired || (known.kind !== "camera" && known.kind !== "recorder")) return false;
  return !site.devices.some((device) => isSameDevice(device, known));
}

function absentDevice(known: KnownDevice): Device {
  return {
    id: known.id,
    aliases: known.aliases,
    kind: known.kind,
    vendor: null,
    model: null,
    firmware: null,
    certainty: 0,
    stableIds: [],
    addresses: [],
    mac: null,
    names: [],
    fields: {},
    services: [],
  };
}
