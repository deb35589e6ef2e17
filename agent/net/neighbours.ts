import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import ipaddr from "ipaddr.js";
import { type Answer, failure, macDigits, success } from "../model/index.ts";
import { zoned } from "./interfaces.ts";

/** One row of the kernel's neighbour table that has a usable link-layer address. */
export interface Neighbour {
  /** Link-local IPv6 with its zone. */
  readonly address: string;
  readonly interface: string;
  /** Twelve upper-case hex digits. */
  readonly mac: string;
}

const ATF_COM = 0x2;
const MAX_ROWS = 65_536;

/** Reads /proc/net/arp: resolved rows only (flag ATF_COM and a non-zero MAC). */
export function parseArpTable(table: string): readonly Neighbour[] {
  const rows = table.split("\n", MAX_ROWS).slice(1);
  return rows.flatMap((row) => {
    const [address = "", , flags = "", hardware = "", , name = ""] = row.trim().split(/\s+/);
    const mac = macDigits(hardware);
    const resolved = (Number.parseInt(flags, 16) & ATF_COM) !== 0;
    return resolved && mac !== null && name !== "" ? [{ address, interface: name, mac }] : [];
  });
}

/**
 * The text of /proc/net/arp, for `parseArpTable`; the error is `unsupported`. Read at once: the kernel makes it up in
 * memory within microseconds, and the way over a thread and back costs many times that at each look.
 */
export function readArpTable(): Answer<string> {
  try {
    return success(readFileSync("/proc/net/arp", "latin1"));
  } catch (error) {
    return failure("unsupported", `/proc/net/arp: ${(error as NodeJS.ErrnoException).code ?? "unreadable"}`);
  }
}

const USABLE_STATES = ["REACHABLE", "STALE", "DELAY", "PROBE", "PERMANENT"];

/** Reads what `ip -j -6 neigh show` prints. Null when it is not the JSON that iproute2 writes. */
export function parseIpv6Neighbours(json: string): readonly Neighbour[] | null {
  let rows: unknown;
  try {
    rows = JSON.parse(json.trim() === "" ? "[]" : json);
  } catch {
    return null;
  }
  if (!Array.isArray(rows)) return null;
  return rows.slice(0, MAX_ROWS).flatMap((row: unknown) => {
    const { dst, dev, lladdr, state } = (row ?? {}) as Record<string, unknown>;
    if (typeof dst !== "string" || typeof dev !== "string" || typeof lladdr !== "string") return [];
    const states: readonly unknown[] = Array.isArray(state) ? state : [];
    const mac = macDigits(lladdr);
    if (mac === null || !states.some((name) => USABLE_STATES.includes(String(name)))) return [];
    return [{ address: zoned(dst, dev), interface: dev, mac }];
  });
}

/** Without its answer a camera with two kinds of address counts twice, and a busy Pi starts programs slowly. */
const IP_DEADLINE_MS = 3000;
const IP_MAX_BYTES = 4_194_304;

/** The IPv6 neighbour table, which Linux shows through netlink only: read by iproute2 where it is there. */
export function ipv6Neighbours(): Promise<Answer<readonly Neighbour[]>> {
  return new Promise((resolve) => {
    const options = {
      timeout: IP_DEADLINE_MS,
      maxBuffer: IP_MAX_BYTES,
      // An ordinary user's PATH may lack /sbin, where some systems keep it.
      env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" },
    };
    execFile("ip", ["-j", "-6", "neigh", "show"], options, (error, output) => {
      const neighbours = error === null ? parseIpv6Neighbours(output) : null;
      if (neighbours !== null) return resolve(success(neighbours));
      resolve(failure("unsupported", `IPv6 neighbour table: ip ${error?.code ?? "printed no JSON"}`));
    });
  });
}

/** The link-local address that a MAC forms by modified EUI-64 (RFC 4291, appendix A). */
export function eui64LinkLocal(mac: string, zone: string): string {
  return `fe80::${interfaceId(mac)}%${zone}`;
}

/** The address that a MAC forms in a /64 prefix (RFC 4862, 5.5.3), `prefix` as CIDR; null for any other length. */
export function eui64Address(mac: string, prefix: string): string | null {
  const [network = "", bits] = prefix.split("/");
  if (bits !== "64" || !ipaddr.IPv6.isValid(network)) return null;
  const words = ipaddr.IPv6.parse(network).parts.slice(0, 4);
  return ipaddr.IPv6.parse(
    `${words.map((word) => word.toString(16)).join(":")}:${interfaceId(mac)}`,
  ).toString();
}

function interfaceId(mac: string): string {
  const octets = Buffer.from(mac, "hex");
  const first = (octets[0] ?? 0) ^ 0x02;
  const bytes = [first, ...octets.subarray(1, 3), 0xff, 0xfe, ...octets.subarray(3, 6)];
  return [0, 2, 4, 6].map((i) => (((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0)).toString(16)).join(":");
}
