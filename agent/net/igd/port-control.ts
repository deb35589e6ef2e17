import { createSocket } from "node:dgram";
import { isIPv6 } from "node:net";
import ipaddr from "ipaddr.js";
import { type Answer, failure, type PortControlFact, success } from "../../model/index.ts";
import type { DeviceLine } from "../line.ts";
import { abortFailure, networkFailure } from "../network-failure.ts";

/** NAT-PMP (RFC 6886, 3) and PCP (RFC 6887, 19.1) share it. */
export const PORT_CONTROL_PORT = 5351;

const DEADLINE_MS = 1500;
/** UDP loses packets: asked a second time so much later. */
const RETRY_MS = 500;
/** So many packets that are no answer, and nobody is listened to any more. */
const MAX_PACKETS = 16;

const NAT_PMP_VERSION = 0;
const PCP_VERSION = 2;
/** Public address (RFC 6886, 3.2) and ANNOUNCE (RFC 6887, 14.1): neither changes anything. */
const ASKING = 0;
const ANSWERING = 128;
const PCP_BYTES = 24;
/** RFC 6887, 7: no answer is longer. */
const MAX_PCP_BYTES = 1100;

/** What a NAT-PMP server says. `resultCode`: RFC 6886, 3.5. */
export interface NatPmpAnswer {
  readonly resultCode: number;
  /** 0.0.0.0 where it has or tells none. */
  readonly externalAddress: string;
}

/** What answers to PCP: a PCP server of some version, or a NAT-PMP server that knows no other version. */
export type PcpAnswer =
  | { readonly speaks: "pcp"; readonly version: number; readonly resultCode: number }
  | { readonly speaks: "nat-pmp" };

const UNSUPPORTED_VERSION = 1;
const REFUSED = 2;
const NETWORK_FAILURE = 3;

export function encodePublicAddressRequest(): Buffer {
  return Buffer.from([NAT_PMP_VERSION, ASKING]);
}

/** RFC 6886, 3.2 and 3.5: an error may be cut after the time. Null when it is no such answer. */
export function parsePublicAddress(packet: Buffer): NatPmpAnswer | null {
  if (packet.length !== 12 && packet.length !== 8) return null;
  if (packet[0] !== NAT_PMP_VERSION || packet[1] !== ANSWERING + ASKING) return null;
  const resultCode = packet.readUInt16BE(2);
  if (packet.length === 8 && resultCode === 0) return null;
  const externalAddress = packet.length === 12 ? [...packet.subarray(8, 12)].join(".") : "0.0.0.0";
  return { resultCode, externalAddress };
}

/** RFC 6887, 7.1: `ownAddress` is where the request leaves from; a server finds out a NAT in between by it. */
export function encodeAnnounceRequest(ownAddress: string): Buffer {
  const request = Buffer.alloc(PCP_BYTES);
  request[0] = PCP_VERSION;
  request[1] = ASKING;
  const own = ipaddr.process(ownAddress.replace(/%.*$/, ""));
  request.set(
    own.kind() === "ipv4" ? ipaddr.IPv6.parse(`::ffff:${own}`).toByteArray() : own.toByteArray(),
    8,
  );
  return request;
}

/**
 * RFC 6887, 7.2 and 14.1; 9 and its appendix A for other versions: a NAT-PMP server answers in its own format that it does
 * not know version 2. Null when it is no such answer.
 */
export function parseAnnounce(packet: Buffer): PcpAnswer | null {
  const [version = 0, opcode] = packet;
  if (opcode !== ANSWERING + ASKING) return null;
  if (version === NAT_PMP_VERSION) {
    const isNatPmp = packet.length >= 8 && packet.length <= 12;
    return isNatPmp && packet.readUInt16BE(2) === UNSUPPORTED_VERSION ? { speaks: "nat-pmp" } : null;
  }
  if (packet.length < PCP_BYTES || packet.length > MAX_PCP_BYTES || packet.length % 4 !== 0) return null;
  return { speaks: "pcp", version, resultCode: packet[3] ?? 0 };
}

/**
 * Whether the line's host, a router, speaks NAT-PMP or PCP. Silence is what one without them answers. Errors: `cancelled`
 * and those of a socket that could not be used.
 */
export async function askPortControl(
  line: DeviceLine,
  port = PORT_CONTROL_PORT,
): Promise<Answer<PortControlFact>> {
  // NAT-PMP is for IPv4 alone.
  const natPmp = isIPv6(line.host.replace(/%.*$/, ""))
    ? Promise.resolve(failure("unsupported"))
    : ask(line, port, () => encodePublicAddressRequest(), parsePublicAddress);
  const [address, announce] = await Promise.all([
    natPmp,
    ask(line, port, encodeAnnounceRequest, parseAnnounce),
  ]);
  const broken = [address, announce].find(
    (answer) => !answer.ok && !["timeout", "refused", "malformed", "unsupported"].includes(answer.reason),
  );
  if (broken !== undefined && !broken.ok) return broken;
  return success({
    natPmp: natPmpFact(address, announce),
    pcp: announce.ok && announce.value.speaks === "pcp" ? { resultCode: announce.value.resultCode } : null,
  });
}

/** One whose outside is down may map ports later; one that refuses is switched off (RFC 6886, 3.5). */
function natPmpFact(address: Answer<NatPmpAnswer>, announce: Answer<PcpAnswer>): PortControlFact["natPmp"] {
  if (address.ok) {
    const { resultCode, externalAddress } = address.value;
    if (resultCode === 0) return { externalAddress };
    if (resultCode === NETWORK_FAILURE) return { externalAddress: "0.0.0.0" };
    if (resultCode === REFUSED || resultCode === UNSUPPORTED_VERSION) return null;
  }
  const isThere = address.ok || (announce.ok && announce.value.speaks === "nat-pmp");
  return isThere ? { externalAddress: "0.0.0.0" } : null;
}

/** One question, put twice at most; only what comes from the asked address and port is heard. */
function ask<T>(
  line: DeviceLine,
  port: number,
  encode: (ownAddress: string) => Buffer,
  parse: (packet: Buffer) => T | null,
): Promise<Answer<T>> {
  return line.connect(
    () =>
      new Promise((resolve) => {
        if (line.signal.aborted) return resolve(abortFailure(line.signal));
        const socket = createSocket({ type: isIPv6(line.host.replace(/%.*$/, "")) ? "udp6" : "udp4" });
        let packets = 0;
        const timers: NodeJS.Timeout[] = [];
        const end = (answer: Answer<T>) => {
          for (const timer of timers) clearTimeout(timer);
          line.signal.removeEventListener("abort", abort);
          socket
            .removeAllListeners("message")
            .removeAllListeners("error")
            .on("error", () => {});
          socket.close();
          resolve(answer);
        };
        const abort = () => end(abortFailure(line.signal));
        const send = () => {
          const request = encode(socket.address().address);
          line.count(0, request.length);
          socket.send(request);
        };
        socket.on("error", (error) => end(networkFailure(error)));
        socket.on("message", (packet) => {
          line.count(packet.length, 0);
          packets += 1;
          const answer = parse(packet);
          if (answer !== null) end(success(answer));
          else if (packets >= MAX_PACKETS) end(failure("malformed"));
        });
        line.signal.addEventListener("abort", abort, { once: true });
        timers.push(setTimeout(() => end(failure("timeout")), DEADLINE_MS));
        // A connected socket hears nobody else, and is told when the port is closed.
        socket.once("connect", () => {
          send();
          timers.push(setTimeout(send, RETRY_MS));
        });
        socket.connect(port, line.host);
      }),
  );
}
