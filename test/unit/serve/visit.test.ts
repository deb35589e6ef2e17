import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import type { Snapshot, SnapshotFinding } from "../../../agent/model/index.ts";
import type { SiteState } from "../../../agent/serve/index.ts";
import { sceneOf } from "../../../agent/serve/view/scene.ts";
import { compareSnapshots, snapshotOf, wasChecked } from "../../../agent/serve/view/snapshot.ts";
import { visitSheet } from "../../../agent/serve/view/visit.ts";
import {
  CONTRACTOR_CODE,
  finding,
  hostile,
  madeUpSite,
  NOW,
  nursery,
  outcome,
  VISIT,
} from "./made-up-site.ts";
import { type SignedIn, signedIn } from "./signed-in.ts";

let visitor: SignedIn | undefined;
afterEach(async () => {
  await visitor?.close();
  visitor = undefined;
});

const ago = (hours: number): string => new Date(NOW.getTime() - hours * 3_600_000).toISOString();
const sceneFrom = (site: SiteState) => sceneOf(madeUpSite(site).options, NOW, "ja", "site");
const BEFORE = snapshotOf(sceneFrom(nursery()), null);
const RUNNING = { ...VISIT, before: { ...BEFORE, at: ago(2) } };
const resultsOf = (site: SiteState) =>
  Object.fromEntries(
    (visitSheet(sceneFrom(site), RUNNING).visit?.points ?? []).map(({ id, result }) => [id, result]),
  );

describe("a snapshot", () => {
  test("holds every camera by its people's name, and all that is open", () => {
    expect(BEFORE.cameras).toEqual([
      { id: "serial:acme:1", name: "園庭", state: "emergency" },
      { id: "serial:acme:2", name: "玄関", state: "danger" },
      { id: "serial:acme:3", name: "", state: "waiting" },
      { id: "serial:acme:4", name: "職員室", state: "none" },
    ]);
    expect(BEFORE.findings.map(({ id }) => id)).toEqual(nursery().findings.map(({ id }) => id));
    expect(BEFORE).toMatchObject({ at: NOW.toISOString(), scanAt: nursery().lastCompleteScanAt });
    expect(BEFORE).not.toHaveProperty("resolved");
  });

  test("after a visit tells what a look has closed, and what none has confirmed since", () => {
    const [fixed, seen, doubted, ...untouched] = nursery().findings;
    const findings = [
      { ...fixed!, resolvedAt: ago(1) },
      { ...seen!, lastConfirmed: ago(1) },
      { ...doubted!, lastConfirmed: ago(1), lastUnknown: ago(0.5) },
      ...untouched,
    ];
    const after = snapshotOf(sceneFrom(nursery({ findings })), ago(2));
    expect(after.resolved).toEqual([fixed?.id]);
    expect(after.unsettled).toEqual([doubted, ...untouched].map((one) => one?.id));
  });

  test("holds nothing of what a camera says of itself", () => {
    expect(JSON.stringify(BEFORE)).not.toMatch(/MARK-|192\.168|02:00:5E/);
    expect(snapshotOf(sceneFrom(hostile()), null).cameras.map(({ name }) => name)).toEqual([""]);
  });
});

const IDS = ["a", "b", "c", "d", "e"];
const snapshotFinding = (id: string): SnapshotFinding => ({
  id,
  check: "telnet-open",
  deviceId: "x",
  subject: "",
  severity: "high",
});
const someIds = fc.subarray(IDS);

test("property: each finding comes out once, and fixed is only what a look has closed", () => {
  fc.assert(
    fc.property(someIds, someIds, someIds, someIds, (open, later, resolved, unsettled) => {
      const snapshot = (ids: readonly string[]): Snapshot => ({
        at: ago(1),
        scanAt: null,
        cameras: [],
        findings: ids.map(snapshotFinding),
      });
      const compared = compareSnapshots(snapshot(open), { ...snapshot(later), resolved, unsettled });
      const all = [...new Set([...open, ...later])];
      expect(compared.map(({ finding: one }) => one.id).sort()).toEqual(all.sort());
      for (const { finding: one, result } of compared) {
        const [was, is] = [open.includes(one.id), later.includes(one.id)];
        expect(result === "new").toBe(!was);
        expect(result === "fixed").toBe(was && !is && resolved.includes(one.id));
        expect(result === "still").toBe(was && is && !unsettled.includes(one.id));
      }
    }),
  );
});

