import { createSocket } from "node:dgram";
import { networkFailure } from "../network-failure.ts";

/**
 * True when this machine's own filter (IPAddressDeny of the systemd unit, nftables) drops what is sent to `host`. TCP hides
 * that behind a timeout; one datagram tells it at once.
 */
export function sendingForbidden(host: string, port: number, family: 4 | 6): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket(`udp${family}`);
    let settled = false;
    const settle = (error: Error | null) => {
      if (settled) return;
      settled = true;
      socket.close();
      resolve(error !== null && networkFailure(error).reason === "not-permitted");
    };
    socket.on("error", settle);
    socket.send(Buffer.alloc(1), port, host, settle);
  });
}
