import { factOf } from "../model/index.ts";
import { defineCheck, fail, gapIn, pass, unknown } from "./outcomes.ts";
import { exposureOf } from "./ways.ts";

/** IANA's telnet, which must have been asked, and the other port on which cameras have it. */
const TELNET_PORT = 23;
const OTHER_PORT = 2323;

export const telnetOpen = defineCheck({
  id: "telnet-open",
  severity: "high",
  level: "L1",
  kinds: ["camera", "recorder"],
  questions: ["ports", "telnet"],
  text: {
    title: {
      ja: "「{cam}」に、古い遠隔操作の入口が開いています",
      en: '"{cam}" has an old remote-control door open',
    },
    why: {
      ja: "文字だけで機械を操作する古い入口（Telnet）が開いています。通信は暗号化されません。悪いプログラムがよく狙う入口です。",
      en: "An old door for operating the device by text (Telnet) is open. It is not encrypted, and malware often looks for it.",
    },
    whoCanSee: {
      ja: "この建物のネットワークにつながる人は、この入口まで届きます。外から中へ通す設定があれば、インターネットからも届きます。",
      en: "Everyone on this building's network can reach this door. If a path from outside leads to it, the internet can too.",
    },
    steps: [
      {
        actors: ["contractor"],
        text: {
          ja: "カメラの設定で、この入口（Telnet）を切る。",
          en: "Switch Telnet off in the camera's settings.",
        },
      },
      {
        actors: ["contractor"],
        text: {
          ja: "切る項目がないときは、カメラの中のソフト（ファームウェア）を新しくする。",
          en: "If there is no such setting, update the camera's firmware.",
        },
        menu: "updateFirmware",
      },
      {
        actors: ["site"],
        text: {
          ja: "それでも閉じないカメラは、買い替えを業者に相談する。",
          en: "If it still stays open, talk to the contractor about a replacement.",
        },
      },
    ],
    standards: ["IPA JISEC-PROC-2018-A01 4.2", "総務省 (MIC) 2025-12-23 (3)", "EN 303 645 5.6-1"],
  },
  judge({ device, evidence, site }) {
    const open = [...new Set(factOf(evidence, "telnet")?.ports)].map((port) => {
      const { severity, audience, paths, lines } = exposureOf(site, device, { port }, "high");
      const seen = [`telnet:${port} answered`, ...lines];
      return fail({ subject: `telnet:${port}`, severity, audience, evidence: seen, paths });
    });
    const gap = gapIn(evidence, ["ports", "telnet"]);
    if (open.length > 0) return gap === null ? open : [...open, gap];
    if (gap !== null) return [gap];
    const states = factOf(evidence, "ports")?.states ?? {};
    const seen = [TELNET_PORT, OTHER_PORT].map((port) => `telnet:${port} ${states[port] ?? "not asked"}`);
    if (states[TELNET_PORT] === undefined) return [unknown("door-not-asked", { evidence: seen })];
    // A device that answers nowhere may be switched off; silence on one port of a device that answers is a closed door.
    if (Object.values(states).every((state) => state === "silent"))
      return [unknown("timeout", { evidence: seen })];
    const mute = states[TELNET_PORT] === "open" || states[OTHER_PORT] === "open";
    return [mute ? unknown("unclear", { evidence: seen }) : pass({ evidence: seen })];
  },
});
