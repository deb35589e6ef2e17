import type { Language } from "../model/index.ts";

/** The terminal's own words; findings bring theirs from the checks. */
const en = {
  columns: { device: "DEVICE", identity: "MAKER · MODEL", address: "ADDRESS", result: "RESULT" },
  results: { fail: "{n} problem(s)", open: "{n} not settled", pass: "no problem found" },
  cameras: "Cameras and recorders",
  others: "Other devices on this network: {n} ({list})",
  kinds: { camera: "camera", recorder: "recorder", router: "router", other: "other", unknown: "unknown" },
  findings: "What was found",
  open: "What could not be checked",
  mappings: "Paths from the internet, as the router lists them",
  noMappings: "The router lists no path from the internet.",
  nobody: "no device here",
  off: "switched off",
  actors: { site: "on site", contractor: "contractor", carrier: "internet or router company" },
  noCamera: "No camera was found. If there are cameras, they may be on another network.",
  summary: {
    fail: "{n} problem(s) found on {cameras} camera(s). Begin at the top.",
    unknown: "No problem was found so far, but {n} check(s) could not be done: this is no all-clear.",
    pass: "This check found no problem on {cameras} camera(s). It sees only this network, only now.",
  },
  noConsent:
    'Nothing was asked of the cameras, because nobody gave permission. The person in charge does: --consent "NAME, ROLE".',
  progress: {
    discover: "Looking for devices",
    inventory: "Telling them apart",
    probes: "Asking each one",
    checks: "Drawing conclusions",
    done: "Done",
  },
} as const;

type Words<T> = { readonly [K in keyof T]: T[K] extends string ? string : Words<T[K]> };

const ja: Words<typeof en> = {
  columns: { device: "機械", identity: "メーカー・型番", address: "アドレス", result: "結果" },
  results: { fail: "{n}件の問題", open: "{n}件は確認できず", pass: "問題は見つからず" },
  cameras: "カメラと録画機",
  others: "このネットワークのほかの機械: {n}台（{list}）",
  kinds: { camera: "カメラ", recorder: "録画機", router: "ルーター", other: "その他", unknown: "不明" },
  findings: "見つかったこと",
  open: "確認できなかったこと",
  mappings: "外から中へ通す設定（ルーターの一覧）",
  noMappings: "外から中へ通す設定は、ルーターの一覧にありません。",
  nobody: "ここにない機械",
  off: "無効",
  actors: { site: "園・施設", contractor: "業者", carrier: "回線・ルーター会社" },
  noCamera:
    "カメラは見つかりませんでした。あるはずのときは、別のネットワークにつながっているかもしれません。",
  summary: {
    fail: "カメラ{cameras}台で、{n}件の問題が見つかりました。上から順番に対応してください。",
    unknown: "危険な点は見つかっていませんが、{n}件の点検ができませんでした。「問題なし」とは言えません。",
    pass: "カメラ{cameras}台で、この点検では問題は見つかりませんでした。分かるのは、いまのこのネットワークだけです。",
  },
  noConsent:
    '許可がないため、カメラには何もたずねていません。責任者の方の許可を付けてください: --consent "名前, 役職"',
  progress: {
    discover: "機械を探しています",
    inventory: "機械を見分けています",
    probes: "1台ずつ、たずねています",
    checks: "結果をまとめています",
    done: "終わりました",
  },
};

export type CliWords = Words<typeof en>;
export const WORDS: Readonly<Record<Language, CliWords>> = { ja, en };
