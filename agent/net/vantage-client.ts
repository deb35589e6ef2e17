import type { IncomingMessage } from "node:http";
import { type RequestOptions, request as requestTls } from "node:https";
import { isIP } from "node:net";
import type { ConnectionOptions } from "node:tls";
import { type Answer, type Failure, failure, type VantageSettings } from "../model/index.ts";
import { abortFailure, networkFailure } from "./network-failure.ts";
import { sendingForbidden } from "./sending-forbidden.ts";
import {
  MAX_ANSWER_BYTES,
  parseVantageAnswer,
  parseVantageKey,
  VANTAGE_PATH,
  VANTAGE_TLS,
  VANTAGE_VERSION,
  type VantageAnswer,
} from "./vantage-protocol.ts";

/** Name, connection and handshake together; after that the vantage point takes its time for each port. */
const CONNECT_MS = 8_000;

export interface VantageCall {
  readonly settings: VantageSettings;
  readonly family: 4 | 6;
  /** The address of ours to ask from; any of the family unless told. */
  readonly from?: string;
  readonly ports: readonly number[];
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/**
 * Asks the vantage point which of `ports` it can reach at the address that this very request comes from. Errors:
 * `unauthorized` when it does not take the key, `unsupported` with its status when it refuses or is asked too often,
 * `malformed` for an answer that does not fit the question, `too-large`, `not-permitted` when this machine's own filter
 * keeps packets on the LAN, else as of the network.
 */
export async function askVantage(call: VantageCall): Promise<Answer<VantageAnswer>> {
  const { settings, family, signal } = call;
  const key = parseVantageKey(settings.key);
  if (key === null) return failure("unauthorized", "the key is not readable");
  const literal = isIP(settings.host);
  if (literal !== 0 && literal !== family) return failure("unreachable", `no IPv${family} address`);
  if (signal.aborted) return abortFailure(signal);
  const answer = await exchange(call, { psk: key.key, identity: key.id });
  // A filter that drops what we send looks like silence.
  const isSilent = !answer.ok && (answer.reason === "timeout" || answer.reason === "unreachable");
  return isSilent && (await sendingForbidden(settings.host, settings.port, family))
    ? failure("not-permitted")
    : answer;
}

function exchange(
  { settings, family, from, ports, deadlineMs, signal }: VantageCall,
  login: { readonly psk: Buffer; readonly identity: string },
): Promise<Answer<VantageAnswer>> {
  const body = JSON.stringify({ version: VANTAGE_VERSION, ports });
  const options: RequestOptions & ConnectionOptions = {
    ...VANTAGE_TLS,
    host: settings.host,
    port: settings.port,
    family,
    ...(from !== undefined && { localAddress: from }),
    agent: false,
    method: "POST",
    path: VANTAGE_PATH,
    headers: { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) },
    pskCallback: () => login,
    // There is no certificate: the key is the proof.
    checkServerIdentity: () => undefined,
  };
  return new Promise((resolve) => {
    const sent = requestTls(options);
    let settled = false;
    const settle = (answer: Answer<VantageAnswer>) => {
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
    sent.on("error", (error) => settle(handshakeFailure(error)));
    sent.once("close", () => settle(failure("closed")));
    sent.once("response", (response) => receive(response, ports, settle));
    sent.end(body);
  });
}

function receive(
  response: IncomingMessage,
  ports: readonly number[],
  settle: (answer: Answer<VantageAnswer>) => void,
): void {
  if (response.statusCode !== 200) {
    settle(failure("unsupported", `status ${response.statusCode}`));
    return;
  }
  const pieces: Buffer[] = [];
  let size = 0;
  response.on("data", (piece: Buffer) => {
    size += piece.length;
    pieces.push(piece);
    if (size > MAX_ANSWER_BYTES) settle(failure("too-large"));
  });
  response.on("error", (error) => settle(networkFailure(error)));
  response.once("end", () => settle(parseVantageAnswer(Buffer.concat(pieces).toString("utf8"), ports)));
}

/** Alerts of a handshake with another key: bad_record_mac, decrypt_error, unknown_psk_identity (RFC 5246, 7.2; RFC 4279, 2). */
function handshakeFailure(error: Error): Failure {
  return /alert number (?:20|51|115)\b/.test(error.message)
    ? failure("unauthorized", "the key is not taken")
    : networkFailure(error);
}
