import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { catalogue } from "../../../agent/checks/index.ts";
import { CAMERA_STATES, CHECK_IDS, OUTCOMES, SEVERITIES } from "../../../agent/model/index.ts";
import type { SiteState } from "../../../agent/serve/index.ts";
import { reportPage, sheetHash, sheetOf } from "../../../agent/serve/view/report.ts";
import { type Scene, sceneOf } from "../../../agent/serve/view/scene.ts";
import { CAMERAS_ON_A_PAGE, shareLines } from "../../../agent/serve/view/sheet.ts";
import type { ReportSheet, SheetRow } from "../../../web-ui/index.ts";
import {
  CONSENT,
  CONTRACTOR_CODE,
  crowd,
  device,
  finding,
  hostile,
  known,
  madeUpSite,
  NOW,
  nursery,
  outcome,
  report,
  state,
} from "./made-up-site.ts";
import { type SignedIn, signedIn } from "./signed-in.ts";

let visitor: SignedIn | undefined;
afterEach(async () => {
  await visitor?.close();
  visitor = undefined;
});

const ago = (hours: number): string => new Date(NOW.getTime() - hours * 3_600_000).toISOString();

function sceneFrom(site: SiteState, language: "ja" | "en" = "ja", now = NOW): Scene {
  return sceneOf(madeUpSite(site).options, now, language, "site");
}

function sheetFrom(...parameters: Parameters<typeof sceneFrom>): ReportSheet {
  const sheet = sheetOf(sceneFrom(...parameters));
  if (!sheet) throw new Error("no sheet");
  return sheet;
}

function rowOf(site: SiteState, name: string | null): SheetRow {
  const row = sheetFrom(site).rows.find((one) => one.place === "camera" && one.name === name);
  if (!row) throw new Error(`no row for ${name}`);
  return row;
}

describe("the hash", () => {
  const first = sheetFrom(nursery()).hash;

  test("is the same for the same content: again, in the other language, after another check", () => {
    const site = nursery();
    const later = {
      ...site,
      lastCompleteScanAt: ago(1),
      report: { ...report([]), ...site.report, id: "report-2" },
    };
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(sheetFrom(nursery()).hash).toBe(first);
    expect(sheetFrom(nursery(), "en").hash).toBe(first);
    expect(sheetFrom(later).hash).toBe(first);
    expect(sheetFrom(later).reportId).not.toBe(sheetFrom(site).reportId);
  });

  test("does not hang on the order in which the content was put together", () => {
    const sheet = sheetFrom(nursery());
    const turned = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(turned)
        : typeof value === "object" && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([key, one]) => [key, turned(one)]),
            )
          : value;
    expect(sheetHash(turned(sheet) as ReportSheet)).toBe(sheet.hash);
  });

  const { findings, known: devices } = nursery();
  test.each<[string, Partial<SiteState>]>([
    ["another place", { place: "すみれ保育園" }],
    ["a finding less", { findings: findings.slice(1) }],
    ["a finding that is resolved", { findings: findings.map((one) => ({ ...one, resolvedAt: ago(1) })) }],
    ["another first time", { findings: findings.map((one) => ({ ...one, firstSeen: ago(999) })) }],
    [
      "an acceptance",
      {
        findings: findings.map((one) => ({
          ...one,
          acknowledged: { by: "山田花子", reason: "x", until: ago(-99) },
        })),
      },
    ],
    ["another name", { known: devices.map((one) => ({ ...one, name: "裏口" })) }],
    ["another manager", { consents: [{ ...CONSENT, managers: { "serial:acme:1": "service" } }] }],
    ["a withdrawn permission", { consents: [{ ...CONSENT, revokedAt: ago(1) }] }],
    ["checks that have stopped", { lastCompleteScanAt: ago(50) }],
  ])("changes with %s", (_what, change) => {
    expect(sheetFrom(nursery(change)).hash).not.toBe(first);
  });
});

