import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { preferredOf } from "../../../agent/serve/context.ts";
import { callerOf, hostName, Neighbourhood, OwnHosts } from "../../../agent/serve/hosts.ts";
import { nextPath } from "../../../agent/serve/routing.ts";
import { readCookie, Sessions } from "../../../agent/serve/session.ts";
import { Tries } from "../../../agent/serve/tries.ts";

const NOW = new Date("2026-11-21T00:00:00Z");

describe("what callers write", () => {
  test("never throws, whatever it is", () => {
    const hosts = new OwnHosts(["kamera-7k3f.local", "192.168.1.2"]);
    const near = new Neighbourhood(["203.0.113.0/24"]);
    const sessions = new Sessions("secret", () => 1);
    fc.assert(
      fc.property(fc.string(), (text) => {
        hostName(text);
        hosts.includes(text, text);
        near.includes(text, text);
        callerOf(text);
        preferredOf(text);
        readCookie(text, "komainu");
        expect(sessions.roleOf(`komainu=${text}`, NOW)).toBeNull();
        expect(nextPath(text)).toMatch(/^\/[a-z]*(\/[\w~-]+){0,2}$/);
      }),
    );
  });

  test("a name that only contains ours is not ours", () => {
    const hosts = new OwnHosts(["kamera-7k3f.local"]);
    const label = fc.stringMatching(/^[a-z0-9]{1,12}$/);
    fc.assert(
      fc.property(label, label, (before, after) => {
        expect(hosts.includes(`${before}.kamera-7k3f.local`, undefined)).toBe(false);
        expect(hosts.includes(`kamera-7k3f.local.${after}`, undefined)).toBe(false);
        expect(hosts.includes(`${before}@kamera-7k3f.local`, undefined)).toBe(false);
      }),
    );
  });
});

describe("addresses", () => {
  test("the address that a connection came in on is ours", () => {
    const hosts = new OwnHosts([]);
    expect(hosts.includes("10.9.8.7:8080", "::ffff:10.9.8.7")).toBe(true);
    expect(hosts.includes("[2001:db8::1]", "2001:db8:0:0::1")).toBe(true);
    expect(hosts.includes("[fe80::1]", "fe80::1%eth0")).toBe(true);
    expect(hosts.includes("10.9.8.8", "10.9.8.7")).toBe(false);
  });

  test("our own IPv6 /64 and named subnets are near, the next ones are not", () => {
    const near = new Neighbourhood(["203.0.113.0/24"]);
    expect(near.includes("203.0.113.9", "203.0.113.1")).toBe(true);
    expect(near.includes("203.0.114.9", "203.0.113.1")).toBe(false);
    expect(near.includes("2001:db8:0:1::9", "2001:db8:0:1::1")).toBe(true);
    expect(near.includes("2001:db8:0:2::9", "2001:db8:0:1::1")).toBe(false);
  });

  test("all of a /64 is one caller, and so is an address in its two spellings", () => {
    expect(callerOf("2001:db8:0:1::9")).toBe(callerOf("2001:db8:0:1:ffff::1"));
    expect(callerOf("2001:db8:0:1::9")).not.toBe(callerOf("2001:db8:0:2::9"));
    expect(callerOf("::ffff:10.0.0.1")).toBe(callerOf("10.0.0.1"));
    expect(callerOf(undefined)).toBe("");
  });
});

