import { readFileSync } from "node:fs";
import type { Finding, MendRecord, Report } from "../../agent/model/index.ts";
import { askDaemon } from "../../agent/net/control-client.ts";
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
const SCAN_MS = 120_000;

interface Remembered {
  readonly findings: readonly Finding[];
  readonly mends: readonly MendRecord[];
  readonly report: Report | null;
}

/** As it is on disk: the page withholds most of it while Komainu itself can be reached from outside. */
function remembered({ world }: Lan): Remembered {
  return JSON.parse(readFileSync(world.path(`${STATE}/state.json`), "utf8")) as Remembered;
}

export function lastReport(lan: Lan): Report {
  const { report } = remembered(lan);
  if (report === null) throw new Error("nothing has been scanned yet");
  return report;
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

/** One more scan from its start to its end, whatever scans still run after a click: only the control socket waits. */
export async function scanNow({ world }: Lan): Promise<void> {
  const answer = await askDaemon(
    world.path(`${STATE}/control.sock`),
    "POST",
    "/api/v1/scan",
    undefined,
    SCAN_MS,
  );
  if (!answer.ok || answer.value.status !== 200) throw new Error(`no scan: ${JSON.stringify(answer)}`);
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
