import { randomUUID } from "node:crypto";
import pLimit from "p-limit";
import {
  type Answer,
  cleanText,
  type FailureReason,
  failure,
  success,
  type WebDoorFact,
  type WebFact,
} from "../model/index.ts";
import type { HttpAnswer, HttpRequest } from "../net/http.ts";
import { headerText } from "../net/http-text.ts";
import { announcedPorts, askHttp, DOORS_AT_ONCE, earlier, type TimeLeft, timeLeft } from "./asking.ts";
import { SHARED_WEB_PORTS, TLS_PORTS, WEB_PORTS } from "./port-numbers.ts";
import { portsProbe } from "./ports.ts";
import type { Probe, ProbeContext } from "./probe.ts";
import { readPage, resolveTarget, type WebTarget } from "./web-page.ts";

const DEADLINE_MS = 10_000;
const REQUEST_MS = 2_000;
const MAX_DOORS = 8;
/** So many doors without one answer, and the device is taken for one that lets everybody wait. */
const MAX_SILENT = 4;

type Unanswered = NonNullable<WebFact["unanswered"]>[number];

/** Which open ports speak HTTP or HTTPS, and what their front page says. */
export const webProbe: Probe<"web"> = {
  question: "web",
  deadlineMs: DEADLINE_MS,
  async ask(context) {
    const asked = await earlier(context, portsProbe);
    if (!asked.ok) return asked;
    const left = timeLeft(DEADLINE_MS);
    const announced = announcedPorts(context.device, "http", "https", "onvif");
    const { states } = asked.value;
    const usual = [...new Set([...announced, ...WEB_PORTS])];
    const open = usual.filter((port) => states[port] === "open");
    const ports = open.slice(0, MAX_DOORS);
    let silent = 0;
    const looks = await pLimit(DOORS_AT_ONCE).map(ports, async (port) => {
      if (silent >= MAX_SILENT) return failure("timeout");
      const found = await look(context, { port, path: "/" }, left);
      if (found.ok) silent = Number.NEGATIVE_INFINITY;
      else if (found.reason === "timeout") silent += 1;
      return found;
    });

    const elsewhere = looks.flatMap((found) =>
      found.ok && found.value.leadsOn ? [found.value.leadsOn] : [],
    );
    const further = new Map(
      elsewhere.filter(({ port }) => !ports.includes(port)).map((target) => [target.port, target]),
    );
    const leads = [...further.values()].slice(0, MAX_DOORS - ports.length);
    for (const target of leads) looks.push(await look(context, target, left));

    const doors = looks.flatMap((found) => (found.ok ? [found.value.door] : []));
    const tried = [...ports, ...leads.map(({ port }) => port)];
    const failed = tried.flatMap((port, index) => {
      const found = looks[index];
      return found && !found.ok ? [{ port, reason: found.reason }] : [];
    });
    const unasked = usual.filter(
      (port) => !tried.includes(port) && (open.includes(port) || states[port] === undefined),
    );
    const mustAnswer = ({ port, reason }: Unanswered) =>
      // A page may lead to a door that is shut: then nobody can look through it.
      further.has(port) ? reason !== "refused" : isMadeForWeb(context, port);
    const unanswered = [...failed, ...unasked.map((port) => ({ port, reason: "timeout" as const }))];
    return summary(doors, unanswered.filter(mustAnswer));
  },
};

/** Where silence or garbage is a web server in trouble, which may have pictures, and not some other service. */
function isMadeForWeb({ device }: ProbeContext, port: number): boolean {
  const surely = WEB_PORTS.includes(port) && !SHARED_WEB_PORTS.has(port);
  return surely || announcedPorts(device, "http", "https").includes(port);
}

function summary(doors: readonly WebDoorFact[], unanswered: readonly Unanswered[]): Answer<WebFact> {
  const [first] = unanswered;
  if (first && doors.length === 0) return failure(first.reason);
  return success(first ? { doors, unanswered } : { doors });
}

interface Look {
  readonly door: WebDoorFact;
  /** Another port of the device to which the front page leads. */
  readonly leadsOn: WebTarget | null;
}

