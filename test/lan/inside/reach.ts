// Proves from a namespace what can be reached at an address: connects, optionally asks one HTTP question.
// Usage: reach.mjs '{"address":"128.66.0.2","ports":[80],"timeoutMs":1000,"get":"/"}', prints one JSON array.
import { connect } from "node:net";

export interface Reach {
  readonly port: number;
  readonly connected: boolean;
  /** First line of the answer to the GET, null when none was asked or came. */
  readonly answer: string | null;
}

interface Request {
  readonly address: string;
  readonly ports: readonly number[];
  readonly timeoutMs: number;
  readonly get: string | null;
}

function reach({ address, timeoutMs, get }: Request, port: number): Promise<Reach> {
  return new Promise((resolve) => {
    let connected = false;
    let received = "";
    const socket = connect(port, address);
    const deadline = setTimeout(() => socket.destroy(), timeoutMs);
    socket.on("connect", () => {
      connected = true;
      if (get === null) socket.destroy();
      else socket.write(`GET ${get} HTTP/1.1\r\nHost: ${address}:${port}\r\nConnection: close\r\n\r\n`);
    });
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1");
      if (received.includes("\n") || received.length > 1000) socket.destroy();
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearTimeout(deadline);
      resolve({ port, connected, answer: received.split(/\r?\n/)[0] || null });
    });
  });
}

const request = JSON.parse(process.argv[2] ?? "") as Request;
const found = await Promise.all(request.ports.map((port) => reach(request, port)));
process.stdout.write(JSON.stringify(found));
