import pLimit from "p-limit";
import {
  type ConsentRecord,
  causeOf,
  type Device,
  type Evidence,
  type Fields,
  type LoginLedger,
  type Manager,
  type OnProgress,
  type QuestionId,
  type Traffic,
  type VendorFile,
} from "../model/index.ts";
import { permissionFor } from "./consent.ts";
import { auditDevice, type DeviceAudit } from "./device-audit.ts";
import { loginBudget } from "./login-budget.ts";
import { readUptime } from "./uptime.ts";

export { routerViews } from "./connection.ts";
export { permissionFor } from "./consent.ts";
export type { DeviceAudit } from "./device-audit.ts";
export { type Judged, judge } from "./judge.ts";
export { siteView } from "./site.ts";
export { auditSite } from "./site-audit.ts";

/** Devices asked side by side. Each still sees two connections at most. */
const MAX_DEVICES_AT_ONCE = 64;

export interface AuditOptions {
  /** Read anew before each question and each login: a withdrawal takes effect at once. */
  readonly consents: () => readonly ConsentRecord[];
  /** Who manages a device in people's words of now; null = nobody said. Read as often. */
  readonly managerOf: (deviceIds: readonly string[]) => Manager | null;
  readonly ledger: LoginLedger;
  readonly vendorOf: (device: Device) => VendorFile | null;
  readonly reidentify: (device: Device, fields: Fields) => Device;
  readonly only?: ReadonlySet<QuestionId>;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  /** Called as each device is done, so that a page can fill while the scan runs. */
  readonly onAudited?: (audited: DeviceAudit) => void;
  readonly now?: () => Date;
}

export interface Audited {
  readonly devices: readonly Device[];
  readonly evidence: Readonly<Record<string, Evidence>>;
  readonly traffic: Readonly<Record<string, Traffic>>;
}

/** Device[] -> Evidence by device id. One device's failure, however odd, is that device's own. */
export async function audit(devices: readonly Device[], options: AuditOptions): Promise<Audited> {
  const now = options.now ?? (() => new Date());
  const limit = pLimit(MAX_DEVICES_AT_ONCE);
  const idsOf = (device: Device) => [device.id, ...device.aliases];
  const permission = (device: Device) => {
    const ids = idsOf(device);
    return permissionFor(options.consents(), ids, now(), options.managerOf(ids));
  };
  const others = devices.filter(({ self }) => !self);
  const audits = await Promise.all(
    // Whoever makes up senders by the thousand must not keep those waiting that are surely there.
    others
      .toSorted((one, other) => Number(other.mac !== null) - Number(one.mac !== null))
      .map((device) =>
        limit(() =>
          auditDevice(device, {
            ...options,
            now,
            mayAsk: (current) => permission(current).ask,
            budgetFor: (current) =>
              loginBudget(options.ledger, current, () => permission(current).login, {
                now,
                uptime: readUptime,
              }),
          })
            .catch((error: unknown) => unaudited(device, error, options.onProgress, now))
            .then((audited) => {
              options.onAudited?.(audited);
              return audited;
            }),
        ),
      ),
  );
  const byId = new Map(audits.map(({ device }) => [device.id, device]));
  return {
    devices: [
      ...devices.filter(({ self }) => self),
      ...others.map((device) => byId.get(device.id) ?? device),
    ],
    evidence: Object.fromEntries(audits.map(({ device, evidence }) => [device.id, evidence])),
    traffic: Object.fromEntries(audits.map(({ device, traffic }) => [device.id, traffic])),
  };
}

function unaudited(device: Device, error: unknown, onProgress: OnProgress, now: () => Date): DeviceAudit {
  const cause = causeOf(error);
  onProgress({ type: "trouble", deviceId: device.id, where: "audit", cause, at: now().toISOString() });
  return { device, evidence: {}, traffic: { connections: 0, bytesIn: 0, bytesOut: 0, peakConnections: 0 } };
}
