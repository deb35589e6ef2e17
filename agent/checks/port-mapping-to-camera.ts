import { enabledByName, gapInLists, mappingLine } from "./mappings.ts";
import { defineCheck, fail, pass } from "./outcomes.ts";

export const portMappingToCamera = defineCheck({
  id: "port-mapping-to-camera",
  severity: "high",
  level: "L0",
  kinds: ["camera", "recorder"],
  questions: [],
  text: {
    title: {
      ja: "「{cam}」への入口が、外に向けて開いています",
      en: 'A door to "{cam}" is open to the internet',
    },
    why: {
      ja: "インターネットの出入り口の機械（ルーター）に、外から「{cam}」へ通す設定があります。外側の番号は{port}です。",
      en: 'The router holds an entry that passes traffic from the internet on to "{cam}". Its outside port is {port}.',
    },
    whoCanSee: {
      ja: "インターネットの側から、このカメラの入口まで届く設定です。パスワードが弱いと、中まで入れます。",
      en: "The router is set to let the internet reach this camera's door. A weak password then lets people in.",
    },
    steps: [
      {
        actors: ["contractor", "carrier"],
        text: {
          ja: "外から見るのに使っていないか園に確かめてから、ルーターのこの設定を消す。",
          en: "Ask whether anyone uses it for remote viewing, then delete this entry in the router.",
        },
      },
      {
        actors: ["contractor"],
        text: {
          ja: "カメラと録画機で、入口を自動で開ける機能（UPnP）を切る。",
          en: "In camera and recorder, turn off automatic port mapping (UPnP).",
        },
      },
      {
        actors: ["site"],
        text: {
          ja: "外から見たいときは、入口を開けない方法を業者に相談する（メーカーの中継、VPN）。",
          en: "If you need remote viewing, ask for a way without an open door (the maker's relay, a VPN).",
        },
      },
    ],
    standards: ["IPA JISEC-PROC-2018-A01 3.4", "総務省 2025-12-23 (3)", "EN 303 645 5.6-1"],
  },
  judge({ device, site }) {
    const mine = enabledByName(site.mappings.filter(({ deviceId }) => deviceId === device.id));
    const open = [...mine].map(([subject, mappings]) =>
      fail({
        subject,
        audience: "internet",
        evidence: mappings.map(mappingLine),
        values: { port: mappings[0]?.externalPort ?? 0 },
      }),
    );
    const gap = gapInLists(site.mappingLists);
    if (open.length > 0) return gap === null ? open : [...open, gap];
    return [gap ?? pass()];
  },
});
