import type { IgdMapping } from "../../fakes/igd.ts";

/** An entry as a camera makes it. */
export function mapping(externalPort: number, parts: Partial<IgdMapping> = {}): IgdMapping {
  return {
    protocol: "TCP",
    externalPort,
    remoteHost: "",
    internalClient: "192.168.77.20",
    internalPort: 80,
    enabled: true,
    description: "camera",
    leaseSeconds: 0,
    ...parts,
  };
}