test("property: what is gone from an after that tells nothing more is never called fixed", () => {
  fc.assert(
    fc.property(someIds, someIds, (open, later) => {
      const of = (ids: readonly string[]): Snapshot => ({
        at: ago(1),
        scanAt: null,
        cameras: [],
        findings: ids.map(snapshotFinding),
      });
      expect(compareSnapshots(of(open), of(later)).some(({ result }) => result === "fixed")).toBe(false);
    }),
  );
});

test("only a whole check that ended since the beginning tells of after", () => {
  const at = (scanAt: string | null): Snapshot => ({ ...BEFORE, scanAt });
  const before = { ...BEFORE, at: ago(2) };
  expect([null, ago(3), ago(2), ago(1)].map((scan) => wasChecked(before, at(scan)))).toEqual([
    false,
    false,
    false,
    true,
  ]);
});

describe("before and after", () => {
  test("each point has its state of now", () => {
    const [fixed, seen, doubted, untouched, upnp] = nursery().findings;
    const telnet = outcome("telnet-open", "fail", { subject: "23" });
    const findings = [
      { ...fixed!, resolvedAt: ago(1) },
      { ...seen!, lastConfirmed: ago(1) },
      { ...doubted!, lastUnknown: ago(1) },
      untouched!,
      { ...upnp!, lastConfirmed: ago(1) },
      finding("telnet-open~dd", "serial:acme:4", telnet, { firstSeen: ago(1), lastConfirmed: ago(1) }),
    ];
    expect(resultsOf(nursery({ findings, lastCompleteScanAt: ago(1) }))).toEqual({
      "open-live-view~aa11": "fixed",
      "port-mapping-to-camera~aa12": "still",
      "default-credentials~bb22": "unsettled",
      "outdated-firmware~bb23": "unsettled",
      "router-upnp-enabled~cc33": "still",
      "telnet-open~dd": "new",
    });
  });

  test("without a check since the beginning no camera has an after", () => {
    const { visit } = visitSheet(sceneFrom(nursery()), RUNNING);
    expect(visit).toMatchObject({ checked: false, scanAfter: null });
    expect(visit?.cameras.map(({ before, after }) => [before, after])).toEqual([
      ["emergency", "unknown"],
      ["danger", "unknown"],
      ["waiting", "unknown"],
      ["none", "unknown"],
    ]);
  });

  test("an ended visit keeps what it said, whatever has happened since", () => {
    const after = {
      ...BEFORE,
      at: ago(1),
      scanAt: ago(1.5),
      findings: [],
      resolved: ["open-live-view~aa11"],
    };
    const { visit } = visitSheet(sceneFrom(nursery({ findings: [] })), { ...RUNNING, after });
    expect(visit?.points.filter(({ result }) => result === "fixed").map(({ id }) => id)).toEqual([
      "open-live-view~aa11",
    ]);
    expect(visit?.points.filter(({ result }) => result === "unsettled")).toHaveLength(4);
    expect(visit?.points.some(({ linked }) => linked)).toBe(false);
    expect(visit).toMatchObject({ checked: true, to: ago(1), scanAfter: ago(1.5) });
  });

  test("a camera that came or went is told so, under its latest name", () => {
    const gone = { id: "serial:gone", name: "門", state: "danger" as const };
    const before = { ...RUNNING.before, cameras: [gone, { ...BEFORE.cameras[0]!, name: "庭" }] };
    const { visit } = visitSheet(sceneFrom(nursery({ lastCompleteScanAt: ago(1) })), { ...RUNNING, before });
    const of = (name: string | null) => visit?.cameras.find((one) => one.name === name);
    expect(of("門")).toMatchObject({ before: "danger", after: null });
    expect(of("園庭")).toMatchObject({ before: "emergency", after: "emergency" });
    expect(of("職員室")).toMatchObject({ before: null, after: "none" });
    expect(of(null)).toMatchObject({ number: 1 });
  });
});

