import { type Evidence, type Facts, type QuestionId, success } from "../../../agent/model/index.ts";
import type { LoginBudget } from "../../../agent/probes/login-budget.ts";

/** Every question answered: what a test does not name was not asked. */
export function evidenceOf(facts: Partial<{ readonly [Q in QuestionId]: Facts[Q] }>): Evidence {
  const unasked = { asked: false, because: "not-applicable" } as const;
  const at = "2026-11-21T00:00:00Z";
  const asked = Object.entries(facts).map(([question, fact]) => [
    question,
    { asked: true, at, answer: success(fact) },
  ]);
  return {
    ports: unasked,
    web: unasked,
    onvif: unasked,
    rtsp: unasked,
    pictures: unasked,
    ...Object.fromEntries(asked),
  };
}

/** The audit's budget in memory: `places` wrong logins, and a diary of every word that was asked of it. */
export class MemoryBudget implements LoginBudget {
  readonly diary: string[] = [];
  readonly tried = new Map<string, string>();
  /** Door and login to when an earlier scan was refused. */
  readonly refused = new Map<string, string>();
  #places: number;
  #locked = false;

  constructor(places: number) {
    this.#places = places;
  }

  async reserve(account: string, door: string, login: string) {
    if (this.#locked) return "lock-out" as const;
    if (this.#places === 0) return "budget" as const;
    this.#places -= 1;
    this.diary.push(`reserve ${account} ${door} ${login}`);
    return null;
  }

  async refund(account: string, door: string, login: string) {
    this.#places += 1;
    this.diary.push(`refund ${account} ${door} ${login}`);
  }

  async rejected(account: string, door: string, login: string) {
    this.diary.push(`rejected ${account} ${door} ${login}`);
  }

  rejectedAt(door: string, login: string): string | null {
    return this.refused.get(`${door} ${login}`) ?? null;
  }

  async lockedOut(sign: string) {
    this.#locked = true;
    this.diary.push(`locked ${sign}`);
  }

  lastTried(door: string, login: string): string | null {
    return this.tried.get(`${door} ${login}`) ?? null;
  }
}
