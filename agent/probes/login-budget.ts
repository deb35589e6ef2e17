/**
 * The audit's word on whether a login may be tried now. `reserve` is written to disk before the attempt, so that a
 * crash cannot reset the count; `refund` gives it back after the device accepted it (a right login locks nobody out).
 */
export interface LoginBudget {
  /** Null = go ahead; otherwise why not. */
  reserve(
    account: string,
    door: string,
    login: string,
  ): Promise<"budget" | "no-consent" | "not-this-manager" | "lock-out" | "settled" | null>;
  refund(account: string, door: string, login: string): Promise<void>;
  /** The device refused it, clearly: `reserve` answers `settled` for some days, and `rejectedAt` remembers it. */
  rejected(account: string, door: string, login: string): Promise<void>;
  /** When `login` was last refused at `door` and not accepted since, ISO time or null. */
  rejectedAt(door: string, login: string): string | null;
  /** After the first sign of a lock-out nothing more is tried on this device today. */
  lockedOut(sign: string): Promise<void>;
  /** When `login` was last tried at `door`, ISO time or null: what waited longest comes first. */
  lastTried(door: string, login: string): string | null;
}
