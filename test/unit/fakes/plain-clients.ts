/** Clients made of Node's own parts, so that a fake and our clients cannot share a mistake. */
import { type IncomingHttpHeaders, request } from "node:http";
import { connect, type Socket } from "node:net";

export interface PlainReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Ask {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Stop reading after so many bytes (endless bodies). */
  readonly atMost?: number;
}

export function httpAsk(port: number, ask: Ask = {}): Promise<PlainReply> {
  return new Promise((resolve, reject) => {
    const { path = "/", method = "GET", headers = {}, body, atMost = 1_000_000 } = ask;
    const outgoing = request({ host: "127.0.0.1", port, path, method, headers, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      let length = 0;
      const finish = () => {
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          body: Buffer.concat(chunks).subarray(0, atMost),
        });
        outgoing.destroy();
      };
      incoming.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length >= atMost) finish();
      });
      incoming.on("end", finish);
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/** Connects, sends, and gives what came back once `until` matches, or at the end of the connection. */
export function rawAsk(port: number, send: string, until: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(port, "127.0.0.1");
    let text = "";
    const finish = () => {
      resolve(text);
      socket.destroy();
    };
    socket.on("data", (bytes) => {
      text += bytes.toString("latin1");
      if (until.test(text)) finish();
    });
    socket.on("end", finish);
    socket.on("error", reject);
    socket.write(send);
  });
}
