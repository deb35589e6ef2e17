/**
 * Telnet as embedded Linux cameras serve it (busybox telnetd): the server opens with option negotiation (RFC 854,
 * 857, 858, 1091) and then its banner. No login is right here, and each one typed is counted.
 */
import { createServer, type Server } from "node:net";
import type { Fixture } from "../../agent/model/index.ts";
import type { Ledger } from "./ledger.ts";

const [IAC, DO, WILL] = [255, 253, 251];
const [ECHO, SUPPRESS_GO_AHEAD, TERMINAL_TYPE] = [1, 3, 24];
const GREETING = Buffer.from([IAC, DO, TERMINAL_TYPE, IAC, WILL, SUPPRESS_GO_AHEAD, IAC, WILL, ECHO]);
const MAX_LINE = 1024;

export function telnetServer(telnet: NonNullable<Fixture["telnet"]>, ledger: Ledger): Server {
  return createServer((socket) => {
    socket.write(Buffer.concat([GREETING, Buffer.from(telnet.banner, "latin1")]));
    let line = "";
    let user: string | null = null;
    socket.on("data", (bytes) => {
      // Answers to our options are three bytes each and hold no line end.
      line = (line + bytes.toString("latin1").replace(/\xff[\xfb-\xfe]./gs, "")).slice(-MAX_LINE);
      for (let end = line.search(/[\r\n]/); end >= 0; end = line.search(/[\r\n]/)) {
        const text = line.slice(0, end);
        line = line.slice(end).replace(/^(\r\n|\r\0|\r|\n)/, "");
        if (user === null) {
          user = text;
          socket.write("Password: ");
        } else {
          ledger.note(`telnet:${telnet.port}`, user, false);
          user = null;
          socket.write(`\r\nLogin incorrect\r\n${telnet.banner}`);
        }
      }
    });
  });
}
