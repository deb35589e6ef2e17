import { chmod, cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Ajv } from "ajv";
import standalone from "ajv/dist/standalone/index.js";
import { build, type Plugin } from "esbuild";

const PROJECT = fileURLToPath(new URL("../", import.meta.url));

/** What Fastify loads only for a feature that we do not use; asked for all the same, it fails with its name. */
const NOT_USED = [
  "@fastify/ajv-compiler",
  "@fastify/fast-json-stringify-compiler",
  "light-my-request",
  "pino",
];

/** Puts plain checking code in the place of the files that would compile their SCHEMAS at each start. */
export const compiledShapes: Plugin = {
  name: "compiled-shapes",
  setup({ onLoad }) {
    onLoad({ filter: /-shape\.ts$/ }, async ({ path }) => {
      const { ajv, SCHEMAS } = (await import(pathToFileURL(path).href)) as {
        ajv: Ajv;
        SCHEMAS: Readonly<Record<string, object>>;
      };
      const compiler = new Ajv({ ...ajv.opts, code: { source: true, esm: true } });
      for (const [name, schema] of Object.entries(SCHEMAS)) compiler.addSchema(schema, name);
      const names = Object.fromEntries(Object.keys(SCHEMAS).map((name) => [name, name]));
      return { contents: standalone.default(compiler, names), loader: "js", resolveDir: dirname(path) };
    });
  },
};

/**
 * One file for Node >= 20.19, so that a Pi never compiles TypeScript, with the vendor files and the page's assets beside
 * it. The folder is emptied first.
 */
export async function buildInto(folder: string): Promise<void> {
  const { version } = JSON.parse(await readFile(`${PROJECT}package.json`, "utf8")) as { version: string };
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const { outputFiles } = await build({
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
    // systeminformation is loaded by `doctor` alone, from the checkout; a bundle without it says that the details cannot be read.
    external: ["systeminformation", ...NOT_USED],
    plugins: [compiledShapes],
    write: false,
    define: { KOMAINU_VERSION: JSON.stringify(version) },
    // CommonJS packages inside the bundle ask for require; the names must survive minification without clashing.
    banner: {
      js: 'import { createRequire as $$createRequire } from "node:module"; const require = $$createRequire(import.meta.url);',
    },
  });
  for (const { path, text } of outputFiles) await writeFile(path, plainAscii(text));
  await cp(`${PROJECT}agent/vendors`, `${folder}/vendors`, { recursive: true });
  for (const asset of ["style", "live.js", "favicon.svg"])
    await cp(`${PROJECT}web-ui/${asset}`, `${folder}/${asset}`, { recursive: true });
  await chmod(`${folder}/komainu.mjs`, 0o755);
}

/**
 * esbuild leaves the letters of regular expressions as they are, and one beyond Latin-1 would make V8 keep the whole
 * program with two bytes a character, a megabyte more.
 */
function plainAscii(program: string): string {
  return program.replace(
    /[\u0080-\uffff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildInto(`${PROJECT}dist`);
