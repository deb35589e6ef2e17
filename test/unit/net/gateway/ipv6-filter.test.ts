import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pinholesIn } from "../../../../agent/net/gateway/forwards.ts";
import { parseIptablesSave } from "../../../../agent/net/gateway/iptables-save.ts";
import { judgeIpv6 } from "../../../../agent/net/gateway/ipv6-filter.ts";
import { nftRules, parseNft } from "../../../../agent/net/gateway/nft.ts";

import { OUTSIDE, told } from "./helpers.ts";

const BETWEEN = { outside: ["wan0"], lan: ["eth0"] };

type Policy = "accept" | "drop";
async function judged(policy: Policy, ...rules: readonly (readonly object[])[]) {
  const place = { family: "inet", table: "filter" };
  const chain = { ...place, name: "forward", type: "filter", hook: "forward", prio: 0, policy };
  const allowed = { ...place, name: "allowed" };
  const nftables = [
    { chain },
    { chain: allowed },
    ...rules.map((expr) => ({ rule: { ...place, chain: "forward", expr } })),
    {
      rule: {
        ...place,
        chain: "allowed",
        expr: [match({ meta: { key: "iifname" } }, "wan0"), { accept: null }],
      },
    },
  ];
  const ruleset = parseNft(JSON.stringify({ nftables }));
  return ruleset && judgeIpv6(await nftRules(ruleset, new Map()), BETWEEN);
}
const match = (left: object, right: unknown, op = "==") => ({ match: { op, left, right } });
const STATE = { ct: { key: "state" } };
const ANSWERS = [match(STATE, { set: ["established", "related"] }), { accept: null }];
const FROM_LAN = [match({ meta: { key: "iifname" } }, "eth0"), { accept: null }];
const HOST = match({ payload: { protocol: "ip6", field: "daddr" } }, "2001:db8::5");
const PREFIX = match(
  { payload: { protocol: "ip6", field: "daddr" } },
  { prefix: { addr: "2001:db8::", len: 64 } },
);
const PORT = match({ payload: { protocol: "tcp", field: "dport" } }, 80);

