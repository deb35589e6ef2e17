import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { LANGUAGES, QUESTION_IDS } from "../../../agent/model/index.ts";
import type { SiteState } from "../../../agent/serve/index.ts";
import { frameOf, sceneOf } from "../../../agent/serve/view/scene.ts";
import { setupPage } from "../../../agent/serve/view/setup.ts";
import { isDone, stepToDo } from "../../../agent/serve/view/setup-steps.ts";
import { type Remaining, SETUP_STEPS, wordsOf } from "../../../web-ui/index.ts";
import {
  CONSENT,
  CONTRACTOR_CODE,
  device,
  finding,
  HOSTILE,
  hostile,
  known,
  madeUpSite,
  NOW,
  nursery,
  outcome,
  report,
  SETUP_CODE,
  SITE_PIN,
  state,
} from "./made-up-site.ts";
import { type SignedIn, signedIn } from "./signed-in.ts";

const entered: SignedIn[] = [];
afterEach(() => Promise.all(entered.splice(0).map((one) => one.close())));
const enter = async (site: SiteState, code: string | null = SETUP_CODE) => {
  const one = await signedIn(site, code);
  entered.push(one);
  return one;
};

const DAY = 86_400_000;
const ago = (ms: number) => new Date(NOW.getTime() - ms).toISOString();
const FRESH = { claimedAt: null, pinSet: false, handedOverAt: null, contractor: null };
/** Just plugged in: four cameras seen, nobody has said a word yet. */
const fresh = (more: Partial<SiteState> = {}) =>
  nursery({
    place: null,
    contact: null,
    consents: [],
    findings: [],
    access: FRESH,
    known: nursery().known.map((one) => ({ ...one, name: null, registered: false })),
    ...more,
  });
const NAMED = nursery().known.map((one, index) => ({
  ...one,
  name: `場所${index}`,
  manager: "site" as const,
}));
const IDS = ["serial:acme:1", "serial:acme:2", "serial:acme:3", "serial:acme:4"];
const managed = (manager: "site" | "contractor") => Object.fromEntries(IDS.map((id) => [id, manager]));

const scene = (site: SiteState, viewer: "setup" | "site" = "setup") =>
  sceneOf(madeUpSite(site).options, NOW, "ja", viewer);

describe("the step to do", () => {
  const text = (site: SiteState) => stepToDo(scene(site));

  test("goes from one to the next as the site says what is done", () => {
    expect(text(fresh())).toBe("place");
    expect(text(fresh({ place: "園" }))).toBe("cameras");
    expect(text(fresh({ place: "園", known: NAMED }))).toBe("consent");
    const given = { ...CONSENT, managers: managed("site"), from: ago(3_600_000) };
    const allowed = { place: "園", known: NAMED, consents: [given] };
    expect(text(fresh({ ...allowed, scanning: { done: 0, total: 4, steps: [] } }))).toBe("scan");
    // The check that the report is of had begun before anybody allowed anything.
    expect(text(fresh(allowed))).toBe("scan");
    const checked = { ...allowed, consents: [{ ...given, from: ago(5 * 3_600_000) }] };
    expect(text(fresh(checked))).toBe("pin");
    expect(text(fresh({ ...checked, access: { ...FRESH, pinSet: true } }))).toBe("end");
  });

  test("a camera without a name or without a word on its manager keeps the second step open", () => {
    const without = (change: object) => [{ ...NAMED[0], ...change }, ...NAMED.slice(1)] as typeof NAMED;
    for (const change of [{ name: null }, { manager: undefined }, { registered: false }])
      expect(text(fresh({ place: "園", known: without(change) }))).toBe("cameras");
  });

  test("without any camera there is nothing to name, and the way goes on", () => {
    expect(text(fresh({ place: "園", known: [], report: null }))).toBe("consent");
    expect(text(fresh({ place: "園", known: [known("x", { retired: true })], report: report([]) }))).toBe(
      "consent",
    );
  });

  test.each([
    ["withdrawn", { revokedAt: ago(1) }],
    ["over", { until: ago(1) }],
    ["silent about the cameras", { managers: {} }],
    ["of another manager than people say now", { managers: managed("contractor") }],
  ])("a permission that is %s is asked for again", (_what, change) => {
    const record = { ...CONSENT, managers: managed("site"), ...change };
    expect(text(fresh({ place: "園", known: NAMED, consents: [record] }))).toBe("consent");
  });

  test("a permission of the command line speaks of all that is found", () => {
    const record = { ...CONSENT, managers: {}, how: "command-line-recorded" };
    expect(text(fresh({ place: "園", known: NAMED, consents: [record] }))).toBe("pin");
  });

  test("is never one that is done, and nothing before it is left out", () => {
    const some = fc.record({
      place: fc.option(fc.constant("園")),
      named: fc.nat(4),
      cameras: fc.boolean(),
      consent: fc.option(fc.record({ hours: fc.nat(9), revoked: fc.boolean() })),
      scanning: fc.boolean(),
      pin: fc.boolean(),
      over: fc.boolean(),
    });
    fc.assert(
      fc.property(some, ({ place, named, cameras, consent, scanning, pin, over }) => {
        const from = ago((consent?.hours ?? 0) * 3_600_000);
        const revokedAt = consent?.revoked ? ago(0) : null;
        const made = scene(
          fresh({
            place,
            ...(!cameras && { report: report([]) }),
            known: cameras ? NAMED.map((one, index) => (index < named ? one : { ...one, name: null })) : [],
            consents: consent ? [{ ...CONSENT, managers: managed("site"), from, revokedAt }] : [],
            scanning: scanning ? { done: 0, total: 4, steps: [] } : null,
            access: { ...FRESH, pinSet: pin, handedOverAt: over ? ago(0) : null },
          }),
        );
        const here = stepToDo(made);
        expect(here === "end" || !isDone(made, here)).toBe(true);
        for (const before of SETUP_STEPS.slice(0, SETUP_STEPS.indexOf(here)))
          expect(isDone(made, before) || (before === "cameras" && !cameras)).toBe(true);
      }),
    );
  });
});

