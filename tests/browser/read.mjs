// Reads every page with scripts and without: what is there with them only, and how much is there.
//
// Reads { origin, who, pages: [{ path, as }] } as walk.mjs does. Prints { pages: [{ path, as, heading,
// lines, missing }] }: the page's heading and how many lines its main part has without scripts, and
// the lines that only scripts show.
import { job } from "./lib/job.mjs";
import { visitor } from "./lib/session.mjs";

async function read(page, path, origin, scripts) {
  await page.setJavaScriptEnabled(scripts);
  await page.goto(`${origin}${path}`);
  return page.evaluate(() => ({
    heading: document.querySelector("main h1")?.textContent ?? "",
    lines: document.querySelector("main").innerText.split("\n").map((line) => line.trim()).filter((line) => line !== ""),
  }));
}

await job(async (chromium, { origin, who, pages }) => {
  const found = [];
  for (const as of new Set(pages.map((page) => page.as))) {
    const context = await visitor(chromium, origin, who[as]);
    const page = await context.newPage();
    for (const { path } of pages.filter((one) => one.as === as)) {
      const shown = await read(page, path, origin, true);
      const plain = await read(page, path, origin, false);
      const missing = shown.lines.filter((line) => !plain.lines.includes(line));
      found.push({ path, as, heading: plain.heading, lines: plain.lines.length, missing });
    }
    await context.close();
  }
  return { pages: found };
});
