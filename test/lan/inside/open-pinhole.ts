// Asks the router for an IPv6 pinhole, as a camera with IPv6 does: from the very address that it shall lead to.
// Usage: open-pinhole.mjs ROUTER-DESCRIPTION-URL '{"protocol":"TCP","internalClient":"fd77::31",...}', prints the UniqueID.
import { act, findControl } from "./soap-client.ts";

export interface PinholeRequest {
  readonly protocol: "TCP" | "UDP";
  /** IPv6 address of the device that asks. */
  readonly internalClient: string;
  readonly internalPort: number;
  /** Default 86400, the longest (WANIPv6FirewallControl:1 §2.3.8). */
  readonly leaseSeconds?: number;
}

const [description = "", wanted = "{}"] = process.argv.slice(2);
const {
  protocol,
  internalClient,
  internalPort,
  leaseSeconds = 86_400,
} = JSON.parse(wanted) as PinholeRequest;

const control = await findControl(description, /:WANIPv6FirewallControl:1$/, internalClient);
const input = {
  RemoteHost: "",
  RemotePort: 0,
  InternalClient: internalClient,
  InternalPort: internalPort,
  // By number (IANA).
  Protocol: protocol === "TCP" ? 6 : 17,
  LeaseTime: leaseSeconds,
};
const answer = await act(control, "AddPinhole", input, internalClient);
const uniqueId = /<UniqueID>(\d+)</.exec(answer)?.[1];
if (uniqueId === undefined) throw new Error(`no UniqueID: ${answer}`);
process.stdout.write(uniqueId);
