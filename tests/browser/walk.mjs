// Looks at every page that it is told of: in light and dark, wide and narrow.
//
// Reads { origin, who, pages: [{ path, as }] }, in which `as` is a key of `who` or nothing.
// Prints { pages: [{ as, path, status, type, title, passed, problems, texts, height }], ...what
// lib/watch.mjs saw }: how many texts were judged, and the height in pixels in a wide window.
import { askAxe, bringAxe } from "./lib/axe.mjs";
import { findFaint } from "./lib/contrast.mjs";
import { askValidator } from "./lib/html.mjs";
import { job } from "./lib/job.mjs";
import { visitor } from "./lib/session.mjs";
import { together, watch } from "./lib/watch.mjs";

// Each theme and each width is asked about by the whole standard once.
const LOOKS = [
  { width: 1440, theme: "light", whole: true },
  { width: 1440, theme: "dark", whole: false },
  { width: 390, theme: "light", whole: false },
  { width: 390, theme: "dark", whole: true },
];

async function look(page, path, origin) {
  const answer = await page.goto(`${origin}${path}`, { waitUntil: "load" });
  const problems = (await askValidator(await answer.text())).map((problem) => `HTML: ${problem}`);
  const passed = new Set();
  const broken = new Map();
  let [texts, height] = [0, 0];
  await bringAxe(page);
  for (const { width, theme, whole } of LOOKS) {
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
    const axe = await askAxe(page, whole);
    for (const rule of axe.passed) passed.add(rule);
    for (const problem of axe.broken) broken.set(problem, [...(broken.get(problem) ?? []), `${theme} at ${width} px`]);
    // A window's width changes no colours.
    if (width === 1440) {
      const { judged, faint } = await page.evaluate(findFaint, 4.5);
      texts += judged;
      for (const text of faint) broken.set(text, [...(broken.get(text) ?? []), `${theme} at ${width} px`]);
    }
    if (width === 1440) height = await page.evaluate(() => document.documentElement.scrollHeight);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > width) problems.push(`at ${width} px it is ${wide} px wide`);
  }
  problems.push(...[...broken].map(([problem, looks]) => `${looks.join(", ")}: ${problem}`));
  return { path, status: answer.status(), type: answer.headers()["content-type"], title: await page.title(), passed: [...passed], problems, texts, height };
}

await job(async (chromium, { origin, who, pages }) => {
  const found = [];
  const watched = [];
  for (const as of new Set(pages.map((page) => page.as))) {
    const context = await visitor(chromium, origin, who[as]);
    const page = await context.newPage();
    watched.push(await watch(page, origin));
    for (const { path } of pages.filter((one) => one.as === as)) found.push({ as, ...(await look(page, path, origin)) });
    await context.close();
  }
  return { pages: found, ...together(watched) };
});
