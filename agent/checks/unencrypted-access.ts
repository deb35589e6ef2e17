import { doorName, factOf, type RtspDoorFact, type WebDoorFact } from "../model/index.ts";
import { defineCheck, fail, gapIn, groupByName, pass, unknown } from "./outcomes.ts";
import { exposureOf } from "./ways.ts";

export const unencryptedAccess = defineCheck({
  id: "unencrypted-access",
  severity: "low",
  level: "L1",
  kinds: ["camera", "recorder"],
  questions: ["web", "rtsp"],
  text: {
    title: {
      ja: "「{cam}」は、暗号化していない通信でログインを求めます",
      en: '"{cam}" asks for its login over an unencrypted connection',
    },
    why: {
      ja: "この入口の通信は、暗号化されていません。パスワードや映像を、途中で読まれるおそれがあります。",
      en: "This door's traffic is not encrypted. Passwords or video may be read on the way.",
    },
    whoCanSee: {
      ja: "同じネットワークにつながる人です。来客用のWi-Fiと分かれていなければ、来客も含みます。",
      en: "People on the same network. That includes guests if their Wi-Fi is not kept apart.",
    },
    steps: [
      {
        actors: ["contractor"],
        text: {
          ja: "来客用のWi-Fiと、カメラのネットワークを分ける。",
          en: "Keep the guests' Wi-Fi apart from the cameras' network.",
        },
      },
      {
        actors: ["contractor"],
        text: {
          ja: "カメラで暗号化した通信を使えるなら、有効にする（HTTPS、RTSPS）。",
          en: "Where the camera offers encryption (HTTPS, RTSPS), turn it on.",
        },
      },
      {
        actors: ["site"],
        text: {
          ja: "カメラのパスワードは、ほかで使っていないものに変える。",
          en: "Give the camera a password that is used nowhere else.",
        },
      },
    ],
    standards: ["IPA JISEC-PROC-2018-A01 4.2", "EN 303 645 5.5-1", "EN 303 645 5.5-7"],
  },
  judge({ device, evidence, site }) {
    const web = factOf(evidence, "web")?.doors ?? [];
    const rtsp = factOf(evidence, "rtsp")?.doors ?? [];
    const plain = [...web.filter(isPlainLogin), ...rtsp.filter(isPlainBasic)];
    const doors = groupByName(plain, ({ door }) => doorName(door));
    const failing = [...doors].map(([subject, facts]) =>
      fail({
        subject,
        audience: facts[0] ? exposureOf(site, device, facts[0].door, "low").audience : "building",
        evidence: facts.map(({ schemes }) => `${subject}: ${schemes.join(", ") || "login form"}`),
      }),
    );
    const gap = gapIn(evidence, ["web", "rtsp"]);
    if (failing.length > 0) return gap === null ? failing : [...failing, gap];
    if (gap !== null) return [gap];
    const silent = (factOf(evidence, "web")?.unanswered?.length ?? 0) > 0 || rtsp.some(saidNothing);
    if (silent) return [unknown("door-not-asked")];
    const seen = [...web, ...rtsp].map(({ door, schemes }) => `${doorName(door)}: ${schemes.join(", ")}`);
    return [seen.length > 0 ? pass({ evidence: seen }) : unknown("no-door")];
  },
});

function isPlainLogin({ door, schemes, asksPassword }: WebDoorFact): boolean {
  return door.protocol === "http" && (asksPassword || schemes.length > 0);
}

function saidNothing({ server, schemes, describes }: RtspDoorFact): boolean {
  return server === null && schemes.length === 0 && describes.every(({ status }) => status === null);
}

/** RTSP without TLS is the rule; what stands out is a door that offers no way but to send the password readable. */
function isPlainBasic({ door, schemes }: RtspDoorFact): boolean {
  return door.protocol === "rtsp" && schemes.includes("basic") && !schemes.includes("digest");
}