describe("the table", () => {
  test("has one row a camera, the worst first, and the rest of the network last", () => {
    const { rows } = sheetFrom(nursery());
    expect(rows.map(({ name, place, mark }) => [name ?? place, mark])).toEqual([
      ["園庭", "emergency"],
      ["玄関", "danger"],
      ["camera", "waiting"],
      ["職員室", "none"],
      ["elsewhere", "attention"],
    ]);
  });

  test("tells each problem with its lower bound, its first step and who acts", () => {
    const [point] = rowOf(nursery(), "玄関").points;
    expect(point).toMatchObject({ check: "default-credentials", mark: "danger", since: ago(1) });
    expect(point?.acts[0]).toEqual({
      actors: ["site", "contractor"],
      text: catalogue["default-credentials"].steps[0]?.text,
    });
  });

  test("counts the days from the first sighting, so that no later check moves them", () => {
    const points = (site: SiteState) => sheetFrom(site).rows.flatMap((row) => row.points);
    const of = (site: SiteState, check: string) => points(site).find((point) => point.check === check)?.due;
    const day = (hours: number, days: number) =>
      new Date(Date.parse(ago(hours)) + days * 86_400_000).toISOString();
    expect(of(nursery(), "open-live-view")).toBe("now");
    expect(of(nursery(), "port-mapping-to-camera")).toEqual({ on: day(432, 1), overdue: true });
    expect(of(nursery(), "default-credentials")).toEqual({ on: day(1, 1), overdue: false });
    expect(of(nursery(), "router-upnp-enabled")).toEqual({ on: day(432, 30), overdue: false });
    const later = nursery({ lastCompleteScanAt: ago(0) });
    expect(of(later, "router-upnp-enabled")).toEqual({ on: day(432, 30), overdue: false });
  });

  test("never calls a check that could not be done a result, and dates it where the history does", () => {
    const since = ago(30);
    const exposure = { days: [], changes: { "serial:acme:3": [{ at: since, state: "waiting" as const }] } };
    expect(rowOf(nursery(), null).points).toMatchObject([
      { check: null, mark: "waiting", gaps: 2, since: null, due: null },
    ]);
    expect(rowOf(nursery({ exposure }), null).points).toMatchObject([
      { since, due: { on: new Date(Date.parse(since) + 7 * 86_400_000).toISOString(), overdue: false } },
    ]);
    const silent = state({ report: report([]) });
    expect(rowOf(silent, "MARK-GIVEN-NAME")).toMatchObject({
      mark: "unknown",
      points: [{ mark: "unknown", gaps: 3 }],
    });
  });

  test("has no good word for a router that nobody has asked", () => {
    const elsewhere = (site: SiteState) => sheetFrom(site).rows.at(-1);
    expect(elsewhere(state())).toMatchObject({ mark: "unknown", points: [{ check: null, mark: "unknown" }] });
    const router = (...outcomes: ReturnType<typeof outcome>[]) =>
      state({ report: report([device("mac:1", { kind: "router", outcomes })]), known: [] });
    const good = outcome("router-upnp-enabled", "pass");
    expect(elsewhere(router(good))).toMatchObject({ mark: "none", points: [] });
    expect(elsewhere(router(good, outcome("port-mapping-to-other", "unknown")))).toMatchObject({
      mark: "unknown",
    });
  });

  test("puts findings of one check together and keeps apart what somebody accepted", () => {
    const doors = ["http:80", "rtsp:554"].map((subject) =>
      outcome("unencrypted-access", "fail", { subject }),
    );
    const acknowledged = { by: "山田花子", reason: "x", until: ago(-99) };
    const of = (accepted: boolean) => {
      const [one, other] = doors.map((each, index) =>
        finding(`unencrypted-access~${index}`, "serial:acme:1", each, {
          firstSeen: ago(10 + index),
          acknowledged: accepted && index === 1 ? acknowledged : null,
        }),
      );
      return rowOf(state({ findings: [one!, other!] }), "MARK-GIVEN-NAME").points;
    };
    expect(of(false)).toMatchObject([{ check: "unencrypted-access", since: ago(11), accepted: null }]);
    expect(of(true)).toMatchObject([
      { mark: "danger", since: ago(10), accepted: null },
      { mark: "attention", since: ago(11), accepted: { by: "山田花子" }, acts: [], due: null },
    ]);
  });

  test("does not let anybody accept away what the internet can reach", () => {
    const { findings } = nursery();
    const acknowledged = { by: "山田花子", reason: "x", until: ago(-99) };
    const site = nursery({ findings: findings.map((one) => ({ ...one, acknowledged })) });
    expect(rowOf(site, "園庭").points[0]).toMatchObject({ mark: "emergency", accepted: null, due: "now" });
  });

  test("loses no problem: what has no line is counted", () => {
    const site = crowd();
    const eight = { ...site, known: site.known.slice(0, 8), findings: site.findings.slice(0, 24) };
    const { rows } = sheetFrom({ ...eight, report: report(site.report?.devices.slice(0, 8) ?? []) });
    expect(rows).toHaveLength(9);
    for (const row of rows.slice(0, 8)) expect(row.points.length + row.hidden).toBe(3);
    expect(
      sheetFrom(site)
        .rows.slice(0, 24)
        .every(({ hidden, points }) => hidden === 0 && points.length === 3),
    ).toBe(true);
  });
});

