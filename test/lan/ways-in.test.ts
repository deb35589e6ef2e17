import pLimit from "p-limit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Finding, Outcome, Report } from "../../agent/model/index.ts";
import { WAYS_CAST } from "./cast-ways.ts";
import { CLOSES, closeFinding, lastReport, openFindings, scanNow } from "./closing.ts";
import { CONSENT, Daemon, scanOnce } from "./komainu.ts";
import { type Lan, startLan } from "./lan.ts";
import {
  HIDDEN,
  ON_ROUTER,
  OPEN_IPV6,
  ORDINARY,
  SCENES,
  type Scene,
  SECURE,
  untilHeard,
} from "./reach-scenes.ts";
import { comparePaths } from "./reach-truth.ts";
import { OUTSIDE } from "./topology.ts";
import { switchOnVantage, VANTAGE_PORT } from "./vantage-point.ts";
import { mapping, openOf, openWays, pathsOf } from "./ways.ts";

/** A LAN that starts and a scan both mostly wait. */
const atOnce = pLimit(4);

async function onScene({ options, ways }: Scene, story: (lan: Lan) => Promise<void>): Promise<void> {
  await atOnce(async () => {
    const lan = await startLan({ cast: WAYS_CAST, ...options });
    try {
      await openWays(lan, ways);
      await story(lan);
    } finally {
      await lan.stop();
    }
  });
}

/** What a report says of one device of the cast. */
function outcomesOf(report: Report, lan: Lan, name: string): readonly Outcome[] {
  const { mac } = lan.host(name);
  const device = report.devices.find((each) => each.mac === mac);
  if (device === undefined) throw new Error(`${name} is not in the report`);
  return device.outcomes;
}

const fails = (outcomes: readonly Outcome[], check: Outcome["check"]) =>
  outcomes.filter((each) => each.check === check && each.outcome === "fail");

describe("ways in from the internet", () => {
  it.concurrent.for(SCENES)("are found as they are: $name", async (scene, { expect }) => {
    await onScene(scene, async (lan) => {
      const { ways, sealed, worst = "critical" } = scene;
      const names = ways.map(({ name }) => name);
      expect(await openOf(lan, ways)).toEqual(sealed ? [] : names);
      const report = await untilHeard(scene, () => scanOnce(lan));
      expect(comparePaths(report, lan.truth, pathsOf(ways))).toEqual({ missed: [], false: [] });

      const [view] = fails(outcomesOf(report, lan, "open"), "open-live-view");
      const audience = worst === "critical" ? "internet" : "unknown";
      expect(view).toMatchObject({ subject: "rtsp:554", severity: worst, audience });
      expect(view?.paths).not.toEqual([]);
      // Where a list is known to be short, no camera is said to be free of mappings.
      if (report.reach?.routers.some(({ doubts }) => doubts.length > 0)) {
        const judged = outcomesOf(report, lan, "twin-b").filter(
          ({ check }) => check === "port-mapping-to-camera",
        );
        expect(judged).toMatchObject([{ outcome: "unknown", because: "list-incomplete" }]);
      }
      expect(await lan.agent.offLanAddresses()).toEqual([]);
      expect((await lan.agent.sent()).vantage).toBe(0);
    });
  });
});

/** Komainu as a person uses it: its page claimed, the first scan through. */
async function start(lan: Lan, scene: Scene): Promise<Daemon> {
  const daemon = await Daemon.start(lan, await lan.forward(8080), CONSENT);
  await daemon.idle();
  await daemon.claim();
  await untilHeard(scene, async (again) => {
    if (again) await scanNow(lan);
    return lastReport(lan);
  });
  return daemon;
}

async function scanAgain(lan: Lan, scene: Scene): Promise<Report> {
  return await untilHeard(scene, async () => {
    await scanNow(lan);
    return lastReport(lan);
  });
}

