import { CLOSES } from "./closing.ts";
import { type Daemon, program } from "./komainu.ts";
import type { Lan } from "./lan.ts";
import { Service } from "./service.ts";
import { OUTSIDE } from "./topology.ts";

const KEYS = "/run/lan/vantage-keys";
/** To be given to the LAN as `vantagePort`. */
export const VANTAGE_PORT = 8790;

/** Starts `komainu vantage` on the outside host and switches it on as the owner does on the page. */
export async function switchOnVantage(lan: Lan, daemon: Daemon, host: string): Promise<void> {
  const command = [process.execPath, await program(lan), "vantage", "--key-file", KEYS];
  const place = `${host.includes(":") ? `[${host}]` : host}:${VANTAGE_PORT}`;
  const invitation = await lan.world.run(OUTSIDE.name, [...command, "--new-key", place]);
  const listen = [...command, "--listen", String(VANTAGE_PORT)];
  await Service.start(lan.world, OUTSIDE.name, listen, { line: /^vantage: port/ });
  const form = { hairpin: "yes", vantage: invitation.trim(), by: CLOSES };
  const answer = await daemon.fetch("/outside", { form });
  const next = answer.headers.get("location") ?? "";
  if (!next.includes("notice=outside-set")) throw new Error(`not switched on: ${answer.status} ${next}`);
}
