import { cleanText } from "../model/index.ts";
import { deviceUri } from "../net/device-uri.ts";
import type { HttpAnswer } from "../net/http.ts";
import { pageText, pageTitle } from "../net/http-text.ts";

export interface WebPage {
  readonly title: string | null;
  readonly hasPasswordField: boolean;
  /** Where the page itself leads at once: redirect, refresh or the script of an index page. Unresolved. */
  readonly leadsTo: string | null;
  /** Beginning of the page, for fingerprints. */
  readonly text: string;
}

// All repetitions are bounded: the page is hostile.
const PASSWORD_FIELD = /<input\b[^>]{0,400}\btype\s{0,5}=\s{0,5}["']?password\b/i;
const REFRESH =
  /<meta\b[^>]{0,100}\bhttp-equiv\s{0,5}=\s{0,5}["']?refresh\b[^>]{0,100}\burl\s{0,5}=\s{0,5}["']?([^"'>\s]{1,200})/i;
const SCRIPT = /\blocation(?:\.href)?\s{0,5}=\s{0,5}["']([^"'\s]{1,200})["']/i;
const MAX_TEXT = 1_024;

export function readPage(answer: HttpAnswer): WebPage {
  const text = pageText(answer);
  const title = pageTitle(text);
  const hasPasswordField = PASSWORD_FIELD.test(text);
  const redirect = answer.status >= 300 && answer.status < 400 ? answer.headers.location : undefined;
  // A page with a form of its own is the page to look at, whatever its scripts may do later.
  const inPage = hasPasswordField ? undefined : (REFRESH.exec(text)?.[1] ?? SCRIPT.exec(text)?.[1]);
  return {
    title: title === "" ? null : title,
    hasPasswordField,
    leadsTo: redirect ?? inPage ?? null,
    text: cleanText(text, MAX_TEXT),
  };
}

export interface WebTarget {
  readonly tls: boolean;
  readonly port: number;
  readonly path: string;
}

/** The place that `leadsTo` means, seen from the page at `from`; null when it is none, the same one, or another host's. */
export function resolveTarget(
  leadsTo: string,
  from: WebTarget,
  ownAddresses: readonly string[],
): WebTarget | null {
  const scheme = from.tls ? "https" : "http";
  const absolute = /^[a-z][a-z0-9+.-]*:/i.test(leadsTo)
    ? leadsTo
    : leadsTo.startsWith("//")
      ? `${scheme}:${leadsTo}`
      : `${scheme}://:${from.port}${leadsTo.startsWith("/") ? leadsTo : `/${leadsTo.replace(/^\.\//, "")}`}`;
  const uri = deviceUri(absolute, ownAddresses);
  if (uri?.kind !== "own" || !/^https?$/.test(uri.scheme)) return null;
  const target = { tls: uri.scheme === "https", port: uri.port, path: uri.path };
  const same = target.tls === from.tls && target.port === from.port && target.path === from.path;
  return same ? null : target;
}
