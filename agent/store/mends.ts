import type { MendRecord, OutsideSettings } from "../model/index.ts";
import type { State } from "./state.ts";

/** Older ones stay in the history. */
const KEEP_MENDS = 200;

/** What people changed outside this program, and what they let it do off the LAN; each on disk when the promise settles. */
export interface MendStore {
  noteMend(record: MendRecord): Promise<void>;
  /** What a vantage point saw of it afterwards. */
  confirmMend(id: string, confirmedOutside: boolean): Promise<void>;
  saveOutside(settings: OutsideSettings, by: string): Promise<void>;
  setGuard(applied: State["guard"]): Promise<void>;
}

export function mendStore(state: State, save: (events: readonly object[]) => Promise<void>): MendStore {
  const note = (event: object) => save([{ at: new Date().toISOString(), ...event }]);
  return {
    async noteMend(record) {
      state.mends = [...state.mends, record].slice(-KEEP_MENDS);
      await save([{ event: "mended", ...record }]);
    },
    async confirmMend(id, confirmedOutside) {
      state.mends = state.mends.map((one) => (one.id === id ? { ...one, confirmedOutside } : one));
      await note({ event: "mend-confirmed", mend: id, confirmedOutside });
    },
    async saveOutside(settings, by) {
      const { vantage, ...switches } = settings;
      state.outside = settings;
      // The key is a secret: the history names the host alone.
      await note({ event: "outside-set", by, ...switches, vantage: vantage?.host ?? null });
    },
    async setGuard(applied) {
      state.guard = applied;
      await note({ event: applied ? "guard-applied" : "guard-removed", ...applied });
    },
  };
}
