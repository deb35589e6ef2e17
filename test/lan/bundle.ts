import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build, stop } from "esbuild";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What runs inside the LAN, by the name of its bundle. */
const PROGRAMS = {
  relay: here("./inside/relay.ts"),
  reach: here("./inside/reach.ts"),
  "map-port": here("./inside/map-port.ts"),
  igd: here("../fakes/igd.ts"),
  device: here("../fakes/device.ts"),
} as const;
export type Program = keyof typeof PROGRAMS;

/** Bundles the programs into `directory`: one file each, so that a fake camera costs plain Node and no loader. */
export async function bundlePrograms(directory: string): Promise<void> {
  const present = Object.entries(PROGRAMS).filter(([, path]) => existsSync(path));
  try {
    await build({
      entryPoints: Object.fromEntries(present),
      outdir: directory,
      outExtension: { ".js": ".mjs" },
      bundle: true,
      platform: "node",
      target: "node20",
      format: "esm",
      logLevel: "silent",
      banner: { js: 'import { createRequire } from "node:module"; const require = createRequire("/");' },
    });
  } finally {
    await stop();
  }
}
