import { createSocket } from "node:dgram";
import { isIPv4 } from "node:net";
import { type Answer, failure, success } from "../../model/index.ts";
import { interfacesHere, isOnLink, type LocalInterface, sameAddress } from "../interfaces.ts";
import { abortFailure, networkFailure } from "../network-failure.ts";

/** The ports that traceroute begins with: hardly anybody listens there. */
const CLOSED_PORTS = [33_434, 33_439, 33_443];
const PATIENCE_MS = 1_000;

/**
 * Proves that the outside address which a router tells is held by the very next router on the way there, before any port
 * is asked at it: a router that lies could name a stranger's. A UDP datagram to a closed port with an IP time to live of
 * 1 is answered "port unreachable" (RFC 1122, 4.1.3.1) by whoever holds the address, and no router passes it on
 * (RFC 1812, 5.3.1), so nobody behind the first one ever sees it. A forwarded port stays silent, as a forwarded
 * datagram has no life left either.
 *
 * A router that answers the same by NAT-PMP (RFC 6886, 3.2) proves nothing more: it is the same program that speaks, with
 * the same configured or invented address. The gateway itself may of course forge any answer; it can also reach
 * any stranger without us.
 *
 * Errors: `unsupported` when it is not proven, `not-permitted` when this machine may not send there, `cancelled`,
 * `timeout` when `signal` falls first.
 */
export async function proveNextRouterHolds(
  address: string,
  signal: AbortSignal,
  here: readonly LocalInterface[] = interfacesHere(),
): Promise<Answer<true>> {
  // On our own link or our own: then whoever answers is not the router by that alone.
  const near = here.some(
    (local) => isOnLink(address, local) || local.addresses.some((own) => sameAddress(own.address, address)),
  );
  if (!isIPv4(address) || near) return failure("unsupported", "outside address not proven");
  for (const port of CLOSED_PORTS) {
    const answer = await knock(address, port, signal);
    if (answer.ok || answer.reason === "not-permitted" || answer.reason === "cancelled") return answer;
    if (signal.aborted) return abortFailure(signal);
  }
  return failure("unsupported", "outside address not proven");
}

/** Success when the port was refused or answered, which with this time to live only the next router can do. */
function knock(address: string, port: number, signal: AbortSignal): Promise<Answer<true>> {
  if (signal.aborted) return Promise.resolve(abortFailure(signal));
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    let settled = false;
    const settle = (answer: Answer<true>) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      socket.close();
      resolve(answer);
    };
    const onAbort = () => settle(abortFailure(signal));
    const timer = setTimeout(() => settle(failure("timeout")), PATIENCE_MS);
    signal.addEventListener("abort", onAbort, { once: true });
    const onError = (error: NodeJS.ErrnoException) =>
      settle(error.code === "ECONNREFUSED" ? success(true) : networkFailure(error));
    socket.on("error", onError);
    // Only the connected address is heard.
    socket.on("message", () => settle(success(true)));
    socket.connect(port, address, () => {
      if (settled) return;
      try {
        socket.setTTL(1);
        socket.send(Buffer.alloc(1), (error) => error && onError(error));
      } catch (error) {
        onError(error as NodeJS.ErrnoException);
      }
    });
  });
}
