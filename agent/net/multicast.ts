import { createSocket, type Socket } from "node:dgram";
import { type Answer, failure, success } from "../model/index.ts";
import { type LocalInterface, zoned } from "./interfaces.ts";

export interface MulticastGroup {
  readonly ipv4: string;
  readonly ipv6: string;
  readonly port: number;
  /** TTL and hop limit of what we send. */
  readonly hops: number;
  /** Longer packets are no answers of this protocol and are dropped unread. */
  readonly maxBytes: number;
}

export interface Packet {
  readonly data: Buffer;
  /** The sender's address, link-local IPv6 with its zone. */
  readonly sender: string;
}

export interface MulticastSocket {
  /** Sends to the group. Errors: `unreachable` and `error` with the system's code. */
  send(data: Buffer): Promise<Answer<void>>;
  close(): void;
}

const RECEIVE_BUFFER_BYTES = 1_048_576;

/**
 * A socket for one-shot queries on one interface and family, at an ephemeral port: answers come back by unicast and
 * never mix with those of another interface, and no port is shared with a local responder.
 */
export async function openQuerier(
  local: LocalInterface,
  family: 4 | 6,
  group: MulticastGroup,
  onPacket: (packet: Packet) => void,
): Promise<Answer<MulticastSocket>> {
  const own = ownAddress(local, family);
  if (own === null) return failure("unsupported", `no IPv${family} address`);
  const socket = createSocket({ type: `udp${family}`, ...(family === 6 && { ipv6Only: true }) });
  return opened(socket, own, 0, group, onPacket, () => {
    socket.setMulticastInterface(family === 4 ? own : `::%${local.name}`);
    socket.setMulticastTTL(group.hops);
  });
}

/**
 * A passive member of the group at the group's port. It is bound to the group's address, so that it takes no unicast
 * packet away from a responder on this machine. The IPv4 one hears all `interfaces`, an IPv6 one belongs to the first.
 */
export async function openListener(
  interfaces: readonly LocalInterface[],
  family: 4 | 6,
  group: MulticastGroup,
  onPacket: (packet: Packet) => void,
): Promise<Answer<MulticastSocket>> {
  const name = interfaces[0]?.name ?? "";
  const socket = createSocket({
    type: `udp${family}`,
    reuseAddr: true,
    ...(family === 6 && { ipv6Only: true }),
  });
  const address = family === 4 ? group.ipv4 : `${group.ipv6}%${name}`;
  return opened(socket, address, group.port, group, onPacket, () => {
    if (family === 6) return socket.addMembership(group.ipv6, `::%${name}`);
    const own = interfaces.map((local) => ownAddress(local, 4)).filter((literal) => literal !== null);
    for (const literal of own) socket.addMembership(group.ipv4, literal);
  });
}

/** The address to speak from: for IPv6 the link-local one, as all these protocols stay on the link. */
export function ownAddress(local: LocalInterface, family: 4 | 6): string | null {
  const own = local.addresses.find(
    (entry) => entry.family === family && (family === 4 || /^fe[89ab]/i.test(entry.address)),
  );
  return own === undefined ? null : zoned(own.address, local.name);
}

function opened(
  socket: Socket,
  address: string,
  port: number,
  group: MulticastGroup,
  onPacket: (packet: Packet) => void,
  configure: () => void,
): Promise<Answer<MulticastSocket>> {
  return new Promise((resolve) => {
    socket.once("error", (error: NodeJS.ErrnoException) => {
      socket.close();
      resolve(failure("error", error.code ?? "bind"));
    });
    socket.on("message", (data, { address: sender }) => {
      if (data.length <= group.maxBytes) onPacket({ data, sender });
    });
    socket.bind({ address, port }, () => {
      socket.removeAllListeners("error");
      // Later errors belong to single packets; `send` reports its own.
      socket.on("error", () => {});
      try {
        configure();
      } catch (error) {
        socket.close();
        resolve(failure("error", (error as NodeJS.ErrnoException).code ?? "socket option"));
        return;
      }
      enlargeReceiveBuffer(socket);
      resolve(success(asMulticastSocket(socket, group)));
    });
  });
}

/** Two hundred cameras may answer within a few milliseconds; where the kernel grants less, it is less. */
function enlargeReceiveBuffer(socket: Socket): void {
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
  } catch {
    // The default stays.
  }
}

function asMulticastSocket(socket: Socket, group: MulticastGroup): MulticastSocket {
  const target = socket.address().family === "IPv6" ? group.ipv6 : group.ipv4;
  let open = true;
  return {
    send: (data) =>
      new Promise((resolve) => {
        if (!open) return resolve(failure("closed"));
        socket.send(data, group.port, target, (error) => {
          resolve(
            error ? failure("error", (error as NodeJS.ErrnoException).code ?? "send") : success(undefined),
          );
        });
      }),
    close: () => {
      if (open) socket.close();
      open = false;
    },
  };
}
