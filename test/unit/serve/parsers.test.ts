import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { preferredOf } from "../../../agent/serve/context.ts";
import { callerOf, hostName, Neighbourhood, OwnHosts } from "../../../agent/serve/hosts.ts";
import { nextPath } from "../../../agent/serve/pages.ts";
import { readCookie, Sessions } from "../../../agent/serve/session.ts";
import { Tries } from "../../../agent/serve/tries.ts";

const NOW = new Date("2026-11-21T00:00:00Z");

describe("what callers write", () => {
  test("never throws, whatever it is", () => {
    const hosts = new OwnHosts(["kamera-7k3f.local", "192.168.1.2"]);
    const near = new Neighbourhood(["203.0.113.0/24"]);
    const sessions = new Sessions("secret");
    fc.assert(
      fc.property(fc.string(), (text) => {
        hostName(text);
        hosts.includes(text, text);
        near.includes(text, text);
        callerOf(text);
        preferredOf(text);
        readCookie(text, "komainu");
        expect(sessions.isValid(`komainu=${text}`, NOW)).toBe(false);
        expect(nextPath(text)).toMatch(/^\/[a-z]*(\/[\w~-]+)?$/);
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
    const sessions = new Sessions("secret");
    const ticket = ticketOf(sessions.begin(NOW));
    expect(sessions.isValid(ticket, NOW)).toBe(true);
    fc.assert(
      fc.property(fc.nat(ticket.length - 9), fc.stringMatching(/^[\w.-]$/), (index, other) => {
        const at = index + 8;
        fc.pre(ticket[at] !== other);
        expect(sessions.isValid(ticket.slice(0, at) + other + ticket.slice(at + 1), NOW)).toBe(false);
      }),
    );
  });

  test("another secret, another ticket; a restart keeps it", () => {
    const ticket = ticketOf(new Sessions("secret").begin(NOW));
    expect(new Sessions("secret").isValid(ticket, NOW)).toBe(true);
    expect(new Sessions("other").isValid(ticket, NOW)).toBe(false);
  });
});

test("tries: never more than five in any quarter of an hour, whoever comes when", () => {
  const steps = fc.array(fc.tuple(fc.constantFrom("a", "b", "c"), fc.nat(10 * 60_000)), { maxLength: 120 });
  fc.assert(
    fc.property(steps, (calls) => {
      const tries = new Tries();
      const made: { caller: string; at: number }[] = [];
      let now = NOW.getTime();
      for (const [caller, pause] of calls) {
        now += pause;
        const retry = tries.take(caller, now);
        if (retry === null) made.push({ caller, at: now });
        else expect(retry).toBeGreaterThan(now);
        const recent = made.filter((one) => one.caller === caller && one.at > now - 15 * 60_000);
        expect(recent.length).toBeLessThanOrEqual(5);
      }
    }),
  );
});
