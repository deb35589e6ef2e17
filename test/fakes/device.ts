/**
 * Starts one fake device: as a library for tests on loopback (`ports: "ephemeral"`), or as a process of its own:
 *
 *   node device.mjs '{"fixture": "test/fixtures/x.json", "address": "192.168.77.31", "address6": "fd77::31", "interface": "eth0"}'
 *   node device.mjs '{"trap": "tarpit", "address": "192.168.77.66", "interface": "eth0"}'
 *
 * Further members: `lockAfter` and `answersAfterMs` (numbers), `vendors` (folder of the vendor files; default the project's, seen from the
 * fixture), `router` (address that a trap may point at). It prints `ready`, then obeys one JSON command a line on standard input, each
 * answered by one line: {"do":"set","logins":{"http":"changed"}}, {"do":"announce"}, {"do":"bye"}, {"do":"state"}.
 * It ends when standard input ends, so that it cannot outlive whoever started it.
 */
import { readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Fixture, VendorFile } from "../../agent/model/index.ts";
import { Camera, type CameraOptions } from "./camera.ts";
import { obey } from "./control.ts";
import type { FakeDevice } from "./fake.ts";
import type { Credentials } from "./gate.ts";
import { startTrap } from "./traps/index.ts";
import type { Place } from "./wire.ts";

export interface DeviceOptions extends Omit<CameraOptions, "factoryLogins"> {
  /** Default: those of the fixture's expected vendor, read from `vendors`. */
  readonly factoryLogins?: readonly Credentials[];
  readonly vendors?: string;
}

const VENDORS = fileURLToPath(new URL("../../agent/vendors/", import.meta.url));

export async function startDevice(options: DeviceOptions): Promise<FakeDevice> {
  const factoryLogins =
    options.factoryLogins ?? readFactoryLogins(options.fixture, options.vendors ?? VENDORS);
  const camera = new Camera({ ...options, factoryLogins });
  await camera.start();
  return camera;
}

function readFactoryLogins(fixture: Fixture, vendors: string): readonly Credentials[] {
  const wanted = Object.values(fixture.logins).some((login) => login !== "none");
  if (!wanted || fixture.expected.vendor === null) return [];
  const file = readFileSync(join(vendors, `${fixture.expected.vendor}.json`), "utf8");
  return (JSON.parse(file) as VendorFile).factoryLogins;
}

interface Command extends Place {
  readonly fixture?: string;
  readonly trap?: string;
  readonly lockAfter?: number;
  readonly vendors?: string;
  readonly router?: string;
}

async function main(command: Command): Promise<void> {
  const { fixture, trap, ...options } = command;
  const device =
    fixture === undefined
      ? await startTrap(trap ?? "", options)
      : await startDevice({
          vendors: join(dirname(fixture), "../../agent/vendors"),
          ...options,
          fixture: JSON.parse(readFileSync(fixture, "utf8")) as Fixture,
        });
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => process.stdout.write(`${obey(device, line)}\n`));
  lines.on("close", () => process.exit(0));
  process.stdout.write("ready\n");
  device.announce();
}

const [, script, command] = process.argv;
if (
  script !== undefined &&
  command !== undefined &&
  realpathSync(script) === fileURLToPath(import.meta.url)
) {
  await main(JSON.parse(command) as Command);
}
