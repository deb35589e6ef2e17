import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { interfacesHere, sameAddress } from "../interfaces.ts";
import { DeviceLine } from "../line.ts";
import { isPublicAddress, limitGroup, plainAddress } from "./public-address.ts";
import { RateLimit } from "./rate-limit.ts";
import { reachPorts } from "./reach.ts";
import {
  MAX_REQUEST_BYTES,
  parseVantageRequest,
  VANTAGE_PATH,
  VANTAGE_TLS,
  VANTAGE_VERSION,
} from "./vantage-protocol.ts";

/** A scan asks three times, a recheck after a mend twice: some of each in a row, then a scan every quarter of an hour. */
const PER_ADDRESS = { burst: 12, everyMs: 5 * 60_000 };
/** An installer may use one key at all of his sites. */
const PER_KEY = { burst: 60, everyMs: 60_000 };
/** A small virtual server has room for these; each opens at most six connections. */
const MAX_LOOKS_AT_ONCE = 8;
const BUSY_SECONDS = 30;
const MAX_CONNECTIONS = 128;
const MAX_CONNECTIONS_OF_ONE = 8;

const HANDSHAKE_MS = 5_000;
const HEADER_MS = 5_000;
const REQUEST_MS = 6_000;
/** Across the internet, with one repetition of a lost SYN (RFC 6298: after 1 s). */
const PATIENCE_MS = 2_000;
/** What was not asked by then is left out of the answer. */
const LOOK_MS = 45_000;
const LINES = 3;

export interface VantageOptions {
  readonly keys: ReadonlyMap<string, Buffer>;
  /** Null = every address. */
  readonly host: string | null;
  readonly port: number;
  /** Which addresses are asked back; a test on loopback needs others. */
  readonly mayAsk?: (address: string) => boolean;
  readonly now?: () => number;
}

export interface VantageServer {
  readonly port: number;
  /** Since the start. `strangers`: handshakes without a known key. */
  counts(): { readonly looks: number; readonly refused: number; readonly strangers: number };
  close(): Promise<void>;
}

/**
 * Answers whoever knows a key which of the named ports can be reached at the very address that the request came from, and
 * at no other. It keeps nothing. Errors: throws when it cannot listen.
 */
export async function startVantage(options: VantageOptions): Promise<VantageServer> {
  const vantage = new Vantage(options);
  await vantage.listen(options.host, options.port);
  return vantage;
}

interface Refusal {
  readonly status: 400 | 403 | 404 | 413 | 429 | 503;
  readonly error: string;
  readonly retryAfter?: number;
}

class Vantage implements VantageServer {
  readonly #mayAsk: (address: string) => boolean;
  readonly #server: Server;
  readonly #stop = new AbortController();
  readonly #keyOf = new WeakMap<TLSSocket, string>();
  readonly #connections = new Map<string, number>();
  readonly #perAddress: RateLimit;
  readonly #perKey: RateLimit;
  #running = 0;
  #counts = { looks: 0, refused: 0, strangers: 0 };

