import type { FastifyReply, FastifyRequest } from "fastify";
import { LANGUAGES, type Language } from "../model/index.ts";
import type { ServeOptions, Viewer } from "./contract.ts";
import type { EventHub } from "./events.ts";
import { readCookie, type Sessions, setCookie } from "./session.ts";
import type { Tries } from "./tries.ts";
import { type Scene, sceneOf } from "./view/scene.ts";

/** What the routes of both servers share. */
export interface Context {
  readonly options: ServeOptions;
  readonly sessions: Sessions;
  readonly tries: Tries;
  readonly events: EventHub;
  now(): Date;
  log(line: string): void;
}

declare module "fastify" {
  interface FastifyRequest {
    viewer: Viewer;
  }
}

const LANGUAGE_COOKIE = "lang";
const YEAR_SECONDS = 365 * 86_400;

export function sceneFor(context: Context, request: FastifyRequest): Scene {
  return sceneOf(context.options, context.now(), languageOf(request), request.viewer);
}

/** The language that was chosen here, else the browser's, else Japanese. */
export function languageOf(request: FastifyRequest): Language {
  const chosen = readCookie(request.headers.cookie, LANGUAGE_COOKIE);
  const asked = request.headers["accept-language"]?.slice(0, 200);
  return LANGUAGES.find((language) => language === chosen) ?? preferredOf(asked);
}

/** Accept-Language (RFC 9110, 12.5.4): the first of ours by weight; English for those who ask for neither. */
export function preferredOf(header: string | undefined): Language {
  if (header === undefined) return "ja";
  const weighted = header.split(",").map((part) => {
    const [tag = "", ...parameters] = part.trim().toLowerCase().split(";");
    const weight = parameters.map((one) => /^\s*q=([\d.]+)$/.exec(one)?.[1]).find((one) => one !== undefined);
    return { tag, weight: weight === undefined ? 1 : Number(weight) };
  });
  const ordered = weighted.filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight);
  const tags = ordered.map(({ tag }) => LANGUAGES.find((one) => tag === one || tag.startsWith(`${one}-`)));
  return tags.find((language) => language !== undefined) ?? "en";
}

/** `?lang=en` on any page: remembers it and shows the same page without the query. Null when nothing was asked. */
export function switchLanguage(request: FastifyRequest, reply: FastifyReply): FastifyReply | null {
  const wanted = (request.query as Readonly<Record<string, unknown>>).lang;
  const language = LANGUAGES.find((one) => one === wanted);
  if (language === undefined) return null;
  reply.header("set-cookie", setCookie(LANGUAGE_COOKIE, language, YEAR_SECONDS, "Lax"));
  return reply.redirect(request.url.replace(/\?.*$/, ""), 303);
}

/** Runs on without the request; what goes wrong there is a bug and is told in the log. */
export function runOn(context: Context, what: string, work: Promise<unknown>): void {
  work.catch((error: unknown) => context.log(`${what}: ${causeOf(error)}`));
}

/** One line, safe to print. */
export function causeOf(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return text.split("\n").slice(0, 3).join(" | ").slice(0, 500);
}

/** Settles with null when `work` takes longer than `waitMs`; the work goes on. */
export async function within<T>(work: Promise<T>, waitMs: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), waitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
