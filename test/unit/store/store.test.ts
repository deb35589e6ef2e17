import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { failure, type Outcome, type Report, type ReportDevice } from "../../../agent/model/index.ts";
import { openStore, StoreBusyError } from "../../../agent/store/index.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "komainu-store-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const open = () => openStore(directory, (problem) => expect.fail(problem));

const outcome = (change: Partial<Outcome>): Outcome => ({
  check: "open-live-view",
  outcome: "fail",
  severity: "high",
  subject: "http:80",
  audience: "building",
  evidence: [],
  because: null,
  values: {},
  ...change,
});

const device = (outcomes: readonly Outcome[], change: Partial<ReportDevice> = {}): ReportDevice => ({
  id: "mac:001122334455",
  aliases: [],
  stableIds: [],
  kind: "camera",
  vendor: null,
  model: null,
  firmware: null,
  certainty: 0.5,
  addresses: ["192.168.77.31"],
  interfaces: ["eth0"],
  mac: "00:11:22:33:44:55",
  names: [],
  services: [],
  outcomes,
  doors: null,
  traffic: null,
  ...change,
});

const report = (day: number, devices: readonly ReportDevice[]): Report => ({
  schema: "komainu/report/1",
  id: `r${day}`,
  agent: { version: "0" },
  startedAt: `2026-01-0${day}T00:00:00.000Z`,
  finishedAt: `2026-01-0${day}T00:00:01.000Z`,
  networks: [],
  sources: [],
  consent: [],
  devices,
  mappings: [],
});

test("a finding over time: first seen stays, confirmed moves, a pass resolves, a fail reopens", async () => {
  const store = await open();
  await store.takeReport(report(1, [device([outcome({})])]));
  await store.takeReport(report(2, [device([outcome({})])]));
  expect(store.state.findings).toMatchObject([
    {
      firstSeen: "2026-01-01T00:00:01.000Z",
      lastConfirmed: "2026-01-02T00:00:01.000Z",
      resolvedAt: null,
      reopened: 0,
    },
  ]);
  await store.takeReport(report(3, [device([outcome({ outcome: "pass", subject: "" })])]));
  expect(store.state.findings[0]?.resolvedAt).toBe("2026-01-03T00:00:01.000Z");
  await store.takeReport(report(4, [device([outcome({})])]));
  expect(store.state.findings).toMatchObject([
    { firstSeen: "2026-01-01T00:00:01.000Z", resolvedAt: null, reopened: 1 },
  ]);
  const events = (await store.history()).map(({ event }) => String(event));
  expect(events.filter((event) => /^(device|finding)-/.test(event))).toEqual([
    "device-new",
    "finding-opened",
    "finding-resolved",
    "finding-reopened",
  ]);
  await store.close();
});

test.each(["unknown", "notchecked", "error"] as const)("%s never resolves a finding", async (value) => {
  const store = await open();
  await store.takeReport(report(1, [device([outcome({})])]));
  await store.takeReport(report(2, [device([outcome({ outcome: value, subject: "" })])]));
  expect(store.state.findings).toMatchObject([{ resolvedAt: null, lastUnknown: "2026-01-02T00:00:01.000Z" }]);
  await store.close();
});

test("a device that was not seen keeps its findings open", async () => {
  const store = await open();
  await store.takeReport(report(1, [device([outcome({})])]));
  await store.takeReport(report(2, []));
  expect(store.state.findings).toMatchObject([{ resolvedAt: null }]);
  await store.close();
});

test("the same device under a new, stronger id keeps name and finding", async () => {
  const store = await open();
  await store.takeReport(report(1, [device([outcome({})])]));
  await store.nameDevice("mac:001122334455", "園庭");
  const renamed = { id: "endpoint:urn:uuid:1", aliases: ["mac:001122334455"] };
  await store.takeReport(report(2, [device([outcome({})], renamed)]));
  expect(store.state.devices).toMatchObject([{ id: "mac:001122334455", name: "園庭", registered: true }]);
  expect(store.state.findings).toHaveLength(1);
  expect(store.state.findings[0]?.lastConfirmed).toBe("2026-01-02T00:00:01.000Z");
  await store.close();
});

test("nothing is written while nothing changes, and all is there after a restart", async () => {
  const path = join(directory, "state.json");
  let store = await open();
  const reach = (at: string) => ({
    routers: [],
    paths: [],
    questions: { vantage: { asked: true as const, at, answer: failure("timeout") } },
  });
  await store.takeReport({ ...report(1, [device([outcome({})])]), reach: reach("2026-01-01") });
  const before = (await stat(path)).ino;
  const traffic = { connections: 1, bytesIn: 2, bytesOut: 3, peakConnections: 1 };
  await store.takeReport({
    ...report(2, [device([outcome({})], { traffic })]),
    reach: reach("2026-01-02"),
  });
  expect((await stat(path)).ino).toBe(before);
  await store.close();
  store = await open();
  expect(store.state.findings).toMatchObject([{ firstSeen: "2026-01-01T00:00:01.000Z" }]);
  await store.close();
});

