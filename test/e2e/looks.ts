import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = "{ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }";
const TARGETS = "button, .button, summary, nav a, .findings a, .tick, main input, main select, .plain a";

/** What axe-core finds on the page as it is shown (WCAG 2.2 AA). The page must have been opened with `bypassCSP`. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
  await page.evaluate(AXE);
  return (await page.evaluate(
    `axe.run(document, ${RULES}).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`,
  )) as string[];
}

/** What does not fit the window, at the usual and at twice the text size, and what is too small for a finger. */
export async function misfits(page: Page): Promise<readonly string[]> {
  const small = (await page.evaluate(
    `[...document.querySelectorAll('${TARGETS}')].filter((one) => one.offsetParent && one.type !== 'checkbox' && one.offsetHeight < 44).map((one) => 'small: ' + one.outerHTML)`,
  )) as string[];
  const tooWide = async (size: string) => {
    await page.evaluate(`document.documentElement.style.fontSize = '${size}'`);
    const over = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
    return Number(over) > 0 ? [`${over} pixels too wide at ${size}`] : [];
  };
  return [...small, ...(await tooWide("200%")), ...(await tooWide("100%"))];
}
