import type { ConsentPage, ConsentRow } from "../../../web-ui/index.ts";
import type { ConsentRecord, Manager } from "../../model/index.ts";
import type { Entry } from "./directory.ts";
import { isSettingUp, type Scene } from "./scene.ts";
import { trailOf } from "./setup-steps.ts";

/** While details are hidden only the dates are left, so that a permission can be withdrawn at any time. */
export function consentPage(
  scene: Scene,
  textHash: string,
  typed: { readonly person: string; readonly role: string },
): ConsentPage {
  const { state, directory, now, detail } = scene;
  const sealed = detail !== "all";
  const records = state.consents.map((record) => consentRow(record, now));
  return {
    kind: "consent",
    trail: isSettingUp(scene) ? trailOf(scene, "consent") : null,
    sealed,
    textHash,
    cameras: sealed
      ? []
      : directory.cameras.map((entry) => ({
          id: entry.id,
          name: entry.name,
          manager: managerOf(scene, entry),
        })),
    records: records.map((row) => (sealed ? { ...row, person: "", role: "" } : row)).toReversed(),
    ...typed,
  };
}

/** What people said last: a permission writes down who manages a camera wherever that had been asked before. */
export function managerOf({ state }: Scene, { id, known }: Entry): Manager {
  const record = state.consents.findLast(
    ({ managers, revokedAt }) => revokedAt === null && Object.hasOwn(managers, id),
  );
  return known?.manager ?? record?.managers[id] ?? "unknown";
}

function consentRow(record: ConsentRecord, now: Date): ConsentRow {
  const { id, person, role, from, until, levels, revokedAt } = record;
  const expired = Date.parse(until) <= now.getTime();
  return {
    id,
    person,
    role,
    from,
    until,
    tries: levels.includes("L2"),
    state: revokedAt !== null ? "withdrawn" : expired ? "expired" : "valid",
    revokedAt,
  };
}