test("two processes cannot hold one store, and the loser is told who does", async () => {
  const store = await open();
  await expect(open()).rejects.toThrow(StoreBusyError);
  await expect(open()).rejects.toThrow(String(process.pid));
  await store.close();
  await (await open()).close();
});

test("a lock left by a killed process is taken over", async () => {
  const child = spawn("sleep", ["60"]);
  await writeFile(join(directory, "lock"), `${child.pid} 1\n`);
  await (await open()).close();
  child.kill("SIGKILL");
  await once(child, "exit");
});

test("consent is kept, withdrawn by a time, never removed", async () => {
  let store = await open();
  const given = {
    person: "園長",
    role: "責任者",
    levels: ["L1", "L2"],
    devices: "all",
    managers: {},
    from: "2026-01-01T00:00:00.000Z",
    until: "2027-01-01T00:00:00.000Z",
    how: "page",
    textHash: "x",
  } as const;
  const { id } = await store.giveConsent(given);
  expect(await store.withdrawConsent(id, "2026-02-01T00:00:00.000Z")).toBe(true);
  expect(await store.withdrawConsent(id, "2026-03-01T00:00:00.000Z")).toBe(true);
  expect(await store.withdrawConsent("nobody", "2026-03-01T00:00:00.000Z")).toBe(false);
  await store.close();
  store = await open();
  expect(store.state.consents).toEqual([{ ...given, id, revokedAt: "2026-02-01T00:00:00.000Z" }]);
  await store.close();
});

test("who manages a camera is what was said last, on its page or with a permission", async () => {
  const store = await open();
  const id = "mac:001122334455";
  await store.takeReport(report(1, [device([])]));
  expect(store.managerOf([id])).toBeNull();
  await store.nameDevice(id, "門", "contractor");
  expect(store.managerOf(["mac:000000000000", id])).toBe("contractor");
  await store.giveConsent({
    person: "園長",
    role: "責任者",
    levels: ["L1", "L2"],
    devices: "all",
    managers: { [id]: "site" },
    from: "2026-01-01T00:00:00.000Z",
    until: "2027-01-01T00:00:00.000Z",
    how: "page",
    textHash: "x",
  });
  expect(store.managerOf([id])).toBe("site");
  await store.takeReport(report(2, [device([])]));
  expect(store.managerOf([id])).toBe("site");
  await store.close();
});

test("the setup code is the same after a restart, and no other code is anybody's", async () => {
  let store = await open();
  const { code } = store.state.claim;
  await store.close();
  store = await open();
  expect(store.state.claim.code).toBe(code);
  expect(
    await store.recognise(String(Number(code) === 10_000_000 ? 10_000_001 : Number(code) - 1), "t"),
  ).toBeNull();
  expect(store.access.claimedAt).toBeNull();
  expect(await store.recognise(code, "t")).toEqual({ role: "setup", until: null });
  expect(store.access.claimedAt).toBe("t");
  await store.close();
});

test("the hand-over needs a PIN, and ends the installer's code and sessions", async () => {
  let store = await open();
  const { code } = store.state.claim;
  expect(await store.handOver("2026-01-02T00:00:00.000Z")).toBe(false);
  await store.setPin("271828");
  expect(await store.handOver("2026-01-02T00:00:00.000Z")).toBe(true);
  expect(store.round("setup")).toBe(2);
  await store.close();
  store = await open();
  expect(await store.recognise(code, "t")).toBeNull();
  expect(await store.recognise("271828", "t")).toEqual({ role: "site", until: null });
  expect(await store.recognise(store.state.claim.code, "t")).toEqual({ role: "setup", until: null });
  expect(store.access.handedOverAt).toBe("2026-01-02T00:00:00.000Z");
  expect(await readFile(join(directory, "state.json"), "utf8")).not.toContain("271828");
  await store.close();
});

test("a contractor's code lets in until its day, and not after it was ended", async () => {
  const store = await open();
  const until = "2026-01-08T00:00:00.000Z";
  const { code } = await store.inviteContractor("青葉電設", until);
  expect(code).toMatch(/^\d{8}$/);
  expect(await store.recognise(code, "2026-01-07T23:59:59.000Z")).toEqual({ role: "contractor", until });
  expect(await store.recognise(code, until)).toBeNull();
  expect(store.access.contractor).toEqual({ company: "青葉電設", until });
  expect(await readFile(join(directory, "state.json"), "utf8")).not.toContain(code);
  await store.dismissContractor();
  expect(await store.recognise(code, "2026-01-02T00:00:00.000Z")).toBeNull();
  expect(store.round("contractor")).toBe(3);
  await store.close();
});

