import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { createGenerator } from "ts-json-schema-generator";
import { openApiDocument } from "../agent/serve/index.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** The Report's JSON Schema, read from the types themselves: there is no second description to keep in step. */
export function reportSchema(): string {
  const generator = createGenerator({
    path: `${ROOT}agent/model/report.ts`,
    type: "Report",
    tsconfig: `${ROOT}tsconfig.json`,
    skipTypeCheck: true,
  });
  return text({ $id: "komainu/report/1", title: "Komainu report", ...generator.createSchema("Report") });
}

function text(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(`${ROOT}agent/report.schema.json`, reportSchema());
  await writeFile(`${ROOT}agent/serve/openapi.json`, text(openApiDocument()));
}
