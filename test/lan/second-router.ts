import type { MappingRequest } from "./inside/map-port.ts";
import { Service } from "./service.ts";
import { SECOND_ROUTER } from "./topology.ts";
import type { World } from "./world.ts";

const { name, lan, wan } = SECOND_ROUTER;
const PORT = 49_152;

/** The second router's IGD: the stand-in, as an older kind of router than the first. */
export async function startSecondIgd(world: World, bin: string): Promise<Service> {
  const options = { address: lan, interface: "eth0", port: PORT, external: wan, wan: "wan0", version: 1 };
  const argv = [process.execPath, `${bin}/igd.mjs`, JSON.stringify(options)];
  return await Service.start(world, name, argv, { line: /^ready$/ });
}

/** As `mapPorts`, at the second router; `from` is the device that asks. */
export async function mapPortsAtSecond(
  world: World,
  bin: string,
  mappings: readonly MappingRequest[],
  from: string,
): Promise<void> {
  const url = `http://${lan}:${PORT}/rootDesc.xml`;
  const argv = [process.execPath, `${bin}/map-port.mjs`, url, JSON.stringify(mappings)];
  await world.run(from, argv);
}
