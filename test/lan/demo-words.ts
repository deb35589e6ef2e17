import type { Language } from "../../agent/model/index.ts";
import type { PartName } from "./parts.ts";

interface DemoWords {
  readonly starts: string;
  readonly up: (devices: number, seconds: string) => string;
  readonly real: string;
  readonly standIn: string;
  readonly roles: Readonly<Record<PartName, string>>;
  readonly mend: (command: string) => string;
  readonly page: string;
  readonly code: string;
  readonly codeIsFor: string;
  readonly fills: string;
  readonly asked: (done: number, total: number) => string;
  readonly through: (seconds: string) => string;
  readonly stays: string;
  readonly ended: string;
  readonly removed: string;
}

const en: DemoWords = {
  starts:
    "Komainu: the virtual network starts (no root, no hardware, nothing outside this machine is touched)",
  up: (devices, seconds) => `${devices} devices and a router are up after ${seconds} s. They are played by:`,
  real: "real    ",
  standIn: "stand-in",
  roles: {
    miniupnpd: "the router's port mappings (IGD)",
    avahi: "announcements (mDNS)",
    gstreamer: "cameras' streams (RTSP)",
    ustreamer: "a camera with an open view",
    motion: "a camera with an open view",
  },
  mend: (command) => `to make it real: ${command}`,
  page: "Page",
  code: "Claim code",
  codeIsFor: "(names, addresses and steps are shown to who knows it)",
  fills: "Open the page now: it fills while the first check runs. Ctrl-C ends all this and removes it.",
  asked: (done, total) => `${done} of ${total} devices are done`,
  through: (seconds) => `The first check is through after ${seconds} s:`,
  stays: "The page stays until Ctrl-C.",
  ended: "Komainu ended by itself; what it said is above.",
  removed: "Everything is removed.",
};

const ja: DemoWords = {
  starts:
    "Komainu: 仮想のネットワークを始めます（管理者権限も機器もいりません。この機械の外には何も送りません）",
  up: (devices, seconds) => `機械${devices}台とルーターが${seconds}秒でそろいました。演じているのは:`,
  real: "本物",
  standIn: "代役",
  roles: {
    miniupnpd: "ルーターの、外から中へ通す設定（IGD）",
    avahi: "名乗り（mDNS）",
    gstreamer: "カメラの映像（RTSP）",
    ustreamer: "映像を隠していないカメラ",
    motion: "映像を隠していないカメラ",
  },
  mend: (command) => `本物にするには: ${command}`,
  page: "画面",
  code: "番号",
  codeIsFor: "（名前、アドレス、手順は、番号を知っている方だけに見せます）",
  fills: "画面はもう開けます。1回目の点検が進むと埋まっていきます。Ctrl-C ですべて終わり、何も残りません。",
  asked: (done, total) => `${total}台のうち${done}台が済みました`,
  through: (seconds) => `1回目の点検が${seconds}秒で終わりました:`,
  stays: "画面は Ctrl-C まで開けます。",
  ended: "Komainu がひとりでに終わりました。理由は上の行にあります。",
  removed: "すべて片付けました。",
};

export const DEMO_WORDS: Readonly<Record<Language, DemoWords>> = { en, ja };
