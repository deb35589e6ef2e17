import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const UNIT = read("systemd/komainu.service");
const DROP_INS = readdirSync(join(ROOT, "systemd/drop-ins"));

const program = (name: string): string =>
  spawnSync("/bin/sh", ["-c", 'command -v "$1"', "sh", name], { encoding: "utf8" }).stdout.trim();

describe("the drop-ins", () => {
  const settings = (text: string) => text.split("\n").filter((line) => /^[A-Z]\w+=/.test(line));

  it("give one capability, or addresses off the LAN, and nothing besides", () => {
    expect(
      Object.fromEntries(DROP_INS.map((name) => [name, settings(read(`systemd/drop-ins/${name}`))])),
    ).toEqual({
      "gateway.conf": [
        "CapabilityBoundingSet=CAP_NET_ADMIN",
        "AmbientCapabilities=CAP_NET_ADMIN",
        "PrivateUsers=no",
      ],
      "outside-check.conf": ["IPAddressAllow=any"],
    });
  });

  it.runIf(program("systemd-analyze") !== "")(
    "leave the unit sealed in all else, as systemd counts it",
    () => {
      const folder = mkdtempSync(join(tmpdir(), "komainu-unit-"));
      try {
        const unit = join(folder, "komainu.service");
        writeFileSync(unit, UNIT);
        cpSync(join(ROOT, "systemd/drop-ins"), `${unit}.d`, { recursive: true });
        execFileSync(
          "systemd-analyze",
          ["security", "--offline=true", "--threshold=20", "--no-pager", unit],
          { stdio: "pipe" },
        );
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
});

const PLAIN = [
  "cat",
  "chmod",
  "cp",
  "dirname",
  "grep",
  "head",
  "mkdir",
  "mv",
  "rm",
  "rmdir",
  "sed",
  "sh",
  "sort",
  "stat",
  "tail",
  "tr",
  "awk",
];
/** Stand-ins for what would change this machine; each notes what it was asked. */
const STAND_INS: Readonly<Record<string, string>> = {
  id: 'test "$1" = -un && stat -c %U . || echo 0',
  df: "printf 'head\\ndisk 9999999 1 9999999 1%% /\\n'",
  node: "exit 0",
  npm: "exit 0",
  ip: "exit 0",
  conntrack: "exit 0",
  chown: "exit 0",
  sleep: "exit 0",
  test: "exit 0",
  nft: 'echo "nft $*" >>"$ASKED"; echo "Error: No such file or directory" >&2; exit 1',
  systemctl: 'echo "systemctl $*" >>"$ASKED"',
  journalctl: "echo 'page: http://192.168.1.2:8080/'",
};

/** The installer as root sees it, with every folder of the system moved into one of our own. */
describe("the installer for root", () => {
  let system: string;
  beforeEach(() => {
    system = mkdtempSync(join(tmpdir(), "komainu-root-"));
    for (const folder of [
      "usr/bin",
      "etc/systemd/system",
      "etc/default",
      "run/systemd/system",
      "var/lib",
      "release/dist",
    ])
      mkdirSync(join(system, folder), { recursive: true });
    cpSync(join(ROOT, "systemd"), join(system, "release/systemd"), { recursive: true });
    writeFileSync(join(system, "release/dist/komainu.mjs"), "");
    const moved = read("install.sh")
      .replace(/\/(?=(?:etc|opt|usr|var|run|lib)\/)/g, `${system}/`)
      .replace(/:\/(?=s?bin\b)/g, `:${system}/`);
    writeFileSync(join(system, "release/install.sh"), moved);
    for (const name of PLAIN) put(name, `exec ${program(name)} "$@"`);
    for (const [name, script] of Object.entries(STAND_INS)) put(name, script);
  });
  afterEach(() => rmSync(system, { recursive: true, force: true }));

  function put(name: string, script: string): void {
    writeFileSync(join(system, "usr/bin", name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(system, "usr/bin", name), 0o755);
  }
  /** What is there afterwards, and which programs were asked. */
  function run(...args: string[]) {
    const asked = join(system, "asked");
    rmSync(asked, { force: true });
    const { status, stderr } = spawnSync("/bin/sh", [join(system, "release/install.sh"), ...args], {
      env: { PATH: join(system, "usr/bin"), ASKED: asked },
      cwd: join(system, "release"),
      encoding: "utf8",
    });
    const folder = join(system, "etc/systemd/system/komainu.service.d");
    return {
      status,
      stderr,
      dropIns: existsSync(folder) ? readdirSync(folder).sort() : null,
      nft: (existsSync(asked) ? readFileSync(asked, "utf8").split("\n") : []).filter((line) =>
        line.startsWith("nft"),
      ),
    };
  }
  const fine = { status: 0, stderr: "" };
  const DELETED = ["nft delete table inet komainu_guard"];

  it("puts no drop-in that nobody asked for", () => {
    expect(run()).toEqual({ ...fine, dropIns: null, nft: [] });
  });

  it("remembers at an update what was switched on, until it is switched off", () => {
    expect(run("--gateway")).toEqual({ ...fine, dropIns: ["gateway.conf"], nft: [] });
    writeFileSync(join(system, "etc/systemd/system/komainu.service.d/gateway.conf"), "of an older release");
    expect(run("--outside-check")).toEqual({
      ...fine,
      dropIns: ["gateway.conf", "outside-check.conf"],
      nft: [],
    });
    expect(run()).toEqual({ ...fine, dropIns: ["gateway.conf", "outside-check.conf"], nft: [] });
    expect(readFileSync(join(system, "etc/systemd/system/komainu.service.d/gateway.conf"), "utf8")).toBe(
      read("systemd/drop-ins/gateway.conf"),
    );
    expect(run("--no-outside-check")).toEqual({ ...fine, dropIns: ["gateway.conf"], nft: [] });
    expect(run("--no-gateway")).toEqual({ ...fine, dropIns: null, nft: DELETED });
    expect(run("--no-gateway")).toEqual({ ...fine, dropIns: null, nft: [] });
  });

  it("takes the guard and the drop-ins away with the service, and says nothing where there is none", () => {
    run("--gateway", "--outside-check");
    const own = join(system, "etc/systemd/system/komainu.service.d/owner.conf");
    writeFileSync(own, "");
    expect(run("--remove")).toEqual({ ...fine, dropIns: ["owner.conf"], nft: DELETED });
    expect(run("--remove", "--purge")).toEqual({ ...fine, dropIns: ["owner.conf"], nft: DELETED });
    rmSync(join(system, "usr/bin/nft"));
    expect(run("--remove")).toMatchObject(fine);
  });

  it("names the programs that the gateway needs", () => {
    rmSync(join(system, "usr/bin/conntrack"));
    expect(run("--gateway")).toMatchObject({
      status: 1,
      dropIns: null,
      stderr: expect.stringMatching(
        /missing here: conntrack\. Mend it with: sudo apt-get install .*conntrack$/m,
      ),
    });
    expect(run()).toMatchObject(fine);
  });
});
