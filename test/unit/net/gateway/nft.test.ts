import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { forwardsIn, pinholesIn } from "../../../../agent/net/gateway/forwards.ts";
import { nftRules, parseNft, setContents, setsReferredTo } from "../../../../agent/net/gateway/nft.ts";
import { OUTSIDE, told } from "./helpers.ts";

/** What nft 1.0.6 printed with `-j list ruleset` for nft-1.0.6.nft beside it. */
const PRINTED = readFileSync(new URL("nft-1.0.6.json", import.meta.url), "utf8");

async function forwards(json: string, outside = OUTSIDE) {
  const ruleset = parseNft(json);
  if (ruleset === null) throw new Error("no ruleset");
  return forwardsIn(await nftRules(ruleset, setContents(ruleset)), "nftables", outside);
}

async function holesIn(json: string) {
  const ruleset = parseNft(json);
  if (ruleset === null) return [];
  return await pinholesIn(await nftRules(ruleset, setContents(ruleset)), "nftables", OUTSIDE);
}

/** A ruleset with one nat prerouting chain of these expressions. */
function chainOf(...rules: readonly (readonly object[])[]): string {
  const place = { family: "ip", table: "nat", chain: "pre" };
  const chain = {
    family: "ip",
    table: "nat",
    name: "pre",
    type: "nat",
    hook: "prerouting",
    prio: -100,
    policy: "accept",
  };
  return JSON.stringify({ nftables: [{ chain }, ...rules.map((expr) => ({ rule: { ...place, expr } }))] });
}
const match = (left: object, right: unknown, op = "==") => ({ match: { op, left, right } });
const DPORT = { payload: { protocol: "tcp", field: "dport" } };
const IIF = { meta: { key: "iifname" } };
const SADDR = { payload: { protocol: "ip", field: "saddr" } };
const DADDR = { payload: { protocol: "ip", field: "daddr" } };
const TO_CAMERA = { dnat: { addr: "192.168.1.5", port: 80 } };

