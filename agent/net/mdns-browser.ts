import { describeRecords } from "./dns-sd.ts";
import {
  decodeResponse,
  type MdnsQuestion,
  type MdnsRecord,
  SERVICE_TYPES,
  serviceLabels,
  serviceName,
} from "./mdns.ts";
import type { Packet } from "./multicast.ts";
import type { Sighting } from "./sighting.ts";

const MAX_RECORDS_PER_SENDER = 256;
const MAX_RECORDS = 8192;
const MAX_QUESTIONS = 512;

/** Asked at once besides the list of all types, for responders that do not keep that list. */
export const COMMON_TYPES = [
  "_http",
  "_https",
  "_rtsp",
  "_onvif",
  "_hap",
  "_psia",
  "_workstation",
  "_ipp",
  "_smb",
].map((name) => `${name}._tcp.local`);

/** What was heard on one interface during one look, and what has to be asked next (RFC 6763, 4 to 9). */
export class MdnsBrowser {
  readonly #records = new Map<string, Map<string, MdnsRecord>>();
  readonly #asked = new Set<string>();
  #count = 0;

  /** The questions to begin with; `types` are further service types, e.g. `_camera._tcp.local`. */
  open(types: readonly string[] = []): readonly MdnsQuestion[] {
    return [SERVICE_TYPES, ...COMMON_TYPES, ...types].flatMap((type) => this.#ask("PTR", type.split(".")));
  }

  /** `sighting`: the sender as far as known now, or null when the packet told nothing new. Null when unreadable. */
  hear(packet: Packet): { sighting: Sighting | null; questions: readonly MdnsQuestion[] } | null {
    const records = decodeResponse(packet.data);
    if (records === null) return null;
    const known = this.#records.get(packet.sender) ?? new Map<string, MdnsRecord>();
    this.#records.set(packet.sender, known);
    const before = known.size;
    for (const record of records) this.#keep(known, record);
    const all = [...known.values()];
    const sighting = known.size > before ? describeRecords(all, packet.sender) : null;
    return { sighting, questions: this.#next(records, all) };
  }

  #keep(known: Map<string, MdnsRecord>, record: MdnsRecord): void {
    const key = JSON.stringify(record).toLowerCase();
    if (known.has(key) || record.goodbye) return;
    if (known.size >= MAX_RECORDS_PER_SENDER || this.#count >= MAX_RECORDS) return;
    known.set(key, record);
    this.#count += 1;
  }

  /** Types are browsed, instances resolved, hosts looked up: each only where the sender has not told it already. */
  #next(fresh: readonly MdnsRecord[], all: readonly MdnsRecord[]): readonly MdnsQuestion[] {
    const has = (type: MdnsRecord["type"], name: string) =>
      all.some((record) => record.type === type && record.name.toLowerCase() === name.toLowerCase());
    return fresh.flatMap((record) => {
      if (record.goodbye) return [];
      if (record.type === "SRV") {
        const isKnown = has("A", record.target) || has("AAAA", record.target);
        const labels = record.target.split(".");
        return isKnown ? [] : [...this.#ask("A", labels), ...this.#ask("AAAA", labels)];
      }
      const target = record.type === "PTR" ? serviceName(record.target) : null;
      if (!target || record.type !== "PTR") return [];
      if (target.instance === null) return this.#ask("PTR", serviceLabels(target));
      return (["SRV", "TXT"] as const).flatMap((type) =>
        has(type, record.target) ? [] : this.#ask(type, serviceLabels(target)),
      );
    });
  }

  #ask(type: MdnsQuestion["type"], labels: readonly string[]): readonly MdnsQuestion[] {
    const key = JSON.stringify([type, labels]).toLowerCase();
    if (this.#asked.has(key) || this.#asked.size >= MAX_QUESTIONS) return [];
    this.#asked.add(key);
    return [{ type, labels }];
  }
}
