import { readFileSync } from "node:fs";
import { interfacesHere, type LocalInterface } from "../interfaces.ts";

/** How this machine stands between its LAN and the outside. */
export interface RouterSeat {
  /** Interfaces of the default routes: there is the outside. Other LANs that are routed between are not. */
  readonly outside: readonly string[];
  /** Interfaces with a LAN of the owner behind them. */
  readonly lan: readonly LocalInterface[];
  readonly forwards: { readonly 4: boolean; readonly 6: boolean };
}

/** Where the kernel tells; tests give others. */
export interface RouterSources {
  readonly proc: string;
  readonly interfaces: () => readonly LocalInterface[];
}
const HERE: RouterSources = { proc: "/proc", interfaces: interfacesHere };

/**
 * Null when this machine is not a router: it forwards nothing, or the way out is on the same interface as the LAN. Reads
 * four small kernel files and starts no process.
 */
export function routerSeat({ proc, interfaces }: RouterSources = HERE): RouterSeat | null {
  const forwards = {
    4: readText(`${proc}/sys/net/ipv4/ip_forward`).trim() === "1",
    6: readText(`${proc}/sys/net/ipv6/conf/all/forwarding`).trim() === "1",
  };
  if (!forwards[4] && !forwards[6]) return null;
  const outside = [
    ...new Set([
      ...ipv4WaysOut(readText(`${proc}/net/route`)),
      ...ipv6WaysOut(readText(`${proc}/net/ipv6_route`)),
    ]),
  ];
  if (outside.length === 0) return null;
  const lan = interfaces().filter(({ name, skipped }) => skipped === null && !outside.includes(name));
  return lan.length === 0 ? null : { outside, lan, forwards };
}

/** Whether this machine is the LAN's router. Cheap. */
export function isGateway(): boolean {
  return routerSeat() !== null;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

const RTF_UP = 0x1;
const RTF_REJECT = 0x200;

/** Interfaces of default routes in /proc/net/route; one of PPP has no gateway. */
export function ipv4WaysOut(table: string): readonly string[] {
  return table.split("\n").flatMap((line) => {
    const [name = "", destination, , flags = "", , , , mask] = line.trim().split(/\s+/);
    return destination === "00000000" && mask === "00000000" && isWayOut(name, flags) ? [name] : [];
  });
}

/** Interfaces of default routes in /proc/net/ipv6_route; the kernel's own `unreachable` one is on lo. */
export function ipv6WaysOut(table: string): readonly string[] {
  return table.split("\n").flatMap((line) => {
    const [destination = "", length, , sourceLength, , , , , flags = "", name = ""] = line
      .trim()
      .split(/\s+/);
    const isDefault = /^0{32}$/.test(destination) && length === "00" && sourceLength !== undefined;
    return isDefault && isWayOut(name, flags) ? [name] : [];
  });
}

function isWayOut(name: string, flags: string): boolean {
  const bits = Number.parseInt(flags, 16);
  return name !== "" && name !== "lo" && (bits & RTF_UP) !== 0 && (bits & RTF_REJECT) === 0;
}