test("property: a line for every row, no more than fit, and never more than there is", () => {
  const rows = fc.array(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 6 }), {
    maxLength: CAMERAS_ON_A_PAGE + 1,
  });
  fc.assert(
    fc.property(rows, fc.integer({ min: CAMERAS_ON_A_PAGE + 1, max: 40 }), (all, lines) => {
      const shares = shareLines(all, lines);
      const taken = shares.map((share) =>
        Math.max(
          1,
          share.reduce((sum, one) => sum + one, 0),
        ),
      );
      expect(taken.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(lines);
      for (const [index, share] of shares.entries()) {
        const points = all[index] ?? [];
        expect(share).toHaveLength(points.length);
        expect(share.every((given, at) => given <= Math.max(1, points[at] ?? 0))).toBe(true);
        expect(points.length === 0 || (share[0] ?? 0) > 0).toBe(true);
      }
    }),
  );
});

test("property: the first line of a camera says how it stands, and only settled checks say that nothing was found", () => {
  const outcomes = fc.array(
    fc.record({
      check: fc.constantFrom(...CHECK_IDS),
      value: fc.constantFrom(...OUTCOMES),
      severity: fc.constantFrom(...SEVERITIES),
      because: fc.constantFrom(null, "no-consent", "timeout"),
      subject: fc.constantFrom("", "http:80"),
    }),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(outcomes, (all) => {
      const mine = all.map(({ check, value, ...more }) => outcome(check, value, more));
      const failing = mine.filter((one) => one.outcome === "fail");
      const site = state({
        report: report([device("serial:acme:1", { outcomes: mine })]),
        findings: failing.map((one, index) => finding(`${one.check}~${index}`, "serial:acme:1", one)),
      });
      const row = rowOf(site, "MARK-GIVEN-NAME");
      expect(row.points[0]?.mark ?? "none").toBe(row.mark);
      expect(CAMERA_STATES).toContain(row.mark);
      if (row.mark === "none") expect(failing).toEqual([]);
      const told = new Set(row.points.flatMap(({ check }) => check ?? []));
      expect(told.size + row.hidden).toBe(new Set(failing.map(({ check }) => check)).size);
    }),
  );
});

describe("page 1", () => {
  const PRIVATE = ["MARK-", "192.168.77.", "02:00:5E", "serial:acme", "gateway", "rtsp:554", "8554", "1.2.3"];
  const sheetHtml = (body: string) => /<article class="sheet">.*?<\/article>/s.exec(body)?.[0] ?? "";

  test.each(["ja", "en"] as const)("holds no address, MAC, model, maker or port (%s)", async (language) => {
    visitor = await signedIn(nursery());
    const html = sheetHtml((await visitor.get("/report", language)).body);
    expect(html).toContain("園庭");
    expect(html).toContain(language === "ja" ? "名前のないカメラ 1" : "Unnamed camera 1");
    for (const secret of PRIVATE) expect(html, secret).not.toContain(secret);
  });

  test("does not name a camera by what it says of itself, however it is described", async () => {
    visitor = await signedIn(hostile());
    const html = sheetHtml((await visitor.get("/report")).body);
    expect(html).toContain("名前のないカメラ 1");
    expect(html).not.toContain("<script");
    expect(html).not.toContain("{cam}");
  });

  test("says when checks have stopped, and that a check is not over", async () => {
    visitor = await signedIn(
      nursery({ lastCompleteScanAt: ago(50), scanning: { done: 1, total: 4, steps: [] } }),
    );
    const { body } = await visitor.get("/report");
    expect(sheetHtml(body)).toContain("その後は点検できていません");
    expect(sheetHtml(body)).toContain("点検の途中の結果です");
    expect(body).not.toContain("/report/sign");
  });

  test("calls no day today: it is read later", async () => {
    visitor = await signedIn(state());
    const html = sheetHtml((await visitor.get("/report")).body);
    expect(html).not.toMatch(/きょう|きのう/);
  });

  test("is not there before anything was looked at", async () => {
    visitor = await signedIn(state({ report: null, known: [], lastCompleteScanAt: null }));
    const { body } = await visitor.get("/report");
    expect(body).toContain("まだ点検の結果がありません");
    expect(sheetHtml(body)).toBe("");
  });
});

