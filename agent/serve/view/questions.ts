import type { Fact, QuestionCard, Words } from "../../../web-ui/index.ts";
import {
  type Asked,
  type FailureReason,
  type HairpinFact,
  type ReachedPort,
  SITE_QUESTION_IDS,
  type SiteEvidence,
  type SiteFacts,
  type SiteNotAsked,
  type SiteQuestionId,
  type SiteRefusal,
  type VantageLook,
} from "../../model/index.ts";
import { withValues } from "./facts.ts";
import type { Scene } from "./scene.ts";

type ToKnow = keyof Words["outside"]["toKnowBy"];

/** What somebody can do where a question was not put; null where nothing would help. */
const AFTER_REFUSAL: Readonly<Record<SiteRefusal, ToKnow | null>> = {
  "switched-off": "switch",
  "not-the-router": null,
  "no-consent": null,
  "no-outside-address": "carrier",
  "not-reachable-by-ipv4": "vantage",
  "no-camera": "camera",
  cancelled: "later",
};

/** Trouble that may be over the next time. */
const PASSING: readonly FailureReason[] = [
  "timeout",
  "refused",
  "unreachable",
  "reset",
  "closed",
  "cancelled",
];

interface Told {
  readonly told: readonly string[];
  readonly toKnow: ToKnow | null;
  readonly facts: readonly Fact[];
}

/** Each question about the site: whether it was put, what came of it, and what would tell more. */
export function questionCards(scene: Scene, evidence: SiteEvidence): readonly QuestionCard[] {
  return SITE_QUESTION_IDS.map((question) => questionCard(scene, evidence, question));
}

function questionCard(scene: Scene, evidence: SiteEvidence, question: SiteQuestionId): QuestionCard {
  const { words, options, language } = scene;
  const { outside, common } = words;
  const card = (state: QuestionCard["state"], at: string | null, { told, toKnow, facts }: Told) => ({
    question,
    state,
    at,
    told,
    toKnow: toKnow === null ? null : outside.toKnowBy[toKnow],
    facts: withValues(facts),
  });
  const put: Asked<unknown> | SiteNotAsked | undefined = evidence[question];
  if (put === undefined) return card("not-put", null, { told: [outside.notPut], toKnow: null, facts: [] });
  if (!put.asked) {
    const toKnow = AFTER_REFUSAL[put.because] ?? null;
    return card("not-put", null, { told: [outside.refusals[put.because]], toKnow, facts: [] });
  }
  if (!put.answer.ok) {
    const reason = options.reasons[put.answer.reason]?.[language] ?? common.unknownReason;
    const detail: Fact = { label: words.finding.evidence, values: [put.answer.detail ?? ""] };
    const toKnow = PASSING.includes(put.answer.reason) ? "later" : null;
    return card("unanswered", put.at, { told: [reason], toKnow, facts: [detail] });
  }
  return card("answered", put.at, TELL[question](words, put.answer.value as never));
}

/** What the answer to each question says, for people and, as facts, for whoever mends. */
const TELL: { readonly [Q in SiteQuestionId]: (words: Words, fact: SiteFacts[Q]) => Told } = {
  ipv6: ({ outside: { told, labels } }, { prefixes, holders }) => ({
    told:
      prefixes.length === 0
        ? [told.noPrefix]
        : [told.prefixes, holders.length > 0 ? told.holders(holders.length) : told.noHolder],
    toKnow: holders.length > 0 ? "vantage" : null,
    facts: [{ label: labels.prefixes, values: prefixes }],
  }),
  gateway: ({ outside: { told, labels } }, { forwards, unread, leases, ipv6 }) => ({
    told: [
      forwards.length > 0 ? told.forwards(forwards.length) : told.noForward,
      told.ipv6[ipv6],
      ...unread.map(({ source, because }) =>
        [told.unread(told.sources[source]), told[UNREAD[because]]].join(" "),
      ),
    ],
    toKnow: null,
    facts: [
      { label: labels.leases, values: leases.map(({ address, mac, name }) => `${address} ${mac} ${name}`) },
    ],
  }),
  hairpin: (words, fact) => hairpinTold(words, fact),
  vantage: ({ outside: { told, labels } }, { looks }) => ({
    told: looks.length === 0 ? [told.noLook] : looks.flatMap((look) => lookTold(told, look)),
    toKnow: looks.length === 0 ? "later" : null,
    facts: [
      { label: labels.seenAs, values: looks.map(({ seenAs }) => seenAs) },
      { label: labels.ports, values: looks.flatMap(({ asked }) => asked.map(portLine)) },
    ],
  }),
  internetdb: ({ outside: { told, labels } }, { address, ports, tags, vulnerabilities }) => ({
    told: [ports.length > 0 ? told.indexed(ports.length) : told.notIndexed],
    toKnow: ports.length > 0 ? "vantage" : null,
    facts: [
      { label: labels.address, values: [address] },
      { label: labels.ports, values: ports.map(String) },
      { label: labels.tags, values: tags },
      { label: labels.weaknesses, values: vulnerabilities },
    ],
  }),
};

const UNREAD = {
  "not-permitted": "unreadNotPermitted",
  malformed: "unreadMalformed",
  "too-large": "unreadTooLarge",
} as const;

/** Silence proves nothing here, and it is said. */
function hairpinTold({ outside: { told, labels } }: Words, { address, asked }: HairpinFact): Told {
  const open = openOf(asked);
  return {
    told:
      open > 0
        ? [told.answered(open, asked.length)]
        : [asked.length > 0 ? told.noneAnswered(asked.length) : told.nothingAsked, told.noProof],
    toKnow: open > 0 ? null : "vantage",
    facts: [
      { label: labels.address, values: [address] },
      { label: labels.ports, values: asked.map(portLine) },
    ],
  };
}

function lookTold(told: Words["outside"]["told"], { family, asked, beacon }: VantageLook): readonly string[] {
  const open = openOf(asked);
  const sentence =
    asked.length === 0
      ? told.nothingAsked
      : open > 0
        ? told.answered(open, asked.length)
        : told.noneAnswered(asked.length);
  return [`${told.families[family]}: ${sentence}`, ...(beacon === null ? [] : [told.beacon[beacon]])];
}

function openOf(asked: readonly ReachedPort[]): number {
  return asked.filter(({ result }) => result === "open").length;
}

function portLine({ port, result }: ReachedPort): string {
  return `${port} ${result}`;
}
