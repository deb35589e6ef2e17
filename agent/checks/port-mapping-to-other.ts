import { type InboundPath, isCameraKind, type SiteView } from "../model/index.ts";
import { defineCheck, fail } from "./outcomes.ts";
import { judgeList, listedBy } from "./router.ts";
import { leadsToAgent, wayLine, waysByName, weigh } from "./ways.ts";

export const portMappingToOther = defineCheck({
  id: "port-mapping-to-other",
  severity: "medium",
  level: "L0",
  kinds: ["router"],
  questions: ["igd"],
  siteQuestions: ["gateway"],
  text: {
    title: {
      ja: "外から中へ通す設定が、ほかにもあります",
      en: "The router passes outside traffic on to another device",
    },
    why: {
      ja: "インターネットの出入り口の機械（ルーター）に、外から「{target}」へ通す設定があります（外側の番号：{port}）。何のための設定か、この機械では分かりません。",
      en: 'The router holds an entry that passes traffic from the internet on to "{target}" (outside port {port}). We cannot tell what it is for.',
    },
    whoCanSee: {
      ja: "インターネットの側から、その機械の入口まで届く設定です。",
      en: "The router is set to let the internet reach that device's door.",
    },
    steps: [
      {
        actors: ["site"],
        text: {
          ja: "心当たりを業者に伝える（電話、ゲーム機、録画機、電気の管理など）。",
          en: "Tell the contractor what it might be for: phone, games, recorder, energy control.",
        },
      },
      {
        actors: ["contractor", "carrier"],
        text: {
          ja: "要らない設定は消す。要るものは、使える相手を限る。",
          en: "Delete what is not needed. Limit who may use the rest.",
        },
      },
      {
        actors: ["site"],
        text: {
          ja: "残すものは、理由と期限をこの画面に書く。",
          en: "For what stays, record the reason and an end date on this page.",
        },
      },
    ],
    standards: ["IPA JISEC-PROC-2018-A01 3.4", "総務省 (MIC) 2025-12-23 (3)", "EN 303 645 5.6-1"],
  },
  judge(input) {
    const { site } = input;
    const others = listedBy(input).filter((path) => isOther(path, site));
    const failing = [...waysByName(others)].map(([subject, paths]) =>
      fail({
        subject,
        ...weigh(paths, site, "medium"),
        evidence: paths.map(wayLine),
        paths,
        values: { port: paths[0]?.externalPort ?? "1-65535", target: targetName(paths, site) },
      }),
    );
    return judgeList(input, failing);
  },
});

/** What the device that holds the address is counts, never what the entry's description calls it. */
function isOther(path: InboundPath, site: SiteView): boolean {
  const kind = site.devices.find(({ id }) => id === path.deviceId)?.kind;
  return !(kind && isCameraKind(kind)) && !leadsToAgent(path, site);
}

function targetName([path]: readonly InboundPath[], site: SiteView): string {
  const device = site.devices.find(({ id }) => id === path?.deviceId);
  return device?.names[0] ?? device?.model ?? path?.internalAddress ?? "-";
}
