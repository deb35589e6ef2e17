import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import type { FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { buildApp } from "../../../agent/serve/app.ts";
import { contextOf } from "../../../agent/serve/index.ts";
import { pinProblem } from "../../../agent/serve/pin.ts";
import { openStore, type Store } from "../../../agent/store/index.ts";
import {
  CONTRACTOR_CODE,
  finding,
  madeUpSite,
  NOW,
  nursery,
  outcome,
  SITE_PIN,
  state,
} from "./made-up-site.ts";
import { signedIn } from "./signed-in.ts";

const COMPANY = "青葉電設";

describe("a PIN", () => {
  const digit = fc.nat(9);
  const pin = fc.array(digit, { minLength: 6, maxLength: 6 }).map((digits) => digits.join(""));

  test.each(["000000", "999999", "123456", "654321", "012345", "890123", "210987", "121212", "123123"])(
    "%s is too easy",
    (simple) => {
      expect(pinProblem(simple, simple)).toBe("pin-simple");
    },
  );

  test.each([SITE_PIN, "112233", "123457", "135790"])("%s will do", (good) => {
    expect(pinProblem(good, good)).toBeNull();
  });

  test("has six digits, typed twice, or it is none", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), pin), fc.oneof(fc.string(), pin), (one, other) => {
        if (pinProblem(one, other) === null) expect([one, other]).toEqual([one, one]);
        if (pinProblem(one, one) !== "pin-bad") expect(one).toMatch(/^[0-9]{6}$/);
      }),
    );
  });

  test("digits that go on by the same step of none or one are too easy; few others are", () => {
    fc.assert(
      fc.property(digit, fc.constantFrom(0, 1, 9), (first, step) => {
        const row = Array.from({ length: 6 }, (_, index) => (first + index * step) % 10).join("");
        expect(pinProblem(row, row)).toBe("pin-simple");
      }),
    );
    const all = Array.from({ length: 1_000_000 }, (_, n) => String(n).padStart(6, "0"));
    expect(all.filter((one) => pinProblem(one, one) !== null).length).toBeLessThan(1_200);
  });
});

