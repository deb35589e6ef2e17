import { type RequestOptions, request as requestTls } from "node:https";
import type { ConnectionOptions } from "node:tls";
import { type Answer, type Failure, failure, success } from "../../model/index.ts";
import { abortFailure, networkFailure } from "../network-failure.ts";

/** Name, connection and handshake together; after that the other side may take its time. */
const CONNECT_MS = 8_000;

export interface TlsExchange {
  /** Whom to ask, what and by which proof. */
  readonly options: RequestOptions & ConnectionOptions;
  readonly body?: string;
  readonly maxBytes: number;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  /** The reason behind an error of connection and handshake. */
  readonly failureOf?: (error: Error) => Failure;
}

/**
 * One HTTPS exchange with a host off the LAN that the owner has named or switched on; no redirect is followed. Errors: as
 * of the network, and `too-large`, `timeout`, `cancelled`.
 */
export function tlsExchange({
  options,
  body,
  maxBytes,
  deadlineMs,
  signal,
  failureOf = networkFailure,
}: TlsExchange): Promise<Answer<{ readonly status: number; readonly text: string }>> {
  if (signal.aborted) return Promise.resolve(abortFailure(signal));
  return new Promise((resolve) => {
    const sent = requestTls({ ...options, agent: false });
    let settled = false;
    const settle = (answer: Answer<{ readonly status: number; readonly text: string }>) => {
      if (settled) return;
      settled = true;
      for (const timer of timers) clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      sent.destroy();
      resolve(answer);
    };
    const onAbort = () => settle(abortFailure(signal));
    const late = () => settle(failure("timeout"));
    const connecting = setTimeout(late, Math.min(CONNECT_MS, deadlineMs));
    const timers = [connecting, setTimeout(late, deadlineMs)];
    signal.addEventListener("abort", onAbort, { once: true });
    sent.once("socket", (socket) => socket.once("secureConnect", () => clearTimeout(connecting)));
    sent.on("error", (error) => settle(failureOf(error)));
    sent.once("close", () => settle(failure("closed")));
    sent.once("response", (response) => {
      const pieces: Buffer[] = [];
      let size = 0;
      response.on("data", (piece: Buffer) => {
        size += piece.length;
        pieces.push(piece);
        if (size > maxBytes) settle(failure("too-large"));
      });
      response.on("error", (error) => settle(networkFailure(error)));
      response.once("end", () =>
        settle(success({ status: response.statusCode ?? 0, text: Buffer.concat(pieces).toString("utf8") })),
      );
    });
    sent.end(body);
  });
}
