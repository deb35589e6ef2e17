import { randomInt } from "node:crypto";
import {
  type Answer,
  doorName,
  type Evidence,
  factOf,
  type LoginFact,
  type LoginsFact,
  type NotTriedReason,
  success,
  type VendorFile,
} from "../model/index.ts";
import { httpLogin, onvifLogin, rtspLogin } from "./login-clients.ts";
import { type AttemptResult, attemptLogin, type DoorClient } from "./login-door.ts";
import { accountName, type LoginStep, loginName, planLogins } from "./login-plan.ts";
import { onvifProbe, speaksTls } from "./onvif.ts";
import { picturesProbe } from "./pictures.ts";
import { portsProbe } from "./ports.ts";
import type { Probe, ProbeContext } from "./probe.ts";
import { rtspProbe } from "./rtsp.ts";
import { webProbe } from "./web.ts";

const DEADLINE_MS = 20_000;
/** How the budget knows the made-up password that must be refused. */
const CONTROL = "control";

/**
 * Tries the maker's factory logins at the doors that ask for one, each door apart. One fact for each pair of door and
 * login, one for each door that needs none. No attempt without the budget's word, none after a sign of a lock-out.
 */
export const loginsProbe: Probe<"logins"> = {
  question: "logins",
  deadlineMs: DEADLINE_MS,
  async ask(asked): Promise<Answer<LoginsFact>> {
    const { vendor } = asked;
    const nothing = (because: NotTriedReason) => success({ doors: [], because });
    if (vendor === null) return nothing("unknown-vendor");
    if (vendor.factoryLogins.length === 0) return nothing("no-factory-login");
    const context = { ...asked, evidence: await groundwork(asked) };
    const clients = loginDoors(context, vendor);
    if (clients.length === 0) return nothing("no-door");
    const facts = await new LoginRound(context, vendor, clients).run();
    const tried = facts.some(({ result }) => result !== "not-tried");
    return success({ doors: facts, because: tried ? null : (facts[0]?.because ?? "no-door") });
  },
};

/** What this scan has found out; a recheck of the logins alone asks the questions before it now. */
async function groundwork(context: ProbeContext): Promise<Evidence> {
  let { evidence } = context;
  for (const probe of [portsProbe, webProbe, onvifProbe, rtspProbe, picturesProbe]) {
    if (evidence[probe.question] !== undefined) continue;
    const answer = await probe.ask({ ...context, evidence });
    evidence = { ...evidence, [probe.question]: { asked: true, at: new Date().toISOString(), answer } };
  }
  return evidence;
}

/** The doors that were seen in this scan, as far as a login can be asked of them. */
function loginDoors(context: ProbeContext, vendor: VendorFile): readonly DoorClient[] {
  const { line, evidence } = context;
  const pictures = factOf(evidence, "pictures")?.asked ?? [];
  const web = (factOf(evidence, "web")?.doors ?? [])
    .toSorted((one, other) => one.door.protocol.localeCompare(other.door.protocol))
    .map((fact) => {
      const isProtected = pictures.filter(
        ({ door, result, status }) =>
          doorName(door) === doorName(fact.door) && result === "protected" && status === 401,
      );
      const paths = [vendor.loginPath?.path ?? "/", "/", ...isProtected.slice(0, 1).map(({ path }) => path)];
      return httpLogin(line, fact, [...new Set(paths)]);
    });
  const onvif = (factOf(evidence, "onvif") ?? []).map((fact) =>
    onvifLogin(line, fact, speaksTls(context, fact.door.port)),
  );
  const rtsp = (factOf(evidence, "rtsp")?.doors ?? []).map((fact) => rtspLogin(line, fact));
  return [...web, ...onvif, ...rtsp];
}

/** One run over the plan. What was learnt about a door, or about the whole device, spares the steps that follow. */
class LoginRound {
  readonly #context: ProbeContext;
  readonly #vendor: VendorFile;
  readonly #clients: ReadonlyMap<string, DoorClient>;
  readonly #plan: readonly LoginStep[];
  readonly #facts: LoginFact[] = [];
  readonly #endsAt = performance.now() + DEADLINE_MS;
  /** Doors with which we are done; null = nothing more to say about them. */
  readonly #settled = new Map<string, NotTriedReason | null>();
  /** Why nothing more is tried on this device in this run. */
  #over: NotTriedReason | null = null;
  #sent = false;

  constructor(context: ProbeContext, vendor: VendorFile, clients: readonly DoorClient[]) {
    this.#context = context;
    this.#vendor = vendor;
    this.#clients = new Map(clients.map((client) => [doorName(client.door), client]));
    this.#plan = planLogins(clients, vendor, (door, login) => context.budget.lastTried(door, login));
  }

