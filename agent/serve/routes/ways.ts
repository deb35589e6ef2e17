import type { NoticeCode } from "../../../web-ui/index.ts";
import type { MendRecord } from "../../model/index.ts";
import { type Context, runOn, within } from "../context.ts";
import { field, type Routes, withNotice } from "../routing.ts";
import { closePage } from "../view/close.ts";
import { isOpen } from "../view/marks.ts";
import { shownFinding } from "./findings.ts";

/** Closing that takes longer goes on without its form. */
const CLOSE_WAIT_MS = 30_000;

/** Closing what a finding's ways in rest on: seen first, then pressed by whoever may decide. */
export function wayRoutes(routes: Routes, context: Context): void {
  routes.page("/findings/:id/close", "see", (scene, request) => {
    const finding = shownFinding(scene, request);
    return finding && isOpen(finding) ? closePage(scene, finding) : null;
  });
  routes.form("/findings/:id/close", "decide", async (scene, form, request) => {
    const finding = shownFinding(scene, request);
    if (!finding) return null;
    const by = field(form, "by", 60);
    if (!by) return withNotice(`/findings/${finding.id}/close`, "incomplete");
    const work = context.options.commands.closeWays(finding.id, by);
    runOn(context, "close", work);
    const records = await within(work, CLOSE_WAIT_MS);
    return withNotice(`/findings/${finding.id}`, records === null ? "way-closing" : noticeOf(records));
  });
}

/** One word for all entries of a finding: the same for each, or that they differ. */
export function noticeOf(records: readonly MendRecord[]): NoticeCode {
  const notices = [...new Set(records.map(noticeOfOne))];
  const [only = "way-none"] = notices;
  return notices.length > 1 ? "way-partly" : only;
}

function noticeOfOne({ result, confirmedOutside }: MendRecord): NoticeCode {
  if (result !== "done") return `way-${result}`;
  return confirmedOutside === null ? "way-closed" : confirmedOutside ? "way-confirmed" : "way-answers";
}
