// axe-core at WCAG 2.2 AA.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

// Puts axe into the page that a tab shows.
export async function bringAxe(page) {
  await page.evaluate(`${source}\n//# sourceURL=pptr:axe`);
}

// What axe finds: `passed` and `broken`, of which each names a rule and where.
export async function askAxe(page) {
  return page.evaluate(async (tags) => {
    const { passes, violations } = await axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
    const where = ({ target, failureSummary }) => `${target.join(" ")}: ${failureSummary.replace(/\s+/g, " ")}`;
    return {
      passed: passes.map(({ id }) => id),
      broken: violations.map(({ id, nodes }) => `${id} at ${nodes.map(where).join("; ")}`),
    };
  }, TAGS);
}
