// Visits pages, touches everything on them, and looks for what must not be there.
//
// Reads { origin, who: { username, password }, pages: [{ path, says }] }, in which `says` is a text
// of the page. Prints { pages: [{ path, status, says }], touched, odd, ...what lib/watch.mjs saw }, in
// which the page's `says` is whether it does.
import { job } from "./lib/job.mjs";
import { findOdd, touchAll } from "./lib/odd.mjs";
import { visitor } from "./lib/session.mjs";
import { together, watch } from "./lib/watch.mjs";

const TABS = 3;

await job(async (chromium, { origin, who, pages }) => {
  const context = await visitor(chromium, origin, who);
  const found = { pages: [], touched: 0, odd: [] };
  const waiting = [...pages];
  const tab = async () => {
    const page = await context.newPage();
    const seen = await watch(page, origin);
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const answer = await page.goto(`${origin}${next.path}`);
      const text = await page.evaluate(() => document.body.textContent);
      found.pages.push({ path: next.path, status: answer.status(), says: text.includes(next.says) });
      const odd = await page.evaluate(findOdd, origin);
      found.odd.push(...odd.map((what) => `${next.path}: ${what}`));
      found.touched += await page.evaluate(touchAll);
    }
    // What the last touch woke is over by the time of another answer.
    await page.evaluate(() => new Promise((done) => setTimeout(done, 200)));
    return seen;
  };
  const seen = await Promise.all(Array.from({ length: TABS }, tab));
  return { ...found, ...together(seen) };
});
