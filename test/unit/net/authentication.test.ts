import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { authorize, type Challenge, parseChallenges } from "../../../agent/net/authentication.ts";

const login = { user: "admin", password: "secret", method: "GET", uri: "/" };
const one = (...values: string[]): Challenge => parseChallenges(values)[0]!;
const md5 = (text: string) => createHash("md5").update(text, "latin1").digest("hex");
const sha256 = (text: string) => createHash("sha256").update(text, "latin1").digest("hex");

/** What the parser of HTTP may hand out: any character of one byte. */
const latin1 = fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes).toString("latin1"));

test("reads several challenges of one field and of several fields", () => {
  const challenges = parseChallenges([
    'Newauth realm="apps", type=1, title="Login to \\"apps\\"", Basic realm="simple"',
    'Digest realm="a, b", nonce="n=,", qop="auth,auth-int", stale=FALSE',
    "Negotiate abc/def==, NTLM",
  ]);
  expect(challenges).toEqual([
    { scheme: "other", realm: "apps", parameters: { realm: "apps", type: "1", title: 'Login to "apps"' } },
    { scheme: "basic", realm: "simple", parameters: { realm: "simple" } },
    {
      scheme: "digest",
      realm: "a, b",
      parameters: { realm: "a, b", nonce: "n=,", qop: "auth,auth-int", stale: "FALSE" },
    },
    { scheme: "other", realm: "", parameters: {} },
    { scheme: "other", realm: "", parameters: {} },
  ]);
});

test("is kind to what cameras send", () => {
  expect(one("basic realm=IP Camera").realm).toBe("IP Camera");
  expect(one('DIGEST Realm = "x" , NONCE="y"').parameters).toEqual({ realm: "x", nonce: "y" });
  expect(one('Digest realm="x" nonce="y"').parameters).toEqual({ realm: "x", nonce: "y" });
  expect(one('Basic realm="never closed').realm).toBe("never closed");
  expect(one('Basic realm="one", realm="two"').realm).toBe("one");
  expect(one("Basic").realm).toBe("");
  expect(parseChallenges([", ,,", "="])).toEqual([]);
});

test("a parameter of one field never joins a challenge of another", () => {
  expect(parseChallenges(["Basic", 'realm="x"'])[0]).toEqual({ scheme: "basic", realm: "", parameters: {} });
});

test("a name like __proto__ is a parameter like any other", () => {
  const { parameters } = one('Digest __proto__="x", nonce="n"');
  expect(Object.keys(parameters)).toEqual(["__proto__", "nonce"]);
  expect(Object.getPrototypeOf(parameters)).toBe(Object.prototype);
});

test("RFC 7616, 3.9.1: SHA-256 is chosen over MD5, and both give the response of the RFC", () => {
  const rest =
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';
  const challenges = parseChallenges([
    `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, ${rest}`,
    `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, ${rest}`,
  ]);
  const request = {
    user: "Mufasa",
    password: "Circle of Life",
    method: "GET",
    uri: "/dir/index.html",
    cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
  };
  expect(authorize(challenges, request)).toEqual({
    scheme: "digest-sha-256",
    header: expect.stringContaining(
      'response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"',
    ),
  });
  const md5Answer = authorize(challenges.slice(0, 1), request)!;
  expect(md5Answer.scheme).toBe("digest-md5");
  expect(md5Answer.header).toContain('response="8ca523f5e9506fed4657c9700eebdbec"');
  expect(md5Answer.header).toContain("qop=auth, nc=00000001");
  expect(md5Answer.header).toContain('opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"');
});

test("RFC 2617, 3.5: MD5 with qop", () => {
  const challenges = parseChallenges([
    'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
  ]);
  const answer = authorize(challenges, {
    user: "Mufasa",
    password: "Circle Of Life",
    method: "GET",
    uri: "/dir/index.html",
    cnonce: "0a4f113b",
  })!;
  expect(answer.header).toContain('response="6629fae49393a05397450978507c4ef1"');
  expect(answer.header).not.toContain("algorithm");
});

test("RFC 2617, 2: Basic", () => {
  const challenges = parseChallenges(['Basic realm="WallyWorld"']);
  const answer = authorize(challenges, { ...login, user: "Aladdin", password: "open sesame" });
  expect(answer).toEqual({ header: "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", scheme: "basic" });
  expect(authorize(challenges, { ...login, user: "a:b" })).toBeNull();
});

test("without qop the old response is sent, without nc and cnonce", () => {
  const { header } = authorize([one('Digest realm="r", nonce="n"')], login)!;
  expect(header).toContain(`response="${md5(`${md5("admin:r:secret")}:n:${md5("GET:/")}`)}"`);
  expect(header).not.toMatch(/cnonce|nc=|qop/);
});

