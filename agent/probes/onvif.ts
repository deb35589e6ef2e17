import {
  type AnonymousCall,
  type Answer,
  type Evidence,
  type Failure,
  factOf,
  failure,
  type OnvifFact,
  success,
} from "../model/index.ts";
import { deviceUri } from "../net/device-uri.ts";
import type { DeviceLine } from "../net/line.ts";
import {
  getCapabilities,
  getDeviceInformation,
  getProfiles,
  getServices,
  getSnapshotUri,
  getStreamUri,
  getSystemDateAndTime,
  MEDIA,
  MEDIA2,
  type OnvifReply,
  type OnvifService,
} from "../net/onvif.ts";
import { earlier, isHasty, patience, type TimeLeft, timeLeft, waitFor } from "./asking.ts";
import type { Probe, ProbeContext } from "./probe.ts";
import { webProbe } from "./web.ts";

/** ONVIF Core names this path for the device service. */
const DEVICE_SERVICE = "/onvif/device_service";
/** Ports on which ONVIF is often served apart from the web page, the likeliest first. */
const USUAL_PORTS = [80, 8000, 8080, 8899, 2020, 8999];
const DEADLINE_MS = 12_000;
const CALL_MS = 3000;
const MAX_DOORS = 4;
const MAX_FOREIGN_HOSTS = 8;
/** A token that many devices use; asked when the profiles were refused, to see whether the URIs are refused too. */
const USUAL_TOKEN = "Profile_1";

/** So many doors without an answer, and a device that keeps us waiting anyway is asked no more. */
const MAX_SILENT = 2;

type ServicePlace = Omit<OnvifService, "patience">;
/** Puts one call in the time that the device deserves. */
type AskOnvif = <T>(
  at: ServicePlace,
  call: (line: DeviceLine, service: OnvifService) => Promise<OnvifReply<T>>,
) => Promise<OnvifReply<T>>;

interface OnvifDoor extends ServicePlace {
  /** True when the device itself announced it: then a refusal without SOAP is ONVIF's as well. */
  readonly announced: boolean;
}

export const onvifProbe: Probe<"onvif"> = {
  question: "onvif",
  deadlineMs: DEADLINE_MS,
  async ask(asked) {
    const context = { ...asked, evidence: await withWeb(asked) };
    const ask = asking(context.line, timeLeft(DEADLINE_MS));
    const facts: OnvifFact[] = [];
    let trouble: Failure | null = null;
    let silent = 0;
    const named = announcedDoors(context);
    const isNamed = ({ port, path }: OnvifDoor) =>
      named.some((door) => door.port === port && door.path === path);
    for (const doors of [named, likelyDoors(context).filter((door) => !isNamed(door))]) {
      for (const door of doors) {
        if (silent >= MAX_SILENT && isHasty(context.line)) break;
        const answer = await interrogate(context, ask, door);
        if (answer.ok) facts.push(...(answer.value === null ? [] : [answer.value]));
        else {
          trouble ??= answer;
          silent += 1;
        }
      }
      if (facts.length > 0) return success(facts);
    }
    return trouble ?? webTrouble(context) ?? success(facts);
  },
};

function asking(line: DeviceLine, left: TimeLeft): AskOnvif {
  return async (at, call) => {
    const patienceMs = patience(line, left, CALL_MS);
    const service = { ...at, patience: () => patienceMs };
    return (await waitFor(line, patienceMs, call(line, service))).answer;
  };
}

/** Where HTTP is spoken must be known; a recheck of this question alone looks now. */
async function withWeb(context: ProbeContext): Promise<Evidence> {
  const answer = await earlier(context, webProbe);
  return { ...context.evidence, web: { asked: true, at: new Date().toISOString(), answer } };
}

function announcedDoors(context: ProbeContext): readonly OnvifDoor[] {
  const hints = context.device.services.filter(({ protocol }) => protocol === "onvif");
  const doors = new Map(hints.map(({ port, path }) => [`${port} ${path}`, { port, path }]));
  return [...doors.values()]
    .slice(0, MAX_DOORS)
    .map((door) => ({ ...door, tls: speaksTls(context, door.port), announced: true }));
}

/** Doors where HTTP was seen; TLS only where there is no plain one, because it leads to the same service. */
function likelyDoors(context: ProbeContext): readonly OnvifDoor[] {
  const seen = (factOf(context.evidence, "web")?.doors ?? []).map(({ door }) => door);
  const rank = (port: number) =>
    USUAL_PORTS.includes(port) ? USUAL_PORTS.indexOf(port) : USUAL_PORTS.length;
  const plain = seen.filter(({ protocol }) => protocol === "http");
  return (plain.length > 0 ? plain : seen)
    .toSorted((one, other) => rank(one.port) - rank(other.port))
    .slice(0, MAX_DOORS)
    .map(({ port, protocol }) => ({
      port,
      tls: protocol === "https",
      path: DEVICE_SERVICE,
      announced: false,
    }));
}

/** Whether ONVIF on this port is to be spoken over TLS, as the web question saw it. */
export function speaksTls(context: ProbeContext, port: number): boolean {
  const doors = factOf(context.evidence, "web")?.doors ?? [];
  return doors.some(({ door }) => door.port === port && door.protocol === "https");
}

