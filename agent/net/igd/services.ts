import { type Answer, failure, type ServiceHint, success } from "../../model/index.ts";
import type { DeviceLine } from "../line.ts";
import { searchIgd } from "../ssdp-search.ts";
import type { TimeLeft } from "../time-left.ts";
import { type IgdService, igdServices } from "./igd.ts";

const ANSWER_MS = 3000;
const MAX_DESCRIPTIONS = 4;

/**
 * The services of all the descriptions that a router announces: one host may describe itself as IGD:1 and as IGD:2,
 * and have several WANConnectionDevices. Where two descriptions lead to the same control URL for the same trade, the
 * higher version stands. Who has announced none is asked by unicast, so that a lost packet does not hide a list.
 * Errors: `unsupported` without UPnP, otherwise those of the last description.
 */
export async function findIgdServices(
  line: DeviceLine,
  announced: readonly ServiceHint[],
  left: TimeLeft,
): Promise<Answer<readonly IgdService[]>> {
  const hints = announced.filter(({ protocol }) => protocol === "igd");
  const offers = hints.length > 0 ? success(hints) : await searchIgd(line);
  if (!offers.ok) return offers.reason === "timeout" ? failure("unsupported", "no UPnP") : offers;
  const descriptions = new Map(offers.value.map(({ port, path }) => [`${port} ${path}`, { port, path }]));
  const services = new Map<string, IgdService>();
  let last: Answer<readonly IgdService[]> = failure("unsupported", "no description announced");
  for (const description of [...descriptions.values()].slice(0, MAX_DESCRIPTIONS)) {
    last = await igdServices(line, description, left(ANSWER_MS));
    for (const service of last.ok ? last.value : []) keepHigher(services, service);
  }
  return services.size > 0 ? success([...services.values()]) : last;
}

function keepHigher(services: Map<string, IgdService>, service: IgdService): void {
  const key = `${service.port} ${service.path} ${service.type.replace(/:\d+$/, "")}`;
  const known = services.get(key);
  if (known === undefined || known.type < service.type) services.set(key, service);
}