test("the session variants hash nonces into the first part", () => {
  const answer = authorize([one('Digest realm="r", nonce="n", algorithm=SHA-256-sess, qop=auth')], {
    ...login,
    cnonce: "c",
  })!;
  const a1 = sha256(`${sha256("admin:r:secret")}:n:c`);
  expect(answer.scheme).toBe("digest-sha-256");
  expect(answer.header).toContain(`response="${sha256(`${a1}:n:00000001:c:auth:${sha256("GET:/")}`)}"`);
  expect(answer.header).toContain('cnonce="c"');
});

test("a realm is hashed unquoted, byte for byte, and sent quoted", () => {
  const realm = Buffer.from('玄関 "1"').toString("latin1");
  const challenge = one(`Digest realm="${realm.replace(/"/g, '\\"')}", nonce="n"`);
  expect(challenge.realm).toBe(realm);
  const { header } = authorize([challenge], login)!;
  expect(header).toContain(`realm="${realm.replace(/"/g, '\\"')}"`);
  expect(header).toContain(md5(`${md5(`admin:${realm}:secret`)}:n:${md5("GET:/")}`));
});

test("falls back past what it cannot answer, and says null when nothing is left", () => {
  const challenges = parseChallenges([
    'Digest realm="r", nonce="n", algorithm=SHA-512-256',
    'Digest realm="r", nonce="n", algorithm=SHA-256, qop="auth-int"',
    'Digest realm="r"',
    'Basic realm="r"',
  ]);
  expect(authorize(challenges, login)?.scheme).toBe("basic");
  expect(authorize(challenges.slice(0, 3), login)).toBeNull();
  expect(authorize([], login)).toBeNull();
});

test("a challenge cannot put a line of its own into our header", () => {
  fc.assert(
    fc.property(latin1, latin1, (realm, nonce) => {
      const parameters = { realm, nonce, opaque: `${realm}${nonce}` };
      const answer = authorize([{ scheme: "digest", realm, parameters }], login);
      expect(answer?.header ?? "").not.toMatch(/[\r\n\0]/);
    }),
  );
  expect(one('Digest realm="a\r\nX: 1", nonce="n"').realm).toBe("a\r\nX: 1");
  expect(authorize([one('Digest realm="a\r\nX: 1", nonce="n"')], login)).toBeNull();
});

const token = fc.stringMatching(/^[A-Za-z][\w!#$%&'*+.^`|~-]{0,12}$/);
const value = fc.string({ unit: fc.constantFrom(...'ab =,"\\/:ü\t') });

test("every well-formed list of challenges is read back", () => {
  const parameters = fc.uniqueArray(fc.tuple(token, value), {
    selector: ([name]) => name.toLowerCase(),
    minLength: 1,
    maxLength: 5,
  });
  const challenge = fc.record({ scheme: fc.constantFrom("Basic", "Digest", "Other"), parameters });
  fc.assert(
    fc.property(fc.array(challenge, { maxLength: 4 }), (challenges) => {
      const field = challenges
        .map(({ scheme, parameters: list }) => {
          const written = list.map(([name, text]) => `${name}="${text.replace(/["\\]/g, "\\$&")}"`);
          return `${scheme} ${written.join(", ")}`;
        })
        .join(", ");
      expect(
        parseChallenges([field]).map(({ scheme, parameters: map }) => [scheme, Object.entries(map).sort()]),
      ).toEqual(
        challenges.map(({ scheme, parameters: list }) => [
          scheme.toLowerCase(),
          list.map(([name, text]) => [name.toLowerCase(), text]).sort(),
        ]),
      );
    }),
  );
});

test("hostile fields cost a bounded number of challenges and parameters", () => {
  const hostile = fc.oneof(latin1, fc.string({ unit: fc.constantFrom(...'a=",\\ Basic'), maxLength: 2000 }));
  fc.assert(
    fc.property(fc.array(hostile, { maxLength: 8 }), (values) => {
      const challenges = parseChallenges(values);
      expect(challenges.length).toBeLessThanOrEqual(16);
      for (const { parameters } of challenges) expect(Object.keys(parameters).length).toBeLessThanOrEqual(32);
    }),
  );
  expect(parseChallenges(["Basic, ".repeat(100_000)])).toHaveLength(16);
  expect(
    Object.keys(one(`Digest ${Array.from({ length: 5000 }, (_, i) => `p${i}="`).join("")}`).parameters)
      .length,
  ).toBeLessThanOrEqual(32);
});
