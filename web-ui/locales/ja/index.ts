import type { Words } from "../words/index.ts";
import { access } from "./access.ts";
import { camera } from "./camera.ts";
import { finding } from "./finding.ts";
import { message } from "./message.ts";
import { outside } from "./outside.ts";
import { picture } from "./picture.ts";
import { report } from "./report.ts";
import { setup } from "./setup.ts";
import { statements } from "./statements.ts";
import { visit } from "./visit.ts";
import { ways } from "./ways.ts";

const those = (n: number): string => (n > 1 ? `その${n}台のカメラ` : "そのカメラ");

export const ja: Words = {
  setup,
  access,
  report,
  visit,
  message,
  finding,
  camera,
  statements,
  picture,
  ways,
  outside,
  language: { own: "日本語", other: "English" },
  product: { name: "こまいぬ", line: "カメラの見張り番" },
  headlines: {
    self: {
      title: () => "この点検の機械が、外から見える状態です",
      sentence: () => "点検の結果を守るため、くわしい表示を止めました。業者の方に連絡してください。",
    },
    emergency: {
      title: () => "いますぐ対応が必要です",
      sentence: ({ who, place, affected }) =>
        `${who}の映像を、${place}の外からだれでも見られる状態を確認しました。まず、${those(affected)}の電源を切ってください。`,
    },
    "emergency-configured": {
      title: () => "いますぐ対応が必要です",
      sentence: ({ who, place, affected }) =>
        `${who}の映像が、${place}の外から見られる設定になっています。まず、${those(affected)}の電源を切ってください。`,
    },
    danger: {
      title: ({ n }) => `危険な点が${n}件あります`,
      sentence: ({ who }) => `${who}に関わります。上から順番に対応してください。やることは3つまでです。`,
    },
    stale: {
      title: () => "点検が止まっています",
      sentence: ({ at }) =>
        `最後に点検できたのは ${at} です。いまの状態は分かりません。電源とネットワークの線を見てください。`,
    },
    waiting: {
      title: () => "点検を始める許可をお待ちしています",
      sentence: () => "責任者の方の確認がすむまで、カメラには何もしません。",
    },
    checking: {
      title: () => "はじめての点検をしています",
      sentence: () => "終わったカメラから順に、結果がこの画面に出ます。",
    },
    "no-camera": {
      title: () => "カメラが見つかりません",
      sentence: () =>
        "カメラがあるのに見つからないときは、別のネットワークにつながっているかもしれません。業者の方に伝えてください。",
    },
    unknown: {
      title: () => "確認できていない点があります",
      sentence: ({ n }) =>
        `危険な点は見つかっていませんが、${n}件の点検ができませんでした。すべて調べたとは言えません。`,
    },
    attention: {
      title: ({ n }) => `注意したい点が${n}件あります`,
      sentence: ({ by }) => `急ぎではありません。${by}までに業者の方と相談してください。`,
    },
    none: {
      title: () => "この点検で問題は見つかりませんでした",
      sentence: ({ total, at }) => `カメラ${total}台、${at} の結果です。`,
    },
  },
  marks: {
    emergency: "いますぐ",
    danger: "危険",
    attention: "注意",
    unknown: "確認できていません",
    waiting: "許可待ち",
    none: "問題は見つかりませんでした",
    checking: "点検中",
  },
  outcomes: {
    pass: "見つかりませんでした",
    fail: "見つかりました",
    unknown: "確認できていません",
    notapplicable: "あてはまりません",
    notchecked: "調べていません",
    error: "点検できませんでした",
  },
  checks: {
    "open-live-view": "パスワードなしで見られる映像",
    "default-credentials": "買ったときのままのパスワード",
    "anonymous-access": "名乗らない人にも見せる設定",
    "port-mapping-to-camera": "外からカメラへ通す設定",
    "port-mapping-to-other": "外から中へ通す、ほかの設定",
    "router-upnp-enabled": "入口を自動で開ける機能",
    "telnet-open": "古い遠隔操作の入口",
    "unencrypted-access": "暗号化されていない通信",
    "outdated-firmware": "中のソフトの古さ",
    "known-exploited-vulnerability": "実際に悪用されている弱点",
    "unknown-camera": "知らないカメラ",
    "missing-camera": "見つからなくなったカメラ",
    "agent-exposed": "外から見えるこの機械",
    "reachable-from-internet": "外から実際に届く入口",
    "ipv6-reachable": "外から届くカメラの住所（IPv6）",
  },
  kinds: {
    camera: "カメラ",
    recorder: "録画機",
    router: "インターネットの出入り口の機械（ルーター）",
    other: "そのほかの機械",
    unknown: "まだ分からない機械",
  },
  managers: {
    site: "ここで管理している",
    contractor: "設置した業者",
    service: "配信などの会社",
    unknown: "まだ分からない",
  },
  actors: { site: "担当の方", contractor: "業者", carrier: "回線の会社" },
  ladder: {
    room: "この部屋の機械だけ",
    building: "この建物のネットワークの人",
    internet: "インターネットの誰でも",
    unknown: "まだ分からない",
  },
  notices: {
    fixed: "直りました。いま確認しました。",
    still: "まだ直っていません。いま確認しました。",
    unsettled: "確認できませんでした。しばらくしてから、もう一度お試しください。",
    checking: "点検を始めました。結果が出るまで少しお待ちください。",
    saved: "保存しました。",
    allowed: "許可を記録しました。",
    withdrawn: "許可を取り消しました。",
    "signed-in": "くわしい結果を表示しています。",
    "signed-out": "この画面のログインを消しました。",
    boxes: "3つの確認とお名前、役職がそろってから許可できます。",
    incomplete: "すべての欄に入力してください。",
    "pin-set": "暗証番号を決めました。これからは、この番号で開いてください。",
    "pin-bad": "暗証番号は6けたの数字です。2回とも同じ番号を入れてください。",
    "pin-simple": "その番号は当てられやすいため、使えません。ほかの6けたの番号を決めてください。",
    "pin-first": "先に、暗証番号を決めてください。",
    "handed-over":
      "引き渡しを記録しました。取り付けのときの番号は、もう使えません。これからは、暗証番号で開いてください。",
    dismissed: "業者の方の番号を止めました。",
    "visit-begun": "保守の作業を始めました。いまの結果を「作業の前」として残しました。",
    "visit-ended": "保守の作業を終わりました。",
    "visit-running": "保守の作業がまだ続いています。",
    signed: "署名を記録しました。",
    "sheet-changed": "報告書の内容が変わったため、記録していません。新しい報告書を印刷し直してください。",
    "way-closed":
      "閉じました。ルーターの一覧から消えたことを確かめました。建物の外からは、確かめていません。",
    "way-confirmed": "閉じました。建物の外からも、閉じたことを確かめました。",
    "way-answers": "ルーターの一覧からは消えました。ですが、建物の外からたずねると、まだ返事があります。",
    "way-already": "押したときには、もうありませんでした。",
    "way-refused":
      "ルーターが断りました。何も変わっていません。下の手順で、ルーターの画面から消してください。",
    "way-changed":
      "中身が、見ていただいたものと変わっていました。何も消していません。もう一度点検してください。",
    "way-still-there":
      "ルーターは受け付けましたが、まだ残っています。下の手順で、ルーターの画面から消してください。",
    "way-failed":
      "ルーターから使える返事がなく、閉じたかどうかは確認できていません。もう一度点検してください。",
    "way-partly": "閉じられたものと、閉じられなかったものがあります。下の記録を見てください。",
    "way-none": "いま、ここから閉じられる入口はありません。",
    "way-closing": "閉じる作業を続けています。少ししてから、この画面を見直してください。",
    "outside-set": "切り替えを記録しました。次の点検から、このように調べます。",
    "vantage-bad":
      "受け取った文字を読み取れませんでした。何も変えていません。業者の方に、もう一度もらってください。",
    "guard-on": "カメラの守りを入れました。",
    "guard-off": "カメラの守りを外しました。",
    "guard-failed": "カメラの守りを変えられませんでした。下の記録を見てください。",
  },
  time: {
    today: "きょう",
    yesterday: "きのう",
    date: (year, month, day) => `${year}年${month}月${day}日`,
    on: (date, clock) => `${date} ${clock}`,
  },
  common: {
    cameras: (n) => `カメラ${n}台`,
    quoted: (name) => `「${name}」`,
    and: "と",
    notCamera: "ルーターなど、カメラのほかの機械",
    thisPlace: "この建物",
    unnamedCamera: "名前のないカメラ",
    lastCheck: "前回の点検",
    nextCheck: "次回の点検",
    never: "まだありません",
    contact: "連絡先",
    unknownReason: "理由はまだ分かりません",
    stoppedSince: "その後は点検できていません。最後の点検",
    lost: "この画面は、いまのようすではないかもしれません。点検の機械と連絡がとれません。電源とネットワークの線を見てください。",
    backToStatus: "はじめの画面へ",
    skip: "本文へ",
    menu: "メニュー",
  },
  status: {
    title: "いまの状態",
    details: "くわしく見る（番号を入力）",
    camerasHeading: "カメラごとの結果",
    elsewhereHeading: "ルーターなど、カメラのほかの結果",
    since: (date) => `少なくとも ${date} から`,
    unsettled: (n, mark) => `${mark} ${n}`,
    notFound: (n) => `調べて見つからなかった点 ${n}`,
    checkNow: "もう一度点検",
    whatToDo: "いまやることを見る",
    accepted: (n) => `このままにすると決めた点（例外） ${n}`,
    cannotKnowTitle: "この点検で分からないこと",
    cannotKnow: (place) =>
      `この機械は、${place}の中のネットワークから調べています。携帯電話の回線を使うカメラのことは分かりません。会社のサーバーにたまる映像や、点検を始める前のことも分かりません。映像の中身は見ていません。`,
    notYet: "まだ点検の結果がありません。",
    more: (n) => `ほか${n}件`,
    asOf: (at) => `ここから下は、いまではなく ${at} の点検の結果です。`,
    openQuestions: (n) => `確認できていない点検が${n}件あります。`,
  },
  scanning: {
    title: "点検中",
    progress: (done, total) => `機械${total}台のうち、${done}台を調べ終わりました。`,
    starting: "ネットワークの中を見ています。",
    mayClose: "この画面は閉じてかまいません。",
    nth: (nth, of) => `${of}台中${nth}台目：`,
    found: "見つけました",
    asked: {
      ports: "開いている入口の確認",
      web: "設定の画面の確認",
      telnet: "古い遠隔操作の入口の確認",
      onvif: "ほかの会社の機械とつなぐ入口の確認",
      rtsp: "映像を流す入口の確認",
      pictures: "パスワードなしの映像の確認",
      logins: "パスワードの確認",
      igd: "外から中へ通す設定の確認",
      portControl: "ルーターの、入口を開ける別の方法の確認",
    },
  },
  claim: {
    title: "番号を入力",
    why: "カメラの名前や直し方は、番号を知っている方だけにお見せします。",
    label: "番号（6けたか8けた）",
    codes: [
      "施設の方は、6けたの暗証番号です。",
      "取り付けの担当の方は、紙かシールにある8けたの番号です。",
      "業者の方は、施設の方から聞いた8けたの番号です。",
    ],
    submit: "くわしく見る",
    wrong: "番号が違います。もう一度見て、入れ直してください。業者の方の番号は、期限が過ぎると使えません。",
    tooMany: (time) => `入力が続いたため、${time} まで受け付けを休みます。`,
    signOut: "この画面のログインを消す",
    lost: "番号が分からないときは、施設の責任者の方か、取り付けた業者の方に聞いてください。",
  },
  consent: {
    title: "責任者の方へ",
    intro: (place) => `この機械は、${place}のカメラが外から見られる状態になっていないかを調べます。`,
    acts: [
      "ネットワークにある機械を見つけます。",
      "カメラに、パスワードなしで映像を出すかどうかをたずねます。映像は見ません。残しません。",
      "許可があるカメラだけ、買ったときのパスワードで入れるかを試します。1日2回までです。入れたらすぐに出ます。設定は変えません。",
    ],
    confirm: "次の3つを確かめてください。",
    boxes: [
      "私は、ここのカメラについて決める立場にあります。",
      "会社が管理するカメラは、その会社の了解を得てから許可します。",
      "いつでも取り消せることを知っています。",
    ],
    person: "お名前",
    role: "役職",
    months: "許可する期間",
    monthsOption: (n) => (n === 12 ? "1年" : `${n}か月`),
    managers: "このカメラは、だれが管理していますか",
    managersHelp: "パスワードを試すのは「ここで管理している」カメラだけです。",
    managersSaid: "カメラを管理している人",
    managersChange: "名前や管理している人を直す",
    allow: "許可して点検を始める",
    lookOnly: "パスワードは試さず、見るだけにする",
    law: "人の機械に、断りなくパスワードを入れることは法律（不正アクセス禁止法）で禁じられています。そのため、許可の記録を残します。",
    records: "許可の記録",
    renew: "新しく許可する",
    whoMay: "許可や取り消しができるのは、施設の責任者の方です。暗証番号で開いてもらってください。",
    none: "許可の記録は、まだありません。",
    recordSealed: (from, until) => `${from} から ${until} までの許可`,
    record: (person, role, from, until) => `${person}（${role}） ${from} から ${until} まで`,
    levelAsk: "見るだけ",
    levelTry: "買ったときのパスワードも試す",
    withdraw: "取り消す",
    withdrawn: (date) => `${date} に取り消しました`,
    expired: "期限が過ぎました",
  },
  about: {
    title: "この機械がすること・しないこと",
    what: "この機械は、ここのネットワークからカメラを見つけて「だれに見えるか」を調べます。結果は、この画面だけに出します。",
    levels: "することと、その条件",
    when: "条件",
    rows: [
      { level: "L0 見る", does: "ネットワークにある機械を見つけます。", when: "いつも" },
      {
        level: "L1 たずねる",
        does: "パスワードなしで映像を出すかどうかを、カメラにたずねます。",
        when: "責任者の許可",
      },
      {
        level: "L2 試す",
        does: "買ったときのパスワードで入れるかを、1日2回まで試します。",
        when: "責任者の許可と、ここで管理しているカメラ",
      },
      { level: "L3 直す", does: "外から中へ通す設定を消します。", when: "そのつど、担当の方が押したとき" },
    ],
    never: "しないこと",
    neverRows: [
      "映像を見ません。残しません。",
      "カメラの設定を、勝手に変えません。",
      "パスワードを当てようと、何度も試しません。",
      "結果を、この建物の外へ送りません。",
      "ルーターに入口を開けさせません。",
      "責任者が切り替えるまで、この建物の外へはたずねません。",
    ],
    passwords: "見るためのサイトやアプリのパスワードと、カメラ本体のパスワードは別です。",
    passwordsText: "カメラ本体にもパスワードが必要です。",
    plainHttp: "「保護されていない通信」と出るとき",
    plainHttpText:
      "この画面は、建物の中だけで使うため、暗号化していません。カメラのパスワードを、この画面でたずねることはありません。",
    version: "版",
  },
  problems: {
    notYours: {
      title: "この番号では開けません",
      text: "ここは、施設の責任者の方だけが使えます。園の暗証番号を持つ方にお願いしてください。",
    },
    notFound: {
      title: "その画面はありません",
      text: "アドレスが変わったか、項目がもうありません。はじめの画面から開き直してください。",
    },
    host: {
      title: "この名前では開けません",
      text: "この機械の名前か、数字のアドレスで開いてください。別の名前を使うときは、設定の allowedHosts にその名前を足してください。",
    },
    bad: { title: "入力を受け取れませんでした", text: "入力した内容を見直して、もう一度お試しください。" },
    broken: {
      title: "この機械の中で問題が起きました",
      text: "もう一度お試しください。続くときは、業者の方に連絡してください。",
    },
  },
};
