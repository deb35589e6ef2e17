import { afterEach, describe, expect, test } from "vitest";
import type { Statement } from "../../../agent/model/index.ts";
import { ja } from "../../../web-ui/locales/ja/index.ts";
import { CONTRACTOR_CODE, HOSTILE, NOW, nursery } from "./made-up-site.ts";
import { type SignedIn, signedIn } from "./signed-in.ts";

const SAID = { company: "青葉電設", text: "外からは見えません。", saidOn: "2026-11-01" };
const CAMERA: Statement = {
  id: "s-1",
  deviceId: "serial:acme:1",
  company: "青葉電設",
  text: "外からは見えません。",
  saidOn: "2025-04-02",
  writtenAt: NOW.toISOString(),
};
const PLACE: Statement = {
  ...CAMERA,
  id: "s-2",
  deviceId: null,
  text: "全部変えました。",
  saidOn: "2026-10-01",
};

let page: SignedIn;
afterEach(() => page.close());

const body = async (path: string) => (await page.get(path)).body;
const keyOf = async (name: string) =>
  new RegExp(`/cameras/(\\w+)"><bdi>${name}`).exec(await body("/"))?.[1] ?? "none";
/** What stands on the two sides of the block, without markup. */
const sides = (html: string) =>
  (["said", "measured"] as const).map((side) => {
    const [, inner = ""] = new RegExp(`<div class="${side}">(.*?)</div>`).exec(html) ?? [];
    return inner.replace(/<svg.*?<\/svg>/g, "").replace(/<[^>]+>/g, "|");
  });

describe("beside each other", () => {
  test("on the camera's page: what was said and what was measured, each with its date", async () => {
    page = await signedIn(nursery({ statements: [CAMERA, PLACE] }));
    const [said = "", measured = ""] = sides(await body(`/cameras/${await keyOf("園庭")}`));
    expect(said).toContain("外からは見えません。");
    expect(said).toContain("青葉電設（2025年4月2日の説明）");
    expect(said).not.toContain("全部変えました");
    expect(measured).toContain("「園庭」の映像が、パスワードなしで見られます");
    expect(measured).toMatch(/に確認しました/);
    expect(measured).toMatch(/古い遠隔操作の入口\|.*見つかりませんでした/);
    expect(`${said}${measured}`).not.toMatch(/嘘|うそ|間違|誤り|正し/);
  });

  test("what could not be checked is said to be so, never to be fine", async () => {
    page = await signedIn(nursery({ statements: [{ ...CAMERA, deviceId: "serial:acme:3" }] }));
    const [, measured = ""] = sides(await body(`/cameras/${await keyOf("MARK-MAKER")}`));
    expect(measured).toMatch(/パスワードなしで見られる映像\|.*の点検では、確認できていません/);
    expect(measured).toMatch(/買ったときのままのパスワード\|+許可待ち/);
    expect(measured).not.toMatch(/パスワードなしで見られる映像\|[^|]*見つかりませんでした/);
  });

  test("on the finding's page: words about its camera and the place, beside this finding alone", async () => {
    page = await signedIn(nursery({ statements: [CAMERA, PLACE] }));
    const [said = "", measured = ""] = sides(await body("/findings/open-live-view~aa11"));
    expect(said.indexOf("全部変えました")).toBeLessThan(said.indexOf("外からは見えません"));
    expect(measured).toContain("「園庭」の映像が、パスワードなしで見られます");
    expect(measured).not.toContain("外に向けて開いています");
    expect(sides(await body("/findings/router-upnp-enabled~cc33"))[0]).not.toContain("外からは見えません");
  });

  test("for the whole place, and for each camera of which something was said", async () => {
    page = await signedIn(nursery({ statements: [CAMERA, PLACE] }));
    const html = await body("/statements");
    expect(html.match(/<div class="said">/g)).toHaveLength(2);
    const [said = "", measured = ""] = sides(html);
    expect(said).toContain("全部変えました");
    for (const title of ["「園庭」の映像", "「玄関」のパスワード", "ルーターに、入口を自動で開ける機能"])
      expect(measured).toContain(title);
  });

  test("with nothing measured yet it says so", async () => {
    page = await signedIn(
      nursery({ report: null, findings: [], lastCompleteScanAt: null, statements: [PLACE] }),
    );
    expect(sides(await body("/statements"))[1]).toContain(ja.statements.notMeasured);
  });
});