describe("on the page", () => {
  test("the contractor begins with the results of now and both names", async () => {
    visitor = await signedIn(nursery(), CONTRACTOR_CODE);
    expect((await visitor.get("/visit")).body).toContain("/visit/begin");
    const incomplete = await visitor.post("/visit/begin", { person: "青葉太郎", company: " " });
    expect(incomplete.headers.location).toBe("/visit?notice=incomplete");
    const begun = await visitor.post("/visit/begin", { person: "青葉太郎", company: "青葉電設" });
    expect(begun.headers.location).toBe("/visit?notice=visit-begun");
    expect(visitor.site.calls).toEqual([
      ["beginVisit", { person: "青葉太郎", company: "青葉電設", before: BEFORE }],
    ]);
  });

  test("a second visit does not begin while one goes on", async () => {
    visitor = await signedIn(nursery({ visits: [RUNNING] }));
    const again = await visitor.post("/visit/begin", { person: "x", company: "y" });
    expect(again.headers.location).toBe("/visit?notice=visit-running");
    expect(visitor.site.calls).toEqual([]);
  });

  test("the work leads to each finding, warns before an end without a check, and checks again", async () => {
    visitor = await signedIn(nursery({ visits: [RUNNING] }));
    const { body } = await visitor.get("/visit");
    for (const { id } of nursery().findings) expect(body).toContain(`/findings/${id}`);
    expect(body).toContain("作業を始めてから、全部の点検はまだ終わっていません。");
    expect(body).toContain("「確認できていません」になります");
    const answer = await visitor.post("/visit/scan");
    expect(answer.headers.location).toBe("/visit?notice=checking");
    expect(visitor.site.calls).toEqual([["scan"]]);
  });

  test("it ends with the results of then, and not in the middle of a check", async () => {
    const site = nursery({ visits: [RUNNING], lastCompleteScanAt: ago(1) });
    visitor = await signedIn(site);
    expect((await visitor.get("/visit")).body).not.toContain("になります");
    visitor.site.set({ ...site, scanning: { done: 1, total: 4, steps: [] } });
    expect((await visitor.get("/visit")).body).not.toContain("/visit/end");
    expect((await visitor.post("/visit/end")).headers.location).toBe("/visit?notice=checking");
    expect(visitor.site.calls).toEqual([]);
    visitor.site.set(site);
    const ended = await visitor.post("/visit/end");
    expect(ended.headers.location).toBe("/visit/visit-1?notice=visit-ended");
    expect(visitor.site.calls).toEqual([
      ["endVisit", "visit-1", snapshotOf(sceneFrom(site), RUNNING.before.at)],
    ]);
  });

  test("there is nothing to end when none goes on, and no sheet of a visit that never was", async () => {
    visitor = await signedIn(nursery({ visits: [{ ...RUNNING, after: BEFORE }] }));
    expect((await visitor.post("/visit/end")).statusCode).toBe(404);
    expect((await visitor.get("/visit/none")).statusCode).toBe(404);
    expect((await visitor.get("/visit")).body).toContain("/visit/visit-1");
  });

  test.each(["ja", "en"] as const)(
    "the sheet holds no address, MAC, model or port (%s)",
    async (language) => {
      visitor = await signedIn(nursery({ visits: [RUNNING] }));
      const { body } = await visitor.get("/visit/visit-1", language);
      expect(body).toContain("園庭");
      for (const secret of ["MARK-", "192.168.77.", "02:00:5E", "gateway", "rtsp:554", "8554"])
        expect(body, secret).not.toContain(secret);
    },
  );

  test("nobody without a code sees or does anything, and nobody at all while sealed", async () => {
    const open = nursery({ visits: [RUNNING] });
    const exposed = finding(
      "agent-exposed~1",
      "x",
      outcome("agent-exposed", "fail", { severity: "critical" }),
    );
    const sealed = { ...open, findings: [...open.findings, exposed] };
    for (const [site, code, status] of [
      [open, null, 303],
      [sealed, CONTRACTOR_CODE, 404],
    ] as const) {
      visitor = await signedIn(site, code);
      for (const path of ["/visit", "/visit/visit-1"])
        expect((await visitor.get(path)).statusCode).toBe(status);
      for (const path of ["/visit/begin", "/visit/end"])
        expect((await visitor.post(path, { person: "x", company: "y" })).statusCode).toBe(status);
      expect(visitor.site.calls).toEqual([]);
      await visitor.close();
    }
  });
});
