import { isIP } from "node:net";
import { type Answer, type Failure, failure, type VantageSettings } from "../../model/index.ts";
import { networkFailure } from "../network-failure.ts";
import { sendingForbidden } from "./sending-forbidden.ts";
import { tlsExchange } from "./tls-exchange.ts";
import {
  MAX_ANSWER_BYTES,
  parseVantageAnswer,
  parseVantageKey,
  VANTAGE_PATH,
  VANTAGE_TLS,
  VANTAGE_VERSION,
  type VantageAnswer,
} from "./vantage-protocol.ts";

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
  const { settings, family, from, ports, deadlineMs, signal } = call;
  const key = parseVantageKey(settings.key);
  if (key === null) return failure("unauthorized", "the key is not readable");
  const { host, port } = settings;
  const literal = isIP(host);
  if (literal !== 0 && literal !== family) return failure("unreachable", `no IPv${family} address`);
  const body = JSON.stringify({ version: VANTAGE_VERSION, ports });
  const answer = await tlsExchange({
    options: {
      ...VANTAGE_TLS,
      ...{ host, port, family },
      ...(from !== undefined && { localAddress: from }),
      method: "POST",
      path: VANTAGE_PATH,
      headers: { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) },
      pskCallback: () => ({ psk: key.key, identity: key.id }),
      // There is no certificate: the key is the proof.
      checkServerIdentity: () => undefined,
    },
    ...{ body, deadlineMs, signal, failureOf: handshakeFailure, maxBytes: MAX_ANSWER_BYTES },
  });
  if (!answer.ok) {
    // A filter that drops what we send looks like silence.
    const isSilent = answer.reason === "timeout" || answer.reason === "unreachable";
    return isSilent && (await sendingForbidden(host, port, family)) ? failure("not-permitted") : answer;
  }
  const { status, text } = answer.value;
  return status === 200 ? parseVantageAnswer(text, ports) : failure("unsupported", `status ${status}`);
}

/** Alerts of a handshake with another key: bad_record_mac, decrypt_error, unknown_psk_identity (RFC 5246, 7.2; RFC 4279, 2). */
function handshakeFailure(error: Error): Failure {
  return /alert number (?:20|51|115)\b/.test(error.message)
    ? failure("unauthorized", "the key is not taken")
    : networkFailure(error);
}
