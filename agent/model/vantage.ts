import type { VantageSettings } from "./reach.ts";

/** What the vantage point prints and the site is given: one text to copy, secret because of the key in it. */
const INVITATION =
  /^komainu-vantage:(?:\[(?<six>[0-9a-f:.]{2,45})\]|(?<name>[a-z0-9.-]{1,253})):(?<port>\d{1,5}):(?<key>[\w-]{1,32}:[\w-]{43})$/i;

/** Reads `komainu-vantage:HOST:PORT:ID:KEY`, an IPv6 address in brackets; null when it is anything else. */
export function readInvitation(text: string): VantageSettings | null {
  const { six, name, port = "", key = "" } = INVITATION.exec(text.trim())?.groups ?? {};
  const host = six ?? name;
  const number = Number(port);
  return host === undefined || number < 1 || number > 65_535 ? null : { host, port: number, key };
}

export function writeInvitation({ host, port, key }: VantageSettings): string {
  return `komainu-vantage:${host.includes(":") ? `[${host}]` : host}:${port}:${key}`;
}
