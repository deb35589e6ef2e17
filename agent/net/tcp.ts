import { connect as connectPlain, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { type Answer, type Failure, failure, type PortState, success } from "../model/index.ts";
import type { DeviceLine } from "./line.ts";
import { abortFailure, networkFailure } from "./network-failure.ts";
import { ANY_TLS } from "./tls.ts";

const MAX_BUFFERED_BYTES = 98_304;

/** What a reader makes of the bytes so far: a value and how many bytes it used, or null = more is needed. */
export type Take<T> = (
  buffered: Buffer,
  ended: boolean,
) => { readonly answer: Answer<T>; readonly used: number } | null;

/** One TCP connection to the line's host, with a deadline for its whole life. It holds a place of the line until it closes. */
export class Connection {
  readonly #socket: Socket;
  #buffered: Buffer = Buffer.alloc(0);
  #ended: Failure | null = null;
  #wake: () => void = () => {};

  constructor(socket: Socket, causeOfEnd: () => Failure) {
    this.#socket = socket;
    socket.on("data", (piece: Buffer) => {
      this.#buffered = Buffer.concat([this.#buffered, piece]);
      this.#wake();
      if (this.#buffered.length > MAX_BUFFERED_BYTES) {
        this.#end(failure("too-large"));
        socket.destroy();
      }
    });
    socket.once("end", () => this.#end(failure("closed")));
    socket.once("close", () => this.#end(causeOfEnd()));
  }

  get usable(): boolean {
    return this.#ended === null && this.#socket.writable;
  }

  send(text: string): void {
    this.#socket.write(text, "latin1");
  }

  /** Offers the bytes to `take` at each arrival until it is content; `timeout` when that takes longer than allowed. */
  async read<T>(take: Take<T>, timeoutMs: number): Promise<Answer<T>> {
    let timer: NodeJS.Timeout | undefined;
    let late = false;
    const bell = () => this.#wake();
    try {
      timer = setTimeout(() => {
        late = true;
        bell();
      }, timeoutMs);
      while (true) {
        const taken = take(this.#buffered, late || this.#ended !== null);
        if (taken) {
          this.#buffered = this.#buffered.subarray(taken.used);
          // What is still to come belongs to an answer that was taken half: nothing after it can be trusted.
          if (late) this.#ended ??= failure("timeout");
          return taken.answer;
        }
        if (this.#ended) return this.#ended;
        if (late) return failure("timeout");
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** Settles when the socket is gone and the line's place is free again. */
  close(): Promise<void> {
    if (this.#socket.closed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#socket.once("close", () => resolve());
      this.#socket.destroy();
    });
  }

  #end(cause: Failure): void {
    this.#ended ??= cause;
    this.#wake();
  }
}

/**
 * Connects to the line's host as soon as the line has a place free. `deadlineMs` ends the connection whatever it is
 * doing. Errors: `timeout refused unreachable reset closed malformed tls cancelled error`.
 */
export function openConnection(
  line: DeviceLine,
  door: { readonly port: number; readonly tls?: boolean; readonly deadlineMs: number },
): Promise<Answer<Connection>> {
  if (isIP(line.host) === 0) return Promise.resolve(failure("error", "not an address"));
  if (!(door.port > 0 && door.port < 65_536)) return Promise.resolve(failure("malformed", "port"));
  return new Promise((resolve, reject) => {
    const untilClosed = () =>
      new Promise<void>((released) => {
        if (line.signal.aborted) {
          resolve(abortFailure(line.signal));
          released();
          return;
        }
        const address = { host: line.host, port: door.port };
        const socket = door.tls ? connectTls({ ...address, ...ANY_TLS }) : connectPlain(address);
        let cause = failure("closed");
        const cut = (why: Failure) => {
          cause = why;
          socket.destroy();
        };
        const onAbort = () => cut(abortFailure(line.signal));
        const timer = setTimeout(() => cut(failure("timeout")), door.deadlineMs);
        line.signal.addEventListener("abort", onAbort, { once: true });
        socket.once(door.tls ? "secureConnect" : "connect", () => {
          resolve(success(new Connection(socket, () => cause)));
        });
        socket.on("error", (error) => {
          cause = networkFailure(error);
        });
        socket.once("close", () => {
          clearTimeout(timer);
          line.signal.removeEventListener("abort", onAbort);
          line.count(socket.bytesRead, socket.bytesWritten);
          resolve(cause);
          released();
        });
      });
    line.connect(untilClosed).catch(reject);
  });
}

/** Whether something listens: `closed` is a refusal, `silent` anything that did not answer in time. */
export async function connectPort(line: DeviceLine, port: number, timeoutMs: number): Promise<PortState> {
  const opened = await openConnection(line, { port, deadlineMs: timeoutMs });
  if (opened.ok) {
    await opened.value.close();
    return "open";
  }
  return opened.reason === "refused" || opened.reason === "reset" ? "closed" : "silent";
}

/**
 * What a server says unasked: the bytes that came until there were `maxBytes`, the deadline passed, the server closed
 * or `enough` was content. Empty when it kept silent.
 */
export async function readGreeting(
  line: DeviceLine,
  port: number,
  limits: {
    readonly maxBytes: number;
    readonly deadlineMs: number;
    readonly enough?: (greeting: Buffer) => boolean;
  },
): Promise<Answer<Buffer>> {
  const opened = await openConnection(line, { port, deadlineMs: limits.deadlineMs });
  if (!opened.ok) return opened;
  const take: Take<Buffer> = (buffered, ended) => {
    const greeting = Buffer.from(buffered.subarray(0, limits.maxBytes));
    const done = ended || greeting.length === limits.maxBytes || (limits.enough?.(greeting) ?? false);
    return done ? { answer: success(greeting), used: greeting.length } : null;
  };
  const greeting = await opened.value.read(take, limits.deadlineMs);
  await opened.value.close();
  return greeting;
}
