import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const FILE = fileURLToPath(new URL("../../../systemd/komainu-vantage.service", import.meta.url));
const UNIT = readFileSync(FILE, "utf8");
const hasAnalyzer = spawnSync("systemd-analyze", ["--version"]).status === 0;

describe("the unit of the vantage point", () => {
  it("gives the service a copy of root's key file, and no place to keep anything", () => {
    expect(UNIT).toMatch(/^LoadCredential=keys:\/etc\/komainu\/vantage-keys$/m);
    expect(UNIT).toMatch(/^ExecStart=.* vantage .*--key-file \$\{CREDENTIALS_DIRECTORY\}\/keys$/m);
    expect(UNIT).not.toMatch(/^(?:StateDirectory|CacheDirectory|LogsDirectory|ReadWritePaths)=/m);
  });

  it("reaches nobody beside the host", () => {
    const denied = [...UNIT.matchAll(/^IPAddressDeny=(.*)$/gm)].flatMap(([, list]) => list?.split(" ") ?? []);
    expect(denied).toEqual([
      ...["localhost", "link-local", "multicast"],
      ...["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"],
    ]);
    expect(UNIT).not.toMatch(/^IPAddressAllow=/m);
  });

  it.skipIf(!hasAnalyzer)("is sealed as tightly as the daemon's", () => {
    const argv = ["security", "--offline=true", "--threshold=15", "--no-pager", FILE];
    execFileSync("systemd-analyze", argv, { stdio: "pipe" });
  });

  it("runs the program where the README puts it", () => {
    const program = /^ExecStart=\S+ .*?(\/opt\S+)\/komainu\.mjs /m.exec(UNIT)?.[1];
    for (const readme of ["README.md", "README.ja.md"]) {
      const text = readFileSync(fileURLToPath(new URL(`../../../${readme}`, import.meta.url)), "utf8");
      expect(text).toContain(`sudo cp -r dist ${program}`);
      expect(text).toContain(`${program}/komainu.mjs vantage --key-file /etc/komainu/vantage-keys --new-key`);
    }
  });
});
