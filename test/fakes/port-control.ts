/**
 * A router's NAT-PMP and PCP server (RFC 6886, RFC 6887): answers the two questions that change nothing. Nothing is
 * ever mapped. Version negotiation as in RFC 6886, 3.5 and RFC 6887, 9; miniupnpd 2.3.1 does the same (pcpserver.c).
 */
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";

export interface PortControlOptions {
  readonly address: string;
  readonly natPmp: boolean;
  readonly pcp: boolean;
  /** Four bytes; default 128.66.0.2. */
  readonly external?: readonly number[];
  /** Of both protocols. Default 0. */
  readonly resultCode?: number;
  /** Loses so many requests of each protocol first. Default 0. */
  readonly loses?: number;
  /** The answers leave from this address instead, as a forger's do. */
  readonly answersFrom?: string;
  /** Sends these before each answer. */
  readonly noise?: readonly Buffer[];
}

export interface FakePortControl {
  readonly port: number;
  /** Whole requests, in the order in which they came. */
  readonly asked: readonly Buffer[];
  close(): Promise<void>;
}

export async function startPortControl(options: PortControlOptions): Promise<FakePortControl> {
  const { address, answersFrom = address, loses = 0, noise = [] } = options;
  const asked: Buffer[] = [];
  const socket = await bound(address);
  const speaker = answersFrom === address ? socket : await bound(answersFrom);
  socket.on("message", (request, from) => {
    asked.push(request);
    const sameBefore = asked.filter(([version]) => version === request[0]).length - 1;
    const answer = sameBefore < loses ? null : answerTo(request, options);
    if (answer === null) return;
    for (const packet of [...noise, answer]) speaker.send(packet, from.port, from.address);
  });
  return {
    port: socket.address().port,
    asked,
    close: async () => {
      await Promise.all(
        [...new Set([socket, speaker])].map((each) => new Promise<void>((done) => each.close(done))),
      );
    },
  };
}

async function bound(address: string): Promise<Socket> {
  const socket = createSocket({ type: address.includes(":") ? "udp6" : "udp4" });
  socket.bind(0, address);
  await once(socket, "listening");
  return socket;
}

function answerTo(request: Buffer, options: PortControlOptions): Buffer | null {
  const { natPmp, pcp, external = [128, 66, 0, 2], resultCode = 0 } = options;
  const [version = 0, opcode = 0] = request;
  if (version === 0 && natPmp) return natPmpAnswer(opcode, resultCode, external);
  if (version === 0) return pcp ? pcpAnswer(opcode, 1) : null;
  if (pcp) return pcpAnswer(opcode, version === 2 ? resultCode : 1);
  return natPmp ? natPmpAnswer(opcode, 1, []) : null;
}

function natPmpAnswer(opcode: number, resultCode: number, external: readonly number[]): Buffer {
  const head = Buffer.alloc(8);
  head[1] = 128 + opcode;
  head.writeUInt16BE(resultCode, 2);
  return Buffer.concat([head, Buffer.from(external)]);
}

function pcpAnswer(opcode: number, resultCode: number): Buffer {
  const head = Buffer.alloc(24);
  head[0] = 2;
  head[1] = 128 + opcode;
  head[3] = resultCode;
  return head;
}
