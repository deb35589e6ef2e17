/** The traps by name. Each is one way in which a device on a LAN can deceive, stall or attack a scanner. */
import type { FakeDevice } from "../fake.ts";
import type { Trap, TrapPlace } from "./base.ts";
import { anyPassword, urisElsewhere, withoutSdp } from "./cameras.ts";
import {
  discoveryTrap,
  manyProbeMatches,
  mdnsFlood,
  mdnsPointerLoop,
  ssdpLoopback,
  wrongRelatesTo,
  xaddrsElsewhere,
  xmlBomb,
} from "./discovery.ts";
import { drip, drops, endless, tarpit } from "./slow.ts";
import { everything401, jpegToAll, okToAll } from "./web.ts";
import { xss } from "./xss.ts";

export const TRAPS: Readonly<Record<string, Trap>> = {
  "ok-to-all": okToAll,
  "jpeg-to-all": jpegToAll,
  "http-everything-401": everything401,
  tarpit,
  drops,
  endless,
  drip,
  xss,
  "ssdp-loopback": ssdpLoopback,
  "xaddrs-elsewhere": xaddrsElsewhere,
  "many-probe-matches": discoveryTrap(manyProbeMatches),
  "wrong-relates-to": discoveryTrap(wrongRelatesTo),
  "xml-bomb": discoveryTrap(xmlBomb),
  "mdns-flood": mdnsFlood,
  "mdns-pointer-loop": mdnsPointerLoop,
  "onvif-uris-elsewhere": urisElsewhere,
  "accepts-any-password": anyPassword,
  "sdp-less-200": withoutSdp,
};

export async function startTrap(name: string, place: TrapPlace): Promise<FakeDevice> {
  const trap = TRAPS[name];
  if (trap === undefined) throw new Error(`no trap "${name}"; there are ${Object.keys(TRAPS).join(", ")}`);
  return await trap(place);
}