describe("with the store of a real site", () => {
  let directory: string;
  let store: Store;
  let app: FastifyInstance;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "komainu-access-"));
    store = await openStore(directory, (problem) => expect.fail(problem));
    const site = madeUpSite();
    app = buildApp(
      contextOf({
        ...site.options,
        site: { view: () => ({ ...state(), access: store.access }) },
        commands: {
          ...site.options.commands,
          ...store,
          withdrawConsent: async () => {},
          giveConsent: noConsent,
        },
        access: store,
      }),
      "lan",
    );
  });
  afterEach(async () => {
    await app.close();
    await store.close();
    await rm(directory, { recursive: true, force: true });
  });
  const noConsent = () => Promise.reject(new Error("nobody asks for it here"));

  const post = (url: string, form: Record<string, string>, cookie = "") =>
    app.inject({
      method: "POST",
      url,
      headers: {
        origin: "http://localhost",
        "content-type": "application/x-www-form-urlencoded",
        cookie,
      },
      payload: new URLSearchParams(form).toString(),
    });
  const cookieOf = (answer: { headers: Record<string, unknown> }) =>
    String(answer.headers["set-cookie"]).split(";")[0] ?? "";
  const enter = async (code: string) => cookieOf(await post("/claim", { code }));
  const page = async (url: string, cookie: string) =>
    app.inject({ url, headers: { cookie, "accept-language": "ja" } });
  const isIn = async (cookie: string) => (await page("/", cookie)).body.includes("MARK-GIVEN-NAME");
  const setPin = (pin: string, cookie: string, from = "access") =>
    post("/access/pin", { pin, again: pin, from }, cookie);

  test("who changes the PIN stays in, everybody who came in with the old one is out", async () => {
    const installer = await enter(store.state.claim.code);
    expect((await setPin(SITE_PIN, installer, "setup")).headers.location).toBe("/setup/end?notice=pin-set");
    const [director, teacher] = [await enter(SITE_PIN), await enter(SITE_PIN)];
    const answer = await setPin("９３０ ５１７", director);
    expect(answer.headers.location).toBe("/access?notice=pin-set");
    expect(await isIn(cookieOf(answer))).toBe(true);
    expect(await isIn(director)).toBe(false);
    expect(await isIn(teacher)).toBe(false);
    expect(await isIn(installer)).toBe(true);
    expect((await post("/claim", { code: SITE_PIN })).statusCode).toBe(403);
    expect(await isIn(await enter("930517"))).toBe(true);
  });

  test.each([
    [{ pin: "40718", again: "40718" }, "pin-bad"],
    [{ pin: SITE_PIN, again: "407183" }, "pin-bad"],
    [{}, "pin-bad"],
    [{ pin: "000000", again: "000000" }, "pin-simple"],
    [{ pin: "123456", again: "123456" }, "pin-simple"],
  ])("%j is refused with a word", async (form, notice) => {
    const installer = await enter(store.state.claim.code);
    expect((await post("/access/pin", form, installer)).headers.location).toBe(`/access?notice=${notice}`);
    const inSetup = await post("/access/pin", { ...form, from: "setup" }, installer);
    expect(inSetup.headers.location).toBe(`/setup/pin?notice=${notice}`);
    expect(store.access.pinSet).toBe(false);
    expect((await page(`/setup/pin?notice=${notice}`, installer)).body).toMatch(/class="notice">[^<]+/);
  });

  test("the hand-over ends the installer's code and session, and leads to the PIN", async () => {
    const old = store.state.claim.code;
    const installer = await enter(old);
    expect((await post("/access/hand-over", { sure: "yes" }, installer)).headers.location).toBe(
      "/access?notice=pin-first",
    );
    await setPin(SITE_PIN, installer);
    expect((await post("/access/hand-over", {}, installer)).headers.location).toBe(
      "/access?notice=incomplete",
    );
    expect(store.access.handedOverAt).toBeNull();

    const answer = await post("/access/hand-over", { sure: "yes" }, installer);
    expect(answer.headers.location).toBe("/claim?notice=handed-over");
    expect(answer.headers["set-cookie"]).toContain("Max-Age=0");
    expect(await isIn(installer)).toBe(false);
    expect((await page("/claim?notice=handed-over", "")).body).toContain(
      "これからは、暗証番号で開いてください",
    );
    expect((await post("/claim", { code: old })).statusCode).toBe(403);
    expect(store.state.claim.code).not.toBe(old);
    const director = await enter(SITE_PIN);
    expect(await isIn(director)).toBe(true);
    const { body } = await page("/access", director);
    expect(body).toContain("2026年11月21日 に使えなくなりました");
    expect(body).not.toContain('action="/access/hand-over"');

    // Whoever was let in by the machine's new code can end it again.
    const again = await enter(store.state.claim.code);
    expect((await page("/access", again)).body).toContain('action="/access/hand-over"');
  });

  test("the person in charge hands over and stays in", async () => {
    await setPin(SITE_PIN, await enter(store.state.claim.code));
    const director = await enter(SITE_PIN);
    const answer = await post("/access/hand-over", { sure: "yes" }, director);
    expect(answer.headers.location).toBe("/access?notice=handed-over");
    expect(await isIn(director)).toBe(true);
  });

  test("a contractor's code is shown once, lets in, and ends at once when it is ended", async () => {
    await setPin(SITE_PIN, await enter(store.state.claim.code));
    const director = await enter(SITE_PIN);
    const answer = await post("/access/contractor", { company: COMPANY, days: "3" }, director);
    expect(answer.statusCode).toBe(200);
    const [, first, second] = /shown-code">(\d{4}) (\d{4})</.exec(answer.body) ?? [];
    const code = `${first}${second}`;
    expect(code).toMatch(/^\d{8}$/);
    // Live updates keep away from what is shown once.
    expect(answer.body).toContain('data-busy="yes"');
    for (const url of ["/access", "/access/contractor"]) {
      const { body } = await page(url, director);
      expect(body).toContain(COMPANY);
      expect(body).not.toContain(code);
      expect(body).not.toContain(`${first} ${second}`);
    }
    const contractor = await enter(`${first} ${second}`);
    expect(await isIn(contractor)).toBe(true);
    expect((await page("/access", contractor)).statusCode).toBe(403);
    expect((await post("/access/contractor/end", {}, director)).headers.location).toBe(
      "/access?notice=dismissed",
    );
    expect(await isIn(contractor)).toBe(false);
    expect((await post("/claim", { code })).statusCode).toBe(403);
  });
});

