import { type Answer, cleanText, type Failure, failure, success, type TelnetFact } from "../model/index.ts";
import type { DeviceLine } from "../net/line.ts";
import { readGreeting } from "../net/tcp.ts";
import { earlier, patience, timeLeft, waitFor } from "./asking.ts";
import { TELNET_PORTS } from "./port-numbers.ts";
import { portsProbe } from "./ports.ts";
import type { Probe } from "./probe.ts";

const GREETING_MS = 1_500;
const GREETING_BYTES = 256;

/** IAC and a negotiation (RFC 854; WILL, WONT, DO, DONT, SB). */
const NEGOTIATION = /\xff[\xfa-\xfe]/;
/** A login prompt, or the prompt of a shell that wants no login. */
const PROMPT = /(?:log ?in|user(?: ?name)?|account|password) ?:\s*$|(?:^|[\r\n])[\w@:~./ [\]-]{0,40}[#$] ?$/i;

/** Whether Telnet is spoken where it usually is. A port that says nothing, or was never asked, settles nothing. */
export const telnetProbe: Probe<"telnet"> = {
  question: "telnet",
  deadlineMs: TELNET_PORTS.length * GREETING_MS,
  async ask(context) {
    const asked = await earlier(context, portsProbe);
    if (!asked.ok) return asked;
    const { states } = asked.value;
    const open = TELNET_PORTS.filter((port) => states[port] === "open");
    const answer = await askTelnet(context.line, open);
    const unasked = TELNET_PORTS.find((port) => states[port] === undefined);
    const settled = !answer.ok || answer.value.ports.length > 0 || unasked === undefined;
    return settled ? answer : failure("timeout", `port ${unasked} was not asked`);
  },
};

/** Listens to the greeting of each port; the errors are those of a port that said nothing, when no other spoke Telnet. */
export async function askTelnet(
  line: DeviceLine,
  openPorts: readonly number[],
  greetingMs = GREETING_MS,
): Promise<Answer<TelnetFact>> {
  const ports: number[] = [];
  const banners: string[] = [];
  let trouble: Failure | null = null;
  const left = timeLeft(openPorts.length * greetingMs);
  for (const port of openPorts) {
    const deadlineMs = patience(line, left, greetingMs);
    const limits = { maxBytes: GREETING_BYTES, deadlineMs, enough: isTelnet };
    const { answer: greeting } = await waitFor(line, deadlineMs, readGreeting(line, port, limits));
    if (!greeting.ok) trouble = greeting;
    else if (greeting.value.length === 0) trouble = failure("timeout", "no greeting");
    else if (isTelnet(greeting.value)) {
      ports.push(port);
      const banner = cleanText(greeting.value.toString("latin1").replace(/\xff[\xfa-\xfe]./gs, " "));
      if (banner !== "") banners.push(banner);
    }
  }
  if (ports.length === 0 && trouble) return trouble;
  return success(banners.length === 0 ? { ports } : { ports, banners });
}

export function isTelnet(greeting: Buffer): boolean {
  const text = greeting.toString("latin1");
  return NEGOTIATION.test(text) || PROMPT.test(text);
}
