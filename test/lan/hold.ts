// Starts a small LAN, prints what a test needs to look for afterwards, and waits to be killed.
import { SMALL_CAST } from "./cast-small.ts";
import { startLan } from "./lan.ts";
import { tracesOf } from "./traces.ts";

const lan = await startLan({ cast: SMALL_CAST, standIns: ["avahi", "gstreamer"] });
process.stdout.write(`${JSON.stringify(tracesOf(lan.world))}\n`);
