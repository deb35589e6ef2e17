import { chmod, cp, mkdir, readFile, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const PROJECT = fileURLToPath(new URL("../", import.meta.url));

/**
 * One file for Node >= 20.19, so that a Pi never compiles TypeScript, with the vendor files and the page's assets beside
 * it. The folder is emptied first.
 */
export async function buildInto(folder: string): Promise<void> {
  const { version } = JSON.parse(await readFile(`${PROJECT}package.json`, "utf8")) as { version: string };
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await build({
    absWorkingDir: PROJECT,
    entryPoints: ["agent/main.ts"],
    outfile: `${folder}/komainu.mjs`,
    bundle: true,
    minify: true,
    keepNames: true,
    platform: "node",
    target: "node20.19",
    format: "esm",
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "none",
    // Loaded by `doctor` alone, from the checkout; a bundle without it says that the details cannot be read.
    external: ["systeminformation"],
    define: { KOMAINU_VERSION: JSON.stringify(version) },
    // CommonJS packages inside the bundle ask for require; the names must survive minification without clashing.
    banner: {
      js: 'import { createRequire as $$createRequire } from "node:module"; const require = $$createRequire(import.meta.url);',
    },
  });
  await cp(`${PROJECT}agent/vendors`, `${folder}/vendors`, { recursive: true });
  for (const asset of ["style", "live.js", "favicon.svg"])
    await cp(`${PROJECT}web-ui/${asset}`, `${folder}/${asset}`, { recursive: true });
  await chmod(`${folder}/komainu.mjs`, 0o755);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildInto(`${PROJECT}dist`);