/** Without knowing where HTTP is spoken, "no ONVIF" would be a guess. */
function webTrouble(context: ProbeContext): Failure | null {
  const web = context.evidence.web;
  return web?.asked && !web.answer.ok ? failure(web.answer.reason, "web") : null;
}

/** Null when this door does not speak ONVIF. */
async function interrogate(
  context: ProbeContext,
  ask: AskOnvif,
  door: OnvifDoor,
): Promise<Answer<OnvifFact | null>> {
  const hasty = isHasty(context.line);
  const clock = await ask(door, getSystemDateAndTime);
  if (!isOnvif(clock, door)) {
    if (clock.outcome === "failed" && clock.reply === null && door.announced) return failure(clock.reason);
    // Whoever had little time to answer has not said that there is nothing.
    return hasty && isUnfinished(clock) ? failure("timeout") : success(null);
  }
  const utc = clock.outcome === "answered" ? clock.value : null;
  const clockOffset = utc === null ? null : Math.round((utc.getTime() - Date.now()) / 1000);
  const services = await findServices(context, ask, door);
  const information = await ask(door, getDeviceInformation);
  const media = await askMedia(context, ask, services.media ?? { ...door, namespace: MEDIA });
  const refusals = [clock, services.reply, information, ...media.replies].filter(
    (reply) => reply.outcome === "refused",
  );
  return success({
    door: { protocol: "onvif", port: door.port },
    path: door.path,
    clockOffset,
    services: services.namespaces,
    mediaPath: services.media?.path ?? null,
    anonymous: { GetDeviceInformation: information.outcome, ...media.anonymous },
    authentication: refusals[0]?.by ?? null,
    information: information.outcome === "answered" ? information.value : null,
    snapshot: media.snapshot,
    stream: media.stream,
    foreignHosts: [...new Set([...services.foreignHosts, ...media.foreignHosts])].slice(0, MAX_FOREIGN_HOSTS),
  });
}

/** A web server that answers any POST, or a SOAP server of another trade, is no ONVIF device. */
function isOnvif(clock: OnvifReply<unknown>, door: OnvifDoor): boolean {
  if (clock.outcome === "answered") return true;
  if (clock.outcome === "refused") return door.announced || clock.reply.body !== null;
  return clock.outcome === "fault" && door.announced;
}

function isUnfinished(reply: OnvifReply<unknown>): boolean {
  return reply.outcome === "failed" && (reply.reply?.truncated ?? true);
}

interface MediaService extends ServicePlace {
  readonly namespace: string;
}

async function findServices({ ownAddresses }: ProbeContext, ask: AskOnvif, door: ServicePlace) {
  let reply = await ask(door, getServices);
  if (reply.outcome !== "answered" || reply.value.length === 0) reply = await ask(door, getCapabilities);
  const entries = reply.outcome === "answered" ? reply.value : [];
  const foreignHosts: string[] = [];
  let media: MediaService | null = null;
  for (const { namespace, xaddr } of entries) {
    const uri = deviceUri(xaddr, ownAddresses);
    if (uri?.kind === "foreign") foreignHosts.push(uri.host);
    // Media 1 is asked where both exist: more devices answer it as the specification says.
    const wanted = namespace === MEDIA || (namespace === MEDIA2 && media === null);
    if (uri?.kind !== "own" || !wanted) continue;
    media = { port: uri.port, tls: uri.scheme === "https", path: uri.path, namespace };
  }
  return { reply, namespaces: entries.map(({ namespace }) => namespace), media, foreignHosts };
}

async function askMedia({ ownAddresses }: ProbeContext, ask: AskOnvif, media: MediaService) {
  const { namespace } = media;
  const profiles = await ask(media, (line, service) => getProfiles(line, service, namespace));
  const token = (profiles.outcome === "answered" ? profiles.value[0] : undefined) ?? USUAL_TOKEN;
  const gone = profiles.outcome === "failed" && profiles.reply === null;
  const uriOf = (call: typeof getSnapshotUri) =>
    ask(media, (line, service) => call(line, service, namespace, token));
  const snapshot = gone ? profiles : await uriOf(getSnapshotUri);
  const stream = gone ? profiles : await uriOf(getStreamUri);

  const [snapshotUri, streamUri] = [snapshot, stream].map((reply) =>
    reply.outcome === "answered" ? deviceUri(reply.value, ownAddresses) : null,
  );
  const anonymous: Record<"GetProfiles" | "GetSnapshotUri" | "GetStreamUri", AnonymousCall> = {
    GetProfiles: profiles.outcome,
    GetSnapshotUri: snapshot.outcome,
    GetStreamUri: stream.outcome,
  };
  return {
    replies: [profiles, snapshot, stream],
    anonymous,
    snapshot:
      snapshotUri?.kind === "own" && snapshotUri.scheme !== "rtsp"
        ? { port: snapshotUri.port, path: snapshotUri.path, tls: snapshotUri.scheme === "https" }
        : null,
    stream:
      streamUri?.kind === "own" && streamUri.scheme === "rtsp"
        ? { port: streamUri.port, path: streamUri.path }
        : null,
    foreignHosts: [snapshotUri, streamUri].flatMap((uri) => (uri?.kind === "foreign" ? [uri.host] : [])),
  };
}
