import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readInvitation, writeInvitation } from "../../../agent/model/index.ts";
import { isPublicAddress, limitGroup, plainAddress } from "../../../agent/net/outside/public-address.ts";
import { RateLimit } from "../../../agent/net/outside/rate-limit.ts";
import { parseKeyFile } from "../../../agent/net/outside/vantage-keys.ts";
import {
  MAX_VANTAGE_PORTS,
  parseVantageAnswer,
  parseVantageKey,
  parseVantageRequest,
} from "../../../agent/net/outside/vantage-protocol.ts";
import { anyText } from "./any-text.ts";

const KEY = `site:${Buffer.alloc(32, 7).toString("base64url")}`;
const HASH = "0".repeat(64);

describe("the invitation of a vantage point", () => {
  it("comes back as it was written", () => {
    const host = fc.constantFrom("vantage.example", "128.66.0.9", "3fff::9", "::1");
    fc.assert(
      fc.property(host, fc.integer({ min: 1, max: 65_535 }), (name, port) => {
        const settings = { host: name, port, key: KEY };
        expect(readInvitation(` ${writeInvitation(settings)}\n`)).toEqual(settings);
      }),
    );
  });

  it("is nothing else", () => {
    for (const text of [
      "",
      `komainu-vantage:host:0:${KEY}`,
      `komainu-vantage:host:65536:${KEY}`,
      `komainu-vantage:ho st:1:${KEY}`,
      `komainu-vantage:3fff::9:1:${KEY}`,
      `komainu-vantage:host:1:${KEY}x`,
      `https://host:1:${KEY}`,
    ])
      expect(readInvitation(text)).toBeNull();
    fc.assert(fc.property(anyText, (text) => readInvitation(text) === null));
  });
});

describe("the request to a vantage point", () => {
  const ports = fc.uniqueArray(fc.integer({ min: 1, max: 65_535 }), { maxLength: MAX_VANTAGE_PORTS });

  it("names up to 64 ports", () => {
    fc.assert(
      fc.property(ports, (list) => {
        const answer = parseVantageRequest(JSON.stringify({ version: 1, ports: list }));
        expect(answer).toEqual({ ok: true, value: list });
      }),
    );
  });

  it("is refused whole for anything else in it", () => {
    const many = Array.from({ length: MAX_VANTAGE_PORTS + 1 }, (_, index) => index + 1);
    for (const request of [
      null,
      [],
      {},
      { version: 1 },
      { version: 2, ports: [1] },
      { version: 1, ports: [0] },
      { version: 1, ports: [65_536] },
      { version: 1, ports: [1.5] },
      { version: 1, ports: ["80"] },
      { version: 1, ports: [80, 80] },
      { version: 1, ports: many },
      { version: 1, ports: [80], address: "128.66.0.2" },
    ])
      expect(parseVantageRequest(JSON.stringify(request))).toMatchObject({ ok: false, reason: "malformed" });
    fc.assert(fc.property(anyText, (text) => !parseVantageRequest(text).ok));
    fc.assert(
      fc.property(fc.jsonValue(), (value) => !parseVantageRequest(JSON.stringify({ version: value })).ok),
    );
  });
});

