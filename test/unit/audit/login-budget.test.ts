import fc from "fast-check";
import { expect, test } from "vitest";
import { loginBudget } from "../../../agent/audit/login-budget.ts";
import type { LockOutSign, LoginAttempt, LoginLedger } from "../../../agent/model/index.ts";

const DAY = 24 * 3600 * 1000;
const START = Date.parse("2026-06-01T00:00:00Z");

function memoryLedger(): LoginLedger & { readonly kept: LoginAttempt[] } {
  const kept: LoginAttempt[] = [];
  const signs: LockOutSign[] = [];
  return {
    kept,
    attempts: () => kept,
    lockOuts: () => signs,
    lostAt: () => null,
    add: async (attempt) => void kept.push(attempt),
    settle: async (attempt, accepted) => {
      kept[kept.indexOf(attempt)] = { ...attempt, accepted };
    },
    addLockOut: async (sign) => void signs.push(sign),
  };
}

const allowed = () => null;

function named(id: string, ...aliases: string[]) {
  return { id, aliases, mac: null, addresses: [] };
}

function clock(now: () => Date) {
  return { now, uptime: () => null };
}

test("two wrong logins a day over all accounts and doors, then not one more", async () => {
  const ledger = memoryLedger();
  let now = START;
  const budget = () =>
    loginBudget(
      ledger,
      named("a"),
      allowed,
      clock(() => new Date(now)),
    );
  expect(await budget().reserve("admin", "http:80", "0")).toBeNull();
  expect(await budget().reserve("root", "rtsp:554", "1")).toBeNull();
  expect(await budget().reserve("admin", "onvif:80", "0")).toBe("budget");
  now += DAY - 1;
  expect(await budget().reserve("admin", "http:80", "0")).toBe("budget");
  now += 1;
  expect(await budget().reserve("admin", "http:80", "0")).toBeNull();
});

test("a right login is given back", async () => {
  const ledger = memoryLedger();
  const budget = loginBudget(
    ledger,
    named("a"),
    allowed,
    clock(() => new Date(START)),
  );
  for (let n = 0; n < 5; n += 1) {
    expect(await budget.reserve("admin", "http:80", "0")).toBeNull();
    await budget.refund("admin", "http:80", "0");
  }
});

test("an alias shares the count, another device does not", async () => {
  const ledger = memoryLedger();
  const at = clock(() => new Date(START));
  const first = loginBudget(ledger, named("mac:1"), allowed, at);
  await first.reserve("admin", "http:80", "0");
  await first.reserve("admin", "http:80", "1");
  expect(
    await loginBudget(ledger, named("endpoint:x", "mac:1"), allowed, at).reserve("admin", "http:80", "0"),
  ).toBe("budget");
  expect(await loginBudget(ledger, named("mac:2"), allowed, at).reserve("admin", "http:80", "0")).toBeNull();
});

test("after a sign of a lock-out nothing is tried for a day", async () => {
  const ledger = memoryLedger();
  let now = START;
  const budget = loginBudget(
    ledger,
    named("a"),
    allowed,
    clock(() => new Date(now)),
  );
  await budget.lockedOut("HTTP 423");
  expect(await budget.reserve("admin", "http:80", "0")).toBe("lock-out");
  now += DAY;
  expect(await budget.reserve("admin", "http:80", "0")).toBeNull();
});

test("a withdrawn consent stops the next attempt, and nothing is written for it", async () => {
  const ledger = memoryLedger();
  let consent = true;
  const budget = loginBudget(
    ledger,
    named("a"),
    () => (consent ? null : "no-consent"),
    clock(() => new Date(START)),
  );
  expect(await budget.reserve("admin", "http:80", "0")).toBeNull();
  consent = false;
  expect(await budget.reserve("admin", "http:80", "1")).toBe("no-consent");
  expect(ledger.kept).toHaveLength(1);
});

test("a clock set back does not open the budget again", async () => {
  const ledger = memoryLedger();
  let now = START;
  const budget = loginBudget(
    ledger,
    named("a"),
    allowed,
    clock(() => new Date(now)),
  );
  await budget.reserve("admin", "http:80", "0");
  await budget.reserve("admin", "http:80", "1");
  now -= 300 * DAY;
  expect(await budget.reserve("admin", "http:80", "0")).toBe("budget");
});

