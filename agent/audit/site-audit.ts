import {
  type Answer,
  causeOf,
  failure,
  isCameraKind,
  type OnProgress,
  type RouterView,
  type SiteEvidence,
  type SiteFacts,
  type SiteQuestionId,
  type SiteRefusal,
} from "../model/index.ts";
import { SITE_PROBES, type SiteContext } from "../probes/index.ts";

export interface SiteAuditOptions extends Omit<SiteContext, "signal"> {
  /** True when this machine passes packets on between a LAN and the outside. */
  readonly isRouter: boolean;
  /** Only these questions (a recheck); all when missing. */
  readonly only?: ReadonlySet<SiteQuestionId>;
  readonly signal: AbortSignal;
  readonly now: () => Date;
  readonly onProgress: OnProgress;
}

/** Puts the questions about the site as a whole, as far as the owner's switches and consent go. */
export async function auditSite(options: SiteAuditOptions): Promise<SiteEvidence> {
  const put = async (question: SiteQuestionId): Promise<SiteEvidence> =>
    options.only && !options.only.has(question) ? {} : { [question]: await ask(question, options) };
  const parts = await Promise.all([
    put("ipv6"),
    put("gateway"),
    put("internetdb"),
    // Both ask the same doors inside: one after the other, so that a camera sees two connections at most.
    put("hairpin").then(async (hairpin) => ({ ...hairpin, ...(await put("vantage")) })),
  ]);
  return Object.assign({}, ...parts);
}

async function ask<Q extends SiteQuestionId>(
  question: Q,
  options: SiteAuditOptions,
): Promise<NonNullable<SiteEvidence[SiteQuestionId]>> {
  const because = refusal(question, options);
  if (because !== null) return { asked: false, because };
  const at = options.now().toISOString();
  options.onProgress({ type: "site", question, at });
  const { deadlineMs } = SITE_PROBES[question];
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(deadlineMs)]);
  const answer = await answered(question, { ...options, signal });
  return { asked: true, at, answer } as NonNullable<SiteEvidence[SiteQuestionId]>;

  /** An exception is our bug: it becomes this question's answer with its cause. */
  async function answered(name: Q, context: SiteContext): Promise<Answer<SiteFacts[Q]>> {
    try {
      return (await SITE_PROBES[name].ask(context)) as Answer<SiteFacts[Q]>;
    } catch (error) {
      const cause = causeOf(error);
      options.onProgress({ type: "trouble", deviceId: null, where: name, cause, at });
      return failure("error", cause);
    }
  }
}

/** Why a question may not be put, or has nobody to be put to. */
function refusal(question: SiteQuestionId, options: SiteAuditOptions): SiteRefusal | null {
  if (options.signal.aborted) return "cancelled";
  const { settings, routers } = options;
  switch (question) {
    case "ipv6":
      return null;
    case "gateway":
      return options.isRouter ? null : "not-the-router";
    case "hairpin":
      if (!settings.hairpin) return "switched-off";
      return nobodyToAsk(options) ?? noAddress(routers);
    case "vantage":
      return settings.vantage === null ? "switched-off" : nobodyToAsk(options);
    case "internetdb":
      return settings.internetdb ? noAddress(routers) : "switched-off";
  }
}

function nobodyToAsk({ devices, askable }: SiteAuditOptions): SiteRefusal | null {
  if (askable.length > 0) return null;
  const isCamera = devices.some(({ kind }) => isCameraKind(kind));
  return isCamera ? "no-consent" : "no-camera";
}

function noAddress(routers: readonly RouterView[]): SiteRefusal | null {
  const kinds = routers.map(({ connection }) => connection);
  if (kinds.includes("public")) return null;
  return kinds.includes("cgnat") || kinds.includes("ds-lite")
    ? "not-reachable-by-ipv4"
    : "no-outside-address";
}
