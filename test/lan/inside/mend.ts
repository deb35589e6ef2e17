// Closes a way in, as a click does, from where Komainu sits.
// Usage: mend.mjs '{"router":"192.168.77.1","port":2189,"mapping":{...}}' or with "pinhole": 1; prints the MendOutcome.
import { closeMapping, closePinhole } from "../../../agent/mend/index.ts";
import type { MappingTarget } from "../../../agent/model/index.ts";
import { DeviceLine } from "../../../agent/net/line.ts";

export interface MendWish {
  readonly router: string;
  readonly port: number;
  readonly mapping?: MappingTarget;
  readonly pinhole?: number;
}

const DEADLINE_MS = 20_000;

const { router, port, mapping, pinhole = 0 } = JSON.parse(process.argv[2] ?? "") as MendWish;
const line = new DeviceLine(router, AbortSignal.timeout(DEADLINE_MS));
const hints = [{ protocol: "igd", port, path: "/rootDesc.xml" }] as const;
const outcome =
  mapping === undefined
    ? await closePinhole(line, hints, pinhole, DEADLINE_MS)
    : await closeMapping(line, hints, mapping, DEADLINE_MS);
process.stdout.write(JSON.stringify(outcome));
