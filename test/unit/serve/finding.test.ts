import { afterEach, describe, expect, test } from "vitest";
import type { Audience } from "../../../agent/model/index.ts";
import { withoutPasswords } from "../../../agent/serve/view/facts.ts";
import { ja } from "../../../web-ui/locales/ja/index.ts";
import {
  CONTRACTOR_CODE,
  device,
  finding,
  known,
  NOW,
  nursery,
  outcome,
  report,
  SETUP_CODE,
  SITE_PIN,
  state,
} from "./made-up-site.ts";
import { type SignedIn, signedIn } from "./signed-in.ts";

const CAMERA = "serial:acme:1";
const ago = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000).toISOString();
const MENUS = {
  requireLogin: {
    text: { ja: "設定 > 利用者", en: "Settings > Users" },
    source: "Acme manual",
    checked: "2026-11-20",
  },
};
const vendors = { acme: { name: { ja: "アクメ", en: "Acme" }, menus: MENUS } };

let page: SignedIn;
afterEach(() => page.close());

/** One camera, 園庭, with this one failing outcome as the finding `x~1`. */
function oneFinding(one: ReturnType<typeof outcome>, more: Parameters<typeof finding>[3] = {}) {
  return state({
    report: report([device(CAMERA, { outcomes: [one] })]),
    known: [known(CAMERA, { name: "園庭" })],
    findings: [finding("x~1", CAMERA, one, more)],
  });
}
const openView = (more: Parameters<typeof outcome>[2] = {}) =>
  outcome("open-live-view", "fail", { subject: "rtsp:554", ...more });
const body = async (path: string, language: "ja" | "en" = "ja") => (await page.get(path, language)).body;
const keyOf = async (name: string) =>
  new RegExp(`/cameras/(\\w+)"><bdi>${name}`).exec(await body("/"))?.[1] ?? "none";

describe("who can see it", () => {
  test.each<[Audience, string]>([
    ["room", ja.ladder.room],
    ["building", ja.ladder.building],
    ["internet", ja.ladder.internet],
    ["unknown", ja.ladder.unknown],
  ])("%s is the one rung that is marked, in word and for readers", async (audience, words) => {
    page = await signedIn(oneFinding(openView({ audience })));
    const html = await body("/findings/x~1");
    const current = [...html.matchAll(/<li aria-current="true">([^<]*)<b>([^<]*)<\/b>/g)];
    expect(current.map(([, rung, here]) => [rung, here])).toEqual([[words, ja.finding.here]]);
    for (const rung of Object.values(ja.ladder)) expect(html).toContain(rung);
    expect(html.includes(ja.finding.path)).toBe(audience === "internet");
  });
});