test("never more than two wrong logins within any 24 hours, whatever is tried at once and whenever", async () => {
  const step = fc.record({
    account: fc.constantFrom("admin", "root"),
    door: fc.constantFrom("http:80", "rtsp:554", "onvif:80"),
    right: fc.boolean(),
    wait: fc.constantFrom(0, 0, 1000, DAY / 2, DAY),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { maxLength: 4 }), { maxLength: 12 }), async (rounds) => {
      const ledger = memoryLedger();
      let now = START;
      const wrong: number[] = [];
      for (const round of rounds) {
        // A new budget each round stands for a restarted daemon: only the ledger remembers.
        const budget = loginBudget(
          ledger,
          named("a"),
          allowed,
          clock(() => new Date(now)),
        );
        await Promise.all(
          round.map(async ({ account, door, right }, index) => {
            const login = String(index);
            if ((await budget.reserve(account, door, login)) !== null) return;
            if (right) await budget.refund(account, door, login);
            else wrong.push(now);
          }),
        );
        now += round[0]?.wait ?? 0;
      }
      for (const at of wrong)
        expect(wrong.filter((other) => other >= at && other - at < DAY).length).toBeLessThanOrEqual(2);
    }),
  );
});

test("lastTried tells what waited longest", async () => {
  const ledger = memoryLedger();
  const budget = loginBudget(
    ledger,
    named("a"),
    allowed,
    clock(() => new Date(START)),
  );
  expect(budget.lastTried("http:80", "0")).toBeNull();
  await budget.reserve("admin", "http:80", "0");
  expect(budget.lastTried("http:80", "0")).toBe(new Date(START).toISOString());
  expect(budget.lastTried("rtsp:554", "0")).toBeNull();
});

test("a clear refusal is an answer for days: it is not tried again, and counts as one wrong login of its day", async () => {
  const ledger = memoryLedger();
  let now = START;
  const budget = () =>
    loginBudget(
      ledger,
      named("a"),
      allowed,
      clock(() => new Date(now)),
    );
  expect(budget().rejectedAt("http:80", "0")).toBeNull();
  const first = budget();
  await first.reserve("admin", "http:80", "0");
  expect(first.rejectedAt("http:80", "0")).toBeNull();
  await first.rejected("admin", "http:80", "0");
  expect(budget().rejectedAt("http:80", "0")).toBe(new Date(START).toISOString());
  expect(await budget().reserve("admin", "http:80", "0")).toBe("settled");
  expect(await budget().reserve("admin", "rtsp:554", "0")).toBeNull();
  expect(await budget().reserve("admin", "onvif:80", "0")).toBe("budget");
  now += 3 * DAY;
  expect(await budget().reserve("admin", "http:80", "0")).toBeNull();
  now += 31 * DAY;
  expect(budget().rejectedAt("http:80", "0")).toBeNull();
});

test("an accepted login ends what was remembered of its refusal", async () => {
  const ledger = memoryLedger();
  let now = START;
  const budget = () =>
    loginBudget(
      ledger,
      named("a"),
      allowed,
      clock(() => new Date(now)),
    );
  const first = budget();
  await first.reserve("admin", "http:80", "0");
  await first.rejected("admin", "http:80", "0");
  now += 4 * DAY;
  const second = budget();
  await second.reserve("admin", "http:80", "0");
  await second.refund("admin", "http:80", "0");
  expect(budget().rejectedAt("http:80", "0")).toBeNull();
});

const camera = {
  id: "seen:192.0.2.5",
  aliases: [] as string[],
  mac: null as string | null,
  addresses: [{ address: "192.0.2.5", interface: "eth0" }],
};

