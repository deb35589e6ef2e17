import type {
  Asked,
  Device,
  Evidence,
  IgdFact,
  PortState,
  RouterView,
  SiteEvidence,
  SiteFacts,
  SiteMapping,
  SiteQuestionId,
} from "../../../agent/model/index.ts";
import { success } from "../../../agent/model/index.ts";
import { answered, device, mapping, router } from "../checks/builders.ts";

export const OUTSIDE = "203.0.113.7";
export const camera = device();
/** Of the same make as `camera`: it answers in just the same way. */
export const twin = device({
  id: "mac:02AABBCCDD02",
  mac: "02:AA:BB:CC:DD:02",
  addresses: [{ address: "192.0.2.11", interface: "eth0" }],
});
export const DEVICES: readonly Device[] = [camera, twin, router];

export function view(part: Partial<RouterView> = {}): RouterView {
  return {
    routerId: router.id,
    igdVersion: 2,
    externalAddress: OUTSIDE,
    connection: "public",
    maybeShared: false,
    portMappingProtocols: [],
    ipv6Firewall: null,
    doubts: [],
    ...part,
  };
}

export function igdFact(part: Partial<IgdFact> = {}): IgdFact {
  return {
    version: 2,
    externalAddress: OUTSIDE,
    connectionStatus: "Connected",
    mappings: [],
    complete: true,
    doubts: [],
    ipv6Firewall: null,
    ...part,
  };
}

export function igdEvidence(part: Partial<IgdFact> = {}): Evidence {
  return { igd: answered<"igd">(igdFact(part)) };
}

export function openPorts(...ports: readonly number[]): Evidence {
  const states = Object.fromEntries(ports.map((port) => [port, "open" as PortState]));
  return { ports: answered<"ports">({ states }) };
}

export function site<Q extends SiteQuestionId>(question: Q, fact: SiteFacts[Q]): SiteEvidence {
  const asked: Asked<SiteFacts[Q]> = { asked: true, at: "2026-11-22T00:00:00.000Z", answer: success(fact) };
  return { [question]: asked } as SiteEvidence;
}

export const fingerprint = (hash: string) => ({ kind: "http" as const, hash });

export function listed(part: Partial<SiteMapping> = {}): SiteMapping {
  return mapping({ externalPort: 8081, ...part });
}
