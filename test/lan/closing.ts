import type { Finding, MendRecord } from "../../agent/model/index.ts";
import type { Daemon } from "./komainu.ts";

/** As the API shows it. */
export type ShownFinding = Omit<Finding, "outcome">;

/** Checks whose findings rest on what a router can be asked to delete. */
const CLOSABLE: readonly Finding["check"][] = [
  "agent-exposed",
  "port-mapping-to-camera",
  "port-mapping-to-other",
  "ipv6-reachable",
];
/** The person who clicks. */
export const CLOSES = "Test Person";

export async function openFindings(daemon: Daemon): Promise<readonly ShownFinding[]> {
  const all = await daemon.get<ShownFinding[]>("/api/v1/findings");
  return all.filter(({ resolvedAt }) => resolvedAt === null);
}

/** Open findings of which a click can close the ways in. */
export async function closableFindings(daemon: Daemon): Promise<readonly ShownFinding[]> {
  return (await openFindings(daemon)).filter(
    ({ check, subject }) => CLOSABLE.includes(check) && subject !== "",
  );
}

/** The click on the page that closes what a finding rests on; resolves with what is written down of it. */
export async function closeFinding(daemon: Daemon, findingId: string): Promise<readonly MendRecord[]> {
  const mends = () => daemon.get<MendRecord[]>("/api/v1/mends");
  const before = (await mends()).map(({ id }) => id);
  const answer = await daemon.fetch(`/findings/${findingId}/close`, { form: { by: CLOSES } });
  if (answer.status !== 303) throw new Error(`not closed: HTTP ${answer.status} ${await answer.text()}`);
  return (await mends()).filter(({ id }) => !before.includes(id));
}
