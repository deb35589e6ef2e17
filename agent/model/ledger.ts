/** The machine's own clock since it started, which nobody sets: a Pi without a battery wakes in the past. */
export interface Uptime {
  /** Which start of the machine this is. */
  readonly boot: string;
  readonly seconds: number;
}

/** One login attempt, on disk before it is made. */
export interface LoginAttempt {
  /** All names of the device at the time, so that the count survives a change of any of them: see `ledgerKeys`. */
  readonly device: readonly string[];
  readonly account: string;
  /** Door name, e.g. `http:80`. */
  readonly door: string;
  /** Place in the vendor file, or `control`. */
  readonly login: string;
  readonly at: string;
  readonly uptime?: Uptime;
  /** A right login locks nobody out and is not counted; null = the device's word is not known. */
  readonly accepted: boolean | null;
}

export interface LockOutSign {
  readonly device: readonly string[];
  readonly sign: string;
  readonly at: string;
  readonly uptime?: Uptime;
}

/** The durable count of login attempts. Both writers resolve only when the entry is on disk. */
export interface LoginLedger {
  attempts(): readonly LoginAttempt[];
  lockOuts(): readonly LockOutSign[];
  /** When entries were found lost (a file that is not readable), ISO time: for a day nobody knows the count. */
  lostAt(): string | null;
  add(attempt: LoginAttempt): Promise<void>;
  settle(attempt: LoginAttempt, accepted: boolean): Promise<void>;
  addLockOut(sign: LockOutSign): Promise<void>;
}
