// Puts one question about the site from a namespace, as the audit would.
// Usage: site-probe.mjs '{"question":"hairpin","context":{...}}', prints one JSON answer.
import type { SiteQuestionId } from "../../../agent/model/index.ts";
import { SITE_PROBES, type SiteContext } from "../../../agent/probes/site/index.ts";

export interface SiteQuestion {
  readonly question: SiteQuestionId;
  readonly context: Omit<SiteContext, "signal">;
}

const { question, context } = JSON.parse(process.argv[2] ?? "") as SiteQuestion;
const probe = SITE_PROBES[question];
const answer = await probe.ask({ ...context, signal: AbortSignal.timeout(probe.deadlineMs) });
process.stdout.write(JSON.stringify(answer));
