import { readFileSync } from "node:fs";

/** Filled in by the build; a checkout reads its package.json. */
declare const KOMAINU_VERSION: string | undefined;

export const VERSION: string = typeof KOMAINU_VERSION === "string" ? KOMAINU_VERSION : versionOfCheckout();

function versionOfCheckout(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