function findingOf(lan: Lan, check: Finding["check"], subject: string): Finding {
  const findings = openFindings(lan);
  const found = findings.find((each) => each.check === check && each.subject === subject);
  if (found === undefined) throw new Error(`no ${check} ${subject}: ${JSON.stringify(findings)}`);
  return found;
}

// One site's story: each test begins where the one before it ended.
describe("a way in that a person closes", { shuffle: false }, () => {
  let lan: Lan;
  let daemon: Daemon;
  const names = ORDINARY.ways.map(({ name }) => name);
  const [toOpen, ...others] = ORDINARY.ways;
  if (toOpen === undefined || !("open" in toOpen)) throw new Error("the first way is no mapping");
  const toAgent = mapping(9443, { device: "agent", port: 8080 });

  beforeAll(async () => {
    lan = await startLan({ cast: WAYS_CAST, ...ORDINARY.options });
    await openWays(lan, ORDINARY.ways);
    daemon = await start(lan, ORDINARY);
  });
  afterAll(() => lan?.stop());

  const paths = () => comparePaths(lastReport(lan), lan.truth, pathsOf(ORDINARY.ways));

  it("is found with all others, and the camera behind it is the worst", async () => {
    expect(await openOf(lan, ORDINARY.ways)).toEqual(names);
    expect(paths()).toEqual({ missed: [], false: [] });
    expect(findingOf(lan, "open-live-view", "rtsp:554")).toMatchObject({ severity: "critical" });
  });

  it("is gone, read back, and closed for the outside host; no other is touched", async () => {
    const finding = findingOf(lan, "port-mapping-to-camera", "TCP 8554");
    expect(await closeFinding(lan, daemon, finding)).toMatchObject([
      {
        action: "delete-port-mapping",
        result: "done",
        by: CLOSES,
        mapping: { externalPort: 8554, internalPort: 554, internalClient: lan.host("open").address },
        confirmedOutside: null,
      },
    ]);
    expect(await openOf(lan, ORDINARY.ways)).toEqual(others.map(({ name }) => name));
    await scanAgain(lan, ORDINARY);
    expect(paths()).toEqual({ missed: ["IPv4 8554 to open:554 (listed)"], false: [] });
    expect(openFindings(lan).map(({ id }) => id)).not.toContain(finding.id);
    expect(findingOf(lan, "open-live-view", "rtsp:554")).toMatchObject({ severity: "high" });
  });

  it("is left to people where it was made by hand", async () => {
    const finding = findingOf(lan, "reachable-from-internet", "TCP 8080");
    expect(await closeFinding(lan, daemon, finding)).toEqual([]);
    expect(await openOf(lan, others)).toEqual(others.map(({ name }) => name));
  });

  it("is told apart from a new one when the camera opens it again", async () => {
    await toOpen.open(lan);
    await mapping(8555, { device: "twin-b", port: 554 }).open(lan);
    const report = await scanAgain(lan, ORDINARY);
    const said = (name: string) => fails(outcomesOf(report, lan, name), "port-mapping-to-camera");
    expect(said("open")).toMatchObject([{ subject: "TCP 8554", because: "mapping-came-back" }]);
    expect(said("twin-b")).toMatchObject([{ subject: "TCP 8555", because: null }]);
    expect(await openOf(lan, [toOpen])).toEqual([toOpen.name]);
  });

  it("is the headline where it leads to Komainu itself, and is closed like any other", async () => {
    await toAgent.open(lan);
    expect(await openOf(lan, [toAgent])).toEqual([toAgent.name]);
    await scanAgain(lan, ORDINARY);
    expect((await daemon.fetch("/api/v1/report")).status).toBe(403);
    const finding = findingOf(lan, "agent-exposed", "TCP 9443");
    expect((await closeFinding(lan, daemon, finding)).map(({ result }) => result)).toEqual(["done"]);
    expect(await openOf(lan, [toAgent])).toEqual([]);
    await scanAgain(lan, ORDINARY);
    expect(openFindings(lan).map(({ check }) => check)).not.toContain("agent-exposed");
  });

  it("took no packet to any address but the site's own", async () => {
    expect(await lan.agent.offLanAddresses()).toEqual([]);
    expect(await lan.agent.sent()).toMatchObject({ offLan: 0, vantage: 0 });
  });
});

