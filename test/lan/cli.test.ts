import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Device, Fixture, Report, Scan } from "../../agent/model/index.ts";
import { TOOL_PATH } from "./available.ts";
import { NURSERY } from "./cast.ts";
import type { CastMember } from "./cast-member.ts";
import { ask, CONSENT, program, readJson, STATE, scanOnce } from "./komainu.ts";
import { type Lan, startLan } from "./lan.ts";
import { compare } from "./truth.ts";
import type { Outcome } from "./world.ts";

const WANTED = ["entrance", "hall", "office", "garden", "gate", "corridor", "terrace", "printer", "nas"];
const cast = NURSERY.filter(({ name }) => WANTED.includes(name));
const CAMERAS = cast.filter(({ truth }) => truth.kind === "camera").map(({ name }) => name);

/** Runs `program` in a network namespace of its own: no interface is up, so no packet can leave. */
async function runApart(program: string, argv: readonly string[], input: string): Promise<Outcome> {
  const command = [process.execPath, program, ...argv];
  const child = spawn("unshare", ["--user", "--map-current-user", "--net", ...command], {
    env: { ...process.env, PATH: TOOL_PATH, LC_ALL: "C" },
  });
  const out: string[] = [];
  const err: string[] = [];
  child.stdout.setEncoding("utf8").on("data", (text: string) => out.push(text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => err.push(text));
  child.stdin.on("error", () => undefined).end(input);
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout: out.join(""), stderr: err.join("") };
}

const said = ({ devices }: Report) => devices.map(({ id, outcomes }) => ({ id, outcomes }));

