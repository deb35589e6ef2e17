import { cleanText, type Observation, type ObservationSource, type SourceStatus } from "../model/index.ts";
import { describeRecords } from "../net/dns-sd.ts";
import { chosenInterfaces, isOnLink, type LocalInterface, readLocalInterfaces } from "../net/interfaces.ts";
import { decodeResponse, MDNS } from "../net/mdns.ts";
import { type MulticastGroup, type MulticastSocket, openListener, type Packet } from "../net/multicast.ts";
import { parseArpTable, readArpTable } from "../net/neighbours.ts";
import { PacketBudget } from "../net/packet-budget.ts";
import type { Sighting } from "../net/sighting.ts";
import { describeSsdp, parseSsdp, SSDP } from "../net/ssdp.ts";
import { describeDiscovery, parseDiscovery, WS_DISCOVERY } from "../net/ws-discovery.ts";
import { digestOf, HeardPackets } from "./heard-packets.ts";
import { neighbourSighting } from "./neighbours.ts";

export interface ListenOptions {
  readonly interfaces?: readonly string[];
  readonly onObservation: (observation: Observation) => void;
  /** True for whoever needs no second look: what they say again, byte for byte, is not read again. Nobody unless told. */
  readonly isKnown?: (address: string) => boolean;
  readonly onSource?: (status: SourceStatus) => void;
}

export interface Listening {
  /** Leaves all groups; resolves when no socket is open any more. */
  close(): Promise<void>;
}

interface PassiveSource {
  readonly source: ObservationSource;
  readonly group: MulticastGroup;
  /** What an unasked packet says about its sender; null for answers to others, questions and noise. */
  read(packet: Packet): Sighting | null;
}

const PASSIVE_SOURCES: readonly PassiveSource[] = [
  {
    source: "mdns",
    group: MDNS,
    read: ({ data, sender }) => {
      const records = decodeResponse(data);
      return records === null ? null : describeRecords(records, sender);
    },
  },
  {
    source: "ws-discovery",
    group: WS_DISCOVERY,
    read: ({ data, sender }) => {
      const message = parseDiscovery(data);
      return message?.kind === "Hello" || message?.kind === "Bye" ? describeDiscovery(message, sender) : null;
    },
  },
  {
    source: "ssdp",
    group: SSDP,
    read: ({ data, sender }) => {
      const message = parseSsdp(data);
      return message?.kind === "alive" || message?.kind === "byebye" ? describeSsdp(message, sender) : null;
    },
  },
];

const POLL_MS = 2000;
/** Interfaces come and go, addresses change: looked at each fifteenth poll. */
const POLLS_PER_INTERFACE_CHECK = 15;
/** Announcements are repeated within a second or two; the same words within this time are told once. */
const REPEAT_MS = 10_000;
const MAX_REMEMBERED = 2048;

/**
 * Listens until closed, without sending a packet: mDNS announcements, WS-Discovery Hello and Bye, SSDP NOTIFY, new
 * rows of the IPv4 neighbour table. Follows interfaces as they come and go. A flood is cut to a fixed rate, memory is
 * bounded. A socket that cannot be opened is a status with the reason, once; the others go on.
 */
export function listen(options: ListenOptions): Listening {
  return new Listener(options);
}

class Listener implements Listening {
  readonly #options: ListenOptions;
  readonly #budget = new PacketBudget();
  readonly #heard = new HeardPackets();
  readonly #told = new Map<string, number>();
  /** By sender; undefined for those beyond the links. */
  readonly #links = new Map<string, LocalInterface | undefined>();
  #sockets: MulticastSocket[] = [];
  #interfaces: readonly LocalInterface[] = [];
  #arpTable = "";
  #rows: ReadonlySet<string> = new Set();
  #polls = 0;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void>;

  constructor(options: ListenOptions) {
    this.#options = options;
    this.#working = this.#poll();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#working;
    this.#closeSockets();
  }

