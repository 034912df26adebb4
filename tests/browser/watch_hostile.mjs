// Watches hostile pages: what lib/watch.mjs and lib/odd.mjs must see there, so that its silence means something.
//
// Reads {}. Prints what was seen of a page `without` a content security policy, and of one `with`.
import { createServer } from "node:http";
import { job } from "./lib/job.mjs";
import { findOdd, touchAll } from "./lib/odd.mjs";
import { watch } from "./lib/watch.mjs";

const POLICY = "default-src 'none'; script-src 'self'";

const hostile = (away) => `<!DOCTYPE html><title>hostile</title>
<main><script>alert("inline")</script>
<img src="${away}/x.png">
<p onclick="alert('handler')">a</p>
<a href="javascript:alert('address')">b</a>
<p onmouseover="alert('touched')">c</p>
<script>throw new Error("thrown")</script></main>`;

await job(async (chromium) => {
  // By another name of this machine it is another site.
  const server = createServer((request, response) => {
    if (request.url === "/with") response.setHeader("content-security-policy", POLICY);
    response.setHeader("content-type", "text/html");
    response.end(hostile(`http://localhost:${server.address().port}`));
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const found = {};
  for (const policy of ["with", "without"]) {
    const page = await chromium.newPage();
    const seen = await watch(page, origin);
    await page.goto(`${origin}/${policy}`);
    const odd = await page.evaluate(findOdd, origin);
    await page.evaluate(() => document.querySelectorAll("p, a").forEach((element) => element.click()));
    await page.evaluate(touchAll);
    // Another answer of the page: what the clicks began is over by then.
    await page.evaluate(() => new Promise((done) => setTimeout(done, 200)));
    found[policy] = { ...seen, odd };
    await page.close();
  }
  server.close();
  return found;
});
