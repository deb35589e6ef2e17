import { createHash, randomBytes } from "node:crypto";
import { element, type Markup } from "./markup.ts";

const OASIS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss";
const SECEXT = `${OASIS}-wssecurity-secext-1.0.xsd`;
const UTILITY = `${OASIS}-wssecurity-utility-1.0.xsd`;
const DIGEST = `${OASIS}-username-token-profile-1.0#PasswordDigest`;
const BASE64 = `${OASIS}-soap-message-security-1.0#Base64Binary`;

export interface UsernameLogin {
  readonly user: string;
  readonly password: string;
  /** The device's clock minus ours, seconds: a token of another time is refused as a replay. */
  readonly clockOffset: number;
}

/** Base64(SHA-1(nonce + created + password)): OASIS WSS UsernameToken Profile 1.0, 3.1. */
export function passwordDigest(nonce: Buffer, created: string, password: string): string {
  return createHash("sha1").update(nonce).update(created).update(password).digest("base64");
}

/** Security header with a UsernameToken in digest form, the login of ONVIF Core for devices without HTTP Digest. */
export function usernameToken(login: UsernameLogin, now: Date, nonce: Buffer = randomBytes(16)): Markup {
  const created = new Date(now.getTime() + login.clockOffset * 1000).toISOString().replace(/\.\d+Z$/, "Z");
  return element(
    "Security",
    { xmlns: SECEXT, "s:mustUnderstand": "1" },
    element(
      "UsernameToken",
      {},
      element("Username", {}, login.user),
      element("Password", { Type: DIGEST }, passwordDigest(nonce, created, login.password)),
      element("Nonce", { EncodingType: BASE64 }, nonce.toString("base64")),
      element("Created", { xmlns: UTILITY }, created),
    ),
  );
}
