import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import { type Answer, cleanText, type ObservationSource, type SourceStatus } from "../model/index.ts";
import { isOnLink, type LocalInterface } from "../net/interfaces.ts";
import { type MulticastGroup, type MulticastSocket, openQuerier, type Packet } from "../net/multicast.ts";
import { PacketBudget } from "../net/packet-budget.ts";
import type { Sighting } from "../net/sighting.ts";
import type { Collector } from "./collector.ts";

const MAX_NAMED_SENDERS = 4;
/** Turns of the event loop that may follow the window; one reads some dozens of packets. */
const MAX_LATE_TURNS = 64;
/** UDP loses packets: every question is put twice. */
const REPEAT_AFTER_MS = 300;

export interface LookOptions {
  readonly source: ObservationSource;
  readonly local: LocalInterface;
  readonly windowMs: number;
  readonly signal: AbortSignal;
  readonly collector: Collector;
}

/** One source looking at one interface once: what it hears, what it tells, and how it fared. */
export class Look {
  readonly local: LocalInterface;
  readonly windowMs: number;
  readonly signal: AbortSignal;
  readonly collector: Collector;
  readonly #source: ObservationSource;
  readonly #budget = new PacketBudget();
  readonly #told = new Set<string>();
  readonly #offLink = new Set<string>();
  readonly #troubles = new Set<string>();
  readonly #notes = new Set<string>();
  #packets = 0;
  #unreadable = 0;

  constructor({ source, local, windowMs, signal, collector }: LookOptions) {
    this.#source = source;
    this.local = local;
    this.windowMs = windowMs;
    this.signal = signal;
    this.collector = collector;
  }

  /** False for packets from beyond the link, for which no question was put, and for a flood. */
  hears({ sender, data }: Packet): boolean {
    this.#packets += 1;
    if (isOnLink(sender, this.local)) return this.#budget.admits(sender, data.length);
    if (this.#offLink.size < MAX_NAMED_SENDERS) this.#offLink.add(sender);
    return false;
  }

  tell(address: string, sighting: Sighting): void {
    const at = new Date().toISOString();
    this.#told.add(address);
    this.collector.add({ source: this.#source, address, interface: this.local.name, at, ...sighting });
  }

  /** A packet that is not of this protocol, or broken. */
  unreadable(): void {
    this.#unreadable += 1;
  }

  /** Something that kept this source from looking as it should. */
  trouble(text: string): void {
    this.#troubles.add(cleanText(text));
  }

  /** Something worth telling the installer that is no failure. */
  note(text: string): void {
    this.#notes.add(cleanText(text, 240));
  }

  async wait(milliseconds: number): Promise<void> {
    // The timer's only rejection is the cancelled look.
    await delay(Math.max(0, milliseconds), undefined, { signal: this.signal }).catch(() => {});
  }

  /** On a busy machine the window's end comes before the packets that the kernel holds: these arrived in time. */
  async hearOut(): Promise<void> {
    for (let turn = 0, heard = -1; turn < MAX_LATE_TURNS && heard !== this.#packets; turn += 1) {
      heard = this.#packets;
      await nextTurn();
    }
  }

  status(): SourceStatus {
    if (this.signal.aborted) this.trouble("cancelled");
    const leftOut = this.collector.leftOut(this.#source, this.local.name);
    if (leftOut > 0) this.trouble(`too many senders, sightings left out: ${leftOut}`);
    if (this.#offLink.size > 0) this.note(`off this subnet, not asked: ${[...this.#offLink].join(" ")}`);
    if (this.#unreadable > 0) this.note(`unreadable packets: ${this.#unreadable}`);
    if (this.#budget.refused > 0) this.note(`packets dropped in a flood: ${this.#budget.refused}`);
    const details = [...this.#troubles, ...this.#notes];
    return {
      source: this.#source,
      interface: this.local.name,
      ok: this.#troubles.size === 0,
      observations: this.#told.size,
      detail: details.length === 0 ? null : details.join("; "),
    };
  }
}

/** The two address families of a conversation differ in what is asked, and each has its own state. */
export interface Conversation {
  /** `round` 0 is the first time, 1 the repetition. */
  opening(round: number): readonly Buffer[];
  onPacket(packet: Packet, send: (data: Buffer) => void): void;
}

/** Asks a multicast group on each family that the interface has, twice, and hears answers until the window ends. */
export async function converse(
  look: Look,
  group: MulticastGroup,
  begin: (family: 4 | 6) => Conversation,
): Promise<void> {
  const talks = await Promise.all(
    ([4, 6] as const).map((family) => startTalk(look, group, family, begin(family))),
  );
  const open = talks.filter((talk) => talk !== null);
  if (open.length === 0) look.trouble("no address to speak from");
  const pause = Math.min(REPEAT_AFTER_MS, look.windowMs / 2);
  for (const { ask } of open) ask(0);
  await look.wait(pause);
  for (const { ask } of open) ask(1);
  await look.wait(look.windowMs - pause);
  await look.hearOut();
  for (const { close } of open) close();
}

async function startTalk(
  look: Look,
  group: MulticastGroup,
  family: 4 | 6,
  conversation: Conversation,
): Promise<{ ask(round: number): void; close(): void } | null> {
  let socket: MulticastSocket | null = null;
  const send = (data: Buffer) => void socket?.send(data).then((sent) => reportFailure(look, family, sent));
  const opened = await openQuerier(look.local, family, group, (packet) => {
    if (!look.hears(packet)) return;
    try {
      conversation.onPacket(packet, send);
    } catch (error) {
      // Our bug, and this one packet's: whoever sent it must not end the process.
      look.trouble(`internal error: ${String(error)}`);
    }
  });
  if (!opened.ok) {
    // Without an address of this family there is nothing to look at, which is no trouble.
    if (opened.reason !== "unsupported") reportFailure(look, family, opened);
    return null;
  }
  socket = opened.value;
  return {
    ask: (round) => {
      for (const data of conversation.opening(round)) send(data);
    },
    close: () => opened.value.close(),
  };
}

function reportFailure(look: Look, family: 4 | 6, answer: Answer<unknown>): void {
  if (!answer.ok && answer.reason !== "closed")
    look.trouble(`IPv${family}: ${answer.detail ?? answer.reason}`);
}