describe("the answer of a vantage point", () => {
  const answer = (asked: unknown, seenAs: unknown = "128.66.0.2") =>
    parseVantageAnswer(JSON.stringify({ version: 1, seenAs, asked }), [80, 81]);

  it("is taken as it is, a fingerprint only of what is open", () => {
    const fingerprint = { kind: "http", hash: HASH };
    expect(answer([{ port: 80, result: "open", fingerprint }])).toEqual({
      ok: true,
      value: { seenAs: "128.66.0.2", asked: [{ port: 80, result: "open", fingerprint }] },
    });
    expect(answer([{ port: 81, result: "closed", fingerprint }])).toMatchObject({
      value: { asked: [{ port: 81, result: "closed", fingerprint: null }] },
    });
  });

  it("is refused when it lies about what was asked, or has other types", () => {
    const open = { port: 80, result: "open", fingerprint: null };
    for (const [asked, seenAs] of [
      [[{ ...open, port: 22 }]],
      [[open, open]],
      [[open, { ...open, port: 81 }, { ...open, port: 82 }]],
      [[{ ...open, result: "ajar" }]],
      [[{ ...open, fingerprint: { kind: "http", hash: "0" } }]],
      [[{ ...open, fingerprint: { kind: "gopher", hash: HASH } }]],
      [[{ ...open, more: 1 }]],
      [[null]],
      ["open"],
      [[open], "router.example"],
      [[open], "fe80::1%eth0"],
      [[open], 4],
    ])
      expect(answer(asked, seenAs)).toMatchObject({ ok: false, reason: "malformed" });
    fc.assert(fc.property(anyText, (text) => !parseVantageAnswer(text, [80]).ok));
    fc.assert(fc.property(fc.jsonValue(), (value) => !answer([value]).ok));
  });
});

describe("the keys", () => {
  it("are an identity and 32 bytes each, one a line", () => {
    const keys = parseKeyFile(`# sites\n${KEY}\n\nother:${Buffer.alloc(32, 8).toString("base64url")}\n`);
    expect(keys.ok && [...keys.value.keys()]).toEqual(["site", "other"]);
    expect(keys.ok && keys.value.get("site")).toEqual(Buffer.alloc(32, 7));
  });

  it("are refused when one is broken, stands twice, or none is there", () => {
    for (const text of ["", "# nothing", "site", `site:${"A".repeat(42)}`, `${KEY}\n${KEY}`])
      expect(parseKeyFile(text)).toMatchObject({ ok: false, reason: "malformed" });
    fc.assert(fc.property(anyText, (text) => !parseKeyFile(text).ok && parseVantageKey(text) === null));
  });
});

describe("an address of the internet", () => {
  it("is no private, local, shared, reserved or tunnelled one", () => {
    const yes = ["8.8.8.8", "128.66.0.2", "2400::1", "3fff:66::2", "2001:db8:66::9"];
    const no = [
      ...["10.0.0.1", "172.16.0.1", "192.168.0.1", "127.0.0.1", "169.254.0.1", "100.64.0.1", "224.0.0.1"],
      ...["0.0.0.0", "255.255.255.255", "240.0.0.1", "192.0.0.1", "198.18.0.1", "8.8", "0x8.8.8.8", ""],
      ...["::", "::1", "fe80::1", "fe80::1%eth0", "fd00::1", "ff02::1", "::ffff:8.8.8.8", "2002:808:808::1"],
      ...["2001::1", "64:ff9b::808:808", "host.example"],
    ];
    expect(yes.filter((address) => !isPublicAddress(address))).toEqual([]);
    expect(no.filter(isPublicAddress)).toEqual([]);
    fc.assert(fc.property(anyText, (text) => typeof isPublicAddress(text) === "boolean"));
  });

  it("is unwrapped from IPv6, and shares its limit with its /64", () => {
    expect(plainAddress("::ffff:128.66.0.2")).toBe("128.66.0.2");
    expect(plainAddress("3fff::0:1")).toBe("3fff::1");
    expect(limitGroup("3fff::1:2:3:4")).toBe(limitGroup("3fff::9"));
    expect(limitGroup("3fff:0:0:1::9")).not.toBe(limitGroup("3fff::9"));
    expect(limitGroup("128.66.0.2")).toBe("128.66.0.2");
  });
});

describe("a limit of requests", () => {
  it("admits a burst, then one at a time, each key for itself", () => {
    let now = 0;
    const limit = new RateLimit(2, 1_000, () => now);
    expect([limit.take("a"), limit.take("a"), limit.take("a"), limit.take("b")]).toEqual([0, 0, 1, 0]);
    now = 999;
    expect(limit.take("a")).toBe(1);
    now = 1_001;
    expect([limit.take("a"), limit.take("a")]).toEqual([0, 1]);
    now = 100_000;
    expect([limit.take("a"), limit.take("a"), limit.take("a")]).toEqual([0, 0, 1]);
  });
});
