import { expect, test } from "vitest";
import { readArguments, UsageError } from "../../../agent/cli/arguments.ts";

test("scan with everything", () => {
  const options = readArguments(
    [
      "scan",
      "--json",
      "--until",
      "probes",
      "-i",
      "eth0",
      "--interface",
      "wlan0",
      "--consent",
      "山田花子、園長",
      "--state",
      "/s",
    ],
    {},
  );
  expect(options).toMatchObject({
    command: "scan",
    json: true,
    until: "probes",
    interfaces: ["eth0", "wlan0"],
    consent: { person: "山田花子", role: "園長" },
    state: "/s",
    maxHosts: 1022,
  });
});

test.each([
  [["run", "--listen", "8080"], { host: null, port: 8080 }],
  [["run", "--listen", "192.168.77.2:80"], { host: "192.168.77.2", port: 80 }],
  [["run", "--listen", "[fd77::2]:80"], { host: "fd77::2", port: 80 }],
])("%o", (argv, listen) => {
  expect(readArguments(argv, {}).listen).toEqual([listen]);
});

test.each([
  [["scna"], "scan"],
  [["scan", "--consent", "Hanako"], "NAME, ROLE"],
  [["scan", "--until", "lunch"], "inventory"],
  [["scan", "--max-hosts", "many"], "65534"],
  [["scan", "--colour"], "--colour"],
  [["run", "--listen", "nowhere:http"], "ADDRESS:PORT"],
  [["scan", "--lang", "fr"], "ja or en"],
])("%o is refused with a line that helps", (argv, hint) => {
  expect(() => readArguments(argv, {})).toThrow(UsageError);
  expect(() => readArguments(argv, {})).toThrow(hint);
});

test("the language follows the terminal's locale unless it is named", () => {
  expect(readArguments(["scan"], { LANG: "ja_JP.UTF-8" }).language).toBe("ja");
  expect(readArguments(["scan"], { LANG: "C.UTF-8" }).language).toBe("en");
  expect(readArguments(["scan", "--lang", "en"], { LC_ALL: "ja_JP.UTF-8" }).language).toBe("en");
});

test("no command shows the help", () => {
  expect(readArguments([], {}).command).toBe("help");
  expect(readArguments(["run", "--help"], {}).command).toBe("help");
  expect(readArguments(["--version"], {}).command).toBe("version");
});

test("systemd's state directory wins over the home directory", () => {
  expect(readArguments(["run"], { STATE_DIRECTORY: "/var/lib/komainu" }).state).toBe("/var/lib/komainu");
});
