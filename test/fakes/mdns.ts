/**
 * A Multicast DNS responder with DNS-SD services (RFC 6762: answers 6, legacy unicast 6.7, known answers 7.1,
 * announcing 8.3, goodbye 10.1; RFC 6763: service enumeration 9, TXT 6).
 */
import { type Answer, decode, encode, type Packet, type Question } from "dns-packet";
import type { Fixture } from "../../agent/model/index.ts";
import { type Announcer, type Group, joinGroup } from "./multicast.ts";
import type { Place } from "./wire.ts";

export const MDNS_GROUP: Group = { port: 5353, address: "224.0.0.251", address6: "ff02::fb" };
const ENUMERATION = "_services._dns-sd._udp.local";
const HOST_TTL = 120;
const OTHER_TTL = 4500;
const LEGACY_TTL = 10;
const UNICAST_BIT = 0x8000;

type Announced = NonNullable<Fixture["announces"]["mdns"]>;

export async function mdnsResponder(announced: Announced, place: Place): Promise<Announcer> {
  const records = recordsOf(announced, place);
  const member = await joinGroup(MDNS_GROUP, place, (message, from, answer) => {
    const reply = mdnsReply(records, message, from.port !== MDNS_GROUP.port);
    if (reply === null) return;
    if (reply.unicast) answer(reply.message);
    else member.toGroup(reply.message);
  });
  const tell = (ttl?: number) =>
    member.toGroup(
      encode(
        packet(
          0,
          [],
          records.map((record) => ({ ...record, ttl: ttl ?? record.ttl })),
          true,
        ),
      ),
    );
  return { announce: () => tell(), bye: () => tell(0), close: () => member.close() };
}

export type MdnsRecord = { readonly name: string; readonly ttl: number } & (
  | { readonly type: "A" | "AAAA" | "PTR"; readonly data: string }
  | {
      readonly type: "SRV";
      readonly data: { port: number; target: string; priority: number; weight: number };
    }
  | { readonly type: "TXT"; readonly data: Buffer[] }
);

/** All records of the device; an address (A, AAAA) only for those it has. */
export function recordsOf({ host, services }: Announced, { address, address6 }: Place): MdnsRecord[] {
  const target = `${host.replace(/\.local\.?$/, "")}.local`;
  const records: MdnsRecord[] = [{ type: "A", name: target, ttl: HOST_TTL, data: address }];
  if (address6 !== undefined) records.push({ type: "AAAA", name: target, ttl: HOST_TTL, data: address6 });
  for (const { type, instance, port, txt } of services) {
    const service = `${type.replace(/\.local\.?$/, "")}.local`;
    const name = `${instance}.${service}`;
    const entries = Object.entries(txt).map(([key, value]) =>
      Buffer.from(`${key}=${value}`).subarray(0, 255),
    );
    records.push(
      { type: "PTR", name: ENUMERATION, ttl: OTHER_TTL, data: service },
      { type: "PTR", name: service, ttl: OTHER_TTL, data: name },
      { type: "SRV", name, ttl: HOST_TTL, data: { port, target, priority: 0, weight: 0 } },
      { type: "TXT", name, ttl: OTHER_TTL, data: entries.length > 0 ? entries : [Buffer.alloc(0)] },
    );
  }
  return records;
}

/** Null when the message is no query for one of our records, or all that it asks for is known already. */
export function mdnsReply(
  records: readonly MdnsRecord[],
  message: Buffer,
  legacy: boolean,
): { readonly message: Buffer; readonly unicast: boolean } | null {
  const query = read(message);
  if (query === null || query.type !== "query") return null;
  const questions = query.questions ?? [];
  const known = query.answers ?? [];
  const answers = records.filter(
    (record) =>
      questions.some((question) => asks(question, record)) && !known.some((other) => same(other, record)),
  );
  if (answers.length === 0) return null;
  const additionals = related(records, answers);
  const reply = packet(legacy ? (query.id ?? 0) : 0, legacy ? questions : [], answers, !legacy, additionals);
  const limited = legacy ? shortLived(reply) : reply;
  return {
    message: encode(limited),
    unicast: legacy || allWantUnicast(message, questions.length),
  };
}

function read(message: Buffer): Packet | null {
  try {
    return decode(message);
  } catch {
    return null;
  }
}

/** RFC 6762, 5.4: the top bit of each question's class. dns-packet drops it, so the questions are walked here. */
function allWantUnicast(message: Buffer, questions: number): boolean {
  let offset = 12;
  for (let question = 0; question < questions; question += 1) {
    let length = message.readUInt8(offset);
    while (length > 0 && length < 0xc0) {
      offset += 1 + length;
      length = message.readUInt8(offset);
    }
    offset += length === 0 ? 1 : 2;
    if ((message.readUInt16BE(offset + 2) & UNICAST_BIT) === 0) return false;
    offset += 4;
  }
  return true;
}

function asks(question: Question, record: MdnsRecord): boolean {
  const type = String(question.type);
  return (
    question.name.toLowerCase() === record.name.toLowerCase() && (type === "ANY" || type === record.type)
  );
}

function same(known: Answer, record: MdnsRecord): boolean {
  if (known.type !== record.type || known.name.toLowerCase() !== record.name.toLowerCase()) return false;
  const ttl = "ttl" in known ? (known.ttl ?? 0) : 0;
  return known.type === "PTR" && ttl * 2 >= record.ttl && String(known.data) === String(record.data);
}

/** RFC 6763, 12: what the asker will want next. */
function related(records: readonly MdnsRecord[], answers: readonly MdnsRecord[]): MdnsRecord[] {
  const names = new Set<string>();
  for (const answer of answers) {
    if (answer.type === "PTR") names.add(String(answer.data));
    if (answer.type === "SRV") names.add(answer.data.target);
  }
  for (const record of records)
    if (record.type === "SRV" && names.has(record.name)) names.add(record.data.target);
  return records.filter(
    (record) => names.has(record.name) && record.type !== "PTR" && !answers.includes(record),
  );
}

function packet(
  id: number,
  questions: Question[],
  answers: readonly MdnsRecord[],
  cacheFlush: boolean,
  additionals: readonly MdnsRecord[] = [],
): Packet {
  // RFC 6762, 10.2: only records that nobody else holds say "forget the others".
  const flush = (record: MdnsRecord) => ({ ...record, flush: cacheFlush && record.type !== "PTR" });
  return {
    type: "response",
    id,
    flags: 0x0400,
    questions,
    answers: answers.map(flush) as Answer[],
    additionals: additionals.map(flush) as Answer[],
  };
}

function shortLived(reply: Packet): Packet {
  const cut = (records: Answer[] | undefined) =>
    (records ?? []).map((record) => ({ ...record, ttl: LEGACY_TTL }) as Answer);
  return { ...reply, answers: cut(reply.answers), additionals: cut(reply.additionals) };
}
