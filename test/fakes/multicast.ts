/** A UDP socket in a multicast group on one interface, for each family that the device has. */
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import type { Place } from "./wire.ts";

export interface Group {
  readonly port: number;
  readonly address: string;
  readonly address6: string;
}

/** What says Hello, answers questions and says Bye. */
export interface Announcer {
  announce(): void;
  bye(): void;
  close(): Promise<void>;
}

export interface Member {
  /** Sends to the whole group, in each family. */
  toGroup(message: Buffer): void;
  close(): Promise<void>;
}

export type Receive = (message: Buffer, from: RemoteInfo, answer: (message: Buffer) => void) => void;

/** mDNS wants 255 (RFC 6762, 11); a router does not forward these groups whatever it is. */
const MULTICAST_TTL = 255;

export async function joinGroup(group: Group, place: Place, receive: Receive): Promise<Member> {
  const zone = `::%${place.interface}`;
  const members: { readonly socket: Socket; readonly address: string }[] = [];
  const join = async (type: "udp4" | "udp6", address: string, via: string, memberOf: string) => {
    const socket = createSocket({ type, reuseAddr: true, ipv6Only: type === "udp6" });
    socket.on("error", () => {});
    socket.on("message", (message, from) => {
      receive(message, from, (answer) => socket.send(answer, from.port, from.address, () => {}));
    });
    await new Promise<void>((bound, failed) => {
      socket.once("error", failed);
      socket.bind(group.port, () => {
        socket.off("error", failed);
        bound();
      });
    });
    socket.addMembership(address, memberOf);
    socket.setMulticastInterface(via);
    socket.setMulticastTTL(MULTICAST_TTL);
    members.push({ socket, address: type === "udp6" ? `${address}%${place.interface}` : address });
  };
  await join("udp4", group.address, place.address, place.address);
  if (place.address6 !== undefined) await join("udp6", group.address6, zone, zone);
  return {
    toGroup: (message) => {
      for (const { socket, address } of members) socket.send(message, group.port, address, () => {});
    },
    close: async () => {
      await Promise.all(members.map(({ socket }) => new Promise<void>((done) => socket.close(done))));
    },
  };
}
