import { randomUUID } from "node:crypto";
import { describeDiscovery, encodeProbes, parseDiscovery, WS_DISCOVERY } from "../net/ws-discovery.ts";
import { converse, type Look } from "./look.ts";

/** Probes for ONVIF devices. An answer counts only when it relates to a probe of this look. */
export function lookByWsDiscovery(look: Look): Promise<void> {
  return converse(look, WS_DISCOVERY, () => {
    const messageIds = [randomUUID(), randomUUID()] as const;
    // The repetition is the same message (SOAP-over-UDP, 4.2): who has answered need not answer again.
    const probes = encodeProbes(messageIds);
    return {
      opening: () => probes,
      onPacket: (packet) => {
        const message = parseDiscovery(packet.data);
        const isAnswer = messageIds.some((id) => id === message?.relatesTo);
        if (message?.kind !== "ProbeMatches" || !isAnswer) return look.unreadable();
        look.tell(packet.sender, describeDiscovery(message, packet.sender));
      },
    };
  });
}