describe("what to do", () => {
  test("the maker's own words stand under the step they belong to, their source in the record", async () => {
    page = await signedIn(oneFinding(openView()), SITE_PIN, { vendors });
    const japanese = await body("/findings/x~1");
    const steps = [...japanese.matchAll(/<li><span class="actor[^>]*>.*?<\/li>/g)].map(([step]) => step);
    expect(steps).toHaveLength(3);
    expect(steps.map((step) => step.includes("設定 > 利用者"))).toEqual([false, true, false]);
    expect(steps[1]).toContain(ja.finding.menu);
    expect(japanese).toContain("Acme manual (2026-11-20)");
    const english = await body("/findings/x~1", "en");
    expect(english).toContain("Settings > Users");
  });

  test("a maker of whom no menu is known has none", async () => {
    page = await signedIn(
      { ...oneFinding(openView()), report: report([device(CAMERA, { vendor: "other" })]) },
      SITE_PIN,
      { vendors },
    );
    expect(await body("/findings/x~1")).not.toContain(ja.finding.menu);
  });

  test("an unregistered camera leads to where it is named", async () => {
    page = await signedIn(oneFinding(outcome("unknown-camera", "fail", { severity: "medium" })));
    const html = await body("/findings/x~1");
    expect(html).toMatch(/href="\/cameras\/\w+#name"/);
    expect(html).toContain(ja.finding.toCamera);
  });

  test("only the worst case tells what to do when outsiders may have watched", async () => {
    page = await signedIn(oneFinding(openView({ severity: "critical", audience: "internet" })));
    expect(await body("/findings/x~1")).toContain(ja.finding.outside.title);
    page.site.set(oneFinding(openView()));
    expect(await body("/findings/x~1")).not.toContain(ja.finding.outside.title);
  });
});

describe("check again", () => {
  test("still failing: what was seen, and the way to the contractor", async () => {
    page = await signedIn(oneFinding(openView({ because: "any-password" })));
    expect(await body("/findings/x~1")).not.toContain(ja.finding.stillAsk);
    const html = await body("/findings/x~1?notice=still");
    const box = /<div class="box still">(.*?)<\/div>/.exec(html)?.[1] ?? "";
    expect(box).toContain(ja.finding.observed["open-live-view"]);
    expect(box).toContain(ja.finding.stillAsk);
    expect(box).toContain('href="/findings/x~1/message"');
    expect(html).toContain("でたらめなパスワードでも通りました。");
  });

  test("not settled: the reason in plain words", async () => {
    const now = outcome("open-live-view", "unknown", { subject: "rtsp:554", because: "timeout" });
    page = await signedIn({
      ...oneFinding(openView(), { lastUnknown: ago(1) }),
      report: report([device(CAMERA, { outcomes: [now] })]),
    });
    expect(await body("/findings/x~1")).toContain("理由: 時間内に返事がありませんでした。");
  });
});

describe("the record", () => {
  test("is folded and short for the people of the place", async () => {
    page = await signedIn(oneFinding(openView({ evidence: ["rtsp:554 DESCRIBE /live: 200 video H264"] })));
    const html = await body("/findings/x~1");
    expect(html).toContain('<details id="record"><summary>');
    expect(html).toContain("JC-STAR S1.1-01");
    expect(html).not.toContain("EN 303 645");
    expect(html).not.toContain("CIS Controls");
  });

  test.each([CONTRACTOR_CODE, SETUP_CODE])("is open and whole for whoever mends (%s)", async (code) => {
    page = await signedIn(oneFinding(openView()), code);
    const html = await body("/findings/x~1");
    expect(html).toMatch(/<details id="record" open/);
    for (const part of ["JC-STAR ★1 S1.1-01", "EN 303 645 V3.1.3 5.5-4", "CIS Controls v8 3.3, 4.1"])
      expect(html).toContain(part);
  });

  test.each([
    ["http:80 /a.cgi?usr=admin&pwd=MARK-1&x=1: 200", "http:80 /a.cgi?usr=admin&pwd=…&x=1: 200"],
    ["rtsp://admin:MARK-2@192.168.1.9/live", "rtsp://admin:…@192.168.1.9/live"],
    ["/login/password=MARK-3", "/login/password=…"],
    ["http:80 accepted acme#/factoryLogins/0, basic", "http:80 accepted acme#/factoryLogins/0, basic"],
    ["http:80: a made-up password was accepted (basic)", "http:80: a made-up password was accepted (basic)"],
  ])("%j shows no password", async (evidence, shown) => {
    expect(withoutPasswords(evidence)).toBe(shown);
    page = await signedIn(oneFinding(openView({ evidence: [evidence] })));
    expect(await body("/findings/x~1")).not.toContain("MARK-1");
    expect(await body("/findings/x~1")).not.toContain("MARK-2");
  });
});

describe("leaving it as it is", () => {
  test("only the people of the place are asked, and told what stays", async () => {
    page = await signedIn(oneFinding(openView({ severity: "critical", audience: "internet" })));
    const html = await body("/findings/x~1");
    expect(html).toContain("/findings/x~1/accept");
    expect(html).toContain(ja.finding.acceptStays);
    expect(html).toMatch(/type="date"[^>]*min="2026-11-2\d"[^>]*max="2027-05-\d\d"/);
    page.site.set(oneFinding(openView()));
    expect(await body("/findings/x~1")).not.toContain(ja.finding.acceptStays);
  });

  test("the contractor is told who decides", async () => {
    page = await signedIn(oneFinding(openView()), CONTRACTOR_CODE);
    const html = await body("/findings/x~1");
    expect(html).not.toContain("/findings/x~1/accept");
    expect(html).toContain(ja.finding.acceptBySite);
  });

  test("what was decided is shown until its day", async () => {
    const acknowledged = { by: "山田花子", reason: "庭だけが見えます", until: ago(-24) };
    page = await signedIn(oneFinding(openView(), { acknowledged }));
    expect(await body("/findings/x~1")).toContain("山田花子さんが");
    page.site.set(oneFinding(openView(), { acknowledged: { ...acknowledged, until: ago(1) } }));
    expect(await body("/findings/x~1")).not.toContain("山田花子さんが");
  });
});

describe("mended", () => {
  test("says so, since when until when, and asks for nothing more", async () => {
    page = await signedIn(oneFinding(openView(), { resolvedAt: ago(2), firstSeen: ago(50) }));
    const html = await body("/findings/x~1");
    expect(html).toContain("直りました（");
    expect(html).toContain(ja.finding.whatWas);
    expect(html).toMatch(/少なくとも 2026年11月1\d日 から 2026年11月2\d日 まで続きました/);
    for (const gone of [ja.finding.steps, ja.finding.who, ja.finding.accept, "/message"])
      expect(html).not.toContain(gone);
    expect((await page.get("/findings/x~1/message")).statusCode).toBe(404);
  });

  test("stays on the camera's page for 30 days, the latest first", async () => {
    const days = (n: number) => ago(24 * n);
    const resolved = (id: string, n: number) =>
      finding(id, CAMERA, outcome("telnet-open", "fail", { subject: id }), { resolvedAt: days(n) });
    page = await signedIn(
      nursery({ findings: [resolved("a~1", 29), resolved("b~2", 1), resolved("c~3", 31)] }),
    );
    const html = await body(`/cameras/${await keyOf("園庭")}`);
    expect(html).toContain(ja.finding.resolvedTitle);
    const links = [...html.matchAll(/href="\/findings\/(\w~\d)"/g)].map(([, id]) => id);
    expect(links).toEqual(["b~2", "a~1"]);
  });
});

describe("one camera", () => {
  test("results stand door by door, the worst first, with their doors in plain words", async () => {
    page = await signedIn(nursery());
    const html = await body(`/cameras/${await keyOf("園庭")}`);
    const doors = [
      ja.camera.doors.video("rtsp:554"),
      ja.camera.doors.outside("TCP 8554"),
      ja.camera.doors.whole,
    ];
    const order = doors.map((door) => html.indexOf(`<h3>${door}</h3>`));
    expect(order.every((place) => place > 0)).toBe(true);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  test("a camera that is gone says since when, and keeps what was found", async () => {
    const site = oneFinding(openView());
    page = await signedIn({
      ...site,
      report: report([]),
      known: [known(CAMERA, { name: "園庭", lastSeen: "2026-11-18T09:30:00.000Z" })],
    });
    const html = await body(`/cameras/${await keyOf("園庭")}`);
    expect(html).toMatch(/最後に返事があったのは 2026年11月1\d日 \d+:\d\d です/);
    expect(html).toContain('href="/findings/x~1"');
  });

  test("name and manager go to their command together", async () => {
    page = await signedIn(nursery());
    const key = await keyOf("玄関");
    expect(await body(`/cameras/${key}`)).toContain('<option value="unknown" selected>');
    await page.post(`/cameras/${key}/name`, { name: "玄関", manager: "contractor" });
    await page.post(`/cameras/${key}/name`, { name: "玄関", manager: "somebody" });
    expect(page.site.calls).toEqual([
      ["nameDevice", "serial:acme:2", "玄関", "contractor"],
      ["nameDevice", "serial:acme:2", "玄関", undefined],
    ]);
  });

  test("the contractor sees the record but cannot take it out of use", async () => {
    page = await signedIn(nursery(), CONTRACTOR_CODE);
    const key = await keyOf("玄関");
    const html = await body(`/cameras/${key}`);
    expect(html).toMatch(/<details id="record" open/);
    expect(html).not.toContain("/retire");
    expect((await page.post(`/cameras/${key}/retire`)).statusCode).toBe(403);
    expect(page.site.calls).toEqual([]);
  });

  test("one that was taken out of use says so", async () => {
    page = await signedIn(
      nursery({ known: [known("serial:acme:1", { name: "園庭", retired: true }), known("serial:acme:2")] }),
    );
    const link = /\/cameras\/(\w+)"><bdi>園庭/.exec(await body("/findings/open-live-view~aa11"));
    const key = link?.[1];
    const html = await body(`/cameras/${key}`);
    expect(html).toContain(ja.camera.retired);
    expect(html).not.toContain("/retire");
  });
});

test("a router is no camera: nothing on its page or in its letter calls it one", async () => {
  page = await signedIn(nursery());
  const html = await body("/findings/router-upnp-enabled~cc33");
  expect(html).toContain(`<dt>${ja.kinds.router}</dt>`);
  const key = /\/cameras\/(\w+)"><bdi>gateway/.exec(html)?.[1];
  const router = /<main.*<\/main>/s.exec(await body(`/cameras/${key}`))?.[0] ?? "";
  expect(router).toContain("gateway");
  for (const part of ["/retire", 'name="manager"', ja.camera.doors.whole, 'class="doors"'])
    expect(router).not.toContain(part);
  expect(await body("/findings/router-upnp-enabled~cc33/message")).toContain(ja.message.deviceQuestions[0]);
});

describe("while we can be reached from outside", () => {
  const exposed = () => {
    const bad = outcome("agent-exposed", "fail", { severity: "critical", audience: "internet" });
    const site = nursery();
    return nursery({ findings: [...site.findings, finding("agent-exposed~dd44", "mac:02005E770001", bad)] });
  };

  test("no camera is named on any page, and the letter about ourselves can still be sent", async () => {
    page = await signedIn(exposed());
    for (const path of [
      "/findings/open-live-view~aa11/message",
      "/statements",
      "/findings/open-live-view~aa11",
    ])
      expect((await page.get(path)).statusCode).toBe(404);
    for (const path of ["/findings/agent-exposed~dd44", "/findings/agent-exposed~dd44/message"]) {
      const answer = await page.get(path);
      expect(answer.statusCode).toBe(200);
      for (const name of ["園庭", "玄関", "gateway", "/cameras/"]) expect(answer.body).not.toContain(name);
    }
    expect((await page.post("/statements", SAID)).statusCode).toBe(404);
    expect(page.site.calls).toEqual([]);
  });
});

const SAID = { company: "青葉電設", text: "見えません", saidOn: "2026-11-01" };

test("the open view is led to the code, and nothing is done", async () => {
  page = await signedIn(nursery(), null);
  for (const path of ["/findings/open-live-view~aa11/message", "/statements"]) {
    const answer = await page.get(path);
    expect(answer.headers.location).toBe(`/claim?next=${encodeURIComponent(path)}`);
  }
  expect((await page.post("/statements", SAID)).headers.location).toBe("/claim");
  expect(page.site.calls).toEqual([]);
});

test("two cameras in an emergency are two cameras in its sentence", async () => {
  const both = ["serial:acme:1", "serial:acme:2"];
  const bad = openView({ severity: "critical", audience: "internet" });
  const site = state({
    report: report(both.map((id) => device(id, { outcomes: [bad] }))),
    known: both.map((id, index) => known(id, { name: `N${index}` })),
    findings: both.map((id, index) => finding(`x~${index}`, id, bad)),
  });
  page = await signedIn(site);
  expect(await body("/", "en")).toContain("First, switch those 2 cameras off.");
  expect(await body("/", "ja")).toContain("まず、その2台のカメラの電源を切ってください。");
  page.site.set(oneFinding(bad));
  expect(await body("/", "en")).toContain("First, switch that camera off.");
});
