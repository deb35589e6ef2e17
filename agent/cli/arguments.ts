import { homedir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Language, STAGES, type Stage } from "../model/index.ts";

export const COMMANDS = [
  "scan",
  "run",
  "consent",
  "doctor",
  "identify",
  "record",
  "claim",
  "vantage",
] as const;
export type Command = (typeof COMMANDS)[number];

export interface Person {
  readonly person: string;
  readonly role: string;
}

export interface Arguments {
  readonly command: Command | "help" | "version";
  readonly language: Language;
  readonly json: boolean;
  readonly quiet: boolean;
  /** Progress as JSON lines instead of words. */
  readonly events: boolean;
  readonly until: Stage | null;
  readonly from: string | null;
  readonly interfaces: readonly string[];
  /** Hosts of the largest subnet that is nudged; 1022 is a /22. */
  readonly maxHosts: number;
  readonly consent: Person | null;
  readonly months: number;
  readonly withdraw: boolean;
  readonly state: string;
  readonly listen: readonly { readonly host: string | null; readonly port: number }[];
  readonly allowedHosts: readonly string[];
  readonly everyHours: number;
  readonly keyFile: string | null;
  readonly newKey: boolean;
  readonly positionals: readonly string[];
}

/** A mistake in how the command was typed: printed as one line, exit status 64 (EX_USAGE of sysexits.h). */
export class UsageError extends Error {}

const OPTIONS = {
  json: { type: "boolean" },
  quiet: { type: "boolean", short: "q" },
  events: { type: "boolean" },
  until: { type: "string" },
  from: { type: "string" },
  interface: { type: "string", multiple: true, short: "i" },
  "max-hosts": { type: "string" },
  consent: { type: "string" },
  months: { type: "string" },
  withdraw: { type: "boolean" },
  state: { type: "string" },
  listen: { type: "string", multiple: true },
  "allow-host": { type: "string", multiple: true },
  every: { type: "string" },
  "key-file": { type: "string" },
  "new-key": { type: "boolean" },
  lang: { type: "string" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "V" },
} as const;

/** Reads the command line. Errors: UsageError with the line to show. */
export function readArguments(argv: readonly string[], environment: NodeJS.ProcessEnv): Arguments {
  const { values, positionals } = parse(argv);
  const [name, ...rest] = positionals;
  const command = values.version ? "version" : values.help || name === undefined ? "help" : commandOf(name);
  return {
    command,
    language: languageOf(values.lang, environment),
    json: values.json ?? false,
    quiet: values.quiet ?? false,
    events: values.events ?? false,
    until: values.until === undefined ? null : stageOf(values.until),
    from: values.from ?? null,
    interfaces: values.interface ?? [],
    maxHosts: numberOf("--max-hosts", values["max-hosts"] ?? "1022", 2, 65_534),
    consent: values.consent === undefined ? null : personOf(values.consent),
    months: numberOf("--months", values.months ?? "12", 1, 12),
    withdraw: values.withdraw ?? false,
    state: values.state ?? environment.KOMAINU_STATE ?? defaultState(environment),
    listen: (values.listen ?? []).map(listenOf),
    allowedHosts: values["allow-host"] ?? [],
    everyHours: numberOf("--every", values.every ?? "6", 1, 24),
    keyFile: values["key-file"] ?? null,
    newKey: values["new-key"] ?? false,
    positionals: rest,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : "unreadable command line");
  }
}

function commandOf(name: string): Command | "help" {
  if (name === "help") return "help";
  const command = COMMANDS.find((known) => known === name);
  if (!command) throw new UsageError(`'${name}' is no command of komainu. Known: ${COMMANDS.join(", ")}.`);
  return command;
}

function stageOf(name: string): Stage {
  const stage = STAGES.find((known) => known === name);
  if (!stage) throw new UsageError(`--until ${name}: no such stage. Known: ${STAGES.join(", ")}.`);
  return stage;
}

function personOf(text: string): Person {
  const comma = text.search(/[,、，]/);
  const person = text.slice(0, Math.max(comma, 0)).trim();
  const role = text.slice(comma + 1).trim();
  if (comma < 0 || person === "" || role === "") {
    throw new UsageError(
      '--consent names the person who may decide about the cameras: --consent "NAME, ROLE".',
    );
  }
  return { person: person.slice(0, 80), role: role.slice(0, 80) };
}

/** `8080`, `192.168.1.2:8080`, `[fd00::1]:8080`; without a host, every address of the LAN. */
function listenOf(text: string): { host: string | null; port: number } {
  const match = /^(?:(?:\[(?<six>[^\]]+)\]|(?<four>[^:[\]]+)):)?(?<port>\d{1,5})$/.exec(text);
  const port = Number(match?.groups?.port ?? -1);
  if (!match || port > 65_535) throw new UsageError(`--listen ${text}: write PORT or ADDRESS:PORT.`);
  return { host: match.groups?.six ?? match.groups?.four ?? null, port };
}

function numberOf(option: string, text: string, min: number, max: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < min || number > max) {
    throw new UsageError(`${option} ${text}: a whole number from ${min} to ${max}.`);
  }
  return number;
}

function languageOf(option: string | undefined, environment: NodeJS.ProcessEnv): Language {
  if (option !== undefined && option !== "ja" && option !== "en")
    throw new UsageError(`--lang ${option}: ja or en.`);
  const locale = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || "";
  return option ?? (locale.startsWith("ja") ? "ja" : "en");
}

/** systemd's STATE_DIRECTORY, then /var/lib for root, then the XDG base directory. */
function defaultState(environment: NodeJS.ProcessEnv): string {
  if (environment.STATE_DIRECTORY) return environment.STATE_DIRECTORY;
  if (process.getuid?.() === 0) return "/var/lib/komainu";
  return join(
    environment.XDG_STATE_HOME ?? join(environment.HOME ?? homedir(), ".local", "state"),
    "komainu",
  );
}
