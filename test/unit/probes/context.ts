/** What a probe is given, for tests on loopback. */
import type { Device, Evidence, Facts, QuestionId, VendorFile } from "../../../agent/model/index.ts";
import { success } from "../../../agent/model/index.ts";
import { DeviceLine } from "../../../agent/net/line.ts";
import type { LoginBudget } from "../../../agent/probes/login-budget.ts";
import type { ProbeContext } from "../../../agent/probes/probe.ts";

const HOST = "127.0.0.1";
const GENEROUS_MS = 60_000;

export function device(services: Device["services"] = []): Device {
  return {
    id: "mac:02:00:5E:00:00:01",
    aliases: [],
    stableIds: [],
    addresses: [{ address: HOST, interface: "lo" }],
    mac: null,
    names: [],
    fields: {},
    services,
    kind: "camera",
    vendor: "sample",
    model: null,
    firmware: null,
    certainty: 1,
  };
}

export function vendorFile(parts: Partial<VendorFile> = {}): VendorFile {
  return {
    id: "sample",
    name: { ja: "見本", en: "Sample" },
    kind: "camera",
    fingerprints: [],
    factoryLogins: [],
    picturePaths: [],
    rtspPaths: [],
    menus: {},
    advisories: [],
    ...parts,
  };
}

/** Every question answered: what a test does not name was not asked. */
export function evidenceOf(facts: Partial<{ readonly [Q in QuestionId]: Facts[Q] }>): Evidence {
  const unasked = { asked: false, because: "not-applicable" } as const;
  const at = "2026-11-21T00:00:00Z";
  const asked = Object.entries(facts).map(([question, fact]) => [
    question,
    { asked: true, at, answer: success(fact) },
  ]);
  return {
    ports: unasked,
    web: unasked,
    onvif: unasked,
    rtsp: unasked,
    pictures: unasked,
    ...Object.fromEntries(asked),
  };
}

export function contextOf(parts: Partial<ProbeContext> = {}): ProbeContext {
  return {
    device: device(),
    line: new DeviceLine(HOST, AbortSignal.timeout(GENEROUS_MS)),
    vendor: null,
    evidence: {},
    budget: new MemoryBudget(0),
    ownAddresses: [HOST],
    ...parts,
  };
}

/** The audit's budget in memory: `places` wrong logins, and a diary of every word that was asked of it. */
export class MemoryBudget implements LoginBudget {
  readonly diary: string[] = [];
  readonly tried = new Map<string, string>();
  #places: number;
  #locked = false;

  constructor(places: number) {
    this.#places = places;
  }

  async reserve(account: string, door: string, login: string) {
    if (this.#locked) return "lock-out" as const;
    if (this.#places === 0) return "budget" as const;
    this.#places -= 1;
    this.diary.push(`reserve ${account} ${door} ${login}`);
    return null;
  }

  async refund(account: string, door: string, login: string) {
    this.#places += 1;
    this.diary.push(`refund ${account} ${door} ${login}`);
  }

  async lockedOut(sign: string) {
    this.#locked = true;
    this.diary.push(`locked ${sign}`);
  }

  lastTried(door: string, login: string): string | null {
    return this.tried.get(`${door} ${login}`) ?? null;
  }
}