describe("what nft prints", () => {
  it("tells every redirection that a new connection from outside can meet", async () => {
    const { forwards: found, complete } = await forwards(PRINTED);
    expect(complete).toBe(true);
    expect(found.map(told)).toEqual([
      "4 TCP 80 any > 192.168.1.5 8080",
      "4 UDP 5000 any > 192.168.1.6",
      "4 UDP 6000-6010 any > 192.168.1.6",
      "4 TCP 81 203.0.113.9 > 192.168.1.5",
      "4 TCP 82 198.51.100.7, 203.0.113.0/24 > 192.168.1.5 81",
      "4 TCP 83 203.0.113.9, 203.0.113.11 > 192.168.1.5 81",
      "4 TCP 21 any > 192.168.1.7",
      "4 TCP 22 any > 192.168.1.7",
      "4 TCP 5000-5010 any > 192.168.1.7",
      "4 TCP 100-200 any > 192.168.1.7 1000",
      "4 TCP 8080 any > 192.168.1.10",
      "4 TCP 8081 any > 192.168.1.11",
      "4 TCP 10000-10010 any > 192.168.1.20",
      "4 TCP 20000-20010 any > 192.168.1.21",
      "4 TCP 20020 any > 192.168.1.22",
      "4 TCP 9080 any > 192.168.1.10 80",
      "4 TCP 9081 any > 192.168.1.11 554",
      "4 TCP 7001 any > 192.168.1.30 80",
      "4 TCP 30 any > 192.168.1.33 80",
      "4 TCP 53 any > 192.168.1.53",
      "4 UDP 53 any > 192.168.1.53",
      "4 TCP 443 any > 192.168.1.5",
      "4 TCP 444 any > 192.168.1.5 443",
      "4 TCP 445 any > 192.168.1.5 443",
      "4 TCP 6001 any > 192.168.1.61 80",
      "4 TCP 6002 any > 192.168.1.61 80",
      "4 TCP 3000 any > 192.168.1.40",
      "4 TCP 8888 any > 192.168.1.1 80",
      "4 TCP 8889 any > 192.168.1.1",
      "4 TCP * any > 192.168.1.200",
      "4 UDP * any > 192.168.1.200",
      "4 TCP * any > 192.168.1.201",
      "4 UDP * any > 192.168.1.201",
      "4 TCP 8443 any > 192.168.1.5 443",
      "6 TCP 8444 any > 2001:db8::5 443",
      "6 TCP 8445 any > 2001:db8::5",
      "6 TCP 8446 2001:db8:1::/48 > 2001:db8::5",
      "6 TCP 8445 any > 2001:db8::5 443",
      "6 TCP * any > fd00::1",
      "6 UDP * any > fd00::1",
    ]);
    expect(found[0]?.comment).toBe("web cam");
  });

  it("names the sets and maps that redirections need, and no others", async () => {
    const ruleset = parseNft(PRINTED);
    const names = ruleset === null ? [] : setsReferredTo(ruleset).map(({ kind, name }) => `${kind} ${name}`);
    expect(names.sort()).toEqual([
      "map fwd2",
      "map ifwd",
      "map pfwd",
      "map pr",
      "map vm",
      "set ports",
      "set vips",
    ]);
  });

  it("leaves a rule in doubt whose set was not read", async () => {
    const ruleset = parseNft(PRINTED);
    const found = ruleset && (await forwardsIn(await nftRules(ruleset, new Map()), "nftables", OUTSIDE));
    expect(found?.complete).toBe(false);
    expect(found?.forwards.map(told)).not.toContain("4 TCP 8080 any > 192.168.1.10");
  });

  it.each([
    { what: "from the LAN alone", rule: [match(IIF, "eth0"), match(DPORT, 80), TO_CAMERA] },
    { what: "from private addresses", rule: [match(SADDR, "10.0.0.0/8"), TO_CAMERA] },
    { what: "to an address of the LAN", rule: [match(DADDR, "192.168.1.1"), TO_CAMERA] },
    { what: "of answers", rule: [match({ ct: { key: "state" } }, "established", "in"), TO_CAMERA] },
    { what: "of another protocol", rule: [match({ meta: { key: "l4proto" } }, "icmp"), TO_CAMERA] },
  ])("has no way in by a rule $what", async ({ rule }) => {
    expect(await forwards(chainOf(rule))).toEqual({ forwards: [], complete: true });
  });

  it("finds a rule for our private address outside, behind a second router", async () => {
    const json = chainOf([match(DADDR, "192.168.0.9"), match(DPORT, 80), TO_CAMERA]);
    const behind = { ...OUTSIDE, addresses: ["192.168.0.9"] };
    expect((await forwards(json, behind)).forwards.map(told)).toEqual(["4 TCP 80 any > 192.168.1.5"]);
  });

  it("reads rules that name bits of the header, as miniupnpd's do", async () => {
    const bits = (offset: number, len: number) => ({ payload: { base: "nh", offset, len } });
    const to4 = { dnat: { family: "ip", addr: "192.168.1.5", port: 80 } };
    const to6 = { dnat: { family: "ip6", addr: "2001:db8::5", port: 80 } };
    const json = chainOf(
      [match(bits(72, 8), 6), match(bits(96, 32), 2_151_809_033), match(DPORT, 81), to4],
      [match(bits(48, 8), 17), match(bits(64, 128), "0x20010db8000000000000000000000009"), to6],
      [match(bits(72, 16), 6), match(DPORT, 82), to4],
    ).replaceAll('"ip","table":"nat"', '"inet","table":"nat"');
    const { forwards: found, complete } = await forwards(json);
    expect(found.map(told)).toEqual([
      "4 TCP 81 128.66.0.9 > 192.168.1.5 80",
      "6 UDP * 2001:db8::9 > 2001:db8::5 80",
    ]);
    expect(complete).toBe(false);
  });

  it("turns `!=` round", async () => {
    const json = chainOf([match(DPORT, { set: [22, { range: [80, 90] }] }, "!="), TO_CAMERA]);
    expect((await forwards(json)).forwards.map(told)).toEqual([
      "4 TCP 0-21 any > 192.168.1.5 80",
      "4 TCP 23-79 any > 192.168.1.5 80",
      "4 TCP 91-65535 any > 192.168.1.5 80",
    ]);
  });

  it("takes no rule that lets through for one that redirects", async () => {
    const json = chainOf([
      match({ payload: { protocol: "ip6", field: "daddr" } }, "2001:db8::5"),
      { accept: null },
    ]);
    expect(await forwards(json.replaceAll('"ip","table"', '"inet","table"'))).toEqual({
      forwards: [],
      complete: true,
    });
  });

  it("stops where a rule takes everything", async () => {
    expect(await forwards(chainOf([{ accept: null }], [TO_CAMERA]))).toEqual({
      forwards: [],
      complete: true,
    });
  });

  it("calls itself incomplete for what it cannot judge", async () => {
    const json = chainOf([match({ meta: { key: "mark" } }, 1), TO_CAMERA], [match(DPORT, 81), TO_CAMERA]);
    const { forwards: found, complete } = await forwards(json);
    expect({ found: found.map(told), complete }).toEqual({
      found: ["4 TCP 81 any > 192.168.1.5 80"],
      complete: false,
    });
  });

  it("spreads short ranges of targets and keeps long ones", async () => {
    const ranges = ["192.168.1.8", "192.168.1.9"];
    const json = chainOf(
      [match(DPORT, 1), { dnat: { addr: { range: ranges } } }],
      [match(DPORT, 2), { dnat: { addr: { prefix: { addr: "10.0.0.0", len: 8 } } } }],
    );
    expect((await forwards(json)).forwards.map(told)).toEqual([
      "4 TCP 1 any > 192.168.1.8",
      "4 TCP 1 any > 192.168.1.9",
      "4 TCP 2 any > 10.0.0.0/8",
    ]);
  });
});

