import { type Failure, type FailureReason, failure } from "../model/index.ts";

const REASONS: Readonly<Record<string, FailureReason>> = {
  ECONNREFUSED: "refused",
  EHOSTUNREACH: "unreachable",
  EHOSTDOWN: "unreachable",
  ENETUNREACH: "unreachable",
  ENETDOWN: "unreachable",
  EADDRNOTAVAIL: "unreachable",
  // A name without an address, or nobody to ask for it.
  ENOTFOUND: "unreachable",
  EAI_AGAIN: "unreachable",
  ETIMEDOUT: "timeout",
  ECONNRESET: "reset",
  ECONNABORTED: "reset",
  EPIPE: "reset",
  EPROTO: "tls",
  // This machine's own packet filter, e.g. IPAddressDeny of the systemd unit.
  EPERM: "not-permitted",
  EACCES: "not-permitted",
  HPE_HEADER_OVERFLOW: "too-large",
  HPE_CHUNK_EXTENSIONS_OVERFLOW: "too-large",
  HPE_INVALID_EOF_STATE: "closed",
};

/** The reason behind a socket's or parser's error. Its message is dropped: it may quote the other side. */
export function networkFailure(error: NodeJS.ErrnoException): Failure {
  const code = error.code ?? "";
  // Node reports a connection that ended before the answer with the code of a reset.
  if (error.message === "socket hang up") return failure("closed");
  const reason = REASONS[code];
  if (reason) return failure(reason);
  if (code.startsWith("HPE_")) return failure("malformed", code);
  if (code.startsWith("ERR_SSL") || code.startsWith("ERR_TLS")) return failure("tls", code);
  return failure("error", code);
}

/** Why a device's line was cut: its deadline, or somebody stopped the scan. */
export function abortFailure(signal: AbortSignal): Failure {
  const reason: unknown = signal.reason;
  return failure(reason instanceof Error && reason.name === "TimeoutError" ? "timeout" : "cancelled");
}
