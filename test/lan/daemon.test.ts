import { existsSync, readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { ConsentRecord, Finding, Fixture, Report, ReportDevice } from "../../agent/model/index.ts";
import type { Attempt } from "../fakes/ledger.ts";
import { NURSERY } from "./cast.ts";
import type { CastMember } from "./cast-member.ts";
import { fixtureTruth } from "./fixture-truth.ts";
import { ask, Daemon, readJson, STATE } from "./komainu.ts";
import { type Lan, startLan } from "./lan.ts";

const WANTED = ["entrance", "hall", "garden", "gate", "terrace", "locker", "clock", "printer"];
/** One door with the factory login, so that the day's two wrong logins reach as far as a recheck. */
const MOBOTIX = readFileSync(new URL("../fixtures/mobotix-m22.json", import.meta.url), "utf8");
const shed = JSON.parse(MOBOTIX) as Fixture;
const cast: readonly CastMember[] = [
  ...NURSERY.filter(({ name }) => WANTED.includes(name)),
  {
    name: "shed",
    story: "the factory login on its only door",
    address: "192.168.77.56",
    mac: shed.mac.replace(/..(?=.)/g, "$&:"),
    fixture: shed,
    truth: fixtureTruth(shed),
  },
];
const MAX_WRONG_LOGINS = 2;
/** A login that was on its way when the permission ended may still arrive. */
const ON_ITS_WAY_MS = 1000;
/** For a machine under load; each of these things takes about a second. */
const PATIENCE = { timeout: 60_000, interval: 100 };

type ShownFinding = Omit<Finding, "outcome">;

// One site's story from the first start to the last: each test begins where the one before it ended.
describe("the daemon on a LAN", { shuffle: false }, () => {
  let lan: Lan;
  let door: number;
  let daemon: Daemon;

  beforeAll(async () => {
    lan = await startLan({ cast });
    await lan.host("terrace").stop();
    door = await lan.forward(8080);
    daemon = await Daemon.start(lan, door);
    await daemon.idle();
  });
  afterAll(() => lan?.stop());

  const host = (name: string) => lan.host(name);
  const report = () => daemon.get<Report>("/api/v1/report");
  const findings = () => daemon.get<ShownFinding[]>("/api/v1/findings");
  const consents = () => daemon.get<ConsentRecord[]>("/api/v1/consents");

  async function attempts(): Promise<readonly Attempt[]> {
    const asked = lan.hosts.filter(({ controllable }) => controllable);
    const states = await Promise.all(asked.map((each) => each.state()));
    return states.flatMap((state) => state.attempts);
  }

  async function device(name: string): Promise<ReportDevice> {
    const { mac, address } = host(name);
    const found = (await report()).devices.find(
      (each) => each.mac === mac || each.addresses.includes(address),
    );
    if (found === undefined) throw new Error(`${name} is not in the report`);
    return found;
  }

  /** The open finding, or undefined. */
  async function open(
    name: string,
    check: Finding["check"],
    subject?: string,
  ): Promise<ShownFinding | undefined> {
    const { id, aliases } = await device(name);
    return (await findings()).find(
      (finding) =>
        [id, ...aliases].includes(finding.deviceId) &&
        finding.check === check &&
        finding.resolvedAt === null &&
        (subject === undefined || finding.subject === subject),
    );
  }

  /** The form as a person at the page fills it in: every box, every camera in the site's own hands. */
  async function allowOnThePage(levels: "ask" | "try"): Promise<void> {
    const page = await (await daemon.fetch("/consent")).text();
    const text = /name="text" value="([^"]+)"/.exec(page)?.[1] ?? "";
    const managers = [...page.matchAll(/name="(manager:[^"]+)"/g)].map(([, name = ""]) => [name, "site"]);
    const boxes = { box0: "yes", box1: "yes", box2: "yes" };
    const form = { text, ...boxes, person: "園長", role: "責任者", months: "12", levels };
    const answer = await daemon.fetch("/consent", { form: { ...form, ...Object.fromEntries(managers) } });
    // On with the first run, which this site never ends.
    expect(answer.headers.get("location")).toBe("/setup/scan?notice=allowed");
  }

  async function withdrawAll(): Promise<void> {
    for (const { id, revokedAt } of await consents()) {
      if (revokedAt !== null) continue;
      const answer = await daemon.fetch(`/api/v1/consents/${id}`, { method: "DELETE" });
      expect(answer.status).toBe(204);
    }
  }

  async function recheck(
    finding: ShownFinding | undefined,
  ): Promise<{ outcome: string | null; because: string | null }> {
    if (finding === undefined) throw new Error("there is no such finding to check again");
    const answer = await daemon.fetch(`/api/v1/findings/${finding.id}/recheck`, { method: "POST" });
    return (await answer.json()) as { outcome: string | null; because: string | null };
  }

  it("prints where its page is and the code that opens it, and serves both at once", async () => {
    expect(daemon.start.page).toMatch(/^http:\/\/192\.168\.77\.2:8080\/?$/);
    expect(daemon.start.claimCode).toMatch(/^\d{8}$/);
    expect(await daemon.get("/healthz")).toEqual({ status: "ok" });
    expect((await ask(lan, ["claim"])).stdout).toContain(daemon.start.claimCode);
  });

  it("shows nobody's name or address before the page is claimed", async () => {
    const names = cast.flatMap(({ address, mac, fixture }) => [
      address,
      mac,
      fixture?.expected.model ?? address,
    ]);
    const page = await (await daemon.fetch("/")).text();
    const status = await (await daemon.fetch("/api/v1/status")).text();
    expect(page).toContain("<main");
    for (const name of names) expect(`${page}${status}`.toLowerCase()).not.toContain(name.toLowerCase());
    for (const path of ["report", "devices", "findings", "consents"])
      expect((await daemon.fetch(`/api/v1/${path}`)).status).toBe(401);
    expect((await daemon.fetch("/api/v1/scan", { json: {} })).status).toBe(401);
  });

  it("opens with the code and with no other", async () => {
    const wrong = daemon.start.claimCode === "12345678" ? "87654321" : "12345678";
    await expect(daemon.claim(wrong)).rejects.toThrow(/403/);
    await daemon.claim();
    expect((await report()).devices.length).toBeGreaterThan(5);
  });

  it("has asked no camera anything without a permission, and says so", async () => {
    expect(await attempts()).toEqual([]);
    const { outcomes } = await device("hall");
    expect(outcomes.find(({ check }) => check === "open-live-view")).toMatchObject({
      outcome: "notchecked",
      because: "no-consent",
    });
  });

  it("tries no login later than a second after the permission was withdrawn in mid-scan", async () => {
    const atProbes = ({ type, stage }: Record<string, unknown>) =>
      (type === "stage" && stage === "probes") || undefined;
    await daemon.event(atProbes, () => allowOnThePage("try"));
    await withdrawAll();
    const withdrawnAt = Date.now();
    await daemon.idle();
    const late = (await attempts()).filter(({ at }) => Date.parse(at) > withdrawnAt + ON_ITS_WAY_MS);
    expect(late).toEqual([]);
    // Something was left to try, or this would prove nothing.
    const { outcomes } = await device("hall");
    expect(outcomes.some(({ check, outcome }) => check === "default-credentials" && outcome === "fail")).toBe(
      false,
    );
  });

  it("finds what there is once it is allowed on the page", async () => {
    await allowOnThePage("try");
    await daemon.idle();
    expect(await open("hall", "default-credentials", "http:80")).toBeDefined();
    expect(await open("hall", "default-credentials", "rtsp:554")).toMatchObject({ severity: "critical" });
    expect(await open("entrance", "open-live-view", "http:80")).toMatchObject({ severity: "critical" });
    expect(await open("shed", "default-credentials", "http:80")).toBeDefined();
    expect((await attempts()).length).toBeGreaterThan(5);
  });

  it("sees a camera that is plugged in, asks it and tells what it shows", async () => {
    const { address } = host("terrace");
    const isThere = async () => (await report()).devices.some(({ addresses }) => addresses.includes(address));
    expect(await isThere()).toBe(false);
    await daemon.event(
      ({ type, kind }) => (type === "device" && kind === "camera") || undefined,
      () => host("terrace").start(),
    );
    await vi.waitUntil(isThere, PATIENCE);
    await vi.waitUntil(
      async () => (await open("terrace", "open-live-view", "rtsp:554")) !== undefined,
      PATIENCE,
    );
  });

  it("settles a finding at its recheck when the camera was mended, and not before", async () => {
    expect(await recheck(await open("terrace", "open-live-view", "rtsp:554"))).toMatchObject({
      outcome: "fail",
    });
    await host("terrace").control({ do: "set", logins: { rtsp: "changed" } });
    expect(await recheck(await open("terrace", "open-live-view", "rtsp:554"))).toMatchObject({
      outcome: "pass",
    });
    expect(await open("terrace", "open-live-view", "rtsp:554")).toBeUndefined();
    expect(await open("terrace", "open-live-view", "http:80")).toBeDefined();

    await host("shed").control({ do: "set", logins: { http: "changed" } });
    const wanted = await open("shed", "default-credentials", "http:80");
    expect(await recheck(wanted)).toMatchObject({ outcome: "pass" });
    expect(await open("shed", "default-credentials")).toBeUndefined();
    expect((await findings()).find(({ id }) => id === wanted?.id)?.resolvedAt).not.toBeNull();
  });

  it("keeps cameras that moved, with or without a word of theirs, and misses one that is gone", async () => {
    const gate = await device("gate");
    const moving = { clock: "192.168.77.90", hall: "192.168.77.91" } as const;
    const before = { clock: await device("clock"), hall: await device("hall") };
    const known = await findings();
    const keys = await daemon.get<{ id: string; key: string }[]>("/api/v1/devices");
    const key = keys.find(({ id }) => id === gate.id)?.key;
    const named = await daemon.fetch(`/cameras/${key}/name`, { form: { name: "正門" } });
    expect(named.headers.get("location")).toContain("notice=saved");

    await Promise.all([
      host("gate").stop(),
      host("clock").moveTo(moving.clock),
      host("hall").moveTo(moving.hall),
    ]);
    await lan.agent.forgetNeighbour(host("gate").mac);
    await daemon.scan();
    const lasting = ({ id, firstSeen }: ShownFinding) => ({ id, firstSeen });
    for (const name of ["clock", "hall"] as const) {
      const moved = await device(name);
      expect(moved.addresses).toContain(moving[name]);
      expect(moved.id).toBe(before[name].id);
      // Asked where it is now, not where the kernel remembers it.
      expect(moved.outcomes.filter(({ because }) => because === "unreachable")).toEqual([]);
      expect(moved.outcomes.find(({ check }) => check === "open-live-view")?.outcome).toBe("pass");
      const its = (all: readonly ShownFinding[]) => all.filter(({ deviceId }) => deviceId === moved.id);
      expect(its(known)).not.toEqual([]);
      expect(its(await findings()).map(lasting)).toEqual(expect.arrayContaining(its(known).map(lasting)));
    }
    const missing = (await findings()).find(({ check }) => check === "missing-camera");
    expect(missing).toMatchObject({ deviceId: gate.id, resolvedAt: null });
  });

  it("answers the command line, which would find the store in use", async () => {
    const scanned = await ask(lan, ["scan", "--json"]);
    expect(scanned.stderr).not.toMatch(/in use/);
    expect(scanned.code).toBe(1);
    expect(readJson<Report>(scanned).devices.map(({ mac }) => mac)).toContain(host("hall").mac);
  });

  it("is the only one on its store", async () => {
    const { code, stderr, stdout } = await ask(lan, ["run", "--listen", `${lan.agent.address}:8081`]);
    expect(code).toBe(73);
    expect(stderr.trim()).toMatch(/^komainu: \/run\/lan\/state is in use by process \d+\. .*--state/);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stdout).toBe("");
    expect(await daemon.get("/healthz")).toEqual({ status: "ok" });
  });

  it("ends with one line when its page's port is taken", async () => {
    const listen = ["--listen", `${lan.agent.address}:8080`];
    const { code, stderr, stdout } = await ask(lan, ["run", "--quiet", ...listen], `${STATE}-of-another`);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.trim()).toMatch(/^komainu: .*EADDRINUSE.*8080$/);
  });

  it("forgets neither a login that it tried nor a permission when it is killed", async () => {
    const path = lan.world.path(`${STATE}/logins.json`);
    const tried = () => (JSON.parse(readFileSync(path, "utf8")) as { attempts: object[] }).attempts;
    const [before, given] = [tried(), await consents()];
    expect(before.length).toBeGreaterThan(5);
    await daemon.end("SIGKILL");

    const { claimCode } = daemon.start;
    daemon = await Daemon.start(lan, door, [], true);
    await daemon.claim(claimCode ?? "");
    await daemon.event(({ type, stage }) => (type === "stage" && stage === "done") || undefined);
    expect(tried().slice(0, before.length)).toEqual(before);
    expect(await consents()).toEqual(given);
    expect((await ask(lan, ["claim"])).stdout).toContain(claimCode);
  });

  it("locked no account in all this", async () => {
    for (const each of lan.hosts.filter(({ controllable }) => controllable)) {
      const { wrong, locked } = await each.state();
      expect({ wrong: wrong <= MAX_WRONG_LOGINS, locked }, each.name).toEqual({ wrong: true, locked: false });
    }
    expect(await lan.agent.offLanAddresses()).toEqual([]);
  });

  it("ends when it is told to, with everything written", async () => {
    const known = await findings();
    const { code, stderr } = await daemon.end();
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const folder = lan.world.path(STATE);
    expect(readdirSync(folder).filter((name) => /lock|sock|tmp/.test(name))).toEqual([]);
    const state = JSON.parse(readFileSync(`${folder}/state.json`, "utf8")) as { findings: Finding[] };
    expect(state.findings.map(({ id }) => id).sort()).toEqual(known.map(({ id }) => id).sort());
    expect(existsSync(`${folder}/history.jsonl`)).toBe(true);
  });
});