describe("hostile rulesets", () => {
  it("ends where chains lead in circles", async () => {
    const names = Array.from({ length: 30 }, (_, index) => `c${index}`);
    const chains = names.map((name) => ({ chain: { family: "ip", table: "nat", name } }));
    const jumps = names.flatMap((chain) =>
      names.map((target) => ({ rule: { family: "ip", table: "nat", chain, expr: [{ jump: { target } }] } })),
    );
    const { nftables } = JSON.parse(chainOf([{ jump: { target: "c0" } }])) as { nftables: object[] };
    expect((await forwards(JSON.stringify({ nftables: [...nftables, ...chains, ...jumps] }))).complete).toBe(
      false,
    );
  });

  it("bounds what a map of 60,000 ports becomes", async () => {
    const set = Array.from({ length: 60_000 }, (_, index) => [index, "192.168.1.5"]);
    const json = chainOf([{ dnat: { addr: { map: { key: DPORT, data: { set } } } } }]);
    const { forwards: found, complete } = await forwards(json);
    expect(found.length).toBeLessThanOrEqual(2048);
    expect(complete).toBe(false);
  });

  const json = fc.json({ maxDepth: 6 });
  it("are no ruleset, or one without an exception", async () => {
    await fc.assert(
      fc.asyncProperty(json, async (text) => {
        const ruleset = parseNft(text);
        if (ruleset !== null)
          await forwardsIn(await nftRules(ruleset, setContents(ruleset)), "nftables", OUTSIDE);
      }),
    );
  });

  it("survive any value in any place", async () => {
    const place = { family: "inet", table: "filter" };
    const hole = [match({ payload: { protocol: "ip6", field: "daddr" } }, "2001:db8::5"), { accept: null }];
    const nftables: object[] = [
      ...(JSON.parse(PRINTED) as { nftables: object[] }).nftables,
      { chain: { ...place, name: "forward", type: "filter", hook: "forward", prio: 0, policy: "drop" } },
      { rule: { ...place, chain: "forward", expr: hole } },
    ];
    expect(await holesIn(JSON.stringify({ nftables }))).toHaveLength(2);
    const any = fc.jsonValue({ maxDepth: 3 });
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), any, async (object, part, value) => {
        const changed = structuredClone(nftables[object % nftables.length] ?? {});
        replacePart(changed, part, value);
        const rest = nftables.map((each, index) => (index === object % nftables.length ? changed : each));
        const json = JSON.stringify({ nftables: rest });
        const { forwards: found } = await forwards(json);
        const holes = await holesIn(json);
        for (const { internalAddress, remoteHost } of [...found, ...holes]) {
          expect(internalAddress).toMatch(/^[0-9a-f:./-]+$/i);
          expect(remoteHost).toMatch(/^[0-9a-f:., /-]*$/i);
        }
      }),
    );
  });
});

/** Puts `value` in the place of the n-th part of an object, counted in depth. */
function replacePart(root: object, n: number, value: unknown): void {
  const places: { in: Record<string, unknown>; key: string }[] = [];
  const walk = (part: object) => {
    for (const [key, inner] of Object.entries(part)) {
      places.push({ in: part as Record<string, unknown>, key });
      if (typeof inner === "object" && inner !== null) walk(inner);
    }
  };
  walk(root);
  const place = places[n % places.length];
  if (place !== undefined) place.in[place.key] = value;
}
