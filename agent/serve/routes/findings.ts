import type { FastifyRequest } from "fastify";
import type { NoticeCode } from "../../../web-ui/index.ts";
import type { Finding } from "../../model/index.ts";
import { type Context, runOn, within } from "../context.ts";
import type { RecheckResult } from "../contract.ts";
import { field, idOf, type Routes, withNotice } from "../routing.ts";
import { ACCEPT_DAYS, findingPage } from "../view/finding.ts";
import { isOpen } from "../view/marks.ts";
import { messagePage } from "../view/message.ts";
import type { Scene } from "../view/scene.ts";

/** A recheck that takes longer goes on without its form; the page fills in by itself. */
const RECHECK_WAIT_MS = 30_000;

/** One finding: its page, checking it again, leaving it as it is for a time. */
export function findingRoutes(routes: Routes, context: Context): void {
  const { commands } = context.options;
  routes.page("/findings/:id", "see", (scene, request) => {
    const finding = shownFinding(scene, request);
    return finding && findingPage(scene, finding);
  });
  routes.page("/findings/:id/message", "see", (scene, request) => {
    const finding = shownFinding(scene, request);
    return finding && isOpen(finding) ? messagePage(scene, finding) : null;
  });
  routes.form("/scan", "work", async () => {
    runOn(context, "scan", commands.scan());
    return withNotice("/", "checking");
  });
  routes.form("/findings/:id/recheck", "work", async ({ state }, _form, request) => {
    const finding = state.findings.find(({ id }) => id === idOf(request));
    if (!finding) return null;
    const work = commands.recheck(finding.id);
    runOn(context, "recheck", work);
    const result = await within(work, RECHECK_WAIT_MS);
    return withNotice(`/findings/${finding.id}`, noticeOf(result));
  });
  routes.form("/findings/:id/accept", "decide", async ({ state, now }, form, request) => {
    const finding = state.findings.find(({ id }) => id === idOf(request));
    if (!finding) return null;
    const [by, reason] = [field(form, "by", 60), field(form, "reason", 200)];
    const until = endOfDay(field(form, "until", 10), now);
    if (!by || !reason || !until) return withNotice(`/findings/${finding.id}`, "incomplete");
    await commands.acknowledge(finding.id, { by, reason, until });
    return withNotice(`/findings/${finding.id}`, "saved");
  });
}

/** While details are withheld only what is wrong with ourselves is shown. */
export function shownFinding({ state, detail }: Scene, request: FastifyRequest): Finding | null {
  const finding = state.findings.find(({ id }) => id === idOf(request));
  return finding && (detail === "all" || finding.check === "agent-exposed") ? finding : null;
}

function noticeOf(result: RecheckResult | null): NoticeCode {
  if (result === null) return "checking";
  if (result.outcome === "pass") return "fixed";
  return result.outcome === "fail" ? "still" : "unsettled";
}

/** The last moment of a local day from tomorrow to 180 days on, or null. */
function endOfDay(day: string, now: Date): string | null {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? [];
  if (year === undefined) return null;
  const end = new Date(Number(year), Number(month) - 1, Number(date), 23, 59, 59);
  const days = (end.getTime() - now.getTime()) / 86_400_000;
  return days > 0 && days <= ACCEPT_DAYS + 1 ? end.toISOString() : null;
}