describe("the page", () => {
  const invitedUntil = (days: number) =>
    new Date(NOW.getFullYear(), NOW.getMonth(), NOW.getDate() + days, 23, 59, 59).toISOString();

  test.each([1, 3, 7, 30])("a code for %i days holds to the end of that day", async (days) => {
    const { site, post, close } = await signedIn(state());
    await post("/access/contractor", { company: COMPANY, days: String(days) });
    expect(site.calls).toEqual([["inviteContractor", COMPANY, invitedUntil(days)]]);
    await close();
  });

  test.each([
    { company: "", days: "7" },
    { company: COMPANY, days: "365" },
    { company: COMPANY, days: "7.0" },
    { company: COMPANY },
  ])("%j makes no code", async (form) => {
    const { site, post, close } = await signedIn(state());
    expect((await post("/access/contractor", form)).headers.location).toBe("/access?notice=incomplete");
    expect(site.calls).toEqual([]);
    await close();
  });

  test("tells who has a way in, and which code has ended", async () => {
    const until = new Date(NOW.getTime() - 1).toISOString();
    const contractor = { company: COMPANY, until };
    const { get, close } = await signedIn(
      state({ access: { claimedAt: null, pinSet: false, handedOverAt: null, contractor } }),
    );
    const { body } = await get("/access");
    expect(body).toContain("まだ決めていません");
    expect(body).toContain(`${COMPANY}の方の番号は、2026年11月21日 に期限が過ぎました`);
    expect(body).not.toContain("/access/contractor/end");
    expect(body).toContain("先に、暗証番号を決めてください");
    await close();
  });

  test.each([
    ["a contractor", CONTRACTOR_CODE],
    ["a stranger", null],
  ])("%s gets nothing of it", async (_who, code) => {
    const { site, get, post, close } = await signedIn(nursery(), code);
    const paths = ["/access/pin", "/access/contractor", "/access/contractor/end", "/access/hand-over"];
    const form = { pin: SITE_PIN, again: SITE_PIN, sure: "yes", company: COMPANY, days: "7" };
    for (const path of paths) expect((await post(path, form)).statusCode, path).toBe(code ? 403 : 303);
    expect((await get("/access")).statusCode).toBe(code ? 403 : 303);
    expect((await get("/")).body).not.toContain('href="/access"');
    expect(site.calls).toEqual([]);
    await close();
  });

  test("while we can be reached from outside, a contractor's code can be ended and nothing else", async () => {
    const exposed = outcome("agent-exposed", "fail", { severity: "critical", audience: "internet" });
    const { site, get, post, close } = await signedIn(
      nursery({ findings: [finding("agent-exposed~dd44", "x", exposed)] }),
    );
    const form = { pin: SITE_PIN, again: SITE_PIN, sure: "yes", company: COMPANY, days: "7" };
    for (const path of ["/access/pin", "/access/contractor", "/access/hand-over"])
      expect((await post(path, form)).statusCode, path).toBe(404);
    expect((await get("/access")).statusCode).toBe(404);
    expect((await get("/")).body).not.toMatch(/href="\/(access|report|setup)"/);
    await post("/access/contractor/end");
    expect(site.calls).toEqual([["dismissContractor"]]);
    await close();
  });

  test("a contractor reads the permissions, and is told who gives them", async () => {
    const { get, post, site, close } = await signedIn(nursery(), CONTRACTOR_CODE);
    const { body } = await get("/consent");
    expect(body).toContain("山田花子");
    expect(body).toContain("許可や取り消しができるのは、施設の責任者の方です");
    expect(body.slice(body.indexOf("<main"), body.indexOf("</main"))).not.toContain("<form");
    expect((await post("/consent")).statusCode).toBe(403);
    expect((await post("/consent/consent-1/withdraw")).statusCode).toBe(403);
    expect(site.calls).toEqual([]);
    await close();
  });

  test("every page tells the address under which it was opened", async () => {
    const site = madeUpSite();
    const app = buildApp(contextOf(site.options), "lan");
    const { body } = await app.inject({ url: "/", headers: { host: "kamera-7k3f.local:8080" } });
    expect(body).toContain("<bdi>http://kamera-7k3f.local:8080/</bdi>");
    await app.close();
    const control = buildApp(contextOf(site.options), "control");
    expect((await control.inject({ url: "/" })).body).not.toContain("<bdi>http://");
    await control.close();
  });
});
