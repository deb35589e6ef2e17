import {
  type Answer,
  failure,
  type OnvifFact,
  type RtspDoorFact,
  success,
  type WebDoorFact,
} from "../model/index.ts";
import { authorize } from "../net/authentication.ts";
import { httpRequest } from "../net/http.ts";
import type { DeviceLine } from "../net/line.ts";
import { DEVICE, MEDIA, MEDIA2, type OnvifLogin, type OnvifService, onvifCall } from "../net/onvif.ts";
import { type RtspAnswer, rtspSession, rtspUri } from "../net/rtsp.ts";
import { usernameToken } from "../net/wsse.ts";
import type { DoorAnswer, DoorClient, DoorConversation, PreparedLogin } from "./login-door.ts";
import { TLS_PORTS } from "./port-numbers.ts";

const REQUEST_DEADLINE_MS = 4000;
/** A login answer tells by its status; text is looked at for words of a lock-out only. */
const MAX_TEXT_BYTES = 2048;

/** Not found where a login was asked before: the login was right, and nothing is behind the door. */
function kindOf(status: number): DoorAnswer["kind"] {
  if (status === 401) return "refused";
  return (status >= 200 && status < 300) || status === 404 ? "passed" : "other";
}

/** HTTP at the first of `paths` that asks for a login. */
export function httpLogin(line: DeviceLine, web: WebDoorFact, paths: readonly string[]): DoorClient {
  const { door } = web;
  const send = async (path: string, authorization?: string): Promise<Answer<DoorAnswer>> => {
    const answer = await httpRequest(line, {
      port: door.port,
      tls: door.protocol === "https",
      path,
      ...(authorization === undefined ? {} : { headers: { Authorization: authorization } }),
      deadlineMs: REQUEST_DEADLINE_MS,
      maxBytes: MAX_TEXT_BYTES,
      stopWhen: ({ headers }) => !isText(headers["content-type"]),
    });
    if (!answer.ok) return answer;
    const { status, headers, challenges, body } = answer.value;
    const text = isText(headers["content-type"]) ? body.toString("utf8") : "";
    return success({ kind: kindOf(status), status, headers, challenges, text });
  };
  // Kept over all attempts: the path that asked once must go on asking.
  const conversation = httpConversation(send, paths);
  return {
    door,
    kind: "http",
    refusedWith: web.status === 401 ? 401 : null,
    // A login form, or a challenge on a page that we were led to: it asks, but not in a way that we can answer.
    openBecause: web.asksPassword || web.schemes.length > 0 ? "unsupported" : "no-login-asked",
    open: (work) => work(conversation),
  };
}

function isText(contentType: string | undefined): boolean {
  return /text|json|xml/i.test(contentType ?? "text/html");
}

function httpConversation(
  send: (path: string, authorization?: string) => Promise<Answer<DoorAnswer>>,
  paths: readonly string[],
): DoorConversation {
  let asking: string | null = null;
  return {
    async anonymous() {
      if (asking !== null) return send(asking);
      let last: Answer<DoorAnswer> = failure("unsupported");
      for (const path of paths) {
        last = await send(path);
        if (last.ok && last.value.kind === "refused") asking = path;
        if (!last.ok || asking !== null) break;
      }
      return last;
    },
    prepare({ user, password }, { challenges }): PreparedLogin | null {
      const path = asking ?? "/";
      const login = authorize(challenges, { user, password, method: "GET", uri: path });
      return login && { scheme: login.scheme, send: () => send(path, login.header) };
    },
  };
}

/** RTSP DESCRIBE of a protected path. One connection for challenge and login: some servers bind the nonce to it. */
export function rtspLogin(line: DeviceLine, { door, describes }: RtspDoorFact): DoorClient {
  const guarded = describes.find(({ result }) => result === "protected");
  const path = guarded?.path ?? describes[0]?.path ?? "/";
  const place = { port: door.port, tls: TLS_PORTS.has(door.port) };
  return {
    door,
    kind: "rtsp",
    refusedWith: guarded?.status ?? null,
    openBecause: "no-login-asked",
    open: (work) => {
      const limits = { deadlineMs: 3 * REQUEST_DEADLINE_MS, answerMs: REQUEST_DEADLINE_MS };
      return rtspSession(line, place, limits, (ask) => {
        const describe = async (authorization?: string) =>
          rtspDoorAnswer(
            await ask({
              method: "DESCRIBE",
              path,
              ...(authorization === undefined ? {} : { authorization }),
            }),
          );
        return work({
          anonymous: () => describe(),
          prepare({ user, password }, { challenges }) {
            const uri = rtspUri(line, place, path);
            const login = authorize(challenges, { user, password, method: "DESCRIBE", uri });
            return login && { scheme: login.scheme, send: () => describe(login.header) };
          },
        });
      });
    },
  };
}

function rtspDoorAnswer(answer: Answer<RtspAnswer>): Answer<DoorAnswer> {
  if (!answer.ok) return answer;
  const { status, headers, challenges } = answer.value;
  return success({ kind: kindOf(status), status, headers, challenges, text: "" });
}

/** ONVIF with the call that was refused without a login, by UsernameToken or HTTP Digest as the device asked. */
export function onvifLogin(line: DeviceLine, fact: OnvifFact, tls: boolean): DoorClient {
  const asked = refusedCall(fact);
  const service: OnvifService = {
    port: fact.door.port,
    tls,
    path: asked.path,
    patience: () => REQUEST_DEADLINE_MS,
  };
  const call = async (login: OnvifLogin): Promise<Answer<DoorAnswer>> => {
    const reply = await onvifCall(line, service, asked.namespace, asked.operation, [], login);
    if (reply.reply === null) return failure(reply.reason);
    const { status, headers, challenges, text } = reply.reply;
    const kind = reply.outcome === "answered" ? "passed" : reply.outcome === "refused" ? "refused" : "other";
    return success({ kind, status, headers, challenges, text: kind === "passed" ? "" : text });
  };
  return {
    door: fact.door,
    kind: "onvif",
    refusedWith: null,
    openBecause: "no-login-asked",
    open: (work) => work(onvifConversation(call, asked.path, fact.clockOffset)),
  };
}

function refusedCall({ anonymous, services, path, mediaPath }: OnvifFact) {
  const media = anonymous.GetDeviceInformation !== "refused" && anonymous.GetProfiles === "refused";
  if (!media) return { namespace: DEVICE, operation: "GetDeviceInformation", path };
  const namespace = services.includes(MEDIA) || !services.includes(MEDIA2) ? MEDIA : MEDIA2;
  return { namespace, operation: "GetProfiles", path: mediaPath ?? path };
}

function onvifConversation(
  call: (login: OnvifLogin) => Promise<Answer<DoorAnswer>>,
  path: string,
  clockOffset: number | null,
): DoorConversation {
  return {
    anonymous: () => call({}),
    prepare({ user, password }, { challenges }): PreparedLogin | null {
      if (challenges.some(({ scheme }) => scheme === "digest")) {
        const login = authorize(challenges, { user, password, method: "POST", uri: path });
        return login && { scheme: login.scheme, send: () => call({ authorization: login.header }) };
      }
      const token = { user, password, clockOffset: clockOffset ?? 0 };
      return {
        scheme: "usernametoken",
        doubtful: clockOffset === null,
        send: () => call({ security: usernameToken(token, new Date()) }),
      };
    },
  };
}
