import { isIPv4 } from "node:net";
import { type Answer, cleanText, failure, type InternetDbFact, success } from "../../model/index.ts";
import { sendingForbidden } from "./sending-forbidden.ts";
import { tlsExchange } from "./tls-exchange.ts";

const HOST = "internetdb.shodan.io";
const MAX_BYTES = 65_536;
const DEADLINE_MS = 15_000;
const MAX_PORTS = 1_024;
const MAX_WORDS = 256;
const WORD_LENGTH = 40;

/** Another server and another certificate, for tests. */
export interface InternetDbPlace {
  readonly host: string;
  readonly port: number;
  readonly ca?: string;
}

/**
 * What Shodan's InternetDB knows of an address: `GET https://internetdb.shodan.io/{IPv4}` gives
 * `{ip, ports, hostnames, cpes, tags, vulns}`, 404 where it knows nothing. It is drawn up anew once a week, needs no key, and
 * is free for non-commercial use only (OpenAPI description at https://apis.apis.io/apis/shodan/internetdb-api/). 429 is
 * asked too often; how often is not said (https://github.com/blacklanternsecurity/bbot/issues/2412 shows 404 and 429). It
 * learns the address asked for and the one that asks, which are the same. Errors: `unsupported` with the status,
 * `malformed`, `too-large`, `not-permitted` when this machine's own filter keeps packets on the LAN, else as of the network.
 */
export async function askInternetDb(
  address: string,
  signal: AbortSignal,
  { host, port, ca }: InternetDbPlace = { host: HOST, port: 443 },
): Promise<Answer<InternetDbFact>> {
  if (!isIPv4(address)) return failure("unsupported", "no IPv4 address");
  const answer = await tlsExchange({
    options: {
      ...{ host, port, path: `/${address}` },
      ...(ca !== undefined && { ca }),
      headers: { Accept: "application/json", "User-Agent": "Komainu" },
    },
    ...{ maxBytes: MAX_BYTES, deadlineMs: DEADLINE_MS, signal },
  });
  if (!answer.ok) {
    const isSilent = answer.reason === "timeout" || answer.reason === "unreachable";
    return isSilent && (await sendingForbidden(host, port, 4)) ? failure("not-permitted") : answer;
  }
  const { status, text } = answer.value;
  if (status === 404) return success({ address, ports: [], tags: [], vulnerabilities: [] });
  return status === 200 ? parseInternetDb(text, address) : failure("unsupported", `status ${status}`);
}

/** The document about `address`; about another, or of another shape, it is `malformed`. */
export function parseInternetDb(text: string, address: string): Answer<InternetDbFact> {
  const document = jsonOf(text);
  const { ip, ports, hostnames, cpes, tags, vulns } = (document ?? {}) as Readonly<Record<string, unknown>>;
  if (ip !== address || !isList(ports, isPort, MAX_PORTS)) return failure("malformed");
  const lists = [hostnames, cpes, tags, vulns];
  if (!lists.every((list) => isList(list, isText, MAX_WORDS * 4))) return failure("malformed");
  return success({
    address,
    ports: [...new Set(ports)].sort((a, b) => a - b),
    tags: words(tags as readonly string[]),
    vulnerabilities: words(vulns as readonly string[]).filter((id) => /^CVE-\d{4}-\d{4,8}$/.test(id)),
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isList<T>(value: unknown, is: (item: unknown) => item is T, most: number): value is readonly T[] {
  return Array.isArray(value) && value.length <= most && value.every(is);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isPort(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) < 65_536;
}

function words(list: readonly string[]): readonly string[] {
  const clean = list.slice(0, MAX_WORDS).map((word) => cleanText(word, WORD_LENGTH));
  return [...new Set(clean)].filter((word) => word !== "");
}
