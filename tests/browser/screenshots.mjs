// Takes pictures of pages: wide and narrow, light and dark, from top to bottom.
//
// Reads { origin, who, folder, pages: [{ path, as }] }. Prints { pictures: [{ file, width, height }] }, in
// which the numbers are those of the PNG.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { job } from "./lib/job.mjs";
import { visitor } from "./lib/session.mjs";

// The longest picture, in pixels: of a long list, the beginning is enough to look at.
const TALLEST = 6000;

const name = (path, as) => `${path === "/" ? "home" : path}--${as || "nobody"}`.replace(/[^a-z0-9.-]+/gi, "_").replace(/^_/, "");

async function picture(page, file, width) {
  const tall = await page.evaluate(() => document.documentElement.scrollHeight);
  const height = Math.min(Math.max(tall, 900), TALLEST);
  const png = await page.screenshot({ path: file, clip: { x: 0, y: 0, width, height }, captureBeyondViewport: true });
  // The head of a PNG says how large it is.
  const head = new DataView(png.buffer, png.byteOffset);
  return { file, width: head.getUint32(16), height: head.getUint32(20) };
}

await job(async (chromium, { origin, who, folder, pages }) => {
  await mkdir(folder, { recursive: true });
  const pictures = [];
  for (const as of new Set(pages.map((page) => page.as))) {
    const context = await visitor(chromium, origin, who[as]);
    const page = await context.newPage();
    for (const { path } of pages.filter((one) => one.as === as)) {
      for (const width of [1440, 390]) {
        await page.setViewport({ width, height: 900 });
        await page.goto(`${origin}${path}`);
        for (const value of ["light", "dark"]) {
          await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);
          pictures.push(await picture(page, join(folder, `${name(path, as)}-${width}-${value}.png`), width));
        }
      }
    }
    await context.close();
  }
  return { pictures };
});
