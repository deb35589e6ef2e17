import type { PinholesFact } from "../../model/index.ts";
import type { DeviceLine } from "../line.ts";
import type { TimeLeft } from "../time-left.ts";
import { textAt } from "../xml.ts";
import { type IgdReply, type IgdService, igdAction } from "./igd.ts";

const ANSWER_MS = 2000;
/** WANIPv6FirewallControl:1 has no list: its UniqueIDs (ui2) are asked one by one, until so many in a row are not there. */
const MISSES_AT_THE_END = 32;
const MAX_ASKED = 256;
/** The highest of all is the one that nobody has: miniupnpd counts from 1 and begins anew before it. */
const NOBODYS_ID = 65_535;

// Error codes of WANIPv6FirewallControl:1 (2.4.8 CheckPinholeWorking) and of UPnP Device Architecture 2.0, 3.2.2.
const INVALID_ACTION = 401;
const OPTIONAL_ACTION_NOT_IMPLEMENTED = 602;
const INVALID_ARGS = 402;
const NOT_AUTHORIZED = 606;
const INBOUND_PINHOLE_NOT_ALLOWED = 703;
export const NO_SUCH_PINHOLE = 704;
const NO_TRAFFIC_RECEIVED = 709;
const MISSING: readonly number[] = [INVALID_ACTION, OPTIONAL_ACTION_NOT_IMPLEMENTED];
/** miniupnpd 2.3.1 with nftables says 402 for what is not there (measured), others 704 as the table has it. */
const DENIALS: readonly number[] = [NO_SUCH_PINHOLE, INVALID_ARGS];

/** Whether a pinhole is there, as far as its router tells those that are there from those that are not. */
export type PinholeState = "there" | "absent" | "not-told";

/** How a router answers for an id that nobody has, without which no answer for another id means anything. */
interface Yardstick {
  readonly action: "CheckPinholeWorking" | "GetPinholePackets";
  /** `answered`, the UPnP error code, or `failed`. */
  readonly sign: string;
}

/** What is there of the pinholes, in a bounded number of questions. Nothing is changed. */
export async function walkPinholes(
  line: DeviceLine,
  service: IgdService,
  left: TimeLeft,
): Promise<PinholesFact> {
  const yardstick = await takeYardstick(line, service, left);
  if (yardstick.sign === String(INBOUND_PINHOLE_NOT_ALLOWED)) return { found: [], complete: true };
  if (!tells(yardstick)) return { found: [], complete: false };
  const found: { uniqueId: number; packets: number | null }[] = [];
  for (let id = 0, misses = 0; misses < MISSES_AT_THE_END; id += 1) {
    const state = id < MAX_ASKED ? await stateOf(line, service, id, yardstick, left) : "not-told";
    if (state === "not-told") return { found, complete: false };
    misses = state === "there" ? 0 : misses + 1;
    if (state === "absent") continue;
    found.push({ uniqueId: id, packets: await packetsOf(line, service, id, left) });
    // After one that is there, some know no longer of nobody's id what they knew before.
    const again = await takeYardstick(line, service, left);
    if (again.sign !== yardstick.sign) return { found, complete: false };
  }
  return { found, complete: true };
}

/** One pinhole. Nothing is changed. */
export async function pinholeState(
  line: DeviceLine,
  service: IgdService,
  uniqueId: number,
  left: TimeLeft,
): Promise<PinholeState> {
  const yardstick = await takeYardstick(line, service, left);
  return tells(yardstick) ? await stateOf(line, service, uniqueId, yardstick, left) : "not-told";
}

/**
 * CheckPinholeWorking is asked where there is one: some builds of miniupnpd answer GetPinholePackets with 0 for ids that
 * are not there (upnpsoap.c).
 */
async function takeYardstick(line: DeviceLine, service: IgdService, left: TimeLeft): Promise<Yardstick> {
  const action = "CheckPinholeWorking";
  const sign = await nobodysSign(line, service, action, left);
  if (!MISSING.some((code) => sign === String(code))) return { action, sign };
  const other = "GetPinholePackets";
  return { action: other, sign: await nobodysSign(line, service, other, left) };
}

/**
 * miniupnpd 2.3.1 with nftables reads its own stack for an id that is not there (nftpinhole.c, `get_pinhole_info`): after
 * a question for one that is, it takes each for that one, until something else was asked (measured).
 */
async function nobodysSign(
  line: DeviceLine,
  service: IgdService,
  action: Yardstick["action"],
  left: TimeLeft,
): Promise<string> {
  const sign = await signOf(line, service, action, NOBODYS_ID, left);
  if (!isThere(sign)) return sign;
  await igdAction(line, service, "GetFirewallStatus", {}, left(ANSWER_MS));
  return await signOf(line, service, action, NOBODYS_ID, left);
}

/** False when nobody's id is not denied: then the router answers alike for all, or not at all. */
function tells({ sign }: Yardstick): boolean {
  return DENIALS.some((code) => sign === String(code));
}

async function stateOf(
  line: DeviceLine,
  service: IgdService,
  id: number,
  yardstick: Yardstick,
  left: TimeLeft,
): Promise<PinholeState> {
  const sign = await signOf(line, service, yardstick.action, id, left);
  if (isThere(sign)) return "there";
  return sign === yardstick.sign || sign === String(NO_SUCH_PINHOLE) ? "absent" : "not-told";
}

/** A pinhole of another device is refused, not denied: miniupnpd tells only its owner about it. */
function isThere(sign: string): boolean {
  return sign === "answered" || sign === String(NO_TRAFFIC_RECEIVED) || sign === String(NOT_AUTHORIZED);
}

async function signOf(
  line: DeviceLine,
  service: IgdService,
  action: Yardstick["action"],
  id: number,
  left: TimeLeft,
): Promise<string> {
  const reply: IgdReply = await igdAction(line, service, action, { UniqueID: id }, left(ANSWER_MS));
  return reply.outcome === "fault" ? String(reply.code) : reply.outcome;
}

async function packetsOf(
  line: DeviceLine,
  service: IgdService,
  id: number,
  left: TimeLeft,
): Promise<number | null> {
  const reply = await igdAction(line, service, "GetPinholePackets", { UniqueID: id }, left(ANSWER_MS));
  const text = reply.outcome === "answered" ? textAt(reply.value, ["PinholePackets"], 12) : null;
  return text !== null && /^\d{1,10}$/.test(text) ? Number(text) : null;
}
