import { isSameDevice } from "../model/index.ts";
import { defineCheck, fail, notApplicable, pass, unknown } from "./outcomes.ts";

/** For a known camera that was not seen, the audit hands in a device made from its record. */
export const missingCamera = defineCheck({
  id: "missing-camera",
  severity: "medium",
  level: "L0",
  kinds: ["camera", "recorder"],
  questions: [],
  text: {
    title: {
      ja: "「{cam}」が見つからなくなりました",
      en: '"{cam}" has disappeared',
    },
    why: {
      ja: "このカメラから返事がありません。その間の点検はできていません。",
      en: "This camera does not answer. Meanwhile it has not been checked.",
    },
    whoCanSee: {
      ja: "まだ分かりません。",
      en: "Not known yet.",
    },
    steps: [
      {
        actors: ["site"],
        text: {
          ja: "カメラがその場所にあるか、ランプがついているかを見る。",
          en: "See whether the camera is in its place and its lamp is on.",
        },
      },
      {
        actors: ["site"],
        text: {
          ja: "電源とネットワークの線を差し直し、10分待つ。",
          en: "Unplug its power and network cables, plug them in again, and wait 10 minutes.",
        },
      },
      {
        actors: ["contractor"],
        text: {
          ja: "外したときは「使うのをやめた」を選び、映像の消し忘れがないか確かめる。",
          en: "If it was removed, mark it as retired and make sure that stored video was erased.",
        },
      },
    ],
    standards: ["IPA JISEC-PROC-2018-A01 4.3"],
  },
  judge({ device, site }) {
    const seen = site.devices.find((other) => isSameDevice(device, other));
    if (seen !== undefined) return [pass({ evidence: seen.addresses.map(({ address }) => address) })];
    const known = site.known.find((other) => isSameDevice(device, other));
    if (known?.retired) return [notApplicable("retired")];
    if (!known?.registered) return [unknown("not-confirmed")];
    if (site.devices.every(({ self }) => self)) return [unknown("network-silent")];
    return [fail({ evidence: [`last seen ${known.lastSeen}`], values: { lastSeen: known.lastSeen } })];
  },
});
