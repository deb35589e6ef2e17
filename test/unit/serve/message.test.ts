import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CHECK_IDS, LANGUAGES, type Language, SEVERITIES } from "../../../agent/model/index.ts";
import type { SiteState } from "../../../agent/serve/index.ts";
import { messagePage } from "../../../agent/serve/view/message.ts";
import { sceneOf } from "../../../agent/serve/view/scene.ts";
import { formatDate } from "../../../web-ui/index.ts";
import { en } from "../../../web-ui/locales/en/index.ts";
import { ja } from "../../../web-ui/locales/ja/index.ts";
import {
  device,
  finding,
  HOSTILE,
  hostile,
  known,
  madeUpSite,
  NOW,
  outcome,
  report,
  state,
} from "./made-up-site.ts";
import { signedIn } from "./signed-in.ts";

const CAMERA = "serial:acme:1";
const IPV4 = /\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}/;
const MAC = /[0-9a-f]{2}([:-][0-9a-f]{2}){5}|02005E770031/i;
const IPV6 = /[0-9a-f]*:[0-9a-f]*:[0-9a-f]*/i;

function letterOf(site: SiteState, language: Language, vendors = {}): string {
  const scene = sceneOf({ ...madeUpSite(site).options, vendors }, NOW, language, "site");
  const [first] = site.findings;
  if (!first) throw new Error("a site without a finding");
  return messagePage(scene, first).letter;
}

function site(one: ReturnType<typeof outcome>, more: Partial<SiteState> = {}): SiteState {
  return state({
    report: report([device(CAMERA, { outcomes: [one] })]),
    known: [known(CAMERA, { name: "園庭" })],
    findings: [finding("x~1", CAMERA, one)],
    ...more,
  });
}

const later = (days: number, hours = 0) =>
  new Date(NOW.getTime() + days * 86_400_000 - hours * 3_600_000).toISOString();
/** As the letter writes it, in whatever time zone the test runs. */
const day = (days: number, hours = 0) => formatDate(later(days, hours), ja.time);
const openView = outcome("open-live-view", "fail", { subject: "rtsp:554" });

