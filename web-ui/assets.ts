import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

export interface Asset {
  readonly type: string;
  readonly body: Buffer;
  /** Weak, since it may travel compressed (RFC 9110, 8.8.3). */
  readonly etag: string;
}

/** The build puts these files beside the bundle. Several make one asset, in this order. */
function load(type: string, ...names: readonly string[]): Asset {
  const body = Buffer.concat(names.map((name) => readFileSync(new URL(`./${name}`, import.meta.url))));
  return { type, body, etag: `W/"${createHash("sha256").update(body).digest("base64url").slice(0, 16)}"` };
}

/** All static files there are, by path; read once, so that no request ever touches the file system. */
export const ASSETS: Readonly<Record<string, Asset>> = {
  "/style.css": load(
    "text/css; charset=utf-8",
    "style/base.css",
    "style/parts.css",
    "style/status.css",
    "style/finding.css",
    "style/setup.css",
    "style/print.css",
    "style/exceptions.css",
  ),
  "/live.js": load("text/javascript; charset=utf-8", "live.js"),
  "/favicon.svg": load("image/svg+xml", "favicon.svg"),
};
