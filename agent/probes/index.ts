import {
  type ConsentLevel,
  type DeviceKind,
  type Evidence,
  factOf,
  type QuestionId,
} from "../model/index.ts";
import { igdProbe } from "./igd.ts";
import { loginsProbe } from "./logins.ts";
import { onvifProbe } from "./onvif.ts";
import { picturesProbe } from "./pictures.ts";
import { portControlProbe } from "./port-control.ts";
import { portsProbe } from "./ports.ts";
import type { Probe } from "./probe.ts";
import { rtspProbe } from "./rtsp.ts";
import { telnetProbe } from "./telnet.ts";
import { webProbe } from "./web.ts";

export { DeviceLine } from "../net/line.ts";
export { fieldsFrom } from "./fields.ts";
export type { LoginBudget } from "./login-budget.ts";
export type { Probe, ProbeContext } from "./probe.ts";
export { SITE_PROBES, type SiteContext } from "./site/index.ts";

/** Every question and the probe that puts it, in the order in which they build on each other. */
export const PROBES: { readonly [Q in QuestionId]: Probe<Q> } = {
  ports: portsProbe,
  web: webProbe,
  telnet: telnetProbe,
  onvif: onvifProbe,
  rtsp: rtspProbe,
  pictures: picturesProbe,
  logins: loginsProbe,
  igd: igdProbe,
  portControl: portControlProbe,
};

const OF_AN_UNKNOWN: readonly QuestionId[] = ["ports", "web", "telnet", "onvif", "rtsp", "pictures"];
const OF_A_CAMERA: readonly QuestionId[] = [...OF_AN_UNKNOWN, "logins"];

/**
 * What is asked of a device of this kind. One that nobody knows is asked further only while a port is open, and no login
 * is tried on it: it may be anybody's.
 */
export function questionsFor(kind: DeviceKind, evidence: Evidence = {}): readonly QuestionId[] {
  if (kind === "router") return ["igd", "portControl"];
  if (kind === "other") return [];
  const states = factOf(evidence, "ports")?.states;
  const nothingOpen = states !== undefined && !Object.values(states).includes("open");
  if (kind === "unknown") return nothingOpen ? ["ports"] : OF_AN_UNKNOWN;
  return OF_A_CAMERA;
}

/** The consent that a question needs. */
export function levelOf(question: QuestionId): ConsentLevel {
  if (question === "igd" || question === "portControl") return "L0";
  return question === "logins" ? "L2" : "L1";
}