  constructor({ keys, mayAsk = isPublicAddress, now = () => performance.now() }: VantageOptions) {
    this.#mayAsk = mayAsk;
    this.#perAddress = new RateLimit(PER_ADDRESS.burst, PER_ADDRESS.everyMs, now);
    this.#perKey = new RateLimit(PER_KEY.burst, PER_KEY.everyMs, now);
    const tls = {
      ...VANTAGE_TLS,
      handshakeTimeout: HANDSHAKE_MS,
      pskCallback: (socket: TLSSocket, id: string) => {
        const key = keys.get(id);
        if (key) this.#keyOf.set(socket, id);
        // Like a wrong key: nobody learns which identities there are (RFC 4279, 2).
        return key ?? randomBytes(32);
      },
    };
    // One request a connection, each step with its time: a slow sender holds nothing for long.
    const http = {
      headersTimeout: HEADER_MS,
      requestTimeout: REQUEST_MS,
      connectionsCheckingInterval: 1_000,
    };
    this.#server = createServer(
      { ...tls, ...http },
      (request, response) => void this.#serve(request, response),
    );
    this.#server.maxConnections = MAX_CONNECTIONS;
    this.#server.maxRequestsPerSocket = 1;
    this.#server.on("connection", (socket: Socket) => this.#admit(socket));
    this.#server.on("tlsClientError", () => {
      this.#counts.strangers += 1;
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async listen(host: string | null, port: number): Promise<void> {
    this.#server.listen(port, host ?? undefined);
    await once(this.#server, "listening");
  }

  counts() {
    return { ...this.#counts };
  }

  async close(): Promise<void> {
    this.#stop.abort();
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  /** Before the handshake: one address cannot take all the places. */
  #admit(socket: Socket): void {
    const group = limitGroup(plainAddress(socket.remoteAddress ?? ""));
    const open = (this.#connections.get(group) ?? 0) + 1;
    if (open > MAX_CONNECTIONS_OF_ONE) {
      socket.destroy();
      return;
    }
    this.#connections.set(group, open);
    socket.once("close", () => {
      const left = (this.#connections.get(group) ?? 1) - 1;
      if (left > 0) this.#connections.set(group, left);
      else this.#connections.delete(group);
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const socket = request.socket as TLSSocket;
    // Never from a header or the body: nobody can have another host asked.
    const address = plainAddress(socket.remoteAddress ?? "");
    const key = this.#keyOf.get(socket);
    const refusal =
      key === undefined ? { status: 403 as const, error: "no key" } : this.#refusal(request, address, key);
    if (refusal !== null) {
      this.#refuse(response, refusal);
      return;
    }
    this.#running += 1;
    const gone = new AbortController();
    socket.once("close", () => gone.abort());
    try {
      const ports = await readPorts(request);
      if ("status" in ports) {
        this.#refuse(response, ports);
        return;
      }
      const signal = AbortSignal.any([gone.signal, this.#stop.signal, AbortSignal.timeout(LOOK_MS)]);
      const lines = Array.from({ length: LINES }, () => new DeviceLine(address, signal));
      const asked = await reachPorts(ports.ports, { patienceMs: PATIENCE_MS, lines });
      this.#counts.looks += 1;
      send(response, 200, { version: VANTAGE_VERSION, seenAs: address, asked });
    } finally {
      this.#running -= 1;
    }
  }

  #refusal(request: IncomingMessage, address: string, key: string): Refusal | null {
    if (request.method !== "POST" || request.url !== VANTAGE_PATH) return { status: 404, error: "not here" };
    const own = interfacesHere().some((local) =>
      local.addresses.some((one) => sameAddress(one.address, address)),
    );
    if (own || !this.#mayAsk(address)) return { status: 403, error: "this address is not asked back" };
    if (this.#running >= MAX_LOOKS_AT_ONCE) return { status: 503, error: "busy", retryAfter: BUSY_SECONDS };
    const wait = this.#perAddress.take(limitGroup(address)) || this.#perKey.take(key);
    return wait > 0 ? { status: 429, error: "asked too often", retryAfter: wait } : null;
  }

  #refuse(response: ServerResponse, { status, error, retryAfter }: Refusal): void {
    this.#counts.refused += 1;
    if (retryAfter !== undefined) response.setHeader("Retry-After", retryAfter);
    send(response, status, { version: VANTAGE_VERSION, error });
  }
}

/** The body as it comes, never more than the cap; a sender that is too slow is cut by the server. */
async function readPorts(request: IncomingMessage): Promise<Refusal | { readonly ports: readonly number[] }> {
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    // Destroyed it could not be answered.
    for await (const piece of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size > MAX_REQUEST_BYTES) return { status: 413, error: "too large" };
      pieces.push(piece);
    }
  } catch {
    return { status: 400, error: "not whole" };
  }
  const ports = parseVantageRequest(Buffer.concat(pieces).toString("utf8"));
  return ports.ok ? { ports: ports.value } : { status: 400, error: ports.detail ?? "malformed" };
}

function send(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(text),
    Connection: "close",
  });
  response.end(text);
}