describe("the installer's record", () => {
  test("holds what was measured, what was not checked and why, and never a password", async () => {
    visitor = await signedIn(
      nursery({
        report: report([
          device("serial:acme:3", {
            outcomes: [outcome("default-credentials", "notchecked", { because: "not-this-manager" })],
            traffic: { connections: 7, bytesIn: 4321, bytesOut: 1234, peakConnections: 2 },
          }),
          ...(nursery().report?.devices ?? []).filter(({ id }) => id !== "serial:acme:3"),
        ]),
      }),
      CONTRACTOR_CODE,
    );
    const { body } = await visitor.get("/report/evidence");
    for (const told of ["MARK-MODEL-1", "02:00:5E:77:00:31", "192.168.77.31", "rtsp:554", "gateway", "4321"])
      expect(body, told).toContain(told);
    expect(body).toContain("調べていません");
    expect(body).toContain("管理している会社の了解がないため");
    expect(body).toContain("acme#/factoryLogins/0");
    expect(body).not.toContain('<article class="sheet">');
    const both = (await visitor.get("/report?evidence=1")).body;
    expect(both).toContain('<article class="sheet">');
    expect(both).toContain('<article class="sheet evidence">');
  });

  test("tells what a camera that does not answer left open", async () => {
    const gone = outcome("missing-camera", "fail", { severity: "medium" });
    visitor = await signedIn(
      state({
        known: [known("serial:acme:9", { name: "門" })],
        findings: [finding("missing-camera~9", "serial:acme:9", gone)],
      }),
    );
    const { body } = await visitor.get("/report/evidence");
    expect(body).toContain("「門」が見つからなくなりました");
    expect(body).toContain("いま、返事がありません。");
  });
});

describe("who may", () => {
  test.each(["/report", "/report/evidence"])(
    "%s asks for the code and is closed while sealed",
    async (path) => {
      visitor = await signedIn(nursery(), null);
      const answer = await visitor.get(path);
      expect([answer.statusCode, answer.headers.location]).toEqual([
        303,
        `/claim?next=${encodeURIComponent(path)}`,
      ]);
      await visitor.close();
      const exposed = outcome("agent-exposed", "fail", { severity: "critical" });
      const site = nursery();
      visitor = await signedIn({
        ...site,
        findings: [...site.findings, finding("agent-exposed~1", "x", exposed)],
      });
      expect((await visitor.get(path)).statusCode).toBe(404);
      expect((await visitor.post("/report/sign", { hash: "x", site: "x" })).statusCode).toBe(404);
    },
  );

  test("the contractor reads and does not record signatures", async () => {
    visitor = await signedIn(nursery(), CONTRACTOR_CODE);
    const { body } = await visitor.get("/report");
    expect(body).toContain("/report/evidence");
    expect(body).not.toContain("/report/sign");
    const { hash } = sheetFrom(nursery());
    expect((await visitor.post("/report/sign", { hash, contractor: "青葉太郎" })).statusCode).toBe(403);
    expect(visitor.site.calls).toEqual([]);
  });
});

describe("signing off", () => {
  const sheet = sheetFrom(nursery());

  test("records both names with the report and its hash", async () => {
    visitor = await signedIn(nursery());
    const answer = await visitor.post("/report/sign", {
      hash: sheet.hash,
      site: " 山田花子 ",
      contractor: "青葉電設",
    });
    expect(answer.headers.location).toBe("/report?notice=signed");
    expect(visitor.site.calls).toEqual([
      [
        "signOff",
        {
          at: NOW.toISOString(),
          reportId: "report-1",
          hash: sheet.hash,
          site: "山田花子",
          contractor: "青葉電設",
        },
      ],
    ]);
  });

  test("takes no signature for another sheet, and none without a name", async () => {
    visitor = await signedIn(nursery());
    const other = await visitor.post("/report/sign", { hash: "0".repeat(64), site: "山田花子" });
    expect(other.headers.location).toBe("/report?notice=sheet-changed");
    const nameless = await visitor.post("/report/sign", { hash: sheet.hash });
    expect(nameless.headers.location).toBe("/report?notice=incomplete");
    expect(visitor.site.calls).toEqual([]);
  });

  test("the list says whether the sheet is still the same", () => {
    const one = { at: ago(1), site: "山田花子", contractor: "" };
    const site = nursery({
      signOffs: [
        { ...one, id: "a", reportId: "report-0", hash: "0".repeat(64) },
        { ...one, id: "b", reportId: "report-0", hash: sheet.hash },
        { ...one, id: "c", reportId: "report-1", hash: sheet.hash },
      ],
    });
    const { signOffs } = reportPage(sceneFrom(site), "sheet");
    expect(signOffs.map(({ id, state: now }) => [id, now])).toEqual([
      ["c", "same"],
      ["b", "again"],
      ["a", "changed"],
    ]);
  });
});
