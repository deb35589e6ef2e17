import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { build, stop } from "esbuild";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What runs inside the LAN, by the name of its bundle. */
const PROGRAMS = {
  relay: here("./inside/relay.ts"),
  reach: here("./inside/reach.ts"),
  "site-probe": here("./inside/site-probe.ts"),
  "map-port": here("./inside/map-port.ts"),
  "open-pinhole": here("./inside/open-pinhole.ts"),
  mend: here("./inside/mend.ts"),
  "ask-router": here("./inside/ask-router.ts"),
  gateway: here("./inside/gateway.ts"),
  igd: here("../fakes/igd.ts"),
  device: here("../fakes/device.ts"),
};

interface Bundle {
  readonly name: string;
  readonly code: string;
}

let bundles: Promise<readonly Bundle[]> | null = null;

/** The programs, one file each, so that a fake camera costs plain Node and no loader; built once a process. */
export function bundledPrograms(): Promise<readonly Bundle[]> {
  bundles ??= bundle();
  return bundles;
}

async function bundle(): Promise<readonly Bundle[]> {
  try {
    const { outputFiles } = await build({
      entryPoints: PROGRAMS,
      outdir: "/",
      outExtension: { ".js": ".mjs" },
      write: false,
      bundle: true,
      platform: "node",
      target: "node20",
      format: "esm",
      logLevel: "silent",
      banner: { js: 'import { createRequire } from "node:module"; const require = createRequire("/");' },
    });
    return outputFiles.map(({ path, text }) => ({ name: basename(path), code: text }));
  } finally {
    await stop();
  }
}