describe("who may", () => {
  const PATHS = ["/setup", ...SETUP_STEPS.map((step) => `/setup/${step}`)];

  test("a stranger is sent to the code and back, and changes nothing", async () => {
    const { site, get, post } = await enter(fresh(), null);
    for (const url of PATHS)
      expect((await get(url)).headers.location).toBe(`/claim?next=${encodeURIComponent(url)}`);
    for (const url of ["/setup/place", "/setup/cameras", "/setup/scan"])
      expect((await post(url, { place: "x" })).headers.location).toBe("/claim");
    expect(site.calls).toEqual([]);
  });

  test("the setup code leads to the first run, and every page offers to go on with it", async () => {
    const over = fresh({ access: { ...FRESH, handedOverAt: ago(1) } });
    const comesTo = async (site: SiteState) =>
      (await (await enter(site, null)).post("/claim", { code: SETUP_CODE })).headers.location;
    const goesOn = async (site: SiteState, code: string) =>
      (await (await enter(site, code)).get("/")).body.includes('href="/setup"');
    expect(await comesTo(fresh())).toBe("/setup?notice=signed-in");
    expect(await comesTo(over)).toBe("/?notice=signed-in");
    expect(await goesOn(fresh(), SETUP_CODE)).toBe(true);
    expect(await goesOn(fresh(), SITE_PIN)).toBe(false);
    expect(await goesOn(over, SETUP_CODE)).toBe(false);
  });

  test("a contractor looks, names and checks, but is told who decides", async () => {
    const { site, get, post } = await enter(fresh(), CONTRACTOR_CODE);
    for (const url of PATHS) expect((await get(url)).statusCode, url).toBe(200);
    for (const url of ["/setup/place", "/setup/pin"]) {
      const { body } = await get(url);
      expect(body, url).toContain("ここを決められるのは、施設の責任者の方です");
      expect(body, url).not.toContain(`action="${url === "/setup/pin" ? "/access/pin" : url}"`);
    }
    expect((await post("/setup/place", { place: "x" })).statusCode).toBe(403);
    expect((await post("/setup/scan", {})).headers.location).toBe("/setup/scan?notice=checking");
    expect(site.calls).toEqual([["scan"]]);
  });

  test("while we can be reached from outside, there is no set-up, and a permission can only be withdrawn", async () => {
    const exposed = outcome("agent-exposed", "fail", { severity: "critical", audience: "internet" });
    const { get } = await enter(
      fresh({ findings: [finding("agent-exposed~dd44", "x", exposed)], consents: [CONSENT] }),
    );
    for (const url of PATHS) expect((await get(url)).statusCode, url).toBe(404);
    const { body, statusCode } = await get("/consent");
    expect(statusCode).toBe(200);
    expect(body).toContain("/consent/consent-1/withdraw");
    for (const hidden of ["山田花子", "園長", "MARK-", 'action="/consent"', "serial:acme"])
      expect(body).not.toContain(hidden);
  });
});

