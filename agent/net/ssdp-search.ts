import { createSocket } from "node:dgram";
import { type Answer, failure, type ServiceHint, success } from "../model/index.ts";
import type { DeviceLine } from "./line.ts";
import { abortFailure, networkFailure } from "./network-failure.ts";
import { describeSsdp, encodeUnicastSearch, parseSsdp, SSDP } from "./ssdp.ts";

/**
 * UDP loses packets, and a busy router answers late: asked so often, this far apart. An answer may take MX seconds, and
 * to take a router that was slow for one without UPnP would hide every door that it holds open.
 */
const ROUNDS = 4;
const ROUND_MS = 1000;

/**
 * Asks one device for an InternetGatewayDevice by unicast M-SEARCH (UPnP Device Architecture 1.1, 1.3.2), for a router
 * whose multicast answer may have been lost. Settles with the first offer; with none when the device answered SSDP but
 * offers none. Errors: `timeout` when it never answered.
 */
export function searchIgd(line: DeviceLine): Promise<Answer<readonly ServiceHint[]>> {
  return line.connect(
    () =>
      new Promise((resolve) => {
        const socket = createSocket({ type: line.host.includes(":") ? "udp6" : "udp4" });
        let heard = false;
        let round = 0;
        const end = (answer: Answer<readonly ServiceHint[]>) => {
          clearInterval(timer);
          line.signal.removeEventListener("abort", abort);
          socket.close();
          resolve(answer);
        };
        const abort = () => end(abortFailure(line.signal));
        const send = () => {
          if (round === ROUNDS) return end(heard ? success([]) : failure("timeout"));
          round += 1;
          const search = encodeUnicastSearch(line.host);
          line.count(0, search.length);
          socket.send(search, SSDP.port, line.host, (error) => error && end(networkFailure(error)));
        };
        const timer = setInterval(send, ROUND_MS);
        socket.on("error", (error) => end(networkFailure(error)));
        socket.on("message", (packet, { address }) => {
          if (address.replace(/%.*$/, "") !== line.host.replace(/%.*$/, "")) return;
          line.count(packet.length, 0);
          const message = parseSsdp(packet);
          if (message?.kind !== "response") return;
          heard = true;
          const offers = describeSsdp(message, line.host).services ?? [];
          if (offers.length > 0) end(success(offers));
        });
        if (line.signal.aborted) return abort();
        line.signal.addEventListener("abort", abort, { once: true });
        send();
      }),
  );
}
