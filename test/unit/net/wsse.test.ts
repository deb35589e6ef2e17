import fc from "fast-check";
import { expect, test } from "vitest";
import { passwordDigest, usernameToken } from "../../../agent/net/wsse.ts";
import { elements, parseXml, textAt } from "../../../agent/net/xml.ts";
import { anyText } from "./any-text.ts";

const NONCE = Buffer.from("LKqI6G/AikKCQrN0zqZFlg==", "base64");
const CREATED = "2010-09-16T07:50:45Z";
/** The example of the ONVIF Application Programmer's Guide, 6.1.1.3. */
const DIGEST = "tuOSpGlFlIXsozq4HFNeeGeFLEI=";

test("digest of ONVIF's own example", () => {
  expect(passwordDigest(NONCE, CREATED, "userpassword")).toBe(DIGEST);
});

test("the token is signed with the device's clock", () => {
  const login = { user: "user", password: "userpassword", clockOffset: -3600 };
  const { markup } = usernameToken(login, new Date("2010-09-16T08:50:45.678Z"), NONCE);
  const parsed = parseXml(markup);
  expect(parsed.ok).toBe(true);
  if (!parsed.ok) return;
  const [token] = elements(parsed.value, "Security", "UsernameToken");
  expect(["Username", "Password", "Nonce", "Created"].map((name) => token && textAt(token, [name]))).toEqual([
    "user",
    DIGEST,
    NONCE.toString("base64"),
    CREATED,
  ]);
  expect(markup).not.toContain("userpassword");
});

test("property: any user stays text, and no two tokens are the same", () => {
  fc.assert(
    fc.property(anyText, (user) => {
      const login = { user: `x${user}x`, password: "p", clockOffset: 0 };
      const [one, other] = [usernameToken(login, new Date(0)), usernameToken(login, new Date(0))];
      expect(one.markup).not.toBe(other.markup);
      expect(one.markup.match(/<UsernameToken>/g)).toHaveLength(1);
      expect(parseXml(one.markup).ok).toBe(true);
    }),
  );
});