const WATCHED: Scene = { ...ORDINARY, options: { vantagePort: VANTAGE_PORT } };
const WATCHED_IPV6: Scene = { ...OPEN_IPV6, options: { ...OPEN_IPV6.options, vantagePort: VANTAGE_PORT } };

describe("a way in", () => {
  it.concurrent("stays open and shown where the router lets only the camera itself close it", async () => {
    await onScene(SECURE, async (lan) => {
      const daemon = await start(lan, SECURE);
      const finding = findingOf(lan, "port-mapping-to-camera", "TCP 8554");
      expect(await closeFinding(lan, daemon, finding)).toMatchObject([{ result: "refused", code: 606 }]);
      expect(await openOf(lan, SECURE.ways)).toEqual(SECURE.ways.map(({ name }) => name));
      await scanAgain(lan, SECURE);
      expect(openFindings(lan).map(({ id }) => id)).toContain(finding.id);
      expect(await lan.agent.offLanAddresses()).toEqual([]);
    });
  });

  it.concurrent("is proven by a vantage point that the owner switched on, and so is its closing", async () => {
    await onScene(WATCHED, async (lan) => {
      const daemon = await start(lan, WATCHED);
      await switchOnVantage(lan, daemon, OUTSIDE.address);
      const report = await scanAgain(lan, WATCHED);
      const proven = [...pathsOf(WATCHED.ways), HIDDEN].map((path) => ({
        ...path,
        grounds: [...path.grounds, "outside" as const],
      }));
      expect(comparePaths(report, lan.truth, proven)).toEqual({ missed: [], false: [] });
      const finding = findingOf(lan, "port-mapping-to-camera", "TCP 8554");
      const records = await closeFinding(lan, daemon, finding);
      expect(records).toMatchObject([{ result: "done", confirmedOutside: true }]);
      expect(await lan.agent.offLanAddresses()).toEqual([]);
      expect((await lan.agent.sent()).vantage).toBeGreaterThan(0);
    });
  });

  it.concurrent("to a camera is shut by a filter of our own on the router, while the owner wishes", async () => {
    await onScene(ON_ROUTER, async (lan) => {
      const names = ON_ROUTER.ways.map(({ name }) => name);
      expect(await openOf(lan, ON_ROUTER.ways)).toEqual(names);
      const daemon = await start(lan, ON_ROUTER);
      const press = async (what: "apply" | "remove") => {
        const answer = await daemon.fetch(`/outside/guard/${what}`, { form: { by: CLOSES } });
        return answer.headers.get("location");
      };
      expect(await press("apply")).toContain("notice=guard-on");
      expect(await openOf(lan, ON_ROUTER.ways)).toEqual(names.slice(-1));
      expect(await press("remove")).toContain("notice=guard-off");
      expect(await openOf(lan, ON_ROUTER.ways)).toEqual(names);
      expect(await lan.agent.offLanAddresses()).toEqual([]);
    });
  });

  it.concurrent("over IPv6 is inferred from a door that the vantage point reached", async () => {
    await onScene(WATCHED_IPV6, async (lan) => {
      const { ways } = WATCHED_IPV6;
      expect(await openOf(lan, ways)).toEqual(ways.map(({ name }) => name));
      const daemon = await start(lan, WATCHED_IPV6);
      await switchOnVantage(lan, daemon, OUTSIDE.addresses6[1]);
      const report = await scanAgain(lan, WATCHED_IPV6);
      expect(comparePaths(report, lan.truth, pathsOf(ways))).toEqual({ missed: [], false: [] });
      expect(await lan.agent.offLanAddresses()).toEqual([]);
    });
  });
});
