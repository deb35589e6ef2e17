import { expect, test } from "vitest";
import { CHECKS } from "../../../agent/checks/index.ts";
import { references } from "../../../agent/checks/references.ts";

test.each(CHECKS.map(({ id, text }) => [id, text.standards] as const))(
  "%s: the few standards for everybody stand in the whole list as well",
  (id, standards) => {
    const rows = references[id];
    expect(rows.length).toBeGreaterThan(2);
    for (const standard of standards) {
      const cited = rows.some(({ name, clauses }) => {
        const body = name.en.replace(/ (★1|V[\d.]+)$/, "");
        return clauses.some((clause) => standard === `${body} ${clause}`);
      });
      expect(cited, standard).toBe(true);
    }
  },
);

test("a body of guidance stands once for each check, its clauses once", () => {
  for (const rows of Object.values(references)) {
    expect(new Set(rows.map(({ name }) => name.en)).size).toBe(rows.length);
    for (const { clauses } of rows) expect(new Set(clauses).size).toBe(clauses.length);
  }
});
