import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { FieldName, Fingerprint, VendorFile } from "../model/index.ts";
import { isOpenEnded, patternProblem } from "./patterns.ts";
import { isVendorFile } from "./vendor-shape.ts";

const SCHEMA_FILE = "vendor.schema.json";
const MAX_FILE_BYTES = 262_144;

/** A vendor file that was left out, and why: shown by `doctor` and at start. */
export interface VendorProblem {
  readonly file: string;
  readonly problem: string;
}

export interface CompiledFingerprint {
  readonly vendor: VendorFile;
  readonly fingerprint: Fingerprint;
  readonly expression: RegExp;
}

/** All makers known to this installation, ready for matching. */
export interface Vendors {
  readonly files: ReadonlyMap<string, VendorFile>;
  readonly problems: readonly VendorProblem[];
  readonly byField: ReadonlyMap<FieldName, readonly CompiledFingerprint[]>;
  /** MAC prefix (six to nine hex digits) to the makers that use it. */
  readonly byPrefix: ReadonlyMap<string, readonly VendorFile[]>;
}

/** Reads every `*.json` of a directory. A bad file is named in `problems` and never stops the others. */
export async function loadVendors(directory: string): Promise<Vendors> {
  const names = (await readdir(directory))
    .filter((name) => name.endsWith(".json") && name !== SCHEMA_FILE)
    .sort();
  const files: VendorFile[] = [];
  const problems: VendorProblem[] = [];
  for (const file of names) {
    const read = await readVendor(join(directory, file));
    if (typeof read === "string") problems.push({ file, problem: read });
    else if (`${read.id}.json` !== file)
      problems.push({ file, problem: `id "${read.id}" is not the file's name` });
    else files.push(read);
  }
  return compileVendors(files, problems);
}

async function readVendor(path: string): Promise<VendorFile | string> {
  let json: unknown;
  try {
    const text = await readFile(path, "utf8");
    if (text.length > MAX_FILE_BYTES) return `is larger than ${MAX_FILE_BYTES} bytes`;
    json = JSON.parse(text);
  } catch (error) {
    return error instanceof SyntaxError
      ? `is not JSON: ${error.message}`
      : `cannot be read: ${String(error)}`;
  }
  return parseVendor(json);
}

/** A vendor file from plain JSON, or one line on the first thing that is wrong with it. */
export function parseVendor(json: unknown): VendorFile | string {
  if (!isVendorFile(json)) {
    const first = isVendorFile.errors?.[0];
    return first === undefined ? "does not fit the schema" : `${first.instancePath || "/"} ${first.message}`;
  }
  const vendor = json;
  for (const [index, { field, pattern }] of vendor.fingerprints.entries()) {
    const problem =
      patternProblem(pattern) ??
      (field === "http.body" && isOpenEnded(pattern) ? "may not repeat without end on http.body" : null);
    if (problem !== null) return `/fingerprints/${index}/pattern ${problem}`;
  }
  const datePattern = vendor.firmwareDate?.pattern;
  const problem = datePattern === undefined ? null : patternProblem(datePattern);
  return problem === null ? vendor : `/firmwareDate/pattern ${problem}`;
}

/** Compiles each pattern once and sorts everything by what it is looked up with. */
export function compileVendors(
  files: readonly VendorFile[],
  problems: readonly VendorProblem[] = [],
): Vendors {
  const byField = new Map<FieldName, CompiledFingerprint[]>();
  const byPrefix = new Map<string, VendorFile[]>();
  for (const vendor of files) {
    for (const fingerprint of vendor.fingerprints) {
      const compiled = { vendor, fingerprint, expression: new RegExp(fingerprint.pattern, "iu") };
      byField.set(fingerprint.field, [...(byField.get(fingerprint.field) ?? []), compiled]);
    }
    for (const prefix of vendor.oui?.prefixes ?? []) {
      byPrefix.set(prefix, [...(byPrefix.get(prefix) ?? []), vendor]);
    }
  }
  return { files: new Map(files.map((vendor) => [vendor.id, vendor])), problems, byField, byPrefix };
}
