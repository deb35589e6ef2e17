import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type MendRecord, NOTHING_OUTSIDE } from "../../../agent/model/index.ts";
import { openStore } from "../../../agent/store/index.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "komainu-mends-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const open = () => openStore(directory, (problem) => expect.fail(problem));
const VANTAGE = { host: "vantage.example", port: 8790, key: "a:MARK-KEY" };

function click(id: string): MendRecord {
  return {
    id,
    at: "2026-01-01T00:00:00.000Z",
    action: "delete-port-mapping",
    by: "A",
    deviceId: null,
    mapping: null,
    pinhole: null,
    confirmedOutside: null,
    result: "done",
    code: null,
    detail: "",
  };
}

test("a click is there after a restart, with what was seen of it from outside", async () => {
  let store = await open();
  await store.noteMend(click("1"));
  await store.noteMend(click("2"));
  await store.confirmMend("2", true);
  await store.confirmMend("no such click", false);
  await store.close();
  store = await open();
  expect(store.state.mends.map(({ id, confirmedOutside }) => [id, confirmedOutside])).toEqual([
    ["1", null],
    ["2", true],
  ]);
  expect(await store.history()).toMatchObject([
    { event: "mended", id: "1", by: "A" },
    { event: "mended", id: "2" },
    { event: "mend-confirmed", mend: "2", confirmedOutside: true },
    { event: "mend-confirmed", mend: "no such click" },
  ]);
  await store.close();
});

test("of a thousand clicks the latest two hundred stay in the state, and all in the history", async () => {
  const store = await open();
  for (let n = 0; n < 203; n += 1) await store.noteMend(click(String(n)));
  expect(store.state.mends).toHaveLength(200);
  expect(store.state.mends[0]?.id).toBe("3");
  expect(await store.history()).toHaveLength(203);
  await store.close();
});

test("the owner's switches are off at first, kept when set, and no key gets into the history", async () => {
  let store = await open();
  expect(store.state.outside).toEqual(NOTHING_OUTSIDE);
  await store.saveOutside({ ...NOTHING_OUTSIDE, internetdb: true, vantage: VANTAGE }, "A");
  await store.setGuard({ at: "2026-01-01T00:00:00.000Z", by: "A" });
  await store.close();
  store = await open();
  expect(store.state.outside).toMatchObject({ internetdb: true, vantage: VANTAGE });
  expect(store.state.guard).toMatchObject({ by: "A" });
  await store.setGuard(null);
  expect(store.state.guard).toBeNull();
  const history = await store.history();
  expect(history).toMatchObject([
    { event: "outside-set", by: "A", internetdb: true, vantage: "vantage.example" },
    { event: "guard-applied" },
    { event: "guard-removed" },
  ]);
  expect(JSON.stringify(history)).not.toContain("MARK-KEY");
  await store.close();
});

test("a state of the version before gets what is off, and a broken one is set aside", async () => {
  const first = await open();
  await first.setPlace("つくし保育園", "");
  await first.close();
  const path = join(directory, "state.json");
  const { mends: _m, outside: _o, guard: _g, ...old } = JSON.parse(await readFile(path, "utf8"));
  const put = async (state: object) => {
    await writeFile(path, JSON.stringify(state));
    await rm(`${path}.bak`, { force: true });
  };
  await put({ ...old, schema: "komainu/state/2" });
  const store = await open();
  expect(store.state).toMatchObject({
    place: "つくし保育園",
    mends: [],
    outside: NOTHING_OUTSIDE,
    guard: null,
  });
  await store.close();

  await put({ ...old, mends: [], outside: { hairpin: "yes" }, guard: null });
  const problems: string[] = [];
  const fresh = await openStore(directory, (problem) => problems.push(problem));
  expect(fresh.state.place).toBeNull();
  expect(problems).toHaveLength(1);
  await fresh.close();
});
