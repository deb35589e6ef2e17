/** A router for the tests of what a click may change. */
import type { MappingTarget, ServiceHint } from "../../../agent/model/index.ts";
import { type FakeIgd, type IgdMapping, type IgdOptions, startIgd } from "../../fakes/igd.ts";

export const CAMERA: IgdMapping = {
  protocol: "TCP",
  externalPort: 8081,
  remoteHost: "",
  internalClient: "192.168.77.31",
  internalPort: 80,
  enabled: true,
  description: "camera",
  leaseSeconds: 0,
};
export const OTHERS: IgdMapping = { ...CAMERA, externalPort: 5001, internalClient: "192.168.77.32" };

/** What the person saw of an entry. */
export function targetOf(mapping: IgdMapping, parts: Partial<MappingTarget> = {}): MappingTarget {
  const { enabled: _enabled, leaseSeconds: _lease, ...seen } = mapping;
  return { routerId: "router", ...seen, ...parts };
}

export function hintOf({ port }: { readonly port: number }): ServiceHint {
  return { protocol: "igd", port, path: "/rootDesc.xml" };
}

const running: FakeIgd[] = [];

export async function router(options: Partial<IgdOptions> = {}): Promise<FakeIgd> {
  const place = { address: "127.0.0.1", ports: "ephemeral", port: 2189 } as const;
  const igd = await startIgd({ ...place, external: "128.66.0.2", mappings: [OTHERS, CAMERA], ...options });
  running.push(igd);
  return igd;
}

export async function stopRouters(): Promise<void> {
  await Promise.all(running.splice(0).map((each) => each.close()));
}