  async run(): Promise<readonly LoginFact[]> {
    for (const step of this.#plan) {
      if (this.#over === null && performance.now() > this.#endsAt) this.#over = "timeout";
      const settled = this.#settled.get(doorName(step.door));
      if (settled === null) continue;
      const because = this.#over ?? settled;
      if (because !== undefined) this.#spared(step, because);
      else await this.#step(step);
    }
    return this.#facts;
  }

  async #step(step: LoginStep): Promise<void> {
    const password = this.#vendor.factoryLogins[step.index]?.password ?? "";
    const result = await this.#attempt(step, password, loginName(this.#vendor, step.index));
    if (result.outcome === "accepted") await this.#accepted(step, result.scheme);
    else if (result.outcome === "rejected") this.#note(step, { result: "rejected", scheme: result.scheme });
    else if (result.outcome === "locked") {
      this.#note(step, { result: "locked", scheme: result.scheme, because: "lock-out" });
    } else if (result.outcome === "failed") {
      this.#note(step, { result: "failed", scheme: result.scheme, because: result.because });
      this.#settled.set(doorName(step.door), result.because);
    } else this.#notTried(step, result.because);
  }

  /** What today has no room for may be known from an earlier day. */
  #spared(step: LoginStep, because: NotTriedReason): void {
    const { budget } = this.#context;
    const triedAt = budget.rejectedAt(doorName(step.door), loginName(this.#vendor, step.index));
    if (triedAt !== null && because === "budget") this.#note(step, { result: "rejected", triedAt });
    else this.#note(step, { result: "not-tried", because });
  }

  #notTried(step: LoginStep, because: NotTriedReason): void {
    if (because === "budget") {
      this.#spared(step, because);
      return;
    }
    const ofTheDoor = because === "no-login-asked" || because === "unsupported";
    this.#note(step, { result: "not-tried", because, ...(ofTheDoor ? { login: null } : {}) });
    if (this.#over === null) this.#settled.set(doorName(step.door), ofTheDoor ? null : because);
  }

  /**
   * Only a made-up password that is refused shows that the factory login is what opened the door. Once a device has
   * shown that, its other doors are spared the wrong login, and today's last one is left for whoever mends it and asks again.
   */
  async #accepted(step: LoginStep, scheme: LoginFact["scheme"]): Promise<void> {
    this.#settled.set(doorName(step.door), null);
    if (this.#facts.some(({ control }) => control === "rejected")) {
      this.#note(step, { result: "accepted", scheme, control: "not-tried" });
      return;
    }
    const control = await this.#attempt(step, madeUpPassword(), CONTROL);
    if (control.outcome === "accepted") {
      this.#note(step, { result: "open-view", scheme, control: "accepted" });
    } else if (control.outcome === "rejected") {
      this.#note(step, { result: "accepted", scheme, control: "rejected" });
    } else {
      const because = control.outcome === "locked" ? "lock-out" : control.because;
      this.#note(step, { result: "accepted", scheme, control: "not-tried", because });
    }
  }

  async #attempt(step: LoginStep, password: string, login: string): Promise<AttemptResult> {
    const { budget } = this.#context;
    const door = doorName(step.door);
    const account = accountName(this.#vendor, step.index);
    const client = this.#clients.get(door);
    const user = this.#vendor.factoryLogins[step.index]?.user ?? "";
    if (client === undefined) return { outcome: "not-tried", because: "no-door" };
    const permit = async () => {
      const because = await budget.reserve(account, door, login);
      if (because === null) this.#sent = true;
      else if (because !== "settled") this.#over = because;
      return because === "settled" ? "budget" : because;
    };
    const result = await attemptLogin(client, { user, password }, permit, this.#sent);
    if (result.outcome === "accepted") await budget.refund(account, door, login);
    if (result.outcome === "rejected" && login !== CONTROL) await budget.rejected(account, door, login);
    if (result.outcome === "locked") {
      this.#over = "lock-out";
      await budget.lockedOut(`${door} ${result.sign}`);
    }
    return result;
  }

  #note(step: LoginStep, part: Pick<LoginFact, "result"> & Partial<LoginFact>): void {
    const login = loginName(this.#vendor, step.index);
    this.#facts.push({ door: step.door, login, scheme: null, control: null, because: null, ...part });
  }
}

const LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

function madeUpPassword(): string {
  return Array.from({ length: 12 }, () => LETTERS[randomInt(LETTERS.length)]).join("");
}
