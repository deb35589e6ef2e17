import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Who may import whom, by value; `import type` of model is always allowed. The table of agent/README.md. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  model: [],
  net: ["model"],
  discover: ["net", "model"],
  inventory: ["model", "vendors"],
  probes: ["net", "model"],
  mend: ["net", "model"],
  checks: ["model"],
  audit: ["model", "probes", "checks"],
  store: ["model"],
  serve: ["model", "store", "web-ui"],
  "web-ui": ["model"],
  cli: ["model", "net"],
};

/** Packages with one home. */
const HOMES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^lowdb/, ["store"]],
  [/^(fastify|@fastify\/)/, ["serve"]],
  [/^(dns-packet|fast-xml-parser)/, ["net"]],
  [/^node:(net|tls|http|https|http2|dgram|dns|child_process)/, ["net"]],
  [/^preact/, ["web-ui"]],
  [/^systeminformation/, ["cli"]],
];

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const files = ["agent", "web-ui"].flatMap((top) => sourceFiles(join(ROOT, top)));
const imports = files.flatMap(importsOf);

describe("who may import whom", () => {
  test("every value import between folders is in the table", () => {
    const wrong = imports.filter(({ from, to, typeOnly }) => {
      if (!to.startsWith("agent/") && !to.startsWith("web-ui/")) return false;
      const [a, b] = [stageOf(from), stageOf(to)];
      if (a === b || a === "root") return false;
      if (typeOnly) return false;
      return !(MAY_IMPORT[a] ?? []).includes(b);
    });
    expect(wrong).toEqual([]);
  });

  test("audit enters probes and checks by their front door", () => {
    const wrong = imports.filter(
      ({ from, to, typeOnly }) =>
        !typeOnly && stageOf(from) === "audit" && /^agent\/(probes|checks)\/(?!index\.ts)/.test(to),
    );
    expect(wrong).toEqual([]);
  });

  test("sockets, processes and frameworks stay at home", () => {
    const wrong = imports.filter(({ from, to, typeOnly }) =>
      HOMES.some(([name, homes]) => name.test(to) && !typeOnly && !homes.includes(stageOf(from))),
    );
    expect(wrong).toEqual([]);
  });

  test("only mend changes anything at a router", () => {
    const asking = files.map(rel).filter((file) => {
      const code = readFileSync(join(ROOT, file), "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
      return /"(?:Add|Delete|Update)(?:Any)?P(?:ortMapping|inhole)/.test(code);
    });
    expect(asking.sort()).toEqual(["agent/mend/close-pinhole.ts", "agent/net/igd/entry.ts"]);
    const wrong = imports.filter(
      ({ from, to, typeOnly }) => !typeOnly && to === "agent/net/igd/entry.ts" && stageOf(from) !== "mend",
    );
    expect(wrong).toEqual([]);
  });

  test("no import cycle", () => {
    const graph = new Map(files.map((file) => [rel(file), [] as string[]]));
    for (const { from, to, typeOnly } of imports) if (!typeOnly) graph.get(from)?.push(to);
    expect(cycleIn(graph)).toEqual([]);
  });
});

describe("the house rules", () => {
  test("no vendor's name in code: they are data", () => {
    const names = readdirSync(join(ROOT, "agent/vendors"))
      .filter((name) => name.endsWith(".json") && !name.endsWith(".schema.json"))
      .flatMap((name) => [name.replace(".json", ""), ...name.replace(".json", "").split("-")])
      .filter((name) => name.length > 4 && !COMMON_WORDS.has(name));
    const stages = ["net", "discover", "inventory", "probes", "mend", "checks", "audit", "serve"];
    const wrong = files
      .filter((file) => stages.includes(stageOf(rel(file))))
      .flatMap((file) => {
        const code = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
        return names
          .filter((name) => new RegExp(`\\b${name}\\b`, "i").test(code))
          .map((name) => `${rel(file)}: ${name}`);
      });
    expect(wrong).toEqual([]);
  });

  test("files stay under 400 lines", () => {
    const long = files.filter((file) => readFileSync(file, "utf8").split("\n").length > 400);
    expect(long.map(rel)).toEqual([]);
  });

  test("no words that calm falsely, no notes left for later", () => {
    const wrong = files.flatMap((file) => {
      const found = readFileSync(file, "utf8").match(
        /安全です|問題ありません|心配ありません|大丈夫|丸見え|\bTODO\b|\bFIXME\b/g,
      );
      return found ? [`${rel(file)}: ${found.join(", ")}`] : [];
    });
    expect(wrong).toEqual([]);
  });

  test("at most 12 direct production dependencies, each explained in the README", () => {
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    const names = Object.keys(dependencies);
    expect(names.length).toBeLessThanOrEqual(12);
    const readme = readFileSync(join(ROOT, "README.md"), "utf8");
    expect(names.filter((name) => !readme.includes(`| ${name} |`))).toEqual([]);
  });
});

/** Words of file names that are also plain English. */
const COMMON_WORDS = new Set(["camera", "motion", "cross", "generic"]);

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, "utf8");
  const statement =
    /^(?:import|export)\s+(type\s+)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)/gm;
  return [...text.matchAll(statement)].map(([whole, type, path, lazy]) => {
    const target = path ?? lazy ?? "";
    const to = target.startsWith(".") ? rel(normalize(join(dirname(file), target))) : target;
    const named = /^(?:import|export)\s*\{([^}]*)\}/.exec(whole)?.[1];
    const onlyTypes =
      named?.split(",").every((name) => name.trim() === "" || name.trim().startsWith("type ")) ?? false;
    return { from: rel(file), to, typeOnly: type !== undefined || onlyTypes };
  });
}

function stageOf(path: string): string {
  if (path.startsWith("web-ui/")) return "web-ui";
  return /^agent\/([^/]+)\//.exec(path)?.[1] ?? "root";
}

function rel(path: string): string {
  return relative(ROOT, path);
}

function cycleIn(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const next of graph.get(file) ?? []) {
      const cycle = visit(next, [...path, file]);
      if (cycle.length > 0) return cycle;
    }
    done.add(file);
    return [];
  };
  for (const file of graph.keys()) {
    const cycle = visit(file, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