describe("writing down", () => {
  test("of a camera and of the place", async () => {
    page = await signedIn(nursery(), CONTRACTOR_CODE);
    const key = await keyOf("園庭");
    const one = await page.post("/statements", { ...SAID, camera: key });
    expect(one.headers.location).toBe(`/cameras/${key}?notice=saved`);
    const other = await page.post("/statements", { ...SAID, text: `  a\u0007b\n\u202Ec  `, camera: "" });
    expect(other.headers.location).toBe("/statements?notice=saved");
    const writtenAt = NOW.toISOString();
    expect(page.site.calls).toEqual([
      ["addStatement", { ...SAID, deviceId: "serial:acme:1", writtenAt }],
      ["addStatement", { ...SAID, deviceId: null, text: "ab c", writtenAt }],
    ]);
  });

  test("200 characters at most", async () => {
    page = await signedIn(nursery());
    await page.post("/statements", { ...SAID, text: "あ".repeat(5000) });
    expect(page.site.calls[0]?.[1]).toMatchObject({ text: "あ".repeat(200) });
  });

  test.each([
    ["company", " "],
    ["text", "\u200b"],
    ["saidOn", ""],
    ["saidOn", "2026-11-31"],
    ["saidOn", "2027-01-01"],
    ["saidOn", "1.11.2026"],
  ])("%s = %j is not taken", async (name, value) => {
    page = await signedIn(nursery());
    const answer = await page.post("/statements", { ...SAID, [name]: value });
    expect(answer.headers.location).toBe("/statements?notice=incomplete");
    expect(page.site.calls).toEqual([]);
  });

  test("of a camera that does not exist is no such page", async () => {
    page = await signedIn(nursery());
    expect((await page.post("/statements", { ...SAID, camera: "0123456789ab" })).statusCode).toBe(404);
    expect(page.site.calls).toEqual([]);
  });
});

describe("taking away", () => {
  test("is for the people of the place, from where it stood", async () => {
    page = await signedIn(nursery({ statements: [CAMERA, PLACE] }));
    const key = await keyOf("園庭");
    expect((await page.post("/statements/s-1/remove")).headers.location).toBe(`/cameras/${key}?notice=saved`);
    expect((await page.post("/statements/s-2/remove")).headers.location).toBe("/statements?notice=saved");
    expect((await page.post("/statements/s-9/remove")).statusCode).toBe(404);
    expect(page.site.calls.map(([, id]) => id)).toEqual(["s-1", "s-2"]);
  });

  test("is not for the contractor", async () => {
    page = await signedIn(nursery({ statements: [CAMERA, PLACE] }), CONTRACTOR_CODE);
    expect(await body("/statements")).not.toContain("/remove");
    expect((await page.post("/statements/s-1/remove")).statusCode).toBe(403);
    expect(page.site.calls).toEqual([]);
  });
});

test("hostile words stay words", async () => {
  const bad = { ...PLACE, company: HOSTILE, text: HOSTILE };
  page = await signedIn(nursery({ statements: [bad, { ...bad, id: "s-3", deviceId: "serial:acme:1" }] }));
  for (const path of ["/statements", "/findings/open-live-view~aa11", `/cameras/${await keyOf("園庭")}`]) {
    const html = await body(path);
    expect(html).toContain("&lt;script");
    for (const raw of ["<script>window", "<img src=x", HOSTILE.slice(0, 9)]) expect(html).not.toContain(raw);
  }
});
