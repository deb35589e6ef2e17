import { mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loginBudget } from "../../../agent/audit/login-budget.ts";
import { openLoginLedger, serialised } from "../../../agent/store/login-ledger.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "komainu-ledger-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const file = () => join(directory, "logins.json");
const attempt = (at = new Date().toISOString()) => ({
  device: ["mac:AABBCCDDEE01"],
  account: "admin",
  door: "http:80",
  login: "x#/factoryLogins/0",
  at,
  accepted: null,
});

test("a whole file is taken as it is, a missing one is a beginning", async () => {
  const first = await openLoginLedger(directory, () => {});
  expect(first.lostAt()).toBeNull();
  await first.add(attempt());
  const second = await openLoginLedger(directory, () => {});
  expect(second.attempts()).toHaveLength(1);
  expect(second.lostAt()).toBeNull();
});

test.each([
  ["torn", '{"schema":"komainu/logins/1","attempts":[{"dev'],
  ["of another schema", '{"schema":"x","attempts":[],"lockOuts":[]}'],
  [
    "with an entry of no device",
    '{"schema":"komainu/logins/1","attempts":[{"at":"2026-01-01"}],"lockOuts":[]}',
  ],
  [
    "with an entry of no time",
    '{"schema":"komainu/logins/1","attempts":[],"lockOuts":[{"device":["a"],"sign":"","at":"never"}]}',
  ],
  ["with a list for an entry", '{"schema":"komainu/logins/1","attempts":[null],"lockOuts":[]}'],
])("a file that is %s is set aside, and that its count is lost is on disk at once", async (_what, text) => {
  await writeFile(file(), text);
  const problems: string[] = [];
  const ledger = await openLoginLedger(directory, (problem) => problems.push(problem));
  expect(problems).toHaveLength(1);
  expect(ledger.lostAt()).not.toBeNull();
  expect(await readdir(directory)).toContain("logins.json.corrupt-1");
  expect((await openLoginLedger(directory, () => {})).lostAt()).toBe(ledger.lostAt());
});

test("the generation before is behind by a write: it counts as lost too", async () => {
  const first = await openLoginLedger(directory, () => {});
  await first.add(attempt());
  await first.add(attempt());
  await writeFile(file(), "torn");
  const second = await openLoginLedger(directory, () => {});
  expect(second.attempts().length).toBeGreaterThan(0);
  expect(second.lostAt()).not.toBeNull();
});

test("what cannot be written is not permitted", async () => {
  const ledger = await openLoginLedger(directory, () => {});
  // As with a full disk, the write fails, whoever runs the test.
  await rename(directory, `${directory}.away`);
  await writeFile(directory, "");
  const device = { id: "mac:AABBCCDDEE01", aliases: [], mac: null, addresses: [] };
  const clocks = { now: () => new Date(), uptime: () => null };
  const budget = loginBudget(ledger, device, () => null, clocks);
  await expect(budget.reserve("admin", "http:80", "0")).rejects.toThrow();
  await expect(budget.reserve("admin", "http:80", "1")).rejects.toThrow();
  expect(await budget.reserve("admin", "http:80", "2")).toBe("budget");
  await rm(`${directory}.away`, { recursive: true });
});

test("entries of a clock that woke in the past are kept, old ones beyond a number are not", async () => {
  const ledger = await openLoginLedger(directory, () => {});
  for (let n = 0; n < 3; n += 1) await ledger.add(attempt("1970-01-01T00:00:00.000Z"));
  expect(ledger.attempts()).toHaveLength(3);
  const old = Array.from({ length: 2_000 }, () => attempt("2001-01-01T00:00:00.000Z"));
  const text = JSON.stringify({ schema: "komainu/logins/1", attempts: old, lockOuts: [] });
  await writeFile(file(), text);
  const full = await openLoginLedger(directory, () => {});
  await full.add(attempt());
  expect(full.attempts().length).toBeLessThan(1_000);
  expect(await readFile(file(), "utf8")).toContain(new Date().getUTCFullYear().toString());
});

test("attempts of many devices at once are each on disk before they are made, in a few writes", async () => {
  const ledger = await openLoginLedger(directory, () => {});
  const devices = Array.from({ length: 30 }, (_, n) => ({ ...attempt(), device: [`mac:${n}`] }));
  await Promise.all(
    devices.map(async (each) => {
      await ledger.add(each);
      expect(await readFile(file(), "utf8")).toContain(JSON.stringify(each.device));
    }),
  );
  expect((await openLoginLedger(directory, () => {})).attempts()).toHaveLength(30);
});

test("a write that waits is shared, one that runs is not, and a failure is told to those who shared it", async () => {
  const begun: number[] = [];
  let wishes = 0;
  const ends: ((error?: Error) => void)[] = [];
  const write = serialised(
    () =>
      new Promise((resolve, reject) => {
        begun.push(wishes);
        ends.push((error) => (error ? reject(error) : resolve()));
      }),
  );
  const wish = () => {
    wishes += 1;
    return write();
  };
  const first = wish();
  await Promise.resolve();
  expect(begun).toEqual([1]);
  const shared = [wish(), wish()];
  ends[0]?.();
  await first;
  await Promise.resolve();
  const last = wish();
  ends[1]?.(new Error("disk full"));
  for (const each of await Promise.allSettled(shared)) expect(each.status).toBe("rejected");
  await Promise.resolve();
  ends[2]?.();
  await last;
  expect(begun).toEqual([1, 3, 4]);
});
