// Asks which texts of given documents are faint.
//
// Reads { documents: [HTML] }. Prints { found: [{ judged, faint }] }.
import { findFaint } from "./lib/contrast.mjs";
import { job } from "./lib/job.mjs";

await job(async (chromium, { documents }) => {
  const page = await chromium.newPage();
  const found = [];
  for (const html of documents) {
    await page.setContent(html);
    found.push(await page.evaluate(findFaint, 4.5));
  }
  return { found };
});
