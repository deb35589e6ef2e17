/** One login attempt, on disk before it is made. */
export interface LoginAttempt {
  /** Id and aliases of the device at the time, so that the count survives a change of address or id. */
  readonly device: readonly string[];
  readonly account: string;
  /** Door name, e.g. `http:80`. */
  readonly door: string;
  /** Place in the vendor file, or `control`. */
  readonly login: string;
  readonly at: string;
  /** A right login locks nobody out and is not counted; null = the device's word is not known. */
  readonly accepted: boolean | null;
}

export interface LockOutSign {
  readonly device: readonly string[];
  readonly sign: string;
  readonly at: string;
}

/** The durable count of login attempts. Both writers resolve only when the entry is on disk. */
export interface LoginLedger {
  attempts(): readonly LoginAttempt[];
  lockOuts(): readonly LockOutSign[];
  add(attempt: LoginAttempt): Promise<void>;
  settle(attempt: LoginAttempt, accepted: boolean): Promise<void>;
  addLockOut(sign: LockOutSign): Promise<void>;
}
