import { encodeQuery, MDNS, type MdnsQuestion } from "../net/mdns.ts";
import { MdnsBrowser } from "../net/mdns-browser.ts";
import { converse, type Look } from "./look.ts";

/** So many questions stay within one Ethernet frame. */
const QUESTIONS_PER_PACKET = 16;

/** Browses DNS-SD and resolves what it finds. `types`: service types to ask for by name besides the common ones. */
export function lookByMdns(look: Look, types: readonly string[]): Promise<void> {
  return converse(look, MDNS, () => {
    const browser = new MdnsBrowser();
    const opening = browser.open(types);
    return {
      // A responder too simple for the unicast-response bit is asked again without it.
      opening: (round) => queries(opening, round === 0),
      onPacket: (packet, send) => {
        const heard = browser.hear(packet);
        if (heard === null) return look.unreadable();
        if (heard.sighting) look.tell(packet.sender, heard.sighting);
        for (const query of queries(heard.questions, true)) send(query);
      },
    };
  });
}

function queries(questions: readonly MdnsQuestion[], unicastResponse: boolean): readonly Buffer[] {
  const packets: Buffer[] = [];
  for (let from = 0; from < questions.length; from += QUESTIONS_PER_PACKET) {
    packets.push(encodeQuery(questions.slice(from, from + QUESTIONS_PER_PACKET), unicastResponse));
  }
  return packets;
}
