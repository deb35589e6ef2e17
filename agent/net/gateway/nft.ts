import { cleanText } from "../../model/index.ts";
import { isAddressText } from "./addresses.ts";
import { inTurns } from "./in-turns.ts";
import {
  elementOf,
  fieldOf,
  type Json,
  type Lookup,
  listOf,
  matchesOf,
  readMatch,
  textOf,
} from "./nft-fields.ts";
import {
  type Chain,
  chainKey,
  type Match,
  portRange,
  type Rule,
  type Rules,
  type Verdict,
} from "./packet-rules.ts";

const MAX_OBJECTS = 10_000;
/** Elements of one map that are taken, each as a rule of its own, and rules of all chains together. */
const MAX_ELEMENTS = 256;
const MAX_RULES = 10_000;

/** A set or map whose contents a ruleset refers to. */
export interface SetName {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  readonly kind: "set" | "map";
}

export interface NftRuleset {
  readonly objects: readonly Json[];
}

/** Takes what `nft -j list …` prints (libnftables-json(5)); null when it is something else. */
export function parseNft(json: string): NftRuleset | null {
  try {
    const objects = fieldOf(JSON.parse(json), "nftables");
    return Array.isArray(objects) ? { objects } : null;
  } catch {
    return null;
  }
}

const FAMILIES = ["ip", "ip6", "inet"];

function place(
  object: Json,
): { readonly family: string; readonly table: string; readonly name: string } | null {
  const [family, table, name] = ["family", "table", "name"].map((key) => fieldOf(object, key));
  return typeof family === "string" && typeof table === "string" && FAMILIES.includes(family)
    ? { family, table, name: typeof name === "string" ? name : "" }
    : null;
}

/** Sets and maps that rules refer to which a nat prerouting hook may lead to. */
export function setsReferredTo({ objects }: NftRuleset): readonly SetName[] {
  const shown = objects.slice(0, MAX_OBJECTS);
  const chains = shown.map((object) => fieldOf(object, "chain")).filter((chain) => place(chain) !== null);
  const isNat = (chain: Json) => fieldOf(chain, "type") === "nat" && fieldOf(chain, "hook") === "prerouting";
  const nameOf = (part: Json) => `${fieldOf(part, "family")} ${fieldOf(part, "table")}`;
  const tables = new Set(chains.filter(isNat).map(nameOf));
  const otherBases = new Set(
    chains
      .filter((chain) => fieldOf(chain, "hook") !== undefined && !isNat(chain))
      .map((chain) => `${nameOf(chain)} ${fieldOf(chain, "name")}`),
  );
  const wanted = new Set<string>();
  for (const rule of shown.map((object) => fieldOf(object, "rule"))) {
    if (!tables.has(nameOf(rule)) || otherBases.has(`${nameOf(rule)} ${fieldOf(rule, "chain")}`)) continue;
    for (const name of referencesIn(fieldOf(rule, "expr"), 0)) wanted.add(`${nameOf(rule)} ${name}`);
  }
  return shown.flatMap((object) =>
    (["set", "map"] as const).flatMap((kind) => {
      const where = place(fieldOf(object, kind));
      if (where === null) return [];
      return wanted.has(chainKey(where.family, where.table, where.name)) ? [{ ...where, kind }] : [];
    }),
  );
}

function referencesIn(value: Json, depth: number): readonly string[] {
  if (typeof value === "string") return value.startsWith("@") ? [value.slice(1)] : [];
  if (typeof value !== "object" || value === null || depth > 12) return [];
  return Object.values(value).flatMap((part) => referencesIn(part, depth + 1));
}

/** The contents of every set and map in what was printed, by `family table name`. */
export function setContents({ objects }: NftRuleset): ReadonlyMap<string, readonly Json[]> {
  return new Map(
    objects.slice(0, MAX_OBJECTS).flatMap((object) => {
      const body = fieldOf(object, "set") ?? fieldOf(object, "map");
      const where = place(body);
      const elements = fieldOf(body, "elem");
      if (where === null || elements === undefined) return [];
      return [[chainKey(where.family, where.table, where.name), listOf(elements)] as const];
    }),
  );
}

interface Draft extends Chain {
  readonly rules: Rule[];
  opaque: boolean;
}

/** The rules of the IP families; `contents` holds the sets that were read. */
export async function nftRules(
  { objects }: NftRuleset,
  contents: ReadonlyMap<string, readonly Json[]>,
): Promise<Rules> {
  const chains = new Map<string, Draft>();
  for (const object of objects.slice(0, MAX_OBJECTS)) {
    const chain = fieldOf(object, "chain");
    const where = place(chain);
    if (where !== null) chains.set(chainKey(where.family, where.table, where.name), chainOf(chain, where));
  }
  let complete = objects.length <= MAX_OBJECTS;
  let count = 0;
  await inTurns(objects.slice(0, MAX_OBJECTS), (object) => {
    const body = fieldOf(object, "rule");
    const where = place(body);
    const name = fieldOf(body, "chain");
    const chain = where === null ? undefined : chains.get(chainKey(where.family, where.table, String(name)));
    if (where === null || chain === undefined) return;
    const lookup: Lookup = (set) => contents.get(chainKey(where.family, where.table, set)) ?? null;
    const read = readRule(body, chain, lookup);
    count += read.rules.length;
    complete &&= read.complete && count <= MAX_RULES;
    chain.opaque ||= read.opaque;
    if (count <= MAX_RULES) chain.rules.push(...read.rules);
  });
  return { chains, complete };
}