describe("the commands on a LAN", () => {
  let lan: Lan;
  let folder: string;
  /** Nobody has allowed anything. */
  let looked: {
    readonly inventory: Scan;
    readonly report: Outcome;
    readonly connections: Record<string, number>;
  };
  let saved: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "komainu-cli-"));
    lan = await startLan({ cast });
    await cp(lan.world.path(dirname(await program(lan))), join(folder, "komainu"), { recursive: true });
    const inventory = readJson<Scan>(await ask(lan, ["scan", "--until", "inventory", "--quiet"]));
    const report = await ask(lan, ["scan", "--json"]);
    const states = await Promise.all(lan.hosts.map(async (host) => [host.name, await host.state()] as const));
    const connections = Object.fromEntries(states.map(([name, state]) => [name, state.connections.total]));
    looked = { inventory, report, connections };
    saved = (await ask(lan, ["scan", "--until", "probes", "--quiet", ...CONSENT])).stdout;
  });
  afterAll(async () => {
    await lan?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const withoutNetwork = (argv: readonly string[], input = "") =>
    runApart(join(folder, "komainu", "komainu.mjs"), argv, input);
  let runs = 0;

  /** Continues a saved scan where there is no network. */
  async function continued(scan: unknown, ...more: string[]): Promise<Outcome> {
    runs += 1;
    const [file, state] = [join(folder, `scan-${runs}.json`), join(folder, `state-${runs}`)];
    await writeFile(file, typeof scan === "string" ? scan : JSON.stringify(scan));
    return withoutNetwork(["scan", "--from", file, "--state", state, ...more]);
  }

  describe("scan without --consent", () => {
    it("puts no question to any camera", () => {
      // A UPnP description is part of an announcement: its address is what the device tells everybody.
      const upnp = cast
        .filter(({ fixture }) => fixture?.announces.ssdp !== undefined)
        .map(({ name }) => name);
      expect(upnp).toContain("garden");
      for (const name of CAMERAS) {
        const most = upnp.includes(name) ? 2 : 0;
        expect(looked.connections[name], name).toBeLessThanOrEqual(most);
      }
    });

    it("says so, and that this is no all-clear", () => {
      const report = readJson<Report>(looked.report);
      expect(report.consent).toEqual([]);
      const cameras = report.devices.filter(({ kind }) => kind === "camera");
      expect(cameras.length).toBeGreaterThan(3);
      for (const { id, outcomes } of cameras)
        expect(
          outcomes.find(({ check }) => check === "open-live-view"),
          id,
        ).toMatchObject({
          outcome: "notchecked",
          because: "no-consent",
        });
    });
  });

  describe("scan --until and --from", () => {
    it("prints the devices of an inventory, and the evidence of probes", () => {
      const { inventory } = looked;
      expect({ stage: inventory.stage, evidence: inventory.evidence }).toEqual({
        stage: "inventory",
        evidence: {},
      });
      const macs = inventory.devices.map(({ mac }) => mac);
      for (const { mac } of cast) expect(macs).toContain(mac);
      const asked = JSON.parse(saved) as Scan;
      expect(asked.stage).toBe("probes");
      expect(Object.keys(asked.evidence).length).toBeGreaterThanOrEqual(cast.length);
    });

    it("continues without any network, always with the same words, and they are true", async () => {
      const twice = [continued(saved, "--json"), continued(saved, "--json")] as const;
      const [one, other] = await Promise.all(twice);
      expect(said(readJson<Report>(one))).toEqual(said(readJson<Report>(other)));
      expect(compare(readJson<Report>(one), lan.truth)).toEqual({ missed: [], false: [] });
      expect(one.code).toBe(1);
    });

    it("continues a mere inventory with 'could not check'", async () => {
      const report = readJson<Report>(await continued(looked.inventory, "--json"));
      const outcomes = report.devices.flatMap((device) => device.outcomes);
      expect(outcomes.filter(({ outcome }) => outcome === "fail")).toEqual([]);
      expect(outcomes.some(({ outcome }) => outcome === "notchecked")).toBe(true);
    });

    it("refuses what is no saved scan in one line", async () => {
      const refused = await Promise.all(
        ["", "null", '{"schema":"komainu/report/1"}'].map((text) => continued(text)),
      );
      for (const { code, stderr } of refused) {
        expect(code).toBe(64);
        expect(stderr.trim().split("\n")).toHaveLength(1);
      }
    });
  });

  describe("exit status", () => {
    const savedWith = (wanted: (device: Device) => boolean): Scan => {
      const scan = JSON.parse(saved) as Scan;
      return { ...scan, devices: scan.devices.filter(wanted) };
    };

    it("is 1 with a finding, 0 with none, 2 when something could not be checked", async () => {
      const [entrance, printer, corridor] = ["entrance", "printer", "corridor"].map(
        (name) => lan.host(name).mac,
      );
      const failed = { source: "mdns", interface: "eth0", ok: false, observations: 0, detail: "x" } as const;
      const scans: readonly Scan[] = [
        savedWith(({ mac }) => mac === entrance),
        savedWith(({ mac }) => mac === printer),
        { ...savedWith(({ mac }) => mac === corridor), evidence: {} },
        { ...savedWith(() => false), sources: [failed] },
      ];
      const ends = await Promise.all(scans.map((scan) => continued(scan)));
      expect(ends.map(({ code }) => code)).toEqual([1, 0, 2, 2]);
    });

    it("is 64 with one line for what cannot be meant", async () => {
      const commands = [
        ["scna"],
        ["scan", "--consent", "nobody"],
        ["scan", "--until", "never"],
        ["record", "192.168.77.31"],
      ];
      const ends = await Promise.all(
        commands.map((argv) => withoutNetwork([...argv, "--state", join(folder, "unused")])),
      );
      for (const { code, stdout, stderr } of ends) {
        const lines = stderr.trim().split("\n").length;
        expect({ code, stdout, lines }, stderr).toEqual({ code: 64, stdout: "", lines: 1 });
      }
    });

    it("is 2 and says why where there is no network to look at", async () => {
      const { code, stdout } = await withoutNetwork(["scan", "--json", "--state", join(folder, "alone")]);
      expect(code).toBe(2);
      expect((JSON.parse(stdout) as Report).devices).toEqual([]);
    });
  });

  describe("record", () => {
    /** What would name the owner's camera. */
    function marksOf({ address, mac, fixture }: CastMember): string[] {
      const digits = mac.replaceAll(":", "");
      const tail = digits.slice(6);
      const forms = ["", ":", "-"].map((by) => (tail.match(/../g) ?? []).join(by));
      const serials = fixture?.onvif.map(({ information }) => information.serial) ?? [];
      const ids = [fixture?.announces.wsDiscovery?.endpoint, fixture?.announces.ssdp?.uuid].flatMap(
        (id) => id?.replace("urn:uuid:", "") ?? [],
      );
      return [address, ...forms, ...serials, ...ids].filter((mark) => mark !== "");
    }

    it("writes a fixture that a fake can play, that is known again, and that names nobody", async () => {
      const recorded: CastMember[] = [];
      const originals = ["gate", "office", "terrace", "garden"].map((name) => lan.host(name).member);
      for (const [index, member] of originals.entries()) {
        const printed = await ask(
          lan,
          ["record", member.address, "--quiet", ...CONSENT],
          `${STATE}-${member.name}`,
        );
        const fixture = readJson<Fixture>(printed);
        for (const mark of marksOf(member))
          expect(printed.stdout.toLowerCase(), `${member.name}: ${mark}`).not.toContain(mark.toLowerCase());
        recorded.push({
          ...member,
          fixture,
          mac: fixture.mac.replace(/..(?=.)/g, "$&:"),
          address: `192.168.77.${100 + index}`,
        });
      }
      const second = await startLan({ cast: recorded, igd: false });
      try {
        const report = await scanOnce(second);
        const identity = (
          devices: readonly {
            addresses: readonly string[];
            kind: string;
            vendor: string | null;
            model: string | null;
          }[],
          address: string,
        ) => {
          const found = devices.find(({ addresses }) => addresses.includes(address));
          return { kind: found?.kind, vendor: found?.vendor, model: found?.model };
        };
        const { devices } = JSON.parse(saved) as Scan;
        const before = devices.map((device) => ({
          ...device,
          addresses: device.addresses.map(({ address }) => address),
        }));
        for (const [index, { address, name }] of recorded.entries())
          expect(identity(report.devices, address), name).toEqual(
            identity(before, originals[index]?.address ?? ""),
          );
        const open = (name: string) =>
          compare(report, second.truth).missed.filter((line) => line.startsWith(`open view ${name} `));
        expect(recorded.flatMap(({ name }) => open(name))).toEqual([]);
      } finally {
        await second.stop();
      }
    });

    it("says so when nobody is there", async () => {
      const { code, stderr } = await ask(lan, ["record", "192.168.77.250", "--quiet", ...CONSENT]);
      expect(code).toBe(64);
      expect(stderr).toMatch(/192\.168\.77\.250 was not seen/);
    });
  });

  describe("doctor", () => {
    it("tells what it can do here, line by line and as JSON", async () => {
      const { stdout, code } = await ask(lan, ["doctor"]);
      expect(code).toBe(0);
      expect(stdout).toContain("Looks around on eth0: 192.168.77.0/24");
      expect(stdout).toContain("Router: 192.168.77.1");
      const lines = readJson<{ id: string; state: string }[]>(await ask(lan, ["doctor", "--json"]));
      expect(lines.find(({ id }) => id === "interface")).toMatchObject({ state: "yes" });
      expect(lines.filter(({ state }) => state === "no")).toEqual([]);
    });

    it("ends with 2 where it could not look at anything", async () => {
      const { stdout, code } = await withoutNetwork(["doctor", "--state", join(folder, "doctor")]);
      expect(code).toBe(2);
      expect(stdout).toContain("✕ No network to look at");
    });
  });

  it("identify names what a field tells, and ends with 64 after a line that it cannot read", async () => {
    const good = `{"field": "http.server", "value": "Hikvision-Webs"}\n`;
    const { stdout, code } = await withoutNetwork(["identify"], good);
    expect(JSON.parse(stdout)).toMatchObject({ vendor: "hikvision" });
    expect(code).toBe(0);
    const mixed = await withoutNetwork(["identify"], `nonsense\n${good}`);
    expect(mixed.stdout.trim().split("\n")).toHaveLength(2);
    expect(mixed.code).toBe(64);
  });
});
