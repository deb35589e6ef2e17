import { chmod, cp, mkdir, readFile, rm } from "node:fs/promises";
import { build } from "esbuild";

/** One file for Node >= 20.19, so that a Pi never compiles TypeScript, with the vendor files and the page's assets beside it. */
const { version } = JSON.parse(await readFile("package.json", "utf8")) as { version: string };

await rm("dist", { recursive: true, force: true });
await mkdir("dist", { recursive: true });
await build({
  entryPoints: ["agent/main.ts"],
  outfile: "dist/komainu.mjs",
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
await cp("agent/vendors", "dist/vendors", { recursive: true });
for (const asset of ["style.css", "live.js", "favicon.svg"]) await cp(`web-ui/${asset}`, `dist/${asset}`);
await chmod("dist/komainu.mjs", 0o755);