describe("answers", () => {
  test("place and contact; without a place nothing is saved", async () => {
    const { site, post } = await enter(fresh());
    const answer = await post("/setup/place", { place: " つくし　保育園 ", contact: "青葉電設" });
    expect(answer.statusCode).toBe(303);
    const empty = await post("/setup/place", { place: " ", contact: "x" });
    expect(empty.headers.location).toBe("/setup/place?notice=incomplete");
    expect(site.calls).toEqual([["setPlace", "つくし 保育園", "青葉電設"]]);
  });

  test("names and managers: what nobody touched is no word of anybody's", async () => {
    const { site, get, post } = await enter(fresh({ place: "園" }));
    const { body } = await get("/setup/cameras");
    const keys = [...body.matchAll(/name="name:(\w{12})"/g)].map(([, key]) => key ?? "");
    expect(keys).toHaveLength(4);
    expect(body).toContain("192.168.77.31");
    const [yard, gate, , office] = keys;
    const form = {
      [`name:${yard}`]: "園庭",
      [`manager:${yard}`]: "site",
      [`name:${gate}`]: " ",
      [`manager:${gate}`]: "contractor",
      [`name:${keys[2]}`]: "",
      [`manager:${keys[2]}`]: "unknown",
      [`name:${office}`]: "職員室",
      [`manager:${office}`]: "nobody",
      "name:ffffffffffff": "x",
    };
    expect((await post("/setup/cameras", form)).headers.location).toBe("/setup/consent?notice=saved");
    expect(site.calls).toEqual([
      ["nameDevice", "serial:acme:1", "園庭", "site"],
      ["nameDevice", "serial:acme:2", "", "contractor"],
      ["nameDevice", "serial:acme:4", "職員室", undefined],
    ]);
  });

  test("nothing is written when all stays as it was", async () => {
    const { site, get, post } = await enter(fresh({ known: NAMED }));
    const { body } = await get("/setup/cameras");
    const form = Object.fromEntries(
      [...body.matchAll(/name="(name:\w{12})"[^>]* value="([^"]*)"/g)].map(([, name, value]) => [
        name,
        value,
      ]),
    );
    const managers = Object.keys(form).map((name) => [name.replace("name", "manager"), "site"]);
    expect(managers).toHaveLength(4);
    await post("/setup/cameras", { ...form, ...Object.fromEntries(managers) });
    expect(site.calls).toEqual([]);
  });

  test("a camera that a running scan has just found has no field yet", async () => {
    const { site, get, post } = await enter(fresh({ known: [], scanning: { done: 0, total: 4, steps: [] } }));
    const { body } = await get("/setup/cameras");
    expect(body).toContain("いま見つけたところです");
    expect(body).not.toContain('name="name:');
    await post("/setup/cameras", {});
    expect(site.calls).toEqual([]);
  });

  test("no camera yet: what to do, and a way to look again", async () => {
    const { get } = await enter(fresh({ known: [], report: report([]) }));
    const { body } = await get("/setup/cameras");
    expect(body).toContain("カメラは、まだ見つかっていません");
    expect(body).toContain("許可のあとの点検で見つかります");
    expect(body).toContain('action="/setup/scan"');
  });

  test("the permission leads back to the first check; a manager that was open is written down with it", async () => {
    const people = NAMED.map((one, index) => (index === 1 ? { ...one, manager: "unknown" as const } : one));
    const { site, get, post } = await enter(fresh({ place: "園", known: people }));
    const { body } = await get("/consent");
    // What was said at the cameras is only read; what is open is asked.
    expect([...body.matchAll(/<select name="manager:/g)]).toHaveLength(1);
    const text = /name="text" value="(\w{64})"/.exec(body)?.[1] ?? "";
    const said = Object.fromEntries(IDS.map((id) => [`manager:${id}`, "site"]));
    const boxes = { box0: "yes", box1: "yes", box2: "yes" };
    const form = { text, ...boxes, person: "山田花子", role: "園長", months: "12", levels: "try", ...said };
    const answer = await post("/consent", form);
    expect(answer.headers.location).toBe("/setup/scan?notice=allowed");
    expect(site.calls.map(([name, ...rest]) => [name, ...rest.slice(0, 1)])).toEqual([
      ["nameDevice", "serial:acme:2"],
      ["giveConsent", expect.objectContaining({ managers: managed("site"), textHash: text })],
    ]);
    expect(site.calls[0]).toEqual(["nameDevice", "serial:acme:2", "場所1", "site"]);
  });
});

describe("the first check", () => {
  const at = NOW.toISOString();
  const asked = (deviceId: string, question: string) =>
    ({ type: "question", deviceId, question, done: 1, total: 8, at }) as const;
  const seen = (deviceId: string, label: string) =>
    ({ type: "device", deviceId, label, kind: "camera", vendor: null, at }) as const;

  test("is told in words, camera by camera, and nobody reads it out", async () => {
    const steps = [
      seen("serial:acme:2", "x"),
      asked("serial:acme:2", "rtsp"),
      asked("serial:acme:1", "logins"),
      asked("mac:02005E770001", "igd"),
      seen("new", "<b>MARK\u202e"),
    ];
    const site = nursery({ scanning: { done: 3, total: 9, steps } });
    const { get } = await enter(site);
    const { body } = await get("/");
    const lines = [...body.matchAll(/<li>(?:(\d台中\d台目：))?<bdi>([^<]*)<\/bdi> … ([^<]+)<\/li>/g)];
    expect(lines.map(([, ...parts]) => parts)).toEqual([
      ["4台中1台目：", "園庭", "パスワードの確認"],
      ["4台中2台目：", "玄関", "映像を流す入口の確認"],
      [undefined, "gateway", "外から中へ通す設定の確認"],
      [undefined, "&lt;b>MARK", "見つけました"],
    ]);
    const live = body.slice(body.indexOf('id="live"'), body.indexOf('id="steps"'));
    expect(live).toContain('role="status"');
    expect(live).not.toContain("園庭");
    expect(body).toContain("この画面は閉じてかまいません");
    const stranger = await enter(site, null);
    expect((await stranger.get("/")).body).not.toContain("パスワードの確認");
  });

  test("the last step of each of the last four devices, and of no phone that is merely asked", () => {
    const phones = ["p1", "p2"].map((id) => device(id, { kind: "unknown", model: null, vendor: null }));
    const site = nursery();
    const devices = [...(site.report?.devices ?? []), ...phones];
    const router = "mac:02005E770001";
    const steps = [
      ...IDS.flatMap((id) => [seen(id, "x"), asked(id, "ports")]),
      seen(router, "x"),
      asked(router, "igd"),
    ];
    const made = scene({
      ...site,
      report: report(devices),
      scanning: { done: 0, total: 7, steps: [...steps, seen("p1", "p"), asked("p1", "ports")] },
    });
    expect(
      frameOf(made, null).scanning?.steps.map(({ name, camera, question }) => [name, camera?.nth, question]),
    ).toEqual([
      ["玄関", 2, "ports"],
      ["MARK-MAKER MARK-MODEL-1", 3, "ports"],
      ["職員室", 4, "ports"],
      ["gateway", undefined, "igd"],
    ]);
  });

  test("every question has its words", () => {
    for (const language of LANGUAGES) {
      const { asked: words } = wordsOf(language).scanning;
      expect(Object.keys(words).toSorted()).toEqual([...QUESTION_IDS].toSorted());
      expect(new Set(Object.values(words)).size).toBe(QUESTION_IDS.length);
    }
  });

  test("what is not settled is being checked while the check runs, and what was found is found", () => {
    const marks = (site: SiteState) => {
      const { body } = setupPage(scene(site), "scan");
      return body.step === "scan" ? [body.state, ...body.cameras.map(({ mark }) => mark)] : [];
    };
    const running = { done: 0, total: 4, steps: [] };
    expect(marks(nursery())).toEqual(["done", "emergency", "danger", "waiting", "none"]);
    expect(marks(nursery({ scanning: running }))).toEqual([
      "running",
      "emergency",
      "danger",
      "checking",
      "none",
    ]);
    expect(marks(nursery({ consents: [] }))[0]).toBe("no-consent");
  });

  test("without JavaScript this page reloads itself; a page that somebody types in does not", async () => {
    const { get } = await enter(fresh({ consents: [CONSENT], scanning: { done: 1, total: 4, steps: [] } }));
    expect((await get("/setup/scan")).body).toContain("http-equiv");
    for (const url of ["/setup/place", "/setup/cameras", "/setup/pin", "/consent", "/claim"])
      expect((await get(url)).body, url).not.toContain("http-equiv");
  });
});

describe("what remains", () => {
  const remaining = (site: SiteState): readonly Remaining[] => {
    const { body } = setupPage(scene(site), "end");
    return body.step === "end" ? body.remaining : [];
  };

  test("the most urgent first, with who acts first and by when", () => {
    const day = (due: Remaining["due"]) => (due === "now" ? due : [due.on.slice(0, 10), due.overdue]);
    expect(
      remaining(nursery()).map(({ mark, href, actors, due }) => [
        mark,
        href.replace(/cameras\/\w+/, "cameras/…"),
        actors[0],
        day(due),
      ]),
    ).toEqual([
      ["emergency", "/findings/open-live-view~aa11", "site", "now"],
      ["danger", "/findings/port-mapping-to-camera~aa12", "site", ["2026-11-04", true]],
      ["danger", "/findings/default-credentials~bb22", "site", ["2026-11-22", false]],
      ["attention", "/findings/outdated-firmware~bb23", "contractor", ["2026-12-03", false]],
      ["attention", "/findings/router-upnp-enabled~cc33", "contractor", ["2026-12-03", false]],
      ["waiting", "/consent", "site", ["2026-11-11", true]],
    ]);
  });

  test("what is mended or accepted is not left to do; what could not be checked is", () => {
    const odd = outcome("open-live-view", "unknown", { because: "timeout" });
    const unclear = state({ report: report([device("serial:acme:1", { outcomes: [odd] })]) });
    expect(remaining(unclear).map(({ mark, actors }) => [mark, actors])).toEqual([
      ["unknown", ["contractor"]],
    ]);
    const old = outcome("outdated-firmware", "fail", { severity: "medium", values: { date: "", years: 1 } });
    const accepted = {
      by: "山田",
      reason: "買い替えます",
      until: new Date(NOW.getTime() + DAY).toISOString(),
    };
    const one = finding("outdated-firmware~a1", "serial:acme:1", old);
    expect(remaining(state({ findings: [one] }))).toHaveLength(1);
    expect(remaining(state({ findings: [{ ...one, resolvedAt: ago(1) }] }))).toEqual([]);
    expect(remaining(state({ findings: [{ ...one, acknowledged: accepted }] }))).toEqual([]);
  });

  test("the end names the steps that are not finished, the report and the hand-over", async () => {
    const { get } = await enter(fresh({ place: "園", known: NAMED }));
    const { body } = await get("/setup/end");
    expect(body).toContain("まだ終わっていない手順があります");
    for (const href of ["/setup/consent", "/setup/scan", "/setup/pin", "/report", "/access"])
      expect(body.slice(body.indexOf("<main"), body.indexOf("</main")), href).toContain(`href="${href}"`);
  });
});

test.each(["ja", "en"] as const)("hostile names stay text on every page of it (%s)", async (language) => {
  const { get } = await enter({ ...hostile(), consents: [] });
  for (const url of [...SETUP_STEPS.map((step) => `/setup/${step}`), "/consent", "/access"]) {
    const { body, statusCode } = await get(url, language);
    expect(statusCode, url).toBe(200);
    for (const raw of ["<script>window", "<img src=x", HOSTILE.slice(0, 9)])
      expect(body, url).not.toContain(raw);
  }
});