test.each([
  ["its MAC becomes known only later", { ...camera, id: "mac:AABBCCDDEE01", mac: "AA:BB:CC:DD:EE:01" }],
  ["it is named by its endpoint in the next scan", { ...camera, id: "endpoint:urn:uuid:00000001" }],
  [
    "it comes back with an IPv6 address as well",
    {
      ...camera,
      id: "endpoint:urn:uuid:00000001",
      addresses: [{ address: "fe80::1%eth0", interface: "eth0" }, ...camera.addresses],
    },
  ],
])("a device that changes its id shares the count: %s", async (_how, later) => {
  const ledger = memoryLedger();
  const at = clock(() => new Date(START));
  const first = loginBudget(ledger, camera, allowed, at);
  await first.reserve("admin", "http:80", "0");
  await first.reserve("admin", "http:80", "1");
  expect(await loginBudget(ledger, later, allowed, at).reserve("admin", "rtsp:554", "0")).toBe("budget");
});

test("one MAC under two ids in one scan is one count, also when both ask at once", async () => {
  const ledger = memoryLedger();
  const at = clock(() => new Date(START));
  const mac = "AA:BB:CC:DD:EE:01";
  const overIpv4 = { ...camera, id: "endpoint:urn:uuid:00000001", mac };
  const overIpv6 = { ...named("endpoint:urn:uuid:00000002"), mac };
  const answers = await Promise.all(
    [overIpv4, overIpv6].flatMap((device) => {
      const budget = loginBudget(ledger, device, allowed, at);
      return ["0", "1"].map((login) => budget.reserve("admin", "http:80", login));
    }),
  );
  expect(answers.filter((answer) => answer === null)).toHaveLength(2);
});

test("a refusal is never told of another camera: not of the next one at its address, not of a twin by UUID", async () => {
  const ledger = memoryLedger();
  const at = clock(() => new Date(START));
  const first = { ...named("endpoint:urn:uuid:00000001", "mac:AABBCCDDEE01"), mac: "AA:BB:CC:DD:EE:01" };
  const there = { ...first, addresses: camera.addresses };
  const budget = loginBudget(ledger, there, allowed, at);
  await budget.reserve("admin", "http:80", "0");
  await budget.rejected("admin", "http:80", "0");
  const again = (device: typeof there) => loginBudget(ledger, device, allowed, at).rejectedAt("http:80", "0");
  expect(again({ ...first, addresses: [] })).not.toBeNull();
  expect(again({ ...camera, aliases: [], mac: "AA:BB:CC:DD:EE:02" } as typeof there)).toBeNull();
  expect(again(camera as typeof there)).toBeNull();
  expect(again({ ...there, mac: "AA:BB:CC:DD:EE:02" })).toBeNull();
});

test("the uptime counts within one run of the machine, however the wall clock is set", async () => {
  const ledger = memoryLedger();
  let now = START;
  let seconds = 100;
  let boot = "one";
  const clocks = { now: () => new Date(now), uptime: () => ({ boot, seconds }) };
  const budget = () => loginBudget(ledger, named("a"), allowed, clocks);
  await budget().reserve("admin", "http:80", "0");
  await budget().reserve("admin", "http:80", "1");
  // A Pi without a battery learns the time only after its first scan.
  now += 400 * DAY;
  expect(await budget().reserve("admin", "rtsp:554", "0")).toBe("budget");
  seconds += 24 * 3600 - 1;
  expect(await budget().reserve("admin", "rtsp:554", "0")).toBe("budget");
  seconds += 1;
  expect(await budget().reserve("admin", "rtsp:554", "0")).toBeNull();
  boot = "two";
  seconds = 5;
  now += DAY;
  expect(await budget().reserve("admin", "rtsp:554", "1")).toBeNull();
});

test("where entries were lost nothing is tried for a day; an entry of no readable time counts", async () => {
  let now = START;
  const lost = { ...memoryLedger(), lostAt: () => new Date(START).toISOString() };
  const budget = loginBudget(
    lost,
    named("a"),
    allowed,
    clock(() => new Date(now)),
  );
  expect(await budget.reserve("admin", "http:80", "0")).toBe("budget");
  now += DAY;
  expect(await budget.reserve("admin", "http:80", "0")).toBeNull();
  const odd = memoryLedger();
  const entry = {
    device: ["a"],
    account: "admin",
    door: "http:80",
    login: "0",
    at: "yesterday",
    accepted: null,
  };
  odd.kept.push(entry, entry);
  const other = loginBudget(
    odd,
    named("a"),
    allowed,
    clock(() => new Date(now)),
  );
  expect(await other.reserve("admin", "http:80", "1")).toBe("budget");
});
