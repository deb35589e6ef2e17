import { describe, expect, it } from "vitest";
import { auditSite, type SiteAuditOptions } from "../../../agent/audit/site-audit.ts";
import {
  NOTHING_OUTSIDE,
  type ProgressEvent,
  SITE_QUESTION_IDS,
  type SiteQuestionId,
} from "../../../agent/model/index.ts";
import { camera, DEVICES, view } from "./site-builders.ts";

const VANTAGE = { host: "vantage.invalid", port: 1, key: "none" };
const over = AbortSignal.abort();

/** Why each question was refused. Nothing is ever asked here: a question that would be put meets a cancelled scan. */
async function refusals(part: Partial<SiteAuditOptions>, only: readonly SiteQuestionId[]) {
  const events: ProgressEvent[] = [];
  const site = await auditSite({
    devices: DEVICES,
    evidence: {},
    routers: [view()],
    networks: [],
    settings: NOTHING_OUTSIDE,
    ownPorts: [],
    askable: [camera],
    isRouter: false,
    only: new Set(only),
    signal: new AbortController().signal,
    now: () => new Date(0),
    onProgress: (event) => events.push(event),
    ...part,
  });
  expect(events).toEqual([]);
  return Object.fromEntries(
    Object.entries(site).map(([name, put]) => [name, put.asked ? "asked" : put.because]),
  );
}

describe("what the owner has not switched on is not asked", () => {
  it("by default neither a vantage point nor a search engine", async () => {
    expect(await refusals({}, ["vantage", "internetdb"])).toEqual({
      vantage: "switched-off",
      internetdb: "switched-off",
    });
  });

  it("nor the outside address, when that is switched off", async () => {
    expect(await refusals({ settings: { ...NOTHING_OUTSIDE, hairpin: false } }, ["hairpin"])).toEqual({
      hairpin: "switched-off",
    });
  });
});

describe("what has nobody to be put to is not asked", () => {
  const all = { hairpin: true, ownAddress: false, vantage: VANTAGE, internetdb: true };

  it("without consent no camera is asked, from nowhere", async () => {
    expect(await refusals({ settings: all, askable: [] }, ["hairpin", "vantage"])).toEqual({
      hairpin: "no-consent",
      vantage: "no-consent",
    });
    expect(await refusals({ settings: all, askable: [], devices: [] }, ["hairpin"])).toEqual({
      hairpin: "no-camera",
    });
  });

  it("without an outside address of its own", async () => {
    const ask = (connection: "private" | "none" | "cgnat" | "ds-lite") =>
      refusals({ settings: all, routers: [view({ connection })] }, ["hairpin", "internetdb"]);
    expect(await ask("private")).toEqual({ hairpin: "no-outside-address", internetdb: "no-outside-address" });
    expect(await ask("none")).toEqual({ hairpin: "no-outside-address", internetdb: "no-outside-address" });
    expect(await ask("cgnat")).toEqual({
      hairpin: "not-reachable-by-ipv4",
      internetdb: "not-reachable-by-ipv4",
    });
    expect(await ask("ds-lite")).toMatchObject({ hairpin: "not-reachable-by-ipv4" });
    expect(await refusals({ settings: all, routers: [] }, ["hairpin"])).toEqual({
      hairpin: "no-outside-address",
    });
  });

  it("the rules of a machine that is no router", async () => {
    expect(await refusals({}, ["gateway"])).toEqual({ gateway: "not-the-router" });
  });

  it("anybody, once the scan is cancelled", async () => {
    const settings = all;
    expect(await refusals({ settings, isRouter: true, signal: over }, SITE_QUESTION_IDS)).toEqual(
      Object.fromEntries(SITE_QUESTION_IDS.map((question) => [question, "cancelled"])),
    );
  });
});
