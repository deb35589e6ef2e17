import type {
  FailureReason,
  LocalizedText,
  NotAskedReason,
  NotTriedReason,
  SiteRefusal,
} from "../model/index.ts";

/** Every code that may stand in `Outcome.because`; the table below has words for each, so none reaches the page bare. */
export type Because = FailureReason | NotAskedReason | NotTriedReason | SiteRefusal | CheckReason;

type CheckReason =
  | "not-asked"
  | "other-kind"
  | "unclear"
  | "answers-everything"
  | "no-video"
  | "busy"
  | "type-and-content-differ"
  | "door-not-asked"
  | "no-stream-path"
  | "no-view-found"
  | "any-password"
  | "control-not-tried"
  | "not-all-tried"
  | "no-onvif"
  | "no-router-answered"
  | "router-without-upnp"
  | "list-incomplete"
  | "no-upnp-answer"
  | "no-firmware"
  | "no-build-date"
  | "no-model"
  | "version-unclear"
  | "none-listed"
  | "ask-the-maker"
  | "first-scan"
  | "not-confirmed"
  | "retired"
  | "came-back"
  | "network-silent"
  | "mapping-came-back"
  | "behind-another-router"
  | "carrier-blocks"
  | "outside-check-off"
  | "address-maybe-shared"
  | "no-ipv6"
  | "no-global-address-seen"
  | "ipv6-filter-unknown"
  | "ipv6-holes-not-listed";

