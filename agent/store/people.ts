import { randomUUID } from "node:crypto";
import {
  type ConsentRecord,
  type Finding,
  isSameDevice,
  type KnownDevice,
  type Manager,
  type SignOff,
  type Snapshot,
  type Statement,
  type Visit,
} from "../model/index.ts";
import type { State } from "./state.ts";

/** Older ones stay in the history. */
const KEEP = { visits: 12, signOffs: 60, statements: 200 } as const;

export type NewConsent = Omit<ConsentRecord, "id" | "revokedAt">;

/** What people decide: each is on disk and in the history when the promise settles; false = no such thing. */
export interface PeoplesWords {
  giveConsent(consent: NewConsent): Promise<ConsentRecord>;
  withdrawConsent(id: string, at: string): Promise<boolean>;
  /** Also registers the device as one that belongs here. An empty name takes the name away. */
  nameDevice(id: string, name: string, manager?: Manager): Promise<boolean>;
  retireDevice(id: string): Promise<boolean>;
  acknowledge(findingId: string, acknowledged: NonNullable<Finding["acknowledged"]>): Promise<boolean>;
  setPlace(place: string, contact: string): Promise<void>;
  addStatement(statement: Omit<Statement, "id">): Promise<void>;
  removeStatement(id: string): Promise<boolean>;
  beginVisit(visit: Pick<Visit, "person" | "company" | "before">): Promise<Visit>;
  endVisit(id: string, after: Snapshot): Promise<boolean>;
  signOff(signOff: Omit<SignOff, "id">): Promise<void>;
}

type Save = (events: readonly object[]) => Promise<void>;

export function peoplesWords(state: State, save: Save): PeoplesWords {
  const note = (event: object) => save([{ at: new Date().toISOString(), ...event }]);

  async function change<T extends { id: string }>(
    list: T[],
    id: string,
    edit: (item: T) => T,
    event: object,
  ): Promise<boolean> {
    const index = list.findIndex((item) => item.id === id);
    const item = list[index];
    if (item === undefined) return false;
    list[index] = edit(item);
    await note(event);
    return true;
  }
  const changeDevice = (id: string, edit: (device: KnownDevice) => KnownDevice, event: string) =>
    change(state.devices, known(state, id)?.id ?? id, edit, { event, device: id });

  return {
    async giveConsent(consent) {
      const record: ConsentRecord = { ...consent, id: randomUUID(), revokedAt: null };
      state.consents.push(record);
      // What was said of a camera last is what holds, wherever it was said.
      const managers = new Map(Object.entries(record.managers));
      state.devices = state.devices.map((device) => {
        const manager = managers.get([device.id, ...device.aliases].find((id) => managers.has(id)) ?? "");
        return manager ? { ...device, manager } : device;
      });
      const { id, person, role } = record;
      try {
        await save([{ at: record.from, event: "consent-given", consent: id, person, role }]);
      } catch (error) {
        // A permission that is not on record is none.
        state.consents = state.consents.filter((other) => other !== record);
        throw error;
      }
      return record;
    },
    withdrawConsent: (id, at) =>
      change(state.consents, id, (record) => ({ ...record, revokedAt: record.revokedAt ?? at }), {
        event: "consent-withdrawn",
        consent: id,
      }),
    nameDevice: (id, name, manager) => {
      const short = name.trim().slice(0, 60) || null;
      const named = { name: short, registered: true, retired: false, ...(manager && { manager }) };
      return changeDevice(id, (device) => ({ ...device, ...named }), "device-named");
    },
    retireDevice: (id) => changeDevice(id, (device) => ({ ...device, retired: true }), "device-retired"),
    acknowledge: (id, acknowledged) =>
      change(state.findings, id, (finding) => ({ ...finding, acknowledged }), {
        event: "finding-acknowledged",
        finding: id,
        by: acknowledged.by,
        until: acknowledged.until,
      }),
    async setPlace(place, contact) {
      state.place = place || null;
      state.contact = contact || null;
      await note({ event: "place-set" });
    },
    ...visits(state, note, change),
  };
}

type Change = <T extends { id: string }>(
  list: T[],
  id: string,
  edit: (item: T) => T,
  event: object,
) => Promise<boolean>;

function visits(
  state: State,
  note: (event: object) => Promise<void>,
  change: Change,
): Pick<PeoplesWords, "addStatement" | "removeStatement" | "beginVisit" | "endVisit" | "signOff"> {
  return {
    async addStatement(statement) {
      const one: Statement = { ...statement, id: randomUUID() };
      state.statements = [...state.statements, one].slice(-KEEP.statements);
      await note({ event: "statement-added", ...one });
    },
    async removeStatement(id) {
      const left = state.statements.filter((one) => one.id !== id);
      if (left.length === state.statements.length) return false;
      state.statements = left;
      await note({ event: "statement-removed", statement: id });
      return true;
    },
    async beginVisit({ person, company, before }) {
      const visit: Visit = { id: randomUUID(), person, company, before, after: null };
      state.visits = [...state.visits, visit].slice(-KEEP.visits);
      await note({ event: "visit-begun", visit: visit.id, person, company });
      return visit;
    },
    endVisit: (id, after) =>
      change(state.visits, id, (visit) => ({ ...visit, after }), { event: "visit-ended", visit: id }),
    async signOff(signOff) {
      const one: SignOff = { ...signOff, id: randomUUID() };
      state.signOffs = [...state.signOffs, one].slice(-KEEP.signOffs);
      await note({ event: "signed-off", ...one });
    },
  };
}

function known(state: State, id: string): KnownDevice | undefined {
  return state.devices.find((device) => isSameDevice(device, { id, aliases: [] }));
}
