import { isSameDevice } from "../model/index.ts";
import { defineCheck, fail, notApplicable, pass, unknown } from "./outcomes.ts";

export const unknownCamera = defineCheck({
  id: "unknown-camera",
  severity: "medium",
  level: "L0",
  kinds: ["camera", "recorder"],
  questions: [],
  text: {
    title: {
      ja: "登録のないカメラが見つかりました",
      en: "A camera appeared that is not registered",
    },
    why: {
      ja: "カメラらしい機械「{cam}」が、ネットワークにつながっています。いま使っているカメラとして登録されていません。",
      en: 'A device that looks like a camera, "{cam}", is on the network. It is not registered as a camera in use here.',
    },
    whoCanSee: {
      ja: "まだ分かりません。",
      en: "Not known yet.",
    },
    steps: [
      {
        actors: ["site"],
        text: {
          ja: "最近カメラや見守りの機械を付けた人がいないか、職員と業者に聞く。",
          en: "Ask staff and contractor whether anyone installed a camera or monitor lately.",
        },
      },
      {
        actors: ["site"],
        text: {
          ja: "心当たりがあれば、この画面で名前を付けて登録する。",
          en: "If someone did, name it and register it on this page.",
        },
      },
      {
        actors: ["site"],
        text: {
          ja: "なければ動かさずに責任者へ知らせる。隠しカメラと思うときは警察に相談する（#9110、急ぐときは110）。",
          en: "If not, leave it in place and tell the person in charge. If it may be hidden, ask the police (in Japan #9110, or 110 if it is urgent).",
        },
      },
    ],
    standards: ["IPA JISEC-PROC-2018-A01 4.3", "EN 303 645 5.3-16"],
  },
  judge({ device, site }) {
    const known = site.known.find((other) => isSameDevice(device, other));
    const evidence = [...device.addresses.map(({ address }) => address), ...(device.mac ? [device.mac] : [])];
    if (known?.retired) return [fail({ evidence, because: "came-back" })];
    if (known?.registered) return [pass({ evidence: [`registered, first seen ${known.firstSeen}`] })];
    if (site.firstScan) return [notApplicable("first-scan")];
    // Being seen twice does not make it known: a finding stays open until a person has said that it belongs here.
    return [known === undefined ? fail({ evidence }) : unknown("not-confirmed")];
  },
});
