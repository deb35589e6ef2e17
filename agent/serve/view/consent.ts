import type { ConsentPage, ConsentRow } from "../../../web-ui/index.ts";
import type { ConsentRecord } from "../../model/index.ts";
import type { Scene } from "./scene.ts";

export function consentPage(
  { state, directory, now }: Scene,
  textHash: string,
  typed: { readonly person: string; readonly role: string },
): ConsentPage {
  const records = state.consents.map((record) => consentRow(record, now));
  // The newest record that speaks of the camera, as the audit reads it.
  const managerOf = (id: string) =>
    state.consents.findLast(({ managers, revokedAt }) => revokedAt === null && Object.hasOwn(managers, id))
      ?.managers[id];
  return {
    kind: "consent",
    textHash,
    cameras: directory.cameras.map(({ id, name, known }) => ({
      id,
      name,
      manager: managerOf(id) ?? known?.manager ?? "unknown",
    })),
    records: records.toReversed(),
    ...typed,
  };
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