/** Front page, the page it leads to on the same door, and a made-up path. */
async function look(
  context: ProbeContext,
  at: { readonly port: number; readonly path: string; readonly tls?: boolean },
  left: TimeLeft,
): Promise<Answer<Look>> {
  const spoken = await speak(context, at, left);
  if (!spoken.ok) return spoken;
  const { tls, answer: front } = spoken.value;
  const place = { tls, port: at.port, path: at.path };
  const page = readPage(front);
  const target =
    page.leadsTo === null
      ? null
      : resolveTarget(page.leadsTo, place, [...context.ownAddresses, context.line.host]);
  const sameDoor = target !== null && target.port === at.port && target.tls === tls;
  const next = sameDoor ? await get(context, target, left) : null;
  const nextPage = next?.ok ? readPage(next.value) : null;
  const madeUp = await get(context, { ...place, path: `/${randomUUID()}` }, left, () => true);

  const challenges = [...front.challenges, ...(next?.ok ? next.value.challenges : [])];
  const certificate = front.certificate;
  const asksLogin =
    front.status === 401 ||
    challenges.length > 0 ||
    page.hasPasswordField ||
    (nextPage?.hasPasswordField ?? false);
  const redirects = front.status >= 300 && front.status < 400;
  const door: WebDoorFact = {
    door: { protocol: tls ? "https" : "http", port: at.port },
    status: front.status,
    server: readable(front.headers.server),
    title: (redirects ? null : page.title) ?? nextPage?.title ?? page.title,
    realm: challenges.map(({ realm }) => readable(realm)).find((realm) => realm !== null) ?? null,
    schemes: [...new Set(challenges.map(({ scheme }) => scheme))],
    certificate: certificate && {
      ...certificate,
      subject: cleanText(certificate.subject, 256),
      issuer: cleanText(certificate.issuer, 256),
    },
    answersEverything: madeUp.ok && madeUp.value.status >= 200 && madeUp.value.status < 300,
    asksPassword: !tls && asksLogin,
    bodyText: cleanText(`${page.text} ${nextPage?.text ?? ""}`, 2_048),
  };
  return success({ door, leadsOn: sameDoor ? null : target });
}

/** Finds out whether a port speaks HTTP in plain text or over TLS, by asking for `path`. */
async function speak(
  context: ProbeContext,
  at: { readonly port: number; readonly path: string; readonly tls?: boolean },
  left: TimeLeft,
): Promise<Answer<{ readonly tls: boolean; readonly answer: HttpAnswer }>> {
  const tlsFirst =
    at.tls ?? (TLS_PORTS.has(at.port) || announcedPorts(context.device, "https").includes(at.port));
  const first = await get(context, { ...at, tls: tlsFirst }, left);
  if (first.ok && !wantsTls(first.value, tlsFirst)) return success({ tls: tlsFirst, answer: first.value });
  if (!first.ok && !mayBeOther(first.reason, tlsFirst)) return first;
  const second = await get(context, { ...at, tls: !tlsFirst }, left);
  if (second.ok) return success({ tls: !tlsFirst, answer: second.value });
  return first.ok ? success({ tls: tlsFirst, answer: first.value }) : first;
}

/** nginx, Apache, Go and others answer plain text on their TLS port with a hint. */
function wantsTls(answer: HttpAnswer, tls: boolean): boolean {
  return (
    !tls && answer.status === 400 && /https|ssl/i.test(answer.body.subarray(0, 2_048).toString("latin1"))
  );
}

/** A TLS server breaks off at plain text; a plain one may wait for the rest of what looks like half a line. */
function mayBeOther(reason: FailureReason, tls: boolean): boolean {
  if (reason === "timeout") return tls;
  return reason === "malformed" || reason === "closed" || reason === "reset" || reason === "tls";
}

/** Of a picture or a stream the header is all that is wanted here. */
const notText: NonNullable<HttpRequest["stopWhen"]> = ({ headers }) =>
  /^(?:image|video|audio|multipart)\//i.test(headers["content-type"] ?? "");

async function get(
  { line }: ProbeContext,
  { port, path, tls }: WebTarget,
  left: TimeLeft,
  stopWhen: NonNullable<HttpRequest["stopWhen"]> = notText,
): Promise<Answer<HttpAnswer>> {
  const { answer } = await askHttp(line, left, REQUEST_MS, { port, tls, path, stopWhen });
  return answer;
}

function readable(value: string | undefined): string | null {
  const text = cleanText(headerText(value ?? ""));
  return text === "" ? null : text;
}
