import { failure, type InternetDbFact, success } from "../../model/index.ts";
import { askInternetDb } from "../../net/outside/internetdb.ts";
import { ownRouter } from "./own-router.ts";
import type { SiteProbe } from "./site-probe.ts";

/** It is drawn up once a week: a scan every few hours would learn nothing and be a burden. */
const KEEP_MS = 20 * 60 * 60 * 1000;

let latest: { readonly fact: InternetDbFact; readonly at: number } | null = null;

/**
 * What a public index knows of the site's own address, and of no other. Where other subscribers may share the address it
 * is not asked, since its ports may be theirs. Errors: `unsupported` when it is switched off or there is no such address,
 * else those of `askInternetDb`.
 */
export const internetdbProbe: SiteProbe<"internetdb"> = {
  question: "internetdb",
  deadlineMs: 20_000,
  async ask(context) {
    if (!context.settings.internetdb) return failure("unsupported", "switched off");
    const own = ownRouter(context);
    if (own === null) return failure("unsupported", "no outside address");
    if (own.router.maybeShared) return failure("unsupported", "the outside address may be shared");
    const now = performance.now();
    if (latest?.fact.address === own.address && now - latest.at < KEEP_MS) return success(latest.fact);
    const answer = await askInternetDb(own.address, context.signal);
    if (answer.ok) latest = { fact: answer.value, at: now };
    return answer;
  },
};
