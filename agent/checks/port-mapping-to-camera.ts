import { defineCheck, fail, pass } from "./outcomes.ts";
import { gapInLists, isListed, wayLine, waysByName, weigh } from "./ways.ts";

export const portMappingToCamera = defineCheck({
  id: "port-mapping-to-camera",
  severity: "high",
  level: "L0",
  kinds: ["camera", "recorder"],
  questions: [],
  siteQuestions: ["gateway", "hairpin", "vantage"],
  text: {
    title: {
      ja: "「{cam}」への入口が、外に向けて開いています",
      en: 'A door to "{cam}" is open to the internet',
    },
    why: {
      ja: "インターネットの出入り口の機械（ルーター）に、外から「{cam}」へ通す設定があります（外側の番号：{port}）。",
      en: 'The router holds an entry that passes traffic from the internet on to "{cam}" (outside port {port}).',
    },
    whoCanSee: {
      ja: "インターネットの側から、このカメラの入口まで届く設定です。パスワードが弱いと、中まで入られる可能性があります。",
      en: "The router is set to let the internet reach this camera's door. With a weak password, people may get in.",
    },
    steps: [
      {
        actors: ["site"],
        text: {
          ja: "外からこのカメラを見ている人がいるか確かめ、業者に電話する。",
          en: "Find out whether anyone watches this camera from outside, and phone the contractor.",
        },
      },
      {
        actors: ["contractor", "carrier"],
        text: {
          ja: "ルーターのこの設定を消し、カメラで入口を自動で開ける機能（UPnP）を切る。",
          en: "Delete this entry in the router, and turn off automatic port mapping (UPnP) in the camera.",
        },
        menu: "disableUpnp",
      },
      {
        actors: ["contractor"],
        text: {
          ja: "外から見る必要があれば、入口を開けない方法に替える（メーカーの中継、VPN）。",
          en: "If remote viewing is needed, use a way without an open door (the maker's relay, a VPN).",
        },
      },
    ],
    standards: ["IPA JISEC-PROC-2018-A01 3.4", "総務省 (MIC) 2025-12-23 (3)", "EN 303 645 5.6-1"],
  },
  judge({ device, site }) {
    const mine = waysByName(
      site.paths.filter((path) => path.family === 4 && path.deviceId === device.id && isListed(path)),
    );
    const open = [...mine].map(([subject, paths]) =>
      fail({
        subject,
        ...weigh(paths, site, "high"),
        evidence: paths.map(wayLine),
        paths,
        values: { port: paths[0]?.externalPort ?? "1-65535" },
      }),
    );
    const gap = gapInLists(site.mappingLists);
    if (open.length > 0) return gap === null ? open : [...open, gap];
    return [gap ?? pass()];
  },
});