describe("sessions", () => {
  const ticketOf = (cookie: string) => cookie.split(";")[0] ?? "";

  test("a ticket with any character changed is no ticket", () => {
    const sessions = new Sessions("secret", () => 1);
    const ticket = ticketOf(sessions.begin("site", null, NOW));
    expect(sessions.roleOf(ticket, NOW)).toBe("site");
    fc.assert(
      fc.property(fc.nat(ticket.length - 9), fc.stringMatching(/^[\w.-]$/), (index, other) => {
        const at = index + 8;
        fc.pre(ticket[at] !== other);
        expect(sessions.roleOf(ticket.slice(0, at) + other + ticket.slice(at + 1), NOW)).toBeNull();
      }),
    );
  });

  test("another secret, another ticket; a restart keeps it", () => {
    const ticket = ticketOf(new Sessions("secret", () => 1).begin("site", null, NOW));
    expect(new Sessions("secret", () => 1).roleOf(ticket, NOW)).toBe("site");
    expect(new Sessions("other", () => 1).roleOf(ticket, NOW)).toBeNull();
  });

  test("a new code ends the sessions of its own role only", () => {
    const rounds = { setup: 1, site: 1, contractor: 1 };
    const sessions = new Sessions("secret", (role) => rounds[role]);
    const [site, contractor] = [
      ticketOf(sessions.begin("site", null, NOW)),
      ticketOf(sessions.begin("contractor", null, NOW)),
    ];
    rounds.contractor += 1;
    expect(sessions.roleOf(site, NOW)).toBe("site");
    expect(sessions.roleOf(contractor, NOW)).toBeNull();
  });

  test("a ticket ends with its code, and none lives longer than usual", () => {
    const sessions = new Sessions("secret", () => 1);
    const inDays = (days: number) => new Date(NOW.getTime() + days * 86_400_000);
    const ticket = ticketOf(sessions.begin("contractor", inDays(3).toISOString(), NOW));
    expect(sessions.roleOf(ticket, inDays(2.9))).toBe("contractor");
    expect(sessions.roleOf(ticket, inDays(3))).toBeNull();
    const long = ticketOf(sessions.begin("contractor", inDays(900).toISOString(), NOW));
    expect(sessions.roleOf(long, inDays(91))).toBeNull();
  });
});

describe("tries", () => {
  const MINUTE = 60_000;
  const steps = fc.array(
    fc.tuple(fc.constantFrom("a", "b", "c", "d", "e"), fc.nat(10 * MINUTE), fc.boolean()),
    { maxLength: 120 },
  );

  test("never more than five wrong ones of a caller in a quarter of an hour, nor twenty of all in an hour", () => {
    fc.assert(
      fc.property(steps, (calls) => {
        const tries = new Tries();
        const wrong: { caller: string; at: number }[] = [];
        let now = NOW.getTime();
        const since = (ms: number) => wrong.filter((one) => one.at > now - ms);
        for (const [caller, pause, right] of calls) {
          now += pause;
          const retry = tries.take(caller, now);
          if (retry === null && right) tries.giveBack(caller);
          else if (retry === null) wrong.push({ caller, at: now });
          else expect(retry).toBeGreaterThan(now);
          expect(since(15 * MINUTE).filter((one) => one.caller === caller).length).toBeLessThanOrEqual(5);
          expect(since(60 * MINUTE).length).toBeLessThanOrEqual(20);
        }
      }),
    );
  });

  test("the next try is free when it says so, and not before", () => {
    fc.assert(
      fc.property(steps, (calls) => {
        const tries = new Tries();
        let now = NOW.getTime();
        for (const [caller, pause] of calls) {
          now += pause;
          const retry = tries.take(caller, now);
          if (retry === null) continue;
          expect(tries.take(caller, retry - 1)).not.toBeNull();
          expect(tries.take(caller, retry)).toBeNull();
          now = retry;
        }
      }),
    );
  });

  test("a right code gives back its own try and no wrong one before it", () => {
    const tries = new Tries();
    const now = NOW.getTime();
    for (let round = 0; round < 4; round += 1) expect(tries.take("a", now)).toBeNull();
    for (let round = 0; round < 50; round += 1) {
      expect(tries.take("a", now)).toBeNull();
      tries.giveBack("a");
    }
    expect(tries.take("a", now)).toBeNull();
    expect(tries.take("a", now)).toBe(now + 15 * MINUTE);
  });
});
