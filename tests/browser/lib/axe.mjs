// axe-core at WCAG 2.2 AA.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const STANDARD = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
// What can differ between two looks of one page.
const LOOKS = { type: "rule", values: ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"] };

// Puts axe into the page that a tab shows.
export async function bringAxe(page) {
  await page.evaluate(`${source}\n//# sourceURL=pptr:axe`);
}

// What axe finds by the whole standard, or only of how the page looks: `passed` and `broken`, of
// which each names a rule and where.
export async function askAxe(page, whole = true) {
  return page.evaluate(async (runOnly) => {
    const { passes, violations } = await axe.run(document, { runOnly, resultTypes: ["violations"], preload: false });
    const where = ({ target, failureSummary }) => `${target.join(" ")}: ${failureSummary.replace(/\s+/g, " ")}`;
    return {
      passed: passes.map(({ id }) => id),
      broken: violations.map(({ id, nodes }) => `${id} at ${nodes.map(where).join("; ")}`),
    };
  }, whole ? STANDARD : LOOKS);
}
