import { randomUUID } from "node:crypto";
import type { GuardState, MendRecord, VantageSettings } from "./model/index.ts";
import type { Commands, OutsideState } from "./serve/index.ts";
import type { Store } from "./store/index.ts";

export type MendCommands = Pick<Commands, "closeWays" | "setOutside" | "applyGuard" | "removeGuard">;

/** What a person may change outside this program, each time by a click, each time written down. */
export class Mending {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  readonly commands: MendCommands = {
    closeWays: async () => [],
    setOutside: async ({ hairpin, internetdb, vantage, by }) => {
      const wanted = vantage === "keep" ? this.#store.state.outside.vantage : vantageOf(vantage);
      if (wanted === undefined) return false;
      await this.#store.saveOutside({ hairpin, internetdb, vantage: wanted }, by);
      return true;
    },
    applyGuard: (by) => this.#noGuard("apply-guard", by),
    removeGuard: (by) => this.#noGuard("remove-guard", by),
  };

  /** Without the key. */
  get outside(): OutsideState {
    const { hairpin, vantage, internetdb } = this.#store.state.outside;
    return { hairpin, vantage: vantage && { host: vantage.host, port: vantage.port }, internetdb };
  }

  get guard(): GuardState {
    return { because: "not-the-router", applied: this.#store.state.guard, preview: null };
  }

  async #noGuard(action: "apply-guard" | "remove-guard", by: string): Promise<MendRecord> {
    const record: MendRecord = {
      id: randomUUID(),
      at: new Date().toISOString(),
      action,
      by,
      deviceId: null,
      mapping: null,
      pinhole: null,
      confirmedOutside: null,
      result: "failed",
      code: null,
      detail: "not the router",
    };
    await this.#store.noteMend(record);
    return record;
  }
}

/** Undefined = what was typed cannot be read. */
function vantageOf(typed: string | null): VantageSettings | null | undefined {
  return typed === null ? null : undefined;
}
