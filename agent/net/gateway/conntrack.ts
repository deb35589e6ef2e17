import { createReadStream } from "node:fs";
import { type Answer, failure, type GatewayFact, success } from "../../model/index.ts";
import { streamProgram } from "./programs.ts";

const MAX_BYTES = 67_108_864;
const MAX_LINE = 1024;
/** LAN addresses that are counted, and distinct hosts of one of them. */
const MAX_DEVICES = 2048;
const MAX_HOSTS = 4096;

/** One connection as its first packet went. */
export interface Flow {
  readonly from: string;
  readonly to: string;
}

/**
 * One line of `conntrack -L -o extended` or /proc/net/nf_conntrack (the same format). Null for what is no connection in
 * use: TCP that is not established, anything else that was never answered twice (`[ASSURED]`).
 */
export function parseFlow(line: string): Flow | null {
  if (line.length > MAX_LINE) return null;
  const match =
    /^ipv[46]\s+\d+\s+(\S+)\s+\d+\s.*?\bsrc=([0-9a-fA-F.:]{2,45}) dst=([0-9a-fA-F.:]{2,45}) /.exec(line);
  if (match === null) return null;
  const [, protocol, from = "", to = ""] = match;
  const inUse = protocol === "tcp" ? line.includes(" ESTABLISHED ") : line.includes("[ASSURED]");
  return inUse ? { from, to } : null;
}

/** Which addresses are of the LAN, and which are this machine's own. */
export interface OutboundSides {
  /** A device of the LAN, and not this machine. */
  isDevice(address: string): boolean;
  /** Anything on the owner's side: LAN, this machine, multicast. */
  isInside(address: string): boolean;
}

/** Counts by LAN address, in bounded memory, however the text is cut into pieces. */
export class OutboundCount {
  readonly #sides: OutboundSides;
  readonly #devices = new Map<string, { hosts: Set<string>; connections: number }>();
  #rest = "";

  constructor(sides: OutboundSides) {
    this.#sides = sides;
  }

  take(piece: string): void {
    const lines = (this.#rest + piece).split("\n");
    this.#rest = lines.pop()?.slice(0, MAX_LINE + 1) ?? "";
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    const flow = parseFlow(line);
    if (flow === null || !this.#sides.isDevice(flow.from) || this.#sides.isInside(flow.to)) return;
    const device = this.#devices.get(flow.from) ?? { hosts: new Set<string>(), connections: 0 };
    if (this.#devices.size < MAX_DEVICES) this.#devices.set(flow.from, device);
    device.connections += 1;
    if (device.hosts.size < MAX_HOSTS) device.hosts.add(flow.to);
  }

  get result(): GatewayFact["outbound"] {
    this.take("\n");
    return [...this.#devices].map(([address, { hosts, connections }]) => ({
      address,
      hosts: hosts.size,
      connections,
    }));
  }
}

/**
 * How many hosts off the LAN each device holds connections to, both families. `unsupported` where the kernel tracks
 * nothing or nothing here can read it. A full table is read in pieces, so that other work goes on in between.
 */
export async function readOutbound(
  sides: OutboundSides,
  signal: AbortSignal | undefined,
  file = "/proc/net/nf_conntrack",
): Promise<Answer<GatewayFact["outbound"]>> {
  const count = new OutboundCount(sides);
  const take = (piece: Buffer) => count.take(piece.toString("latin1"));
  for (const family of ["ipv4", "ipv6"]) {
    const args = ["-L", "-f", family, "-o", "extended"];
    const listed = await streamProgram("conntrack", args, { maxBytes: MAX_BYTES, signal }, take);
    if (listed.ok) continue;
    return listed.reason === "unsupported" ? await readTable(sides, file) : listed;
  }
  return success(count.result);
}

/** The kernel's own list, which root alone may read and many kernels do not have. */
async function readTable(sides: OutboundSides, file: string): Promise<Answer<GatewayFact["outbound"]>> {
  const count = new OutboundCount(sides);
  let bytes = 0;
  try {
    for await (const piece of createReadStream(file)) {
      bytes += piece.length;
      if (bytes > MAX_BYTES) return failure("too-large", "conntrack");
      count.take(piece.toString("latin1"));
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return failure(code === "EACCES" || code === "EPERM" ? "not-permitted" : "unsupported", "conntrack");
  }
  return success(count.result);
}
