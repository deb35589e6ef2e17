import type { FastifyInstance, LightMyRequestResponse } from "fastify";
import { buildApp } from "../../../agent/serve/app.ts";
import { contextOf, type ServeOptions, type SiteState } from "../../../agent/serve/index.ts";
import { type MadeUpSite, madeUpSite, SITE_PIN } from "./made-up-site.ts";

export interface SignedIn {
  readonly site: MadeUpSite;
  get(path: string, language?: "ja" | "en"): Promise<LightMyRequestResponse>;
  post(path: string, form?: Readonly<Record<string, string>>): Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

const FORM = { origin: "http://localhost", "content-type": "application/x-www-form-urlencoded" };

/** A made-up site as somebody sees it who came in with `code`; null = with none. */
export async function signedIn(
  state: SiteState,
  code: string | null = SITE_PIN,
  more: Partial<ServeOptions> = {},
): Promise<SignedIn> {
  const site = madeUpSite(state, more);
  const app: FastifyInstance = buildApp(contextOf(site.options), "lan");
  const send = (path: string, form: Readonly<Record<string, string>>, cookie: string) =>
    app.inject({
      method: "POST",
      url: path,
      headers: { ...FORM, cookie },
      payload: new URLSearchParams(form).toString(),
    });
  const claim = code === null ? null : await send("/claim", { code }, "");
  const cookie = String(claim?.headers["set-cookie"] ?? "").split(";")[0] ?? "";
  return {
    site,
    get: (path, language = "ja") =>
      app.inject({ url: path, headers: { cookie, "accept-language": language } }),
    post: (path, form = {}) => send(path, form, cookie),
    close: () => app.close(),
  };
}
