import { type Answer, failure, success } from "../../model/index.ts";
import { parseNft } from "./nft.ts";
import { elementOf, fieldOf, type Json, listOf } from "./nft-fields.ts";
import { runProgram } from "./programs.ts";

/** The one nftables table that is ours; its family is `inet`. install.sh removes it by this name. */
export const GUARD_TABLE = "komainu_guard";

const MAX_BYTES = 262_144;

/** What stands in the guard's table now. */
export interface GuardReading {
  /** Sorted literals of both families. */
  readonly cameras: readonly string[];
  /** Sorted interface names. */
  readonly outside: readonly string[];
  /** Packets that it has dropped since it was put there. */
  readonly refused: number;
  /** Rules in its one chain, so that a table that somebody emptied is told from ours. */
  readonly rules: number;
}

/** The guard's table, null when there is none. It only reads. */
export async function readGuardTable(): Promise<Answer<GuardReading | null>> {
  const tables = await listed(["list", "tables", "inet"]);
  if (!tables.ok) return tables;
  const there = tables.value.some((object) => fieldOf(fieldOf(object, "table"), "name") === GUARD_TABLE);
  if (!there) return success(null);
  const table = await listed(["list", "table", "inet", GUARD_TABLE]);
  return table.ok ? success(guardReading(table.value)) : table;
}

async function listed(args: readonly string[]): Promise<Answer<readonly Json[]>> {
  const printed = await runProgram("nft", ["--json", ...args], { maxBytes: MAX_BYTES });
  if (!printed.ok) return printed;
  const parsed = parseNft(printed.value);
  return parsed === null ? failure("malformed", "nft") : success(parsed.objects);
}

/** `objects`: what nft prints of the table. */
export function guardReading(objects: readonly Json[]): GuardReading {
  const named = (kind: "set" | "counter", name: string) =>
    objects.map((object) => fieldOf(object, kind)).find((each) => fieldOf(each, "name") === name);
  const elements = ["cameras4", "cameras6"].flatMap((name) => listOf(fieldOf(named("set", name), "elem")));
  const rules = objects.map((object) => fieldOf(object, "rule")).filter((rule) => rule !== undefined);
  const packets = fieldOf(named("counter", "refused"), "packets");
  return {
    cameras: texts(elements.map(elementOf)),
    outside: texts(rules.flatMap((rule) => listOf(fieldOf(rule, "expr")).flatMap(interfacesIn))),
    refused: typeof packets === "number" ? packets : 0,
    rules: rules.length,
  };
}

function interfacesIn(statement: Json): readonly Json[] {
  const match = fieldOf(statement, "match");
  if (fieldOf(fieldOf(fieldOf(match, "left"), "meta"), "key") !== "iifname") return [];
  const right = fieldOf(match, "right");
  return typeof right === "string" ? [right] : listOf(fieldOf(right, "set"));
}

function texts(values: readonly Json[]): readonly string[] {
  return values.filter((value): value is string => typeof value === "string").sort();
}

/** Gives nft a text, of which it takes all or nothing. */
export async function giveToNft(text: string): Promise<Answer<null>> {
  const given = await runProgram("nft", ["-f", "-"], { input: text, maxBytes: MAX_BYTES });
  return given.ok ? success(null) : given;
}
