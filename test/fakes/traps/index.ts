/** The traps by name. Each is one way in which a device on a LAN can deceive, stall or attack a scanner. */
import type { Quirks } from "../camera.ts";
import type { FakeDevice } from "../fake.ts";
import type { Trap, TrapPlace } from "./base.ts";
import {
  anyPassword,
  anyPasswordQuirks,
  urisElsewhere,
  urisElsewhereQuirks,
  withoutSdp,
  withoutSdpQuirks,
} from "./cameras.ts";
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

const QUIRKS: Readonly<Record<string, (place: TrapPlace) => Quirks>> = {
  "onvif-uris-elsewhere": urisElsewhereQuirks,
  "accepts-any-password": anyPasswordQuirks,
  "sdp-less-200": withoutSdpQuirks,
};

export async function startTrap(name: string, place: TrapPlace): Promise<FakeDevice> {
  const trap = TRAPS[name];
  if (trap === undefined) throw new Error(`no trap "${name}"; there are ${Object.keys(TRAPS).join(", ")}`);
  return await trap(place);
}

/** The trap's nature for a camera that looks like a fixture. */
export function trapQuirks(name: string, place: TrapPlace): Quirks {
  const quirks = QUIRKS[name];
  if (quirks === undefined)
    throw new Error(`"${name}" is no quirk; there are ${Object.keys(QUIRKS).join(", ")}`);
  return quirks(place);
}
