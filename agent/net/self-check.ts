import { execFile } from "node:child_process";
import { createSocket } from "node:dgram";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { promisify } from "node:util";

/** What this machine lets us do on the network. Nothing is sent. */
export interface NetworkAbilities {
  /** Groups that could be joined, e.g. `mdns 224.0.0.251`; the error code where not. */
  readonly groups: readonly { readonly name: string; readonly error: string | null }[];
  /** Entries that the kernel's neighbour table holds at most (gc_thresh3), null when unreadable. */
  readonly neighbourTable: number | null;
  /** Version of iproute2's `ip`, which reads the IPv6 neighbours; null when it is missing. */
  readonly ip: string | null;
  readonly ipv6: boolean;
}

const GROUPS = [
  { name: "mDNS 224.0.0.251:5353", address: "224.0.0.251", port: 5353 },
  { name: "WS-Discovery 239.255.255.250:3702", address: "239.255.255.250", port: 3702 },
  { name: "SSDP 239.255.255.250:1900", address: "239.255.255.250", port: 1900 },
];

export async function networkAbilities(ownAddress: string | null): Promise<NetworkAbilities> {
  const groups = await Promise.all(
    GROUPS.map(async ({ name, address, port }) => ({
      name,
      error: await joinError(address, port, ownAddress),
    })),
  );
  const threshold = await readFile("/proc/sys/net/ipv4/neigh/default/gc_thresh3", "latin1").catch(() => "");
  const ip = await promisify(execFile)("ip", ["-V"], { timeout: 2000 }).then(
    ({ stdout }) => stdout.trim(),
    () => null,
  );
  const ipv6 = await readFile("/proc/net/if_inet6", "latin1").then(
    (table) => table.split("\n").some((line) => line !== "" && !line.trimEnd().endsWith(" lo")),
    () => false,
  );
  return { groups, neighbourTable: Number(threshold) || null, ip, ipv6 };
}

/** Whether our page could listen on this port; the error code where not. */
export function listenError(port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "error"));
    server.listen(port, () => server.close(() => resolve(null)));
  });
}

function joinError(address: string, port: number, ownAddress: string | null): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = createSocket({ type: "udp4", reuseAddr: true });
    const end = (error: string | null) => {
      socket.close();
      resolve(error);
    };
    socket.once("error", (error: NodeJS.ErrnoException) => end(error.code ?? "error"));
    socket.bind(port, address, () => {
      try {
        socket.addMembership(address, ownAddress ?? undefined);
        end(null);
      } catch (error) {
        end((error as NodeJS.ErrnoException).code ?? "error");
      }
    });
  });
}
