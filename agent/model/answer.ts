/** Why a question got no usable answer. Trouble on the network is a value, an exception is a bug. */
export const FAILURE_REASONS = [
  "timeout",
  "refused",
  "unreachable",
  "reset",
  "closed",
  "too-large",
  "malformed",
  "unsupported",
  "unauthorized",
  "locked",
  "tls",
  "not-permitted",
  "cancelled",
  "error",
] as const;
export type FailureReason = (typeof FAILURE_REASONS)[number];

export interface Failure {
  readonly ok: false;
  readonly reason: FailureReason;
  /** One short line for the installer's evidence; never a secret, never unescaped bytes from the network. */
  readonly detail?: string;
}

export type Answer<T> = { readonly ok: true; readonly value: T } | Failure;

export function success<T>(value: T): Answer<T> {
  return { ok: true, value };
}

export function failure(reason: FailureReason, detail?: string): Failure {
  return detail === undefined ? { ok: false, reason } : { ok: false, reason, detail };
}

/** One line on an exception, which is always a bug of ours, for the person who mends it. */
export function causeOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 200) : "unknown";
}
