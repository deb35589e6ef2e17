import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isVendorFile } from "../../../agent/inventory/vendor-shape.ts";
import { isId, isNewConsent, isNewScan } from "../../../agent/serve/request-shape.ts";
import { buildInto, compiledShapes } from "../../../scripts/build.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "komainu-build-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Check {
  (sent: unknown): boolean;
  errors?: readonly { readonly instancePath: string; readonly message?: string }[] | null;
}

/** The module as the built program has it. */
async function asBuilt(path: string, name: string): Promise<Readonly<Record<string, Check>>> {
  const outfile = join(folder, `${name}.mjs`);
  await build({
    absWorkingDir: ROOT,
    entryPoints: [path],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    plugins: [compiledShapes],
  });
  expect(await readFile(outfile, "utf8")).not.toContain("new Function");
  return (await import(pathToFileURL(outfile).href)) as Readonly<Record<string, Check>>;
}

function verdict(check: Check | undefined, sent: unknown) {
  const fits = check?.(sent);
  return { fits, problem: fits ? null : check?.errors?.[0] };
}

describe("the checks that are compiled into the program", () => {
  test("think of a vendor file what the schema says", async () => {
    const built = await asBuilt("agent/inventory/vendor-shape.ts", "vendor-shape");
    const vendors = join(ROOT, "agent/vendors");
    const names = (await readdir(vendors)).filter((name) => /(?<!schema)\.json$/.test(name));
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) {
      const vendor = JSON.parse(await readFile(join(vendors, name), "utf8")) as Record<string, unknown>;
      const broken = Object.keys(vendor).flatMap((key) => [
        { ...vendor, [key]: 5 },
        { ...vendor, [key]: undefined, more: 1 },
      ]);
      expect(built.isVendorFile?.(vendor)).toBe(true);
      for (const sent of [...broken, null, [], "x"])
        expect(verdict(built.isVendorFile, sent)).toEqual(verdict(isVendorFile, sent));
    }
  });

  test("think of a request what the schema says", async () => {
    const built = await asBuilt("agent/serve/request-shape.ts", "request-shape");
    const checks: Readonly<Record<string, Check>> = { isId, isNewScan, isNewConsent };
    const person = { person: "園長", role: "x" };
    const textHash = "a".repeat(64);
    const consent = { ...person, levels: ["L1"], managers: {}, months: 3, textHash };
    const sent = [
      null,
      {},
      [],
      { id: "x" },
      { id: "" },
      { consent: person },
      { consent: { person: "" } },
      consent,
      { ...consent, managers: { a: "nobody" } },
    ];
    for (const [name, check] of Object.entries(checks)) {
      const verdicts = sent.map((each) => verdict(built[name], each));
      expect(verdicts).toEqual(sent.map((each) => verdict(check, each)));
      expect(new Set(verdicts.map(({ fits }) => fits))).toEqual(new Set([true, false]));
    }
  });
});

test("the program is plain ASCII, and leaves the compiler of schemas at home", async () => {
  const dist = join(folder, "dist");
  await buildInto(dist);
  const program = await readFile(join(dist, "komainu.mjs"), "latin1");
  expect(/[\u0080-\u00ff]/.exec(program)?.[0]).toBeUndefined();
  expect(program).not.toContain("strict mode: ");
});
