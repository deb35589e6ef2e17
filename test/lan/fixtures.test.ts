import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Fixture, Report } from "../../agent/model/index.ts";
import type { CastMember } from "./cast-member.ts";
import { scanOnce } from "./komainu.ts";
import { type Lan, startLan } from "./lan.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const FOLDER = here("../fixtures/");
const FIRST_HOST = 20;
/** More than any device's audit may take. */
const DEADLINE_MS = 110_000;

const names = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.replace(/\.json$/, ""));
const fixtures = names.map((name) => JSON.parse(readFileSync(`${FOLDER}${name}.json`, "utf8")) as Fixture);

/** Every fixture is a device of its own; what it expects is written in it, not here. */
const cast: readonly CastMember[] = fixtures.map((fixture, index) => ({
  name: `f${index}`,
  story: names[index] ?? "",
  address: `192.168.77.${FIRST_HOST + index}`,
  mac: fixture.mac.replace(/..(?=.)/g, "$&:"),
  fixture,
  truth: { kind: fixture.expected.kind, vendor: fixture.expected.vendor, openViews: [], factoryLogins: [] },
}));

describe("every fixture, asked over the wire", () => {
  let lan: Lan;
  let report: Report;

  beforeAll(async () => {
    lan = await startLan({ cast, igd: false });
    report = await scanOnce(lan);
  }, DEADLINE_MS);
  afterAll(() => lan?.stop());

  it.each(cast.map((member) => [member.story, member] as const))("%s", async (_name, member) => {
    const { expected } = member.fixture!;
    const device = report.devices.find(({ addresses }) => addresses.includes(member.address));
    if (device === undefined) throw new Error("it was not found");
    const { kind, vendor, model, firmware } = device;
    const outcomes = expected.outcomes.flatMap((wanted) => {
      const said = device.outcomes.filter(
        ({ check, subject }) =>
          check === wanted.check && (wanted.subject === undefined || subject === wanted.subject),
      );
      return said.map(({ outcome }) => ({ ...wanted, outcome }));
    });
    const seen = device.outcomes.map((o) => `${o.check} ${o.outcome} ${o.subject} ${o.because ?? ""}`);
    expect({ kind, vendor, model, firmware, outcomes }, seen.join("\n")).toEqual(expected);
  });

  it("tried no account more often than its budget, and locked none", async () => {
    for (const host of lan.hosts.filter(({ controllable }) => controllable)) {
      expect((await host.state()).wrong, host.member.story).toBeLessThanOrEqual(2);
    }
    expect(await lan.offLanPackets()).toBe(0);
  });
});
