import { applyGuard, guardInput, guardObstacle, guardRules, removeGuard, syncGuard } from "./mend/guard.ts";
import { mendRecord } from "./mending.ts";
import { type GuardState, isCameraKind, type MendOutcome, type MendRecord } from "./model/index.ts";
import { routerSeat } from "./net/gateway/router.ts";
import type { Store } from "./store/index.ts";

/** Our own packet filter, where this machine is the router: shown before, put there by a click, taken away by a click. */
export class Guarding {
  readonly #store: Store;
  #because: GuardState["because"] = "not-the-router";

  constructor(store: Store) {
    this.#store = store;
  }

  /** After the start and after each scan: rules do not outlive a reboot, and cameras get other addresses. */
  async refresh(): Promise<void> {
    this.#because = await guardObstacle();
    const { guard } = this.#store.state;
    const input = this.#input();
    if (this.#because === null && guard !== null && input !== null) await syncGuard(input);
  }

  get state(): GuardState {
    const preview = () => {
      const input = this.#because === null ? this.#input() : null;
      return input && guardRules(input);
    };
    return {
      because: this.#because,
      applied: this.#store.state.guard,
      // Every page asks for the state, and one shows this.
      get preview() {
        return preview();
      },
    };
  }

  async apply(by: string): Promise<MendRecord> {
    const input = this.#input();
    const outcome = input ? await applyGuard(input) : notTheRouter();
    const record = await this.#note("apply-guard", by, outcome);
    if (isAsWished(outcome)) await this.#store.setGuard({ at: record.at, by });
    return record;
  }

  async remove(by: string): Promise<MendRecord> {
    const outcome = await removeGuard();
    const record = await this.#note("remove-guard", by, outcome);
    // What could not be taken away is still there, and the page must not say otherwise.
    if (isAsWished(outcome)) await this.#store.setGuard(null);
    return record;
  }

  async #note(action: MendRecord["action"], by: string, outcome: MendOutcome): Promise<MendRecord> {
    const record = mendRecord(action, by, outcome);
    await this.#store.noteMend(record);
    return record;
  }

  #input() {
    const seat = routerSeat();
    if (seat === null) return null;
    const { report, devices } = this.#store.state;
    const retired = new Set(devices.filter(({ retired }) => retired).map(({ id }) => id));
    const cameras = (report?.devices ?? []).filter(({ id, kind }) => isCameraKind(kind) && !retired.has(id));
    return guardInput(
      cameras.flatMap(({ addresses }) => addresses),
      seat,
    );
  }
}

function isAsWished({ result }: MendOutcome): boolean {
  return result === "done" || result === "already";
}

function notTheRouter(): MendOutcome {
  return { result: "failed", code: null, detail: "not the router" };
}
