import { createHash, randomBytes, randomInt, scrypt, timingSafeEqual } from "node:crypto";
import type { AccessState, Role } from "../model/index.ts";
import type { State } from "./state.ts";

/** Sixteen times less memory than Node's default: 1 MiB, on a machine that has little. */
const SCRYPT = { N: 1024, r: 8, p: 1 } as const;
const KEY_BYTES = 32;

export interface SecretHash {
  readonly salt: string;
  readonly hash: string;
}

/** A code that somebody holds. Codes that people or we chose are kept as a salted hash. */
export interface AccessRecord {
  pin: SecretHash | null;
  contractor: { readonly secret: SecretHash; readonly company: string; readonly until: string } | null;
  handedOverAt: string | null;
  /** Goes up when a code changes: sessions that were begun with the code before end with it. */
  rounds: Record<Role, number>;
}

/** Whose code it was, and until when it lets in; `until` null = as long as a session lasts. */
export interface Recognised {
  readonly role: Role;
  readonly until: string | null;
}

export interface AccessCommands {
  /** Null for a code that is nobody's. The first right setup code marks the page as claimed. */
  recognise(code: string, at: string): Promise<Recognised | null>;
  /** Six digits. Whoever came in with the PIN before must come in again. */
  setPin(pin: string): Promise<void>;
  /** A new code for the contractor, shown once; the one before ends. */
  inviteContractor(company: string, until: string): Promise<{ code: string; until: string }>;
  dismissContractor(): Promise<void>;
  /** A new setup code, which `komainu claim` prints; the installer's own code and sessions end. Needs a PIN. */
  handOver(at: string): Promise<boolean>;
}

export function emptyAccess(): AccessRecord {
  return { pin: null, contractor: null, handedOverAt: null, rounds: { setup: 1, site: 1, contractor: 1 } };
}

/** Eight digits, the first of them no zero: easy to read out, the same length on paper and screen. */
export function newCode(): string {
  return String(randomInt(10_000_000, 100_000_000));
}

export function accessState({ claim, access }: State): AccessState {
  const { pin, contractor, handedOverAt } = access;
  return {
    claimedAt: claim.claimedAt,
    pinSet: pin !== null,
    handedOverAt,
    contractor: contractor && { company: contractor.company, until: contractor.until },
  };
}

export function accessCommands(
  state: State,
  save: (events: readonly object[]) => Promise<void>,
): AccessCommands {
  const change = async (next: Partial<AccessRecord>, ended: Role | null, event: object) => {
    const rounds = { ...state.access.rounds };
    if (ended) rounds[ended] += 1;
    state.access = { ...state.access, ...next, rounds };
    await save([{ at: new Date().toISOString(), ...event }]);
  };
  return {
    async recognise(code, at) {
      const { pin, contractor } = state.access;
      if (pin && (await isRight(code, pin))) return { role: "site", until: null };
      if (contractor && contractor.until > at && (await isRight(code, contractor.secret)))
        return { role: "contractor", until: contractor.until };
      if (!equal(digest(code), digest(state.claim.code))) return null;
      if (state.claim.claimedAt === null) {
        state.claim = { ...state.claim, claimedAt: at };
        await save([{ at, event: "page-claimed" }]);
      }
      return { role: "setup", until: null };
    },
    setPin: async (pin) => change({ pin: await hashOf(pin) }, "site", { event: "pin-set" }),
    async inviteContractor(company, until) {
      const code = newCode();
      const contractor = { secret: await hashOf(code), company, until };
      await change({ contractor }, "contractor", { event: "contractor-invited", company, until });
      return { code, until };
    },
    dismissContractor: () => change({ contractor: null }, "contractor", { event: "contractor-dismissed" }),
    async handOver(at) {
      if (state.access.pin === null) return false;
      state.claim = { code: newCode(), claimedAt: state.claim.claimedAt ?? at };
      await change({ handedOverAt: at }, "setup", { event: "handed-over" });
      return true;
    },
  };
}

async function hashOf(code: string): Promise<SecretHash> {
  const salt = randomBytes(16).toString("base64url");
  return { salt, hash: (await derive(code, salt)).toString("base64url") };
}

async function isRight(code: string, { salt, hash }: SecretHash): Promise<boolean> {
  return equal(await derive(code, salt), Buffer.from(hash, "base64url"));
}

function derive(code: string, salt: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(code, salt, KEY_BYTES, SCRYPT, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function equal(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
