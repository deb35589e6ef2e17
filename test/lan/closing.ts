import { readFileSync } from "node:fs";
import type { Finding, MendRecord } from "../../agent/model/index.ts";
import { type Daemon, STATE } from "./komainu.ts";
import type { Lan } from "./lan.ts";

/** Checks whose findings rest on what a router can be asked to delete. */
const CLOSABLE: readonly Finding["check"][] = [
  "agent-exposed",
  "port-mapping-to-camera",
  "port-mapping-to-other",
  "ipv6-reachable",
];
/** The person who clicks. */
export const CLOSES = "Test Person";

interface Remembered {
  readonly findings: readonly Finding[];
  readonly mends: readonly MendRecord[];
}

/** As it is on disk: the page withholds most of it while Komainu itself can be reached from outside. */
function remembered({ world }: Lan): Remembered {
  return JSON.parse(readFileSync(world.path(`${STATE}/state.json`), "utf8")) as Remembered;
}

export function openFindings(lan: Lan): readonly Finding[] {
  return remembered(lan).findings.filter(({ resolvedAt }) => resolvedAt === null);
}

/** Open findings of which a click can close the ways in. */
export function closableFindings(lan: Lan): readonly Finding[] {
  return openFindings(lan).filter(
    ({ check, outcome }) =>
      CLOSABLE.includes(check) && outcome.paths?.some(({ closable }) => closable !== null),
  );
}

/** The click on the page that closes what a finding rests on; resolves with what is written down of it. */
export async function closeFinding(
  lan: Lan,
  daemon: Daemon,
  { id }: Finding,
): Promise<readonly MendRecord[]> {
  const before = remembered(lan).mends.map((mend) => mend.id);
  const answer = await daemon.fetch(`/findings/${id}/close`, { form: { by: CLOSES } });
  if (answer.status !== 303) throw new Error(`not closed: HTTP ${answer.status} ${await answer.text()}`);
  return remembered(lan).mends.filter((mend) => !before.includes(mend.id));
}
