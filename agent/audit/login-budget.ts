import type { Device, LoginAttempt, LoginLedger, Uptime } from "../model/index.ts";
import type { LoginBudget } from "../probes/index.ts";
import { isOfDevice, ledgerKeys } from "./ledger-keys.ts";

/**
 * Two wrong logins a day, counted over all accounts and doors of a device: the strictest makers (Reolink: more than
 * three) count by caller, not by account, so a per-account count alone could still lock the owner's app out.
 */
const MAX_WRONG_PER_DAY = 2;
const DAY_MS = 24 * 3600 * 1000;
/** A refused login is not tried again for some days: it would only fill the camera's log. */
const SETTLED_MS = 3 * DAY_MS;
/** So long a refusal still counts as an answer when the day's budget has no room to ask again. */
const REMEMBERED_MS = 30 * DAY_MS;

export interface Clocks {
  readonly now: () => Date;
  /** Null where the machine does not tell: then the wall clock alone is believed. */
  readonly uptime: () => Uptime | null;
}

/**
 * Answers "may we try?" for one device: consent first, then lock-out signs, then the count on disk. `permission` is
 * asked anew before each attempt, so a withdrawn consent stops the next login, not the next scan.
 */
export function loginBudget(
  ledger: LoginLedger,
  device: Pick<Device, "id" | "aliases" | "mac" | "addresses">,
  permission: () => null | "no-consent" | "not-this-manager",
  { now, uptime }: Clocks,
): LoginBudget {
  const keys = ledgerKeys(device);
  const ours = (entry: { device: readonly string[] }) => entry.device.some((key) => keys.includes(key));
  const stamp = () => {
    const running = uptime();
    return { device: keys, at: now().toISOString(), ...(running && { uptime: running }) };
  };
  /** Within one run of the machine its uptime tells the age, however the wall clock was set meanwhile. */
  const recent = (entry: { readonly at: string; readonly uptime?: Uptime }) => {
    const running = uptime();
    if (running && entry.uptime?.boot === running.boot)
      return (running.seconds - entry.uptime.seconds) * 1000 < DAY_MS;
    // An entry from the future, or of no readable time, still counts: better a day too long than one login too many.
    return !(now().getTime() - Date.parse(entry.at) >= DAY_MS);
  };
  const pending = new Map<string, LoginAttempt>();
  let turn: Promise<unknown> = Promise.resolve();

  async function reserve(account: string, door: string, login: string) {
    const refusal = permission();
    if (refusal !== null) return refusal;
    if (ledger.lockOuts().some((sign) => ours(sign) && recent(sign))) return "lock-out";
    const refused = rejectedAt(door, login);
    if (refused !== null && now().getTime() - Date.parse(refused) < SETTLED_MS) return "settled";
    const lostAt = ledger.lostAt();
    if (lostAt !== null && recent({ at: lostAt })) return "budget";
    const wrong = ledger
      .attempts()
      .filter((attempt) => ours(attempt) && attempt.accepted !== true && recent(attempt));
    if (wrong.length >= MAX_WRONG_PER_DAY) return "budget";
    const attempt = { ...stamp(), account, door, login, accepted: null };
    await ledger.add(attempt);
    pending.set(`${account}\n${door}\n${login}`, attempt);
    return null;
  }

  async function settle(account: string, door: string, login: string, accepted: boolean): Promise<void> {
    const attempt = pending.get(`${account}\n${door}\n${login}`);
    if (attempt) await ledger.settle(attempt, accepted);
    pending.delete(`${account}\n${door}\n${login}`);
  }

  /** Attempts of one login at one door, latest last. */
  const attemptsAt = (door: string, login: string) =>
    ledger
      .attempts()
      .filter((attempt) => isOfDevice(attempt, device) && attempt.door === door && attempt.login === login);

  function rejectedAt(door: string, login: string): string | null {
    const last = attemptsAt(door, login).at(-1);
    if (last?.accepted !== false || now().getTime() - Date.parse(last.at) > REMEMBERED_MS) return null;
    return last.at;
  }

  return {
    reserve(account, door, login) {
      // One at a time: two doors asked at once must not both see the last free place.
      const result = turn.then(() => reserve(account, door, login));
      turn = result.catch(() => undefined);
      return result;
    },
    refund: (account, door, login) => settle(account, door, login, true),
    rejected: (account, door, login) => settle(account, door, login, false),
    rejectedAt,
    lockedOut: (sign) => ledger.addLockOut({ ...stamp(), sign: sign.slice(0, 120) }),
    lastTried: (door, login) => attemptsAt(door, login).at(-1)?.at ?? null,
  };
}