test("a state of the version before is carried over", async () => {
  const first = await open();
  await first.setPlace("つくし保育園", "青葉電設");
  await first.takeReport(report(1, [device([])]));
  await first.close();
  const path = join(directory, "state.json");
  const {
    access: _a,
    statements: _s,
    visits: _v,
    signOffs: _o,
    ...old
  } = JSON.parse(await readFile(path, "utf8"));
  for (const one of old.report.devices) delete one.doors;
  await writeFile(path, JSON.stringify({ ...old, schema: "komainu/state/1" }));
  await rm(`${path}.bak`, { force: true });
  const store = await open();
  expect(store.state).toMatchObject({ place: "つくし保育園", statements: [], visits: [], signOffs: [] });
  expect(store.state.report?.devices[0]?.doors).toBeNull();
  expect(store.access).toEqual({ claimedAt: null, pinSet: false, handedOverAt: null, contractor: null });
  await store.close();
});

test("how the cameras stood is told by day and by change, also after a restart", async () => {
  const settled = ["open-live-view", "default-credentials", "port-mapping-to-camera"] as const;
  const good = settled.map((check) => outcome({ check, outcome: "pass" }));
  let store = await open();
  await store.takeReport(report(1, [device([])]));
  await store.takeReport(report(1, [device([])]));
  await store.takeReport(report(2, [device([outcome({})])]));
  await store.takeReport(report(4, [device(good)]));
  const { exposure } = store;
  expect(exposure.days).toHaveLength(3);
  expect(exposure.changes["mac:001122334455"]).toEqual([
    { at: "2026-01-01T00:00:01.000Z", state: "unknown" },
    { at: "2026-01-02T00:00:01.000Z", state: "danger" },
    { at: "2026-01-04T00:00:01.000Z", state: "none" },
  ]);
  await store.close();
  store = await open();
  expect(store.exposure).toEqual(exposure);
  await store.close();
});

test("a login attempt is on disk before add() settles, and an accepted one after settle()", async () => {
  const store = await open();
  const attempt = {
    device: ["mac:1"],
    account: "admin",
    door: "http:80",
    login: "x#/factoryLogins/0",
    at: new Date().toISOString(),
    accepted: null,
  };
  const onDisk = async () => JSON.parse(await readFile(join(directory, "logins.json"), "utf8")).attempts;
  await store.logins.add(attempt);
  expect(await onDisk()).toEqual([attempt]);
  await store.logins.settle(attempt, true);
  expect(await onDisk()).toEqual([{ ...attempt, accepted: true }]);
  await store.close();
});

test("a torn line in the history swallows no later one", async () => {
  const store = await open();
  await store.takeReport(report(1, [device([])]));
  const path = join(directory, "history.jsonl");
  await writeFile(path, `${await readFile(path, "utf8")}{"at":"2026`);
  await store.nameDevice("mac:001122334455", "門");
  expect((await store.history()).map(({ event }) => event)).toEqual([
    "device-new",
    "day-checked",
    "camera-state",
    "device-named",
  ]);
  await store.close();
});

test("a permission that cannot be written is none", async () => {
  const store = await open();
  const consent = {
    person: "園長",
    role: "責任者",
    levels: ["L1", "L2"] as const,
    devices: "all" as const,
    managers: {},
    from: "2026-01-01T00:00:00.000Z",
    until: "2027-01-01T00:00:00.000Z",
    how: "page",
    textHash: "",
  };
  // As with a full disk, the write fails, whoever runs the test.
  await rm(directory, { recursive: true });
  await writeFile(directory, "");
  await expect(store.giveConsent(consent)).rejects.toThrow();
  expect(store.state.consents).toEqual([]);
});

test("what a full disk refused is written at the next scan, though nothing changed", async () => {
  const store = await open();
  await rm(directory, { recursive: true });
  await writeFile(directory, "");
  await expect(store.takeReport(report(1, [device([outcome({})])]))).rejects.toThrow();
  await rm(directory);
  await mkdir(directory);
  await store.takeReport(report(2, [device([outcome({})])]));
  expect(await readFile(join(directory, "state.json"), "utf8")).toContain("mac:001122334455");
});

test.each([
  ["devices", [null]],
  ["devices", [{ id: "a", lastSeen: "x" }]],
  ["findings", [{ id: 1 }]],
  ["consents", [{ id: "a", from: "x", until: "y", levels: "L2" }]],
  ["claim", {}],
  ["access", { pin: null }],
  ["statements", [{ id: 1 }]],
  ["visits", [{}]],
  ["signOffs", {}],
])("a state whose %s are not ours is set aside", async (part, value) => {
  const first = await open();
  await first.close();
  const path = join(directory, "state.json");
  const state = JSON.parse(await readFile(path, "utf8"));
  await writeFile(path, JSON.stringify({ ...state, [part]: value }));
  await rm(`${path}.bak`, { force: true });
  const problems: string[] = [];
  const second = await openStore(directory, (problem) => problems.push(problem));
  expect(problems).toHaveLength(1);
  expect(second.state.devices).toEqual([]);
  await second.close();
});
