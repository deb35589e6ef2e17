/** A web server on loopback that answers as a test says. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { DeviceLine } from "../../../agent/net/line.ts";

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface Given {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Loopback {
  readonly port: number;
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

export async function loopback(answer: (asked: Asked) => Given): Promise<Loopback> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const { method = "", url: path = "", headers } = request;
    asked.push({ method, path, headers, body });
    const given = answer({ method, path, headers, body });
    response.writeHead(given.status ?? 200, { "Content-Type": "text/xml", ...given.headers }).end(given.body);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

export function localLine(): DeviceLine {
  return new DeviceLine("127.0.0.1", AbortSignal.timeout(60_000));
}