describe("what becomes of a new IPv6 connection from outside", () => {
  it.each([
    { what: "no rule and no policy", policy: "accept", rules: [], is: "open" },
    { what: "a policy that drops", policy: "drop", rules: [ANSWERS, FROM_LAN], is: "filtered" },
    {
      what: "a last rule that drops",
      policy: "accept",
      rules: [ANSWERS, FROM_LAN, [{ drop: null }]],
      is: "filtered",
    },
    {
      what: "a reject of what comes from outside",
      policy: "accept",
      rules: [[match({ meta: { key: "iifname" } }, "wan0"), { reject: null }]],
      is: "filtered",
    },
    {
      what: "only broken packets dropped",
      policy: "accept",
      rules: [[match(STATE, "invalid", "in"), { drop: null }]],
      is: "open",
    },
    {
      what: "states in a verdict map",
      policy: "drop",
      rules: [
        [
          {
            vmap: {
              key: STATE,
              data: {
                set: [
                  ["established", { accept: null }],
                  ["invalid", { drop: null }],
                ],
              },
            },
          },
        ],
        FROM_LAN,
      ],
      is: "filtered",
    },
    {
      what: "ICMP let through",
      policy: "drop",
      rules: [[match({ meta: { key: "l4proto" } }, "ipv6-icmp"), { accept: null }]],
      is: "filtered",
    },
    { what: "a hole for one host", policy: "drop", rules: [[HOST, PORT, { accept: null }]], is: "filtered" },
    {
      what: "a hole that miniupnpd made",
      policy: "drop",
      rules: [
        [
          match({ payload: { base: "nh", offset: 192, len: 128 } }, "0xfd770000000000000000000000000051"),
          PORT,
          { accept: null },
        ],
      ],
      is: "filtered",
    },
    {
      what: "a hole for an IPv4 host",
      policy: "drop",
      rules: [
        [match({ payload: { base: "nh", offset: 128, len: 32 } }, 3_232_255_283), PORT, { accept: null }],
      ],
      is: "filtered",
    },
    {
      what: "rules for IPv4",
      policy: "drop",
      rules: [[match({ payload: { protocol: "ip", field: "daddr" } }, "192.168.1.0/24"), { accept: null }]],
      is: "filtered",
    },
    {
      what: "redirected connections let through",
      policy: "drop",
      rules: [[match({ ct: { key: "status" } }, "dnat", "in"), { accept: null }]],
      is: "unknown",
    },
    { what: "one port of all hosts open", policy: "drop", rules: [[PORT, { accept: null }]], is: "unknown" },
    { what: "a prefix open", policy: "drop", rules: [[PREFIX, { accept: null }]], is: "unknown" },
    {
      what: "all new ones open",
      policy: "drop",
      rules: [[match(STATE, "new"), { accept: null }]],
      is: "open",
    },
    { what: "a jump that accepts", policy: "drop", rules: [[{ jump: { target: "allowed" } }]], is: "open" },
    { what: "a jump to nowhere", policy: "drop", rules: [[{ jump: { target: "gone" } }]], is: "unknown" },
    {
      what: "another program's extension",
      policy: "drop",
      rules: [[{ xt: { type: "match", name: "owner" } }, { accept: null }]],
      is: "unknown",
    },
  ] as const)("is $is with $what", async ({ policy, rules, is }) => {
    expect(await judged(policy, ...rules)).toBe(is);
  });

  it("leaves holes for single hosts, which are told", async () => {
    const text = `*filter
:FORWARD DROP [0:0]
:HOLES - [0:0]
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -i eth0 -d 2001:db8::7/128 -j ACCEPT
-A FORWARD -i wan0 -o eth0 -j HOLES
-A HOLES -d 2001:db8::5/128 -p tcp -m tcp --dport 80 -m comment --comment door -j ACCEPT
-A HOLES -s 2001:db8:9::/48 -d 2001:db8::6/128 -j ACCEPT
-A HOLES -d 2001:db8::/64 -p tcp -m tcp --dport 22 -j ACCEPT
-A HOLES -d 2001:db8::8/128 -m set --match-set few src -j ACCEPT
COMMIT
`;
    const holes = await pinholesIn(await parseIptablesSave(text, "ip6"), "iptables", OUTSIDE);
    expect(holes.map(told)).toEqual([
      "6 TCP 80 any > 2001:db8::5",
      "6 TCP * 2001:db8:9::/48 > 2001:db8::6",
      "6 UDP * 2001:db8:9::/48 > 2001:db8::6",
    ]);
    expect(holes[0]?.comment).toBe("door");
  });

  it("is open where there is no filter at all, and unknown where some of it was not read", async () => {
    expect(judgeIpv6({ chains: new Map(), complete: true }, BETWEEN)).toBe("open");
    expect(judgeIpv6({ chains: new Map(), complete: false }, BETWEEN)).toBe("unknown");
  });

  it("is read from ip6tables-save too", async () => {
    const rules = (policy: string) =>
      parseIptablesSave(
        `*filter
:FORWARD ${policy} [0:0]
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -i eth0 -j ACCEPT
-A FORWARD -d 2001:db8::5/128 -p tcp -m tcp --dport 80 -j ACCEPT
-A FORWARD -m state --state INVALID -j DROP
COMMIT
`,
        "ip6",
      );
    expect(judgeIpv6(await rules("DROP"), BETWEEN)).toBe("filtered");
    expect(judgeIpv6(await rules("ACCEPT"), BETWEEN)).toBe("open");
  });

  it("is one of three words, whatever the rules", async () => {
    const text = fc.string();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<Policy>("accept", "drop"),
        fc.array(fc.array(fc.dictionary(text, fc.jsonValue()))),
        async (policy, rules) => {
          expect(["open", "filtered", "unknown"]).toContain(await judged(policy, ...rules));
        },
      ),
    );
  });
});
