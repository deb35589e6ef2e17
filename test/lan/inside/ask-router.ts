// Puts the questions about a router from where Komainu sits.
// Usage: ask-router.mjs ADDRESS IGD-PORT, prints {"igd": ..., "portControl": ...} with the facts, or the reason of a failure.
import type { Device, IgdFact, PortControlFact } from "../../../agent/model/index.ts";
import { DeviceLine, PROBES, type ProbeContext } from "../../../agent/probes/index.ts";

export interface RouterAnswers {
  readonly igd: IgdFact | string;
  readonly portControl: PortControlFact | string;
}

const [address = "", port = ""] = process.argv.slice(2);
const device: Device = {
  id: `seen:${address}`,
  aliases: [],
  stableIds: [],
  addresses: [{ address, interface: "eth0" }],
  mac: null,
  names: [],
  fields: {},
  services: [{ protocol: "igd", port: Number(port), path: "/rootDesc.xml" }],
  kind: "router",
  vendor: null,
  model: null,
  firmware: null,
  certainty: 0,
};
const context: ProbeContext = {
  device,
  line: new DeviceLine(address, AbortSignal.timeout(30_000)),
  vendor: null,
  evidence: {},
  budget: { reserve: () => Promise.reject(new Error("no login is tried on a router")) } as never,
  ownAddresses: [address],
};
const igd = await PROBES.igd.ask(context);
const portControl = await PROBES.portControl.ask(context);
const answers: RouterAnswers = {
  igd: igd.ok ? igd.value : igd.reason,
  portControl: portControl.ok ? portControl.value : portControl.reason,
};
process.stdout.write(JSON.stringify(answers));