/** Plain sentences for the person in charge; each reads well after the name of a camera and a check. */
export const reasons: Readonly<Record<Because, LocalizedText>> = {
  timeout: {
    ja: "時間内に返事がありませんでした。",
    en: "It did not answer in time.",
  },
  refused: {
    ja: "つなごうとしましたが、断られました。",
    en: "It refused the connection.",
  },
  unreachable: {
    ja: "そこまで届きませんでした。電源と線を見てください。",
    en: "It could not be reached. Look at its power and cable.",
  },
  reset: {
    ja: "話の途中で、相手が接続を切りました。",
    en: "It broke off the connection.",
  },
  closed: {
    ja: "返事が終わる前に、接続が閉じました。",
    en: "The connection closed before the answer was complete.",
  },
  "too-large": {
    ja: "返事が長すぎるため、途中で読むのをやめました。",
    en: "The answer was too long, so we stopped reading.",
  },
  malformed: {
    ja: "返事の形が正しくなく、読み取れませんでした。",
    en: "The answer could not be understood.",
  },
  unsupported: {
    ja: "この点検のしかたに、対応していませんでした。",
    en: "It does not support this way of asking.",
  },
  unauthorized: {
    ja: "パスワードを求められたため、先を確認していません。",
    en: "It asked for a password, so we went no further.",
  },
  locked: {
    ja: "しばらくログインを断る状態のため、点検を休みました。",
    en: "It is refusing logins for a while, so we paused.",
  },
  "not-permitted": {
    ja: "この機械の設定（外への通信を止める封印）が、たずねることを止めています。",
    en: "This machine's own seal does not let it ask.",
  },
  tls: {
    ja: "暗号化した通信を、始められませんでした。",
    en: "An encrypted connection could not be set up.",
  },
  cancelled: {
    ja: "点検が途中で取りやめになりました。",
    en: "The check was cancelled before it finished.",
  },
  error: {
    ja: "思いがけない誤りで、点検を終えられませんでした。",
    en: "An unexpected error stopped this check.",
  },
  "no-consent": {
    ja: "責任者の方の許可がないため、調べていません。",
    en: "Not checked: the person in charge has not agreed yet.",
  },
  "not-applicable": {
    ja: "この点検をする入口が、ありませんでした。",
    en: "It has no door to which this check applies.",
  },
  deadline: {
    ja: "点検の時間を使い切ったため、調べていません。",
    en: "Not checked: the time for this device ran out.",
  },
  "not-this-manager": {
    ja: "管理している会社の了解がないため、調べていません。",
    en: "Not checked: the company that manages it has not agreed.",
  },
  budget: {
    ja: "きょう試せる回数を使ったため、続きは後日調べます。",
    en: "Today's number of tries is used up; we go on another day.",
  },
  "lock-out": {
    ja: "ログインできなくなるおそれがあるため、きょうは試しません。",
    en: "Logins might get locked, so we do not try again today.",
  },
  "unknown-vendor": {
    ja: "メーカーが分からないため、調べられませんでした。",
    en: "The maker is not known, so this could not be checked.",
  },
  "no-factory-login": {
    ja: "公開された最初のパスワードが、このメーカーでは見つかりません。",
    en: "We know of no published factory password of this maker.",
  },
  "no-door": {
    ja: "調べる入口が見つからず、確認できていません。",
    en: "We found no door to ask at, so nothing is confirmed.",
  },
  "no-login-asked": {
    ja: "パスワードを求めない入口のため、試していません。",
    en: "The door asks for no password, so none was tried.",
  },
  "not-asked": {
    ja: "この点検は、まだ行っていません。",
    en: "This check has not been done yet.",
  },
  "other-kind": {
    ja: "この点検は、この種類の機械にはあてはまりません。",
    en: "This check is not meant for this kind of device.",
  },
  unclear: {
    ja: "返事がはっきりせず、どちらとも言えません。",
    en: "The answer was not clear enough to say.",
  },
  "answers-everything": {
    ja: "どんな質問にも同じ返事をするため、判断できません。",
    en: "It gives the same answer to everything, so it proves nothing.",
  },
  "no-video": {
    ja: "返事に映像の説明がなく、どちらとも言えません。",
    en: "Its answer described no video, so it proves nothing.",
  },
  busy: {
    ja: "混み合っていて、答えられないと言われました。",
    en: "It said that it was too busy to answer.",
  },
  "type-and-content-differ": {
    ja: "返事の種類と中身が合わず、判断できません。",
    en: "The kind and the content of its answer do not agree.",
  },
  "door-not-asked": {
    ja: "開いている入口の一部を、確認できていません。",
    en: "Some of its open doors could not be asked.",
  },
  "no-stream-path": {
    ja: "映像の置き場所が分からず、確認できていません。",
    en: "We do not know where it keeps its video, so we could not ask.",
  },
  "no-view-found": {
    ja: "映像の入口が見つからず、確認できていません。",
    en: "We found no door that gives pictures, so nothing is confirmed.",
  },
  "any-password": {
    ja: "でたらめなパスワードでも通りました。",
    en: "A made-up password was accepted as well.",
  },
  "control-not-tried": {
    ja: "通りましたが、確かめの試しがまだのため、断定できません。",
    en: "It was accepted, but the cross-check is still missing.",
  },
  "not-all-tried": {
    ja: "まだ試していない最初のパスワードがあります。",
    en: "Some factory passwords have not been tried yet.",
  },
  "no-onvif": {
    ja: "カメラ共通の入口（ONVIF）がありませんでした。",
    en: "It has no common camera interface (ONVIF).",
  },
  "no-router-answered": {
    ja: "出入り口の機械（ルーター）が、設定を教えませんでした。",
    en: "No router told us its settings.",
  },
  "router-without-upnp": {
    ja: "入口を自動で開ける機能（UPnP）は、ルーターにありません。手で作られた設定は、この点検では見えません。",
    en: "The router has no automatic doors (UPnP). Doors that somebody made by hand cannot be seen by this check.",
  },
  "list-incomplete": {
    ja: "出入り口の機械（ルーター）の一覧を、全部は読めませんでした。",
    en: "The router's list could not be read to the end.",
  },
  "no-upnp-answer": {
    ja: "どの機械からも返事がなく、有無を確認できていません。",
    en: "No device answered, so we cannot tell whether it is on.",
  },
  "no-firmware": {
    ja: "中のソフトの版を、カメラが教えませんでした。",
    en: "It did not tell its firmware version.",
  },
  "no-build-date": {
    ja: "中のソフトがいつのものか、版からは分かりません。",
    en: "Its firmware version does not tell how old it is.",
  },
  "no-model": {
    ja: "型番が分からないため、一覧と比べられません。",
    en: "The model is not known, so it cannot be compared with the list.",
  },
  "version-unclear": {
    ja: "中のソフトの版が、直った版より古いか決められません。",
    en: "We cannot tell whether its version is older than the repaired one.",
  },
  "none-listed": {
    ja: "手元の一覧に、このメーカーの弱点はのっていません。",
    en: "Our list holds no entry for this maker.",
  },
  "ask-the-maker": {
    ja: "この型番があてはまるか、メーカーに確かめてください。",
    en: "Ask the maker whether this model is affected.",
  },
  "first-scan": {
    ja: "はじめての点検のため、新しいかどうかは分かりません。",
    en: "This is the first check, so everything is new.",
  },
  "not-confirmed": {
    ja: "ここのカメラかどうか、まだだれも確かめていません。",
    en: "Nobody has confirmed yet that it belongs here.",
  },
  retired: {
    ja: "「使うのをやめた」と記録されています。",
    en: "It is recorded as no longer in use.",
  },
  "came-back": {
    ja: "「使うのをやめた」カメラが、また見つかりました。",
    en: "A camera recorded as no longer in use is back.",
  },
  "network-silent": {
    ja: "ほかの機械からも返事がなく、判断できません。",
    en: "No other device answered either, so we cannot tell.",
  },
  "mapping-came-back": {
    ja: "閉じたあとに、また開きました。機械が自分で開け直しています。その機械の、入口を自動で開ける機能（UPnP）を切るまで、くり返します。",
    en: "It was closed and is open again: the device opens it by itself. It will come back until UPnP is turned off in the device.",
  },
  "behind-another-router": {
    ja: "このルーターの外側に、もう1台ルーターがあります。その先のインターネットまで届くかは、確認できていません。",
    en: "Another router stands in front of this one. Whether the internet gets through that one too is not confirmed.",
  },
  "carrier-blocks": {
    ja: "住所を何人かで分け合う回線です。これまでの方式（IPv4）では、ふつう外からここまで届きません。",
    en: "Your carrier shares one address among customers, so over IPv4 the internet normally does not get this far.",
  },
  "outside-check-off": {
    ja: "外からの確認をしていません。手で作られた設定は、中からは見えないことがあります。",
    en: "Nobody has looked from outside. Entries made by hand may be invisible from inside.",
  },
  "address-maybe-shared": {
    ja: "住所をほかの家と分け合っているかもしれないため、一覧にある番号だけをたずねました。",
    en: "Others may share the address, so only the ports in the router's list were asked.",
  },
  "no-ipv6": {
    ja: "新しい方式の住所（IPv6）は、使われていませんでした。",
    en: "No IPv6 address is in use there.",
  },
  "no-global-address-seen": {
    ja: "インターネットで使える住所（IPv6）は見えませんでしたが、ないとは言い切れません。",
    en: "We saw no IPv6 address that is valid on the internet, but it may hold one.",
  },
  "ipv6-filter-unknown": {
    ja: "インターネットで使える住所（IPv6）を持っています。ルーターが外からの通信を止めているかは、中からは確かめられません。",
    en: "It holds an IPv6 address that is valid on the internet. From inside we cannot tell whether the router blocks traffic to it.",
  },
  "ipv6-holes-not-listed": {
    ja: "ルーターは新しい方式（IPv6）の通信を止めていると答えましたが、例外の穴があるかは分かりません。",
    en: "The router says that it blocks IPv6 from outside, but it does not tell which exceptions it was asked for.",
  },
  "switched-off": {
    ja: "この確認は、切ってあります。",
    en: "This check is switched off.",
  },
  "not-the-router": {
    ja: "この機械はルーターではないため、ルーターの中は見えません。",
    en: "This machine is not the router, so it cannot see the router's own rules.",
  },
  "no-outside-address": {
    ja: "外側の住所を、ルーターが教えませんでした。",
    en: "The router did not tell its outside address.",
  },
  "not-reachable-by-ipv4": {
    ja: "住所を何人かで分け合う回線のため、これまでの方式（IPv4）では外からたずねられません。",
    en: "Your carrier shares one address among customers, so over IPv4 there is nothing to ask from outside.",
  },
  "no-camera": {
    ja: "たずねるカメラが、ありませんでした。",
    en: "There was no camera to ask.",
  },
};

/** A code from the evidence if there are words for it, else `unclear`. */
export function knownReason(code: string | null): Because {
  return code !== null && Object.hasOwn(reasons, code) ? (code as Because) : "unclear";
}
