import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { reportSchema } from "../scripts/schemas.ts";

test("the committed schema of the Report is the one of the types (npm run schemas)", async () => {
  const committed = await readFile(new URL("../agent/report.schema.json", import.meta.url), "utf8");
  expect(committed).toBe(reportSchema());
});
