/** Cameras that are honest but for one thing. */
import type { Quirks } from "../camera.ts";
import { OFF_THE_LAN, routerOf, startTrapCamera, TRAP_CAMERA, type Trap, type TrapPlace } from "./base.ts";

/** Names another host of the LAN for the picture and one off the LAN for the stream (behind NAT this happens by mistake). */
export const urisElsewhereQuirks = (place: TrapPlace): Quirks => ({
  uriHosts: { snapshot: routerOf(place), stream: `${OFF_THE_LAN}:554` },
});

/** Wants a login, and takes any: an open view, not a factory password. */
export const anyPasswordQuirks = (): Quirks => ({ acceptsAnything: true });

/** 200 to DESCRIBE without a word of SDP proves no stream. */
export const withoutSdpQuirks = (): Quirks => ({ withoutSdp: true });

const open = { http: "none", rtsp: "none", onvif: "none" } as const;

export const urisElsewhere: Trap = (place) =>
  startTrapCamera({ ...TRAP_CAMERA, logins: open }, place, urisElsewhereQuirks(place));

export const anyPassword: Trap = (place) => startTrapCamera(TRAP_CAMERA, place, anyPasswordQuirks());

export const withoutSdp: Trap = (place) =>
  startTrapCamera(
    { ...TRAP_CAMERA, http: [], onvif: [], announces: {}, logins: open },
    place,
    withoutSdpQuirks(),
  );
