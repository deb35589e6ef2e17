/** Cameras that are honest but for one thing. */
import { OFF_THE_LAN, routerOf, startTrapCamera, TRAP_CAMERA, type Trap } from "./base.ts";

const open = { http: "none", rtsp: "none", onvif: "none" } as const;
const any = { http: "any", rtsp: "any", onvif: "any" } as const;

/** Names another host of the LAN for the picture and one off the LAN for the stream (behind NAT this happens by mistake). */
export const urisElsewhere: Trap = (place) => {
  const uriHosts = { snapshot: routerOf(place), stream: `${OFF_THE_LAN}:554` };
  return startTrapCamera({ ...TRAP_CAMERA, logins: open }, place, { uriHosts });
};

/** Wants a login and takes any: an open view, not a factory password. A fixture with these logins has a known maker. */
export const anyPassword: Trap = (place) => startTrapCamera({ ...TRAP_CAMERA, logins: any }, place);

/** 200 to DESCRIBE without a word of SDP proves no stream. */
export const withoutSdp: Trap = (place) =>
  startTrapCamera({ ...TRAP_CAMERA, http: [], onvif: [], announces: {}, logins: open }, place, {
    withoutSdp: true,
  });
