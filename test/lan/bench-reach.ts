import { print } from "./bench-tools.ts";
import { WAYS_CAST } from "./cast-ways.ts";
import { closableFindings, closeFinding, lastReport, scanNow } from "./closing.ts";
import { CONSENT, Daemon } from "./komainu.ts";
import { startLan } from "./lan.ts";
import { SCENES, type Scene, untilHeard } from "./reach-scenes.ts";
import { comparePaths } from "./reach-truth.ts";
import { openOf, openWays, pathsOf } from "./ways.ts";

/** Of one site, from the opening of its ways in to the last click. */
interface Figures {
  /** By real clients; and of these, those that the outside host got through. */
  readonly opened: number;
  readonly confirmed: number;
  /** Ways in as a report says them (a DMZ is one for each door): those that can be known there, found, made up. */
  readonly knowable: number;
  readonly found: number;
  readonly false: number;
  /** Entries that a click deleted; that the router refused to; and ways then closed for the outside host. */
  readonly closed: number;
  readonly refused: number;
  readonly confirmedClosed: number;
  /** TCP connections of the one scan, and of it with the clicks and their second looks: to the router, and to anybody. */
  readonly scanToRouter: number;
  readonly scanToAll: number;
  readonly toRouter: number;
  readonly toAll: number;
  /** Packets to the router's own outside address, and to any address not ours. */
  readonly ownWan: number;
  readonly offLan: number;
}

const COLUMNS: readonly (readonly [keyof Figures, string])[] = [
  ["opened", "opened"],
  ["confirmed", "let in"],
  ["knowable", "knowable"],
  ["found", "found"],
  ["false", "false"],
  ["closed", "closed"],
  ["refused", "refused"],
  ["confirmedClosed", "shut out"],
  ["scanToRouter", "scan:rtr"],
  ["scanToAll", "scan:all"],
  ["toRouter", "+click:rtr"],
  ["toAll", "+click:all"],
  ["ownWan", "own WAN"],
  ["offLan", "off LAN"],
];

/** Every way in: opened, found, closed; one line a site. `opened` and `let in` differ where what is in front seals it. */
export async function benchReach(): Promise<void> {
  print("ways in", row(COLUMNS.map(([, title]) => title)));
  const all: Figures[] = [];
  for (const scene of SCENES) {
    const figures = await figuresOf(scene);
    print(scene.name, row(COLUMNS.map(([key]) => figures[key])));
    all.push(figures);
  }
  const sums = COLUMNS.map(([key]) => all.reduce((sum, figures) => sum + figures[key], 0));
  print("together", row(sums), "found = knowable, false 0, off LAN 0");
}

function row(values: readonly (string | number)[]): string {
  return values.map((value) => String(value).padStart(10)).join(" ");
}

async function figuresOf(scene: Scene): Promise<Figures> {
  const { options, ways } = scene;
  const lan = await startLan({ cast: WAYS_CAST, ...options });
  try {
    await openWays(lan, ways);
    const confirmed = await openOf(lan, ways);
    const daemon = await Daemon.start(lan, await lan.forward(8080), CONSENT);
    const before = await lan.agent.sent();
    await daemon.idle();
    await daemon.claim();
    const report = await untilHeard(scene, async (again) => {
      if (again) await scanNow(lan);
      return lastReport(lan);
    });
    const scanned = await lan.agent.sent();
    const knowable = pathsOf(ways);
    const difference = comparePaths(report, lan.truth, knowable);
    const results: string[] = [];
    for (const finding of closableFindings(lan)) {
      const records = await closeFinding(lan, daemon, finding);
      results.push(...records.map(({ result }) => result));
    }
    await scanNow(lan);
    const stillOpen = await openOf(lan, ways);
    const sent = await lan.agent.sent();
    return {
      opened: ways.length,
      confirmed: confirmed.length,
      knowable: knowable.length,
      found: knowable.length - difference.missed.length,
      false: difference.false.length,
      closed: results.filter((result) => result === "done").length,
      refused: results.filter((result) => result === "refused").length,
      confirmedClosed: confirmed.length - stillOpen.length,
      scanToRouter: scanned.router.connections - before.router.connections,
      scanToAll: scanned.all.connections - before.all.connections,
      toRouter: sent.router.connections - before.router.connections,
      toAll: sent.all.connections - before.all.connections,
      ownWan: sent.ownWan,
      offLan: sent.offLan,
    };
  } finally {
    await lan.stop();
  }
}
