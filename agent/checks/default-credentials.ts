import {
  type CheckInput,
  doorName,
  type Evidence,
  factOf,
  type LoginFact,
  type NotTriedReason,
  type VendorFile,
} from "../model/index.ts";
import {
  defineCheck,
  fail,
  gapIn,
  groupByName,
  type Judgement,
  notApplicable,
  notChecked,
  pass,
  unknown,
} from "./outcomes.ts";
import { exposureOf } from "./ways.ts";

/** Reasons that are a decision not to try; every other one is a try that settled nothing. */
const DECISIONS: ReadonlySet<NotTriedReason> = new Set([
  "no-consent",
  "not-this-manager",
  "budget",
  "lock-out",
  "cancelled",
]);

export const defaultCredentials = defineCheck({
  id: "default-credentials",
  severity: "high",
  level: "L2",
  kinds: ["camera", "recorder"],
  questions: ["logins"],
  text: {
    title: {
      ja: "「{cam}」のパスワードが、買ったときのままです",
      en: '"{cam}" still has its factory password',
    },
    why: {
      ja: "説明書などで公開されている最初のパスワードで、このカメラに入れました。設定は何も変えていません。",
      en: "The first password, published in manuals and on the web, was accepted by this camera. We changed no setting.",
    },
    whoCanSee: {
      ja: "このカメラまで届く人なら、だれでも調べて入れます。映像を見たり、設定を変えたりできます。",
      en: "Anyone who can reach this camera can look the password up, watch, and change its settings.",
    },
    steps: [
      {
        actors: ["site", "contractor"],
        text: {
          ja: "カメラの管理画面で、ほかで使っていない長いパスワードに変える。",
          en: "In the camera's own settings, change it to a long password used nowhere else.",
        },
        menu: "changePassword",
      },
      {
        actors: ["contractor"],
        text: {
          ja: "別の入口（RTSP・ONVIFなど）のパスワードも変え、録画機やアプリに入れ直す。",
          en: "Change the passwords of other doors too (RTSP, ONVIF), then update recorder and app.",
        },
      },
      {
        actors: ["site"],
        text: {
          ja: "新しいパスワードをだれが知っているか、紙に書き残す。",
          en: "Note on paper who knows the new password.",
        },
      },
    ],
    standards: ["IPA JISEC-PROC-2018-A01 4.2", "総務省 (MIC) 2025-12-23 (1)", "JC-STAR S1.1-02"],
  },
  judge(input) {
    const gap = gapIn(input.evidence, ["logins"]);
    if (gap !== null) return [gap];
    const logins = factOf(input.evidence, "logins");
    if (logins === null || logins.doors.length === 0) return [untried(logins?.because ?? "no-door")];
    const doors = groupByName(logins.doors, ({ door }) => doorName(door));
    // One made-up password that was refused shows that this device looks at passwords; a second would only cost a try.
    const looksAtPasswords = logins.doors.some(({ control }) => control === "rejected");
    const judged = [...doors].map(([subject, tries]) => judgeDoor(subject, tries, looksAtPasswords, input));
    if (judged.some(({ outcome }) => outcome === "fail")) return judged;
    const unsettled = judged.find(({ outcome }) => outcome === "unknown" || outcome === "notchecked");
    const decisive =
      unsettled ?? judged.find(({ outcome }) => outcome === "pass") ?? unknown("no-login-asked");
    return [{ ...decisive, subject: "", evidence: logins.doors.map(line) }];
  },
});

function judgeDoor(
  subject: string,
  tries: readonly LoginFact[],
  looksAtPasswords: boolean,
  input: CheckInput,
): Judgement {
  const evidence = tries.map(line);
  const results = new Set(tries.map(({ result }) => result));
  const [first] = tries;
  if (looksAtPasswords && results.has("accepted") && first !== undefined) {
    const { severity, audience, paths, lines } = exposureOf(input.site, input.device, first.door, "high");
    return fail({ subject, severity, audience, evidence: [...evidence, ...lines], paths });
  }
  if (results.has("open-view")) return unknown("any-password", { subject, evidence });
  if (results.has("accepted")) return unknown("control-not-tried", { subject, evidence });
  if (results.has("locked")) return notChecked("lock-out", { subject, evidence });
  const unsettled = tries.find(({ result }) => result === "failed" || result === "not-tried");
  if (unsettled !== undefined) {
    const because = unsettled.because ?? "error";
    const form = because === "no-login-asked" && asksByForm(subject, input.evidence);
    return { ...untried(form ? "unsupported" : because), subject, evidence };
  }
  return allTried(tries, input.vendor)
    ? pass({ subject, evidence })
    : unknown("not-all-tried", { subject, evidence });
}

/** A page may ask for the password by a form of its own; such a door was not tried, and must not count as one without. */
function asksByForm(subject: string, evidence: Evidence): boolean {
  const doors = factOf(evidence, "web")?.doors ?? [];
  return doors.some(({ door, asksPassword }) => doorName(door) === subject && asksPassword);
}

/**
 * `no-factory-login` is said of a known maker only: then there is no published password that could still be in use.
 * At a door that asks for no login there is none to try; whether it shows itself is for `open-live-view` to say.
 */
function untried(because: NotTriedReason): Judgement {
  if (because === "no-factory-login" || because === "no-login-asked") return notApplicable(because);
  return DECISIONS.has(because) ? notChecked(because) : unknown(because);
}

/** True when every login that the maker's file documents for this door was refused there. */
function allTried(tries: readonly LoginFact[], vendor: VendorFile | null): boolean {
  const refused = new Set(tries.map(({ login }) => login));
  const protocol = tries[0]?.door.protocol;
  const kind = protocol === "https" ? "http" : protocol;
  return (
    vendor?.factoryLogins.every(
      ({ doors }, index) =>
        (doors !== undefined && !doors.some((door) => door === kind)) ||
        refused.has(`${vendor.id}#/factoryLogins/${index}`),
    ) ?? false
  );
}

/** Names the documented login by its place in the maker's file; its strings never come this far. */
function line({ door, result, login, scheme, control, because }: LoginFact): string {
  const parts = [login, scheme, control === null ? null : `made-up password ${control}`, because];
  return `${doorName(door)} ${result}: ${parts.filter((part) => part !== null).join(", ") || "-"}`;
}