  async #poll(): Promise<void> {
    if (this.#polls % POLLS_PER_INTERFACE_CHECK === 0) await this.#followInterfaces();
    this.#polls += 1;
    if (this.#closed) return;
    this.#readNeighbours();
    this.#timer = setTimeout(() => {
      this.#working = this.#poll();
    }, POLL_MS);
  }

  async #followInterfaces(): Promise<void> {
    const read = readLocalInterfaces();
    const interfaces = read.ok ? chosenInterfaces(read.value, this.#options.interfaces) : this.#interfaces;
    if (JSON.stringify(interfaces) === JSON.stringify(this.#interfaces)) return;
    this.#closeSockets();
    this.#interfaces = interfaces;
    this.#links.clear();
    const withIpv4 = interfaces.filter(({ addresses }) => addresses.some(({ family }) => family === 4));
    const withIpv6 = interfaces.filter(({ addresses }) => addresses.some(({ family }) => family === 6));
    await Promise.all(
      PASSIVE_SOURCES.flatMap((passive) => [
        withIpv4.length > 0 ? this.#open(passive, 4, withIpv4) : Promise.resolve(),
        ...withIpv6.map((local) => this.#open(passive, 6, [local])),
      ]),
    );
  }

  async #open(passive: PassiveSource, family: 4 | 6, interfaces: readonly LocalInterface[]): Promise<void> {
    const opened = await openListener(interfaces, family, passive.group, (packet) =>
      this.#hear(passive, packet),
    );
    if (opened.ok) this.#sockets.push(opened.value);
    const detail = opened.ok ? null : `listening on IPv${family}: ${opened.detail ?? opened.reason}`;
    for (const { name } of interfaces) {
      const { source } = passive;
      this.#options.onSource?.({ source, interface: name, ok: opened.ok, observations: 0, detail });
    }
  }

  #hear(passive: PassiveSource, packet: Packet): void {
    const { sender, data } = packet;
    const local = this.#interfaceOf(sender);
    if (!local || !this.#budget.admits(sender, data.length)) return;
    const { source } = passive;
    if (this.#options.isKnown?.(sender) && this.#heard.isRepeat(source, packet)) return;
    try {
      const sighting = passive.read(packet);
      if (sighting) this.#tell(source, sender, local.name, sighting);
    } catch (error) {
      // Our bug, and this one packet's: whoever sent it must not end the process.
      const detail = `internal error: ${cleanText(String(error))}`;
      this.#options.onSource?.({ source, interface: local.name, ok: false, observations: 0, detail });
    }
  }

  /** An IPv4 group socket hears all interfaces at once: the sender's subnet tells which one it was. */
  #interfaceOf(sender: string): LocalInterface | undefined {
    if (!this.#links.has(sender)) {
      if (this.#links.size >= MAX_REMEMBERED) this.#links.clear();
      this.#links.set(
        sender,
        this.#interfaces.find((candidate) => isOnLink(sender, candidate)),
      );
    }
    return this.#links.get(sender);
  }

  #tell(source: ObservationSource, address: string, name: string, sighting: Sighting): void {
    const key = digestOf(JSON.stringify([source, address, name, sighting]));
    const now = performance.now();
    if (now - (this.#told.get(key) ?? Number.NEGATIVE_INFINITY) < REPEAT_MS) return;
    this.#told.set(key, now);
    if (this.#told.size > MAX_REMEMBERED) this.#told.clear();
    this.#options.onObservation({
      source,
      address,
      interface: name,
      at: new Date().toISOString(),
      ...sighting,
    });
  }

  #readNeighbours(): void {
    const table = readArpTable();
    if (!table.ok || table.value === this.#arpTable) return;
    this.#arpTable = table.value;
    const rows = parseArpTable(table.value);
    const before = this.#rows;
    this.#rows = new Set(rows.map((row) => JSON.stringify(row)));
    for (const neighbour of rows) {
      if (before.has(JSON.stringify(neighbour))) continue;
      const local = this.#interfaces.find(({ name }) => name === neighbour.interface);
      if (!local || !isOnLink(neighbour.address, local)) continue;
      this.#tell("neighbour", neighbour.address, local.name, neighbourSighting(neighbour));
    }
  }

  #closeSockets(): void {
    for (const socket of this.#sockets) socket.close();
    this.#sockets = [];
  }
}
