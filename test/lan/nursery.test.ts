import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "../../agent/model/index.ts";
import { NURSERY } from "./cast.ts";
import { scanOnce } from "./komainu.ts";
import { type Lan, startLan } from "./lan.ts";
import { compare } from "./truth.ts";

/** DESIGN.md, promise 2: at most this many wrong logins for an account and day, over all doors. */
const MAX_WRONG_LOGINS = 2;

describe("one scan of the nursery", () => {
  let lan: Lan;
  let report: Report;
  beforeAll(async () => {
    lan = await startLan({ cast: NURSERY });
    report = await scanOnce(lan);
  });
  afterAll(() => lan?.stop());

  it("finds every camera, open view, factory login and mapping, and nothing that is not true", () => {
    expect(compare(report, lan.truth)).toEqual({ missed: [], false: [] });
  });

  it("locks no account", async () => {
    const asked = lan.hosts.filter(({ controllable }) => controllable);
    const states = await Promise.all(
      asked.map(async (host) => ({ name: host.name, ...(await host.state()) })),
    );
    expect(states.filter(({ wrong }) => wrong > MAX_WRONG_LOGINS).map(({ name }) => name)).toEqual([]);
    expect(states.filter(({ locked }) => locked).map(({ name }) => name)).toEqual([]);
    expect(states.some(({ attempts }) => attempts.length > 0)).toBe(true);
  });

  it("sends no packet to an address off the LAN", async () => {
    expect(await lan.agent.offLanAddresses()).toEqual([]);
    expect(await lan.offLanPackets()).toBe(0);
  });
});
