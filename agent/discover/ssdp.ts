import pLimit from "p-limit";
import { httpRequest } from "../net/http.ts";
import { DeviceLine } from "../net/line.ts";
import type { Packet } from "../net/multicast.ts";
import {
  describeSsdp,
  encodeSearches,
  type OwnUri,
  ownLocation,
  parseSsdp,
  SSDP,
  SSDP_MX,
} from "../net/ssdp.ts";
import { describeUpnp, parseDescription } from "../net/upnp-description.ts";
import { converse, type Look } from "./look.ts";

const DESCRIPTION_DEADLINE_MS = 1500;
const MAX_DESCRIPTIONS_PER_SENDER = 4;
const MAX_DESCRIPTIONS = 512;
const AT_ONCE = 32;

/** Searches for UPnP devices and reads their descriptions, each from its sender's own address and only once. */
export async function lookBySsdp(look: Look): Promise<void> {
  const reader = new DescriptionReader(look);
  await converse(look, SSDP, (family) => ({
    opening: () => encodeSearches(family),
    onPacket: (packet) => {
      const message = parseSsdp(packet.data);
      if (message?.kind !== "response") return look.unreadable();
      look.tell(packet.sender, describeSsdp(message, packet.sender));
      const location = ownLocation(message, packet.sender);
      if (location) reader.read(packet, location);
    },
  }));
  await reader.done();
}

/** The shortest window in which every answer can come: both rounds and the delay that MX allows. */
export const SSDP_WINDOW_MS = SSDP_MX * 1000 + 400;

class DescriptionReader {
  readonly #look: Look;
  readonly #limit = pLimit(AT_ONCE);
  readonly #senders = new Map<string, { readonly urls: Set<string>; last: Promise<void> }>();
  #count = 0;

  constructor(look: Look) {
    this.#look = look;
  }

  read({ sender }: Packet, location: OwnUri): void {
    const known = this.#senders.get(sender) ?? { urls: new Set<string>(), last: Promise.resolve() };
    this.#senders.set(sender, known);
    const url = JSON.stringify(location);
    if (known.urls.has(url) || known.urls.size >= MAX_DESCRIPTIONS_PER_SENDER) return;
    if (this.#count >= MAX_DESCRIPTIONS) return;
    this.#count += 1;
    known.urls.add(url);
    // One at a time for one sender: small devices have room for few callers.
    known.last = known.last.then(() => this.#limit(() => this.#fetch(sender, location)));
  }

  async done(): Promise<void> {
    await Promise.all([...this.#senders.values()].map(({ last }) => last));
  }

  async #fetch(sender: string, location: OwnUri): Promise<void> {
    const line = new DeviceLine(sender, this.#look.signal);
    const answer = await httpRequest(line, {
      port: location.port,
      tls: location.scheme === "https",
      path: location.path,
      deadlineMs: DESCRIPTION_DEADLINE_MS,
    });
    if (!answer.ok) return this.#look.note(`no description from ${sender}: ${answer.reason}`);
    const devices = parseDescription(answer.value.body, sender, location);
    if (!devices.ok) return this.#look.note(`description of ${sender}: ${devices.reason}`);
    this.#look.tell(sender, describeUpnp(devices.value));
  }
}
