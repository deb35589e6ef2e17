import { randomUUID } from "node:crypto";
import { closeMapping, closePinhole } from "./mend/index.ts";
import {
  type Finding,
  type InboundPath,
  type MappingTarget,
  type MendOutcome,
  type MendRecord,
  type ReportDevice,
  readInvitation,
  type SiteEvidence,
  siteFactOf,
  waysToClose,
} from "./model/index.ts";
import { DeviceLine } from "./probes/index.ts";
import type { OutsideInput, OutsideState } from "./serve/index.ts";
import type { Store } from "./store/index.ts";

/** For one entry, all questions to the router and the reading back. */
const DEADLINE_MS = 20_000;

/** What a person may close at a router, each time by a click, each time written down. */
export class Mending {
  readonly #store: Store;
  readonly #signal: AbortSignal;

  constructor(store: Store, signal: AbortSignal) {
    this.#store = store;
    this.#signal = signal;
  }

  /** Deletes what the finding's ways in rest on, one after the other; one record each. */
  async close(finding: Finding, by: string): Promise<readonly MendRecord[]> {
    const records: MendRecord[] = [];
    for (const way of waysToClose(finding.outcome.paths)) {
      const record = recordOf(way, by, await this.#closeOne(way));
      await this.#store.noteMend(record);
      records.push(record);
    }
    return records;
  }

  async #closeOne(way: InboundPath): Promise<MendOutcome> {
    const router = this.#router(way.routerId);
    const address = router?.addresses[0];
    if (!router || address === undefined) return failed("the router has not been seen of late");
    const line = new DeviceLine(address, AbortSignal.any([this.#signal, AbortSignal.timeout(DEADLINE_MS)]));
    if (way.closable === "pinhole")
      return closePinhole(line, router.services, way.uniqueId ?? 0, DEADLINE_MS);
    const target = targetOf(way);
    return target === null
      ? failed("this way in is no entry of a router")
      : closeMapping(line, router.services, target, DEADLINE_MS);
  }

  /** Addresses of the last report: IPv4 first. */
  #router(id: string | null): ReportDevice | undefined {
    return this.#store.state.report?.devices.find((device) => device.id === id);
  }

  /** Writes down what a vantage point saw after the click; what it did not ask stays open. */
  async confirm(records: readonly MendRecord[], site: SiteEvidence | undefined): Promise<void> {
    const asked = site?.vantage?.asked ? site.vantage.at : null;
    const look = site && siteFactOf(site, "vantage")?.looks.find(({ family }) => family === 4);
    for (const { id, at, result, mapping } of records) {
      const port = look?.asked.find(
        (one) => mapping?.protocol === "TCP" && one.port === mapping.externalPort,
      );
      if (result !== "done" || port === undefined || asked === null || asked < at) continue;
      await this.#store.confirmMend(id, port.result !== "open");
    }
  }

  /** False when what was typed for the vantage point cannot be read. */
  async setOutside({ vantage, by, ...switches }: OutsideInput): Promise<boolean> {
    const typed = vantage === null || vantage === "keep" ? null : readInvitation(vantage);
    if (vantage !== null && vantage !== "keep" && typed === null) return false;
    const wanted = vantage === "keep" ? this.#store.state.outside.vantage : typed;
    await this.#store.saveOutside({ ...switches, vantage: wanted }, by);
    return true;
  }

  /** Without the key. */
  get outside(): OutsideState {
    const { vantage, ...switches } = this.#store.state.outside;
    return { ...switches, vantage: vantage && { host: vantage.host, port: vantage.port } };
  }
}

/** What is written down of one click; `about` tells what it was about. */
export function mendRecord(
  action: MendRecord["action"],
  by: string,
  outcome: MendOutcome,
  about: Partial<Pick<MendRecord, "deviceId" | "mapping" | "pinhole">> = {},
): MendRecord {
  return {
    id: randomUUID(),
    at: new Date().toISOString(),
    action,
    by,
    deviceId: null,
    mapping: null,
    pinhole: null,
    confirmedOutside: null,
    ...about,
    ...outcome,
  };
}

function recordOf(way: InboundPath, by: string, outcome: MendOutcome): MendRecord {
  const { deviceId, routerId, uniqueId = 0 } = way;
  return way.closable === "pinhole" && routerId !== null
    ? mendRecord("delete-pinhole", by, outcome, { deviceId, pinhole: { routerId, uniqueId } })
    : mendRecord("delete-port-mapping", by, outcome, { deviceId, mapping: targetOf(way) });
}

function targetOf(way: InboundPath): MappingTarget | null {
  const { routerId, protocol, externalPort, remoteHost, internalAddress, internalPort, description } = way;
  if (routerId === null || externalPort === null || internalAddress === null || internalPort === null)
    return null;
  return {
    routerId,
    protocol,
    externalPort,
    remoteHost,
    internalClient: internalAddress,
    internalPort,
    description,
  };
}

function failed(detail: string): MendOutcome {
  return { result: "failed", code: null, detail };
}
