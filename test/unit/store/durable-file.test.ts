import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DurableFile } from "../../../agent/store/durable-file.ts";

let directory: string;
let path: string;
let problems: string[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "komainu-store-"));
  path = join(directory, "state.json");
  problems = [];
});
afterEach(() => rm(directory, { recursive: true }));

const open = () =>
  new DurableFile<{ n: number }>(
    path,
    (data) => (typeof (data as { n?: unknown })?.n === "number" ? (data as { n: number }) : null),
    (problem) => problems.push(problem),
  );

test("what was written is read, by the owner alone", async () => {
  await open().write({ n: 1 });
  expect(await open().read()).toEqual({ n: 1 });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(problems).toEqual([]);
});

test("nothing there is null, not an error", async () => {
  expect(await open().read()).toBeNull();
});

test.each([
  ["cut off by a power cut", '{"n": 2'],
  ["empty", ""],
  ["zeroes", "\0\0\0\0"],
  ["somebody else's", "[]"],
])("a file that is %s is set aside and the generation before goes on", async (_name, text) => {
  const file = open();
  await file.write({ n: 1 });
  await file.write({ n: 2 });
  await writeFile(path, text);
  expect(await open().read()).toEqual({ n: 1 });
  expect(await readFile(`${path}.corrupt-1`, "utf8")).toBe(text);
  expect(problems).toHaveLength(2);
});

test("both generations broken: starts anew, both are kept aside", async () => {
  await writeFile(path, "x");
  await writeFile(`${path}.bak`, "y");
  expect(await open().read()).toBeNull();
  expect((await readdir(directory)).sort()).toEqual(["state.json.bak.corrupt-1", "state.json.corrupt-1"]);
});

test("the same data is not written twice", async () => {
  const file = open();
  await file.write({ n: 1 });
  const before = (await stat(path)).ino;
  await file.write({ n: 1 });
  expect((await stat(path)).ino).toBe(before);
  await file.write({ n: 2 });
  expect((await stat(path)).ino).not.toBe(before);
});

test("a temporary file left by a crash does not matter", async () => {
  await writeFile(`${path}.tmp`, "half");
  await writeFile(`${path}.bak.tmp`, "half");
  await open().write({ n: 3 });
  expect(await open().read()).toEqual({ n: 3 });
});
