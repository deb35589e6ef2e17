import type { LoginAttempt, LoginLedger } from "../model/index.ts";
import type { LoginBudget } from "../probes/index.ts";

/**
 * Two wrong logins a day, counted over all accounts and doors of a device: the strictest makers (Reolink: more than
 * three) count by caller, not by account, so a per-account count alone could still lock the owner's app out.
 */
const MAX_WRONG_PER_DAY = 2;
const DAY_MS = 24 * 3600 * 1000;

/**
 * Answers "may we try?" for one device: consent first, then lock-out signs, then the count on disk. `permission` is
 * asked anew before each attempt, so a withdrawn consent stops the next login, not the next scan.
 */
export function loginBudget(
  ledger: LoginLedger,
  deviceIds: readonly string[],
  permission: () => null | "no-consent" | "not-this-manager",
  now: () => Date,
): LoginBudget {
  const ours = (entry: { device: readonly string[] }) => entry.device.some((id) => deviceIds.includes(id));
  // An entry from the future (the clock was set back) still counts: better a day too long than one login too many.
  const recent = (entry: { at: string }) => now().getTime() - Date.parse(entry.at) < DAY_MS;
  const pending = new Map<string, LoginAttempt>();
  let turn: Promise<unknown> = Promise.resolve();

  async function reserve(account: string, door: string, login: string) {
    const refusal = permission();
    if (refusal !== null) return refusal;
    if (ledger.lockOuts().some((sign) => ours(sign) && recent(sign))) return "lock-out";
    const wrong = ledger
      .attempts()
      .filter((attempt) => ours(attempt) && !attempt.accepted && recent(attempt));
    if (wrong.length >= MAX_WRONG_PER_DAY) return "budget";
    const attempt = { device: deviceIds, account, door, login, at: now().toISOString(), accepted: false };
    await ledger.add(attempt);
    pending.set(`${account}\n${door}\n${login}`, attempt);
    return null;
  }

  return {
    reserve(account, door, login) {
      // One at a time: two doors asked at once must not both see the last free place.
      const result = turn.then(() => reserve(account, door, login));
      turn = result.catch(() => undefined);
      return result;
    },
    async refund(account, door, login) {
      const attempt = pending.get(`${account}\n${door}\n${login}`);
      if (attempt) await ledger.accept(attempt);
      pending.delete(`${account}\n${door}\n${login}`);
    },
    lockedOut: (sign) =>
      ledger.addLockOut({ device: deviceIds, sign: sign.slice(0, 120), at: now().toISOString() }),
    lastTried(door, login) {
      const times = ledger
        .attempts()
        .filter((attempt) => ours(attempt) && attempt.door === door && attempt.login === login);
      return (
        times
          .map(({ at }) => at)
          .sort()
          .at(-1) ?? null
      );
    },
  };
}
