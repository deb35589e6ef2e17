import type { Answer, Door, FailureReason, LoginDoor, LoginFact, NotTriedReason } from "../model/index.ts";
import type { Challenge } from "../net/authentication.ts";

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** What a door said to one request. `refused` = it wants a (or another) login, `passed` = it let us in. */
export interface DoorAnswer {
  readonly kind: "passed" | "refused" | "other";
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly challenges: readonly Challenge[];
  /** Beginning of a text body, only to look for words of a lock-out in it. */
  readonly text: string;
}

/** A login made ready: `send` makes exactly one request that carries it. */
export interface PreparedLogin {
  readonly scheme: NonNullable<LoginFact["scheme"]>;
  /** True when even a right login may be refused, because the device did not tell its clock. */
  readonly doubtful?: boolean;
  send(): Promise<Answer<DoorAnswer>>;
}

export interface DoorConversation {
  anonymous(): Promise<Answer<DoorAnswer>>;
  /** Null when the door asks for a scheme that we do not speak. */
  prepare(credentials: Credentials, refusal: DoorAnswer): PreparedLogin | null;
}

/** A door that may ask for a login, whatever its protocol. */
export interface DoorClient {
  readonly door: Door;
  readonly kind: LoginDoor;
  /** Status with which the door refused last; null until it did. Kept up to date by `attemptLogin`. */
  refusedWith: number | null;
  /** What to report when the door lets anybody in where we ask. */
  readonly openBecause: "no-login-asked" | "unsupported";
  /** The connection, where the protocol keeps one, lives as long as `work`. */
  open<T>(work: (conversation: DoorConversation) => Promise<T>): Promise<T>;
}

export type AttemptResult =
  | { readonly outcome: "accepted"; readonly scheme: PreparedLogin["scheme"] }
  | { readonly outcome: "rejected"; readonly scheme: PreparedLogin["scheme"] }
  | { readonly outcome: "failed"; readonly scheme: PreparedLogin["scheme"]; readonly because: FailureReason }
  | { readonly outcome: "locked"; readonly sign: string; readonly scheme: PreparedLogin["scheme"] | null }
  | { readonly outcome: "not-tried"; readonly because: NotTriedReason };

type Permit = () => Promise<NotTriedReason | null>;

/**
 * One login at one door: asks anonymously for the challenge, then for permission, then sends the login once. Every
 * request that carries a login has a permission of its own, also the second one after a nonce grew stale.
 */
export function attemptLogin(
  client: DoorClient,
  credentials: Credentials,
  permit: Permit,
  triedBefore: boolean,
): Promise<AttemptResult> {
  return client.open(async (conversation) => {
    const first = await conversation.anonymous();
    if (!first.ok) {
      const sign = triedBefore ? brokenSign(first.reason) : null;
      return sign === null ? { outcome: "not-tried", because: first.reason } : locked(sign, null);
    }
    const sign = lockSign(first.value, client.refusedWith);
    if (sign !== null) return locked(sign, null);
    if (first.value.kind === "passed") return { outcome: "not-tried", because: client.openBecause };
    if (first.value.kind === "other") return { outcome: "not-tried", because: "unsupported" };
    client.refusedWith = first.value.status;
    return knock(conversation, credentials, permit, first.value, true);
  });
}

async function knock(
  conversation: DoorConversation,
  credentials: Credentials,
  permit: Permit,
  refusal: DoorAnswer,
  mayRepeat: boolean,
): Promise<AttemptResult> {
  const login = conversation.prepare(credentials, refusal);
  if (login === null) return { outcome: "not-tried", because: "unsupported" };
  const because = await permit();
  if (because !== null) return { outcome: "not-tried", because };
  const { scheme } = login;
  const answer = await login.send();
  if (!answer.ok) {
    const sign = brokenSign(answer.reason);
    return sign === null ? { outcome: "failed", scheme, because: answer.reason } : locked(sign, scheme);
  }
  const sign = lockSign(answer.value, refusal.status);
  if (sign !== null) return locked(sign, scheme);
  if (answer.value.kind === "passed") return { outcome: "accepted", scheme };
  if (answer.value.kind === "other") return { outcome: "failed", scheme, because: "unsupported" };
  const stale = answer.value.challenges.some(({ parameters }) => /^true$/i.test(parameters.stale ?? ""));
  // RFC 7616, 3.3: stale means that only the nonce was wrong.
  if (stale && mayRepeat) return knock(conversation, credentials, permit, answer.value, false);
  if (stale || login.doubtful) return { outcome: "failed", scheme, because: "unauthorized" };
  return { outcome: "rejected", scheme };
}

function locked(sign: string, scheme: PreparedLogin["scheme"] | null): AttemptResult {
  return { outcome: "locked", sign, scheme };
}

/** A device that hangs up on us after a login is perhaps shutting us out. */
function brokenSign(reason: FailureReason): string | null {
  return ["refused", "reset", "closed"].includes(reason) ? reason : null;
}

const LOCK_STATUSES: readonly number[] = [423, 429];
/** Said of us only when the door refused in another way before. 453 is RTSP's "not enough bandwidth". */
const LOCK_STATUSES_WHEN_NEW: readonly number[] = [403, 453, 503];
const SHORT_TEXT = 1024;
const LOCK_WORDS = [
  /\b(?:account|user|login|client|device|ip|address|access)\b[^.<>]{0,40}\b(?:lock(?:ed)?(?:[ -]?out)?|blocked|banned|suspended)\b/i,
  /\btoo many\b[^.<>]{0,40}\b(?:attempts?|logins?|failures|requests|tries|wrong)\b/i,
  /\btemporar(?:y|ily) (?:locked|blocked|suspen)/i,
  /\btry again (?:later|in|after)\b/i,
  /\billegal login lock/i,
  /\block(?:ed)?_?status\W{1,3}(?:lock|locked|true|1)\b/i,
  /\b(?:locked|banned|lockout)\W{1,3}(?:true|1)\b/i,
];

/** The first sign of a lock-out in an answer, in our own words; null when there is none. */
export function lockSign(answer: DoorAnswer, refusedWith: number | null): string | null {
  const { status, kind, headers, text } = answer;
  if (LOCK_STATUSES.includes(status)) return `status ${status}`;
  if (LOCK_STATUSES_WHEN_NEW.includes(status) && refusedWith !== null && refusedWith !== status) {
    return `status ${status}`;
  }
  if (kind !== "passed" && headers["retry-after"] !== undefined) return "retry-after";
  // A long page that we were let in to may speak of locks in its settings.
  const telling = kind !== "passed" || text.length <= SHORT_TEXT;
  return telling && LOCK_WORDS.some((words) => words.test(text)) ? "words" : null;
}