function chainOf(chain: Json, { family, table }: { readonly family: string; readonly table: string }): Draft {
  const [type, hook] = [fieldOf(chain, "type"), fieldOf(chain, "hook")];
  const policy = fieldOf(chain, "policy") === "drop" ? "drop" : "accept";
  const base =
    typeof type === "string" && typeof hook === "string" ? ({ type, hook, policy } as const) : null;
  return { family: family as Chain["family"], table, base, rules: [], opaque: false };
}

interface ReadRule {
  readonly rules: readonly Rule[];
  readonly complete: boolean;
  readonly opaque: boolean;
}

/** One rule; a map in it makes it as many as the map has elements. */
function readRule(body: Json, { family, table }: Chain, lookup: Lookup): ReadRule {
  const text = fieldOf(body, "comment");
  const comment = typeof text === "string" ? cleanText(text) : "";
  const statements = listOf(fieldOf(body, "expr")).slice(0, 64);
  const opaque = statements.some((statement) => fieldOf(statement, "xt") !== undefined);
  const matches = statements.flatMap((statement) => conditionsOf(statement, lookup));
  const ends = statements.flatMap((statement) => endsOf(statement, { family, table, lookup }));
  const shown = ends.slice(0, MAX_ELEMENTS);
  const rules = (shown.length === 0 ? [{ matches: [], verdict: null }] : shown).map(
    (end): Rule => ({ matches: [...matches, ...end.matches], verdict: end.verdict, comment }),
  );
  return { rules, complete: shown.length === ends.length, opaque };
}

function conditionsOf(statement: Json, lookup: Lookup): readonly Match[] {
  const match = fieldOf(statement, "match");
  if (match !== undefined) return readMatch(match, lookup);
  if (["limit", "quota", "ct count"].some((name) => fieldOf(statement, name) !== undefined))
    return [{ field: "sometimes" }];
  return fieldOf(fieldOf(statement, "xt"), "type") === "match" ? [{ field: "unknown" }] : [];
}

interface Where {
  readonly family: Chain["family"];
  readonly table: string;
  readonly lookup: Lookup;
}
interface End {
  readonly matches: readonly Match[];
  readonly verdict: Verdict;
}
const UNKNOWN_END: End = { matches: [{ field: "unknown" }], verdict: { do: "unknown" } };

function endsOf(statement: Json, where: Where): readonly End[] {
  const plain = verdictOf(statement, where);
  if (plain !== null) return [{ matches: [], verdict: plain }];
  const vmap = fieldOf(statement, "vmap");
  if (vmap !== undefined)
    return pairsOf(vmap, where.lookup).flatMap(([matches, value]) => {
      const verdict = verdictOf(value, where);
      return verdict === null ? [UNKNOWN_END] : [{ matches, verdict }];
    });
  const dnat = fieldOf(statement, "dnat");
  return dnat === undefined || dnat === null ? [] : destinationsOf(dnat, where.lookup);
}

function verdictOf(statement: Json, { family, table }: Where): Verdict | null {
  const has = (name: string) =>
    typeof statement === "object" && statement !== null && Object.hasOwn(statement, name);
  if (has("accept")) return { do: "accept" };
  if (has("drop") || has("reject")) return { do: "drop" };
  if (has("return")) return { do: "return" };
  if (has("queue")) return { do: "unknown" };
  if (fieldOf(fieldOf(statement, "xt"), "type") === "target") return { do: "unknown" };
  for (const jump of ["jump", "goto"] as const) {
    const target = fieldOf(fieldOf(statement, jump), "target");
    if (typeof target === "string") return { do: jump, chain: chainKey(family, table, target) };
  }
  if (!has("redirect")) return null;
  const ports = textOf(fieldOf(fieldOf(statement, "redirect"), "port") ?? null);
  return { do: "dnat", family: null, addresses: null, ports: ports === null ? null : portRange(ports) };
}

/** `[what must hold, value]` for each element of a map. */
function pairsOf(map: Json, lookup: Lookup): readonly (readonly [readonly Match[], Json])[] {
  const [key, data] = [fieldOf(map, "key"), fieldOf(map, "data")];
  const elements = typeof data === "string" ? lookup(data.replace(/^@/, "")) : listOf(fieldOf(data, "set"));
  if (elements === null) return [[[{ field: "unknown" }], null]];
  return elements.slice(0, MAX_ELEMENTS + 1).map((element) => {
    const [value, target] = listOf(element);
    const inner = elementOf(value);
    // `*` stands for whatever no other element takes.
    return [inner === "*" ? [{ field: "sometimes" }] : matchesOf(key, [inner], false), target];
  });
}

function destinationsOf(dnat: Json, lookup: Lookup): readonly End[] {
  const named = fieldOf(dnat, "family");
  const family = named === "ip" ? 4 : named === "ip6" ? 6 : null;
  const [address, port] = [fieldOf(dnat, "addr"), fieldOf(dnat, "port")];
  const map = fieldOf(address, "map");
  const choices: readonly (readonly [readonly Match[], Json])[] =
    map === undefined ? [[[], address]] : pairsOf(map, lookup);
  return choices.map(([matches, value]) => {
    const [first, second] = listOf(fieldOf(value, "concat"));
    const place = textOf(first ?? value);
    const ports = textOf(second ?? port ?? null);
    const range = ports === null ? null : portRange(ports);
    const isBroken = place === null ? value !== undefined : !isAddressText(place);
    if (isBroken || ((second ?? port) !== undefined && range === null)) return UNKNOWN_END;
    const verdict: Verdict = { do: "dnat", family, addresses: place === null ? null : [place], ports: range };
    return { matches, verdict };
  });
}