describe("the letter", () => {
  test("is whole in Japanese", () => {
    const menus = {
      requireLogin: { text: { ja: "設定 > 利用者", en: "x" }, source: "s", checked: "2026-11-20" },
    };
    const letter = letterOf(site(openView), "ja", { acme: { name: { ja: "アクメ", en: "Acme" }, menus } });
    expect(letter).toBe(`件名：カメラとネットワークの設定のご確認のお願い（つくし保育園）

青葉電設 ご担当者様

いつもお世話になっております。つくし保育園です。
${day(0, 4)}に行った点検で、次の点が見つかりました。
7日以内（${day(7)}まで）に、直した内容と日付を、書面でご回答ください。

■ 見つかった点
カメラ：園庭
型番：アクメ MARK-MODEL-1
結果：「園庭」の映像が、パスワードなしで見られます
はじめて確認した日：${day(-18)}

■ お願いしたいこと
1. 見るときに必ずパスワードを求める設定にする（Web・RTSP・ONVIF・静止画のすべて）。
   メーカーの説明書では：設定 > 利用者

■ あわせてお知らせいただきたいこと
(1) このカメラを管理しているのは、どの会社のどなたか
(2) カメラの中のソフト（ファームウェア）の版と、サポートが終わる日
(3) 外から見る方法と、それで見られる人

直していただいたあと、こちらでもう一度点検します。どうぞよろしくお願いいたします。

つくし保育園
担当：＿＿＿＿＿＿＿＿
電話：＿＿＿＿＿＿＿＿`);
  });

  test("says the same in English", () => {
    const letter = letterOf(site(openView, { place: "Tsukushi Nursery", contact: "Aoba Electric" }), "en");
    for (const part of [
      "(Tsukushi Nursery)",
      "To Aoba Electric",
      `within 7 days, by ${formatDate(later(7), en.time)}`,
      'Result: "園庭" can be watched without a password',
      "1. Require a login",
      "(3) how it is viewed",
    ])
      expect(letter).toContain(part);
    expect(letter.split("\n\n")).toHaveLength(8);
  });

  test.each([
    ["critical", 7],
    ["high", 7],
    ["medium", 30],
    ["low", 30],
  ] as const)("%s asks for an answer within %d days", (severity, days) => {
    const letter = letterOf(site({ ...openView, severity }), "en");
    expect(letter).toContain(`within ${days} days`);
  });

  test.each([
    ["青葉電設 03-0000-0000", "青葉電設"],
    ["青葉電設（担当 佐藤）、電話：０３－１２３４－５６７８", "青葉電設（担当 佐藤）"],
    ["Aoba Electric, +81 3 0000 0000", "Aoba Electric"],
    ["aoba@example.jp", null],
    ["03-0000-0000", null],
    ["", null],
  ])("contact %j is written to as %j", (contact, company) => {
    const [, dear] = letterOf(site(openView, { contact }), "ja").split("\n\n");
    expect(dear).toBe(`${company ?? "＿＿＿＿＿＿＿＿"} ご担当者様`);
  });

  test("whoever holds the contractor's code is the one it is for", () => {
    const access = {
      ...state().access,
      contractor: { company: "みどり通信", until: "2026-12-01T00:00:00Z" },
    };
    expect(letterOf(site(openView, { access }), "ja")).toContain("みどり通信 ご担当者様");
  });

  test("without a place, a name or a step of the contractor's it has blanks and a plain request", () => {
    const unknown = outcome("unknown-camera", "fail", { severity: "medium" });
    const bare = site(unknown, { place: null, contact: null, known: [known(CAMERA)] });
    const letter = letterOf(bare, "ja");
    expect(letter).toContain("件名：カメラとネットワークの設定のご確認のお願い（＿＿＿＿＿＿＿＿）");
    expect(letter).toContain("心当たりと、原因や直し方を調べて、お知らせください。");
  });

  test("about a router it names the kind of device, not what the device calls itself", () => {
    const upnp = outcome("router-upnp-enabled", "fail", { severity: "low" });
    const router = device(CAMERA, { kind: "router", vendor: null, model: null, names: ["MARK-SELF-NAME"] });
    const letter = letterOf(
      site(upnp, { report: report([router]), known: [known(CAMERA, { kind: "router" })] }),
      "ja",
    );
    expect(letter).toContain("対象：インターネットの出入り口の機械（ルーター）");
    expect(letter).not.toContain("MARK-SELF-NAME");
  });

  const address = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc
      .tuple(...Array.from({ length: 6 }, () => fc.integer({ min: 0, max: 255 })))
      .map((bytes) => bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(":")),
    fc.constant("02-00-5E-77-00-31"),
    fc.constant("02005E770031"),
    fc.constant("fe80::1%eth0"),
  );
  const name = fc.oneof(
    address,
    fc.tuple(fc.constantFrom("camera ", "園庭", "(", ""), address).map((parts) => parts.join("")),
    fc.string({ unit: "binary" }).map((text) => text.replace(/[{}]/g, "")),
    fc.constant(null),
  );

  test("of any finding, in both languages, has every gap filled and no address in it", () => {
    const anySite = fc.record({
      check: fc.constantFrom(...CHECK_IDS),
      severity: fc.constantFrom(...SEVERITIES),
      subject: fc.oneof(address, fc.constantFrom("", "rtsp:554", "TCP 8080")),
      given: name,
      self: name,
      model: name,
      place: name,
      contact: name,
      kind: fc.constantFrom("camera", "recorder", "router", "other", "unknown"),
      target: address,
      language: fc.constantFrom(...LANGUAGES),
    });
    fc.assert(
      fc.property(anySite, ({ check, severity, subject, given, self, model, kind, target, ...more }) => {
        const values = {
          port: 8554,
          target,
          year: "2018",
          years: 8,
          date: "2018-03-01",
          lastSeen: NOW.toISOString(),
        };
        const one = outcome(check, "fail", { severity, subject, values, evidence: [target] });
        const thing = device(CAMERA, {
          kind,
          model,
          addresses: [target],
          names: self === null ? [] : [self],
          outcomes: [one],
        } as Parameters<typeof device>[1]);
        const letter = letterOf(
          site(one, {
            report: report([thing]),
            known: [known(CAMERA, { name: given })],
            place: more.place,
            contact: more.contact,
          }),
          more.language,
        );
        expect(letter).not.toMatch(/\{\w+\}|undefined|null|\[object/);
        for (const shape of [IPV4, MAC, IPV6]) expect(letter).not.toMatch(shape);
        expect(letter).not.toContain(target);
      }),
      { numRuns: 300 },
    );
  });
});

describe("its page", () => {
  test("shows the letter once to copy and once for paper, and copying only where it works", async () => {
    const page = await signedIn(site(openView));
    const { body } = await page.get("/findings/x~1/message");
    expect(body).toMatch(/<p class="with-script buttons"><button type="button" data-copy="letter"/);
    expect(body).toMatch(/<textarea id="letter" readonly rows="\d+">件名：/);
    expect(body).toMatch(/<div class="paper-only">件名：/);
    expect(body).toContain('role="status"');
    await page.close();
  });

  test("hostile names stay text", async () => {
    const page = await signedIn(hostile());
    for (const language of LANGUAGES) {
      const { body, statusCode } = await page.get("/findings/open-live-view~ee55/message", language);
      expect(statusCode).toBe(200);
      for (const bad of ["<script>window", "<img src=x", HOSTILE.slice(0, 9)])
        expect(body).not.toContain(bad);
      expect(body).toContain("&lt;script");
    }
    await page.close();
  });
});
