import type { OnProgress, Report } from "../model/index.ts";
import { askDaemon } from "../net/control-client.ts";
import type { Person } from "./arguments.ts";
import { consentTextHash } from "./consent.ts";

const SCAN_DEADLINE_MS = 10 * 60 * 1000;

/**
 * One scan by the running daemon, which alone holds the store; it records a permission for this run and withdraws it
 * at the end.
 * Errors: throws with one line when the daemon does not answer or refuses.
 */
export async function remoteScan(
  socket: string,
  consent: Person | null,
  onProgress: OnProgress,
): Promise<Report> {
  onProgress({ type: "stage", stage: "discover", at: new Date().toISOString() });
  const body = consent ? { consent: { ...consent, textHash: consentTextHash() } } : undefined;
  await expectOk(socket, "POST", "/api/v1/scan", body);
  onProgress({ type: "stage", stage: "done", at: new Date().toISOString() });
  return (await expectOk(socket, "GET", "/api/v1/report")) as Report;
}

async function expectOk(
  socket: string,
  method: "GET" | "POST",
  path: string,
  body?: object,
): Promise<unknown> {
  const answer = await askDaemon(socket, method, path, body, SCAN_DEADLINE_MS);
  if (!answer.ok) {
    throw new Error(
      `the running daemon did not answer (${answer.reason}). Restart it: sudo systemctl restart komainu`,
    );
  }
  if (answer.value.status >= 300) {
    throw new Error(`the running daemon refused ${path} (HTTP ${answer.value.status})`);
  }
  return answer.value.body;
}
