import {
  type Device,
  type Evidence,
  type Facts,
  type PortState,
  type QuestionId,
  type ServiceHint,
  success,
  type VendorFile,
} from "../../../agent/model/index.ts";
import type { DeviceLine } from "../../../agent/net/line.ts";
import type { LoginBudget } from "../../../agent/probes/login-budget.ts";
import { USUAL_PORTS } from "../../../agent/probes/port-numbers.ts";
import type { ProbeContext } from "../../../agent/probes/probe.ts";
import { lineTo } from "./servers.ts";

export function asked<Q extends QuestionId>(question: Q, fact: Facts[Q]): Evidence {
  return { [question]: { asked: true, at: "2026-11-21T00:00:00.000Z", answer: success(fact) } };
}

/** All usual ports were asked, and these are the open ones. */
export function openPorts(...ports: readonly number[]): Evidence {
  const state = (port: number): PortState => (ports.includes(port) ? "open" : "closed");
  const all = [...USUAL_PORTS, ...ports];
  return portStates(Object.fromEntries(all.map((port) => [port, state(port)])));
}

export function portStates(states: Readonly<Record<number, PortState>>): Evidence {
  return asked("ports", { states });
}

/** Whoever touches it fails the test. */
const NO_LOGIN = new Proxy({} as LoginBudget, {
  get: () => {
    throw new Error("this probe may not log in");
  },
});

/** A device that announced `services`, on the loopback interface. */
export function contextFor(parts: {
  readonly services?: readonly ServiceHint[];
  readonly evidence?: Evidence;
  readonly vendor?: Partial<VendorFile>;
  readonly line?: DeviceLine;
}): ProbeContext {
  const line = parts.line ?? lineTo();
  const device: Device = {
    id: `seen:${line.host}`,
    aliases: [],
    stableIds: [],
    addresses: [{ address: line.host, interface: "lo" }],
    mac: null,
    names: [],
    fields: {},
    services: parts.services ?? [],
    kind: "unknown",
    vendor: null,
    model: null,
    firmware: null,
    certainty: 0,
  };
  const vendor: VendorFile | null = parts.vendor
    ? {
        id: "maker",
        name: { ja: "メーカー", en: "Maker" },
        kind: "camera",
        fingerprints: [],
        factoryLogins: [],
        picturePaths: [],
        rtspPaths: [],
        menus: {},
        advisories: [],
        ...parts.vendor,
      }
    : null;
  return {
    device,
    line,
    vendor,
    evidence: parts.evidence ?? {},
    budget: NO_LOGIN,
    ownAddresses: [line.host],
  };
}
