// Puts one question about the site from a namespace, as the audit would.
// Usage: site-probe.mjs '{"question":"hairpin","context":{...},"times":1}', prints the last answer as JSON.
import type { SiteQuestionId } from "../../../agent/model/index.ts";
import { SITE_PROBES, type SiteContext } from "../../../agent/probes/site/index.ts";

export interface SiteQuestion {
  readonly question: SiteQuestionId;
  readonly context: Omit<SiteContext, "signal">;
  readonly times: number;
}

const { question, context, times } = JSON.parse(process.argv[2] ?? "") as SiteQuestion;
const probe = SITE_PROBES[question];
const ask = () => probe.ask({ ...context, signal: AbortSignal.timeout(probe.deadlineMs) });
let answer = await ask();
for (let again = 1; again < times; again += 1) answer = await ask();
process.stdout.write(JSON.stringify(answer));
