import { defineCheck, fail } from "./outcomes.ts";
import { judgeList, listedBy, speaksForSite } from "./router.ts";
import { isListed, leadsToAgent, wayLine, waysByName } from "./ways.ts";

export const agentExposed = defineCheck({
  id: "agent-exposed",
  severity: "critical",
  level: "L0",
  kinds: ["router"],
  questions: ["igd"],
  siteQuestions: ["gateway", "vantage"],
  text: {
    title: {
      ja: "この点検の機械が、外から届く設定です",
      en: "This checker itself is set up to be reached from outside",
    },
    why: {
      ja: "インターネットの出入り口の機械（ルーター）に、外からこの画面へ通す設定があります（外側の番号：{port}）。この画面には、カメラの弱いところがのっています。",
      en: "The router holds an entry that passes traffic from the internet on to this page (outside port {port}). This page lists the weak points of your cameras.",
    },
    whoCanSee: {
      ja: "インターネットの側から、この画面まで届く設定です。",
      en: "The router is set to let the internet reach this page.",
    },
    steps: [
      {
        actors: ["site"],
        text: {
          ja: "この点検の機械の電源を抜き、業者に電話する。",
          en: "Unplug this checker and phone the contractor.",
        },
      },
      {
        actors: ["contractor", "carrier"],
        text: {
          ja: "ルーターのこの設定を消す。",
          en: "Delete this entry in the router.",
        },
      },
      {
        actors: ["contractor"],
        text: {
          ja: "だれが何のために作った設定か調べ、責任者に書面で知らせる。",
          en: "Find out who made the entry and why, and tell the person in charge in writing.",
        },
      },
    ],
    standards: ["IPA JISEC-PROC-2018-A01 3.4", "EN 303 645 5.6-1"],
  },
  judge(input) {
    const { site } = input;
    const measured = speaksForSite(input) ? site.paths.filter((path) => !isListed(path)) : [];
    const leading = [...listedBy(input), ...measured].filter((path) => leadsToAgent(path, site));
    const failing = [...waysByName(leading)].map(([subject, paths]) =>
      fail({
        subject,
        audience: "internet",
        evidence: paths.map(wayLine),
        paths,
        values: { port: paths[0]?.externalPort ?? "1-65535" },
      }),
    );
    return judgeList(input, failing);
  },
});
