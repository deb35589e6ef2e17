/**
 * Pictures of every page and state, so that a change can be looked at: the pages of the virtual LAN from the first run
 * on, and made-up states (`made-up-…`) where a LAN would take long to get there.
 *
 *   npm run screens [FOLDER]
 */
import { resolve } from "node:path";
import { openBrowser } from "../test/e2e/browser.ts";
import { browserAvailable, lanAvailable } from "../test/lan/available.ts";
import { Album } from "./screens/album.ts";
import { tourOfLan } from "./screens/lan-tour.ts";
import { tourOfMadeUp } from "./screens/made-up-tour.ts";

const FOLDER = "screenshots";

async function main([folder = FOLDER]: readonly string[]): Promise<number> {
  for (const needed of [browserAvailable(), lanAvailable()]) {
    if (needed.ok) continue;
    process.stderr.write(`${needed.mend}\n`);
    return 1;
  }
  const began = performance.now();
  const album = await Album.open(resolve(folder));
  const browser = await openBrowser();
  try {
    await Promise.all([tourOfLan(browser, album), tourOfMadeUp(browser, album.from("made-up-"))]);
  } finally {
    await browser.close();
  }
  const index = await album.finish("Komainu: every page and state");
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  process.stdout.write(`${album.pictures.length} pictures in ${seconds} s. Open ${index}\n`);
  return 0;
}

process.exitCode = await main(process.argv.slice(2)).catch((cause: unknown) => {
  process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
  return 1;
});
