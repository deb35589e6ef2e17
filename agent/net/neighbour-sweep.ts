import { createSocket } from "node:dgram";
import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import ipaddr from "ipaddr.js";
import { type Answer, success } from "../model/index.ts";
import type { LocalInterface } from "./interfaces.ts";
import { type Neighbour, parseArpTable, readArpTable } from "./neighbours.ts";

const DISCARD_PORT = 9;
/** The kernel asks three times, one second apart (neigh/default/mcast_solicit, retrans_time_ms), then gives up. */
const PENDING_MS = 3200;
/** neigh/default/gc_thresh3 of a kernel that does not tell: it is shown in the first network namespace only. */
const USUAL_TABLE_ROWS = 1024;
/** The rest stays free for those whom this machine talks to meanwhile. */
const OUR_SHARE = 0.75;
/** A datagram that waits for its neighbour is charged to its socket; the usual send buffer has room for twice this. */
const DATAGRAMS_PER_SOCKET = 128;
/** A full table must not stop the sweep: the kernel makes room for a few by dropping its oldest rows. */
const LEAST_PENDING = 16;
const BURST = 32;
const PAUSE_MS = 10;
const POLL_MS = 20;
const LATE_POLL_MS = 100;
const EARLY_MS = 400;

/**
 * Room for addresses that wait for an answer. The kernel's table is one, so sweeps that run at the same time share
 * one room: resolved rows and waiting addresses together never exceed it.
 */
export class TableRoom {
  readonly #rows: number;
  /** When each waiting address was asked, milliseconds. */
  readonly #waiting = new Map<string, number>();

  /** `rows`: how many of the table's rows are ours to fill. */
  constructor(rows: number) {
    this.#rows = rows;
  }

  /** Absent neighbours give their place back when the kernel has given up on them. */
  left(resolvedRows: number, now: number): number {
    for (const [address, askedAt] of this.#waiting) {
      if (now - askedAt > PENDING_MS) this.#waiting.delete(address);
    }
    return Math.max(LEAST_PENDING, this.#rows - resolvedRows) - this.#waiting.size;
  }

  occupy(address: string, now: number): void {
    this.#waiting.set(address, now);
  }

  release(address: string): void {
    this.#waiting.delete(address);
  }
}

export interface Sweep {
  /** Subnets to nudge, CIDR. */
  readonly subnets: readonly string[];
  readonly skipped: readonly { readonly subnet: string; readonly because: string }[];
}

/** Which on-link IPv4 subnets are small enough to nudge each address of. */
export function planSweep(local: LocalInterface, maxHosts: number): Sweep {
  const ipv4 = local.addresses.filter(({ family }) => family === 4).map(({ subnet }) => subnet);
  const subnets: string[] = [];
  const skipped: { subnet: string; because: string }[] = [];
  for (const subnet of new Set(ipv4)) {
    const bits = prefixLength(subnet);
    if (bits === 32) skipped.push({ subnet, because: "point-to-point" });
    else if (hostCount(bits) > maxHosts) skipped.push({ subnet, because: "larger-than-limit" });
    else subnets.push(subnet);
  }
  return { subnets, skipped };
}

function prefixLength(subnet: string): number {
  return ipaddr.parseCIDR(subnet)[1];
}

function hostCount(bits: number): number {
  return bits >= 31 ? 2 ** (32 - bits) : 2 ** (32 - bits) - 2;
}

/** Every host address of an IPv4 subnet, one after the other: a /8 by configuration must not fill the memory. */
export function* hostAddresses(subnet: string): Generator<string> {
  const bits = prefixLength(subnet);
  const network = Buffer.from(ipaddr.IPv4.networkAddressFromCIDR(subnet).octets).readUInt32BE();
  const first = bits >= 31 ? network : network + 1;
  const octets = Buffer.alloc(4);
  for (let host = first; host < first + hostCount(bits); host += 1) {
    octets.writeUInt32BE(host);
    yield octets.join(".");
  }
}

/**
 * Sends an empty datagram to the discard port of every address, so that the kernel asks who has it, and tells each
 * neighbour of this interface as soon as its row is there: absent ones hold nobody up. Ends when the last address had
 * `windowMs` to answer, when all have answered, or at the signal. The error is the table's.
 */
export async function sweepIpv4(
  local: LocalInterface,
  subnets: readonly string[],
  options: { readonly windowMs: number; readonly signal: AbortSignal; readonly room: TableRoom },
  onNeighbour: (neighbour: Neighbour) => void,
): Promise<Answer<void>> {
  const { windowMs, signal, room } = options;
  const addresses = addressesOf(subnets, new Set(local.addresses.map(({ address }) => address)));
  const unanswered = new Set<string>();
  const told = new Set<string>();
  let seen = "";
  let rows: readonly Neighbour[] = [];
  let lastSent = performance.now();
  let allSent = false;
  for (;;) {
    const table = readArpTable();
    if (!table.ok) return table;
    if (table.value !== seen) {
      seen = table.value;
      rows = parseArpTable(seen);
    }
    for (const neighbour of rows) {
      unanswered.delete(neighbour.address);
      room.release(neighbour.address);
      if (neighbour.interface !== local.name || told.has(neighbour.address)) continue;
      told.add(neighbour.address);
      onNeighbour(neighbour);
    }
    const now = performance.now();
    const batch = take(addresses, Math.min(BURST, room.left(rows.length, now)));
    allSent = batch.ended;
    if (batch.items.length > 0) {
      for (const address of batch.items) {
        unanswered.add(address);
        room.occupy(address, now);
      }
      lastSent = now;
      await nudge(batch.items, 4);
    }
    const sinceLast = now - lastSent;
    if (signal.aborted || (allSent && (unanswered.size === 0 || sinceLast >= windowMs)))
      return success(undefined);
    await delay(allSent ? (sinceLast > EARLY_MS ? LATE_POLL_MS : POLL_MS) : PAUSE_MS);
  }
}

function* addressesOf(subnets: readonly string[], own: ReadonlySet<string>): Generator<string> {
  for (const subnet of subnets) {
    for (const address of hostAddresses(subnet)) if (!own.has(address)) yield address;
  }
}

function take(source: Generator<string>, count: number): { items: string[]; ended: boolean } {
  const items: string[] = [];
  while (items.length < count) {
    const next = source.next();
    if (next.done) return { items, ended: true };
    items.push(next.value);
  }
  return { items, ended: false };
}

/** Sends one empty datagram to the discard port of each address; what cannot be sent is nobody's neighbour. */
export async function nudge(addresses: readonly string[], family: 4 | 6): Promise<void> {
  for (let from = 0; from < addresses.length; from += DATAGRAMS_PER_SOCKET) {
    const socket = createSocket(`udp${family}`);
    socket.on("error", () => {});
    const sent = addresses.slice(from, from + DATAGRAMS_PER_SOCKET).map(
      (address) =>
        new Promise<void>((resolve) => {
          socket.send("", DISCARD_PORT, address, () => resolve());
        }),
    );
    await Promise.all(sent);
    socket.close();
  }
}

/** The room of this machine's table. */
export async function neighbourTableRoom(): Promise<TableRoom> {
  const text = await readFile("/proc/sys/net/ipv4/neigh/default/gc_thresh3", "latin1").catch(() => "");
  return new TableRoom(Math.floor((Number.parseInt(text, 10) || USUAL_TABLE_ROWS) * OUR_SHARE));
}
