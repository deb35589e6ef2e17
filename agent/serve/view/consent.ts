import type { ConsentPage, ConsentRow } from "../../../web-ui/index.ts";
import type { ConsentRecord, Manager } from "../../model/index.ts";
import type { Entry } from "./directory.ts";
import type { Scene } from "./scene.ts";

export function consentPage(
  scene: Scene,
  textHash: string,
  typed: { readonly person: string; readonly role: string },
): ConsentPage {
  const { state, directory, now } = scene;
  const records = state.consents.map((record) => consentRow(record, now));
  return {
    kind: "consent",
    textHash,
    cameras: directory.cameras.map((entry) => ({
      id: entry.id,
      name: entry.name,
      manager: managerOf(scene, entry),
    })),
    records: records.toReversed(),
    ...typed,
  };
}

/** The newest record that speaks of the camera, as the audit reads it, else what people said. */
export function managerOf({ state }: Scene, { id, known }: Entry): Manager {
  const record = state.consents.findLast(
    ({ managers, revokedAt }) => revokedAt === null && Object.hasOwn(managers, id),
  );
  return record?.managers[id] ?? known?.manager ?? "unknown";
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
