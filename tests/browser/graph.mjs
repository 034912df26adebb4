// Measures how drawings of dependency graphs stand on their pages.
//
// Reads { origin, who, paths }. Prints { graphs: [{ path, letters, hidden }] }: the height of letters
// in pixels, and how many pixels of the drawing's width can be seen only by scrolling.
import { job } from "./lib/job.mjs";
import { visitor } from "./lib/session.mjs";

await job(async (chromium, { origin, who, paths }) => {
  const context = await visitor(chromium, origin, who.admin);
  const page = await context.newPage();
  await page.setViewport({ width: 1440, height: 900 });
  const graphs = [];
  for (const path of paths) {
    await page.goto(`${origin}${path}`);
    const measured = await page.evaluate(() => {
      const drawing = document.querySelector(".drawing");
      const svg = drawing.querySelector("svg");
      const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
      const letters = parseFloat(getComputedStyle(svg.querySelector("text")).fontSize) * scale;
      return { letters, hidden: drawing.scrollWidth - drawing.clientWidth };
    });
    graphs.push({ path, ...measured });
  }
  return { graphs };
});
