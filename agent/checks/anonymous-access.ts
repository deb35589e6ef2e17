import { doorName, factOf, type OnvifFact } from "../model/index.ts";
import {
  defineCheck,
  fail,
  gapIn,
  groupByName,
  type Judgement,
  notApplicable,
  pass,
  unknown,
} from "./outcomes.ts";

/**
 * ONVIF Core, Access classes for service requests: GetDeviceInformation is READ_SYSTEM and the media requests are
 * READ_MEDIA; neither is PRE_AUTH, so neither may be answered to somebody without a login.
 */
const MEDIA_CALLS = ["GetProfiles", "GetSnapshotUri", "GetStreamUri"] as const;

export const anonymousAccess = defineCheck({
  id: "anonymous-access",
  severity: "medium",
  level: "L1",
  kinds: ["camera", "recorder"],
  questions: ["onvif"],
  text: {
    title: {
      ja: "「{cam}」は、名乗らない人にも情報の一部を渡します",
      en: '"{cam}" tells anyone some of its details',
    },
    why: {
      ja: "ログインしていない人の質問に、カメラの型番や映像の場所などを答えました。映像そのものが見られるかどうかは、別の点検で調べます。",
      en: "Without a login it answered questions about its model or where its video is. Whether the video itself can be watched is a check of its own.",
    },
    whoCanSee: {
      ja: "このカメラまで届く人なら、だれでもたずねられます。",
      en: "Anyone who can reach this camera may ask.",
    },
    steps: [
      {
        actors: ["contractor"],
        text: {
          ja: "カメラ共通の入口（ONVIF）にも、ログインを求める設定にする。",
          en: "Require a login at the common camera interface (ONVIF) as well.",
        },
      },
      {
        actors: ["contractor"],
        text: {
          ja: "「ゲスト」「未登録ユーザー」の許可を切り、使わない利用者名を消す。",
          en: "Switch off guest and unregistered users, and remove unused accounts.",
        },
        menu: "requireLogin",
      },
      {
        actors: ["contractor"],
        text: {
          ja: "切る設定がないときは、カメラの中のソフト（ファームウェア）を新しくする。",
          en: "If there is no such setting, update the camera's firmware.",
        },
        menu: "updateFirmware",
      },
    ],
    standards: ["IPA JISEC-PROC-2018-A01 4.2", "JC-STAR S1.1-01", "EN 303 645 5.6-2"],
  },
  judge({ evidence }) {
    const gap = gapIn(evidence, ["onvif"]);
    if (gap !== null) return [gap];
    const facts = factOf(evidence, "onvif");
    if (facts === null || facts.length === 0) return [notApplicable("no-onvif")];
    const anyPassword = new Set(
      factOf(evidence, "logins")
        ?.doors.filter(({ result }) => result === "open-view")
        .map(({ door }) => doorName(door)),
    );
    const doors = groupByName(facts, ({ door }) => doorName(door));
    const judged = [...doors].map(([subject, services]) =>
      judgeDoor(subject, services, anyPassword.has(subject)),
    );
    if (judged.some(({ outcome }) => outcome === "fail")) return judged;
    const decisive = judged.find(({ outcome }) => outcome === "unknown") ?? judged[0] ?? unknown("unclear");
    return [{ ...decisive, subject: "" }];
  },
});

/** One port may hold several ONVIF services by path; the worst of them speaks for the door. */
function judgeDoor(subject: string, services: readonly OnvifFact[], anyPassword: boolean): Judgement {
  const evidence = services.map(line);
  const calls = services.map(({ anonymous }) => anonymous);
  const audience = "building";
  if (calls.some((call) => MEDIA_CALLS.some((name) => call[name] === "answered")))
    return fail({ subject, audience, evidence });
  if (anyPassword) return fail({ subject, audience, evidence, because: "any-password" });
  if (calls.some(({ GetDeviceInformation }) => GetDeviceInformation === "answered"))
    return fail({ subject, audience, evidence, severity: "low" });
  if (calls.some((call) => Object.values(call).includes("failed")))
    return unknown("unclear", { subject, evidence });
  return calls.every((call) => Object.values(call).includes("refused"))
    ? pass({ subject, evidence })
    : unknown("unclear", { subject, evidence });
}

function line({ door, path, anonymous }: OnvifFact): string {
  const calls = Object.entries(anonymous).map(([call, answer]) => `${call} ${answer}`);
  return `${doorName(door)} ${path}: ${calls.join(", ")}`;
}
